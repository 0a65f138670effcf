"""Why no line that a rule picks may receive money."""

from __future__ import annotations

import pandas as pd

from mediaplan.brief.briefs import Brief
from mediaplan.brief.rules import Rule
from mediaplan.brief.spaces import Space
from mediaplan.response.responses import Response
from mediaplan.words import Sentence


def why_absent(rule: Rule, brief: Brief, response: Response, space: Space) -> Sentence | None:
    """Why no line that the rule picks may receive money; `None` where some may.

    Args:
        rule: Of the brief.
        brief: The question.
        response: Whose posts and slots count.
        space: The lines that may receive money.
    """
    if space.picks(rule.picks()).any():
        return None
    for post in (one for name in rule.post for one in brief.groups.get(name, (name,))):
        if (reason := _post_absent(post, brief, response)) is not None:
            return reason
    named = brief.named_slots.named
    for slot in rule.slot:
        if slot in named and not brief.flight.dates(named[slot]):
            return Sentence("“{slot}” does not run on the days of the flight.", slot=slot)
    return Sentence("No post, channel, audience and slot that go together fit it.")


def _post_absent(post: str, brief: Brief, response: Response) -> Sentence | None:
    if response.posts is None:
        return None
    rows = response.posts.rows
    row = rows.loc[rows["post"] == post].iloc[:1]
    status = "".join(row["status"])
    if status == "hold":
        return Sentence("“{post}” is on hold.", post=post)
    if status == "ended":
        return Sentence("“{post}” has ended.", post=post)
    published = row["published"].max()
    if published > pd.Timestamp(brief.flight.end):
        return Sentence("“{post}” is published on {day}, after the flight.", post=post, day=published.date())
    return Sentence("the posts table does not list “{post}”.", post=post) if len(row) == 0 else None
