"""`mediaplan template`: a filled example of each table and of a brief, with a sentence on each column or key."""

from __future__ import annotations

import argparse
import sys

from mediaplan.cli.arguments import Parser, add_language, one_of
from mediaplan.cli.voice import Voice
from mediaplan.words import Sentence

HELP = Sentence("A filled example of a table or a brief, with a sentence on each column or key.")
KINDS = ("history", "posts", "audiences", "rates", "ledger", "brief")


def arguments(parser: Parser) -> None:
    """What the command takes."""
    parser.says(
        "kind",
        metavar="|".join(KINDS),
        type=one_of("template", KINDS),
        help=Sentence("Of which: {kinds}.", kinds=KINDS),
    )
    add_language(parser)


def run(options: argparse.Namespace, voice: Voice) -> int:
    """Write the example to stdout; the sentences on a table's columns go to stderr, so that `> F.csv` is a table."""
    if options.kind == "brief":
        from mediaplan.brief.reference import template_brief

        voice.result(template_brief(voice.words))
        return 0
    from mediaplan.history.columns.template import TEMPLATES

    example = TEMPLATES[options.kind]
    print(example.worded(voice.words) + "\n", file=sys.stderr)
    voice.result(example.csv)
    return 0
