"""`mediaplan compare`: briefs and their scenarios side by side."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from mediaplan.cli import plan as planning
from mediaplan.cli.arguments import FOLDER, Parser, add_engine, add_output, add_time_limit
from mediaplan.cli.records import add_kept, check_kept, is_kept, records_for, settled_brief, sources_of
from mediaplan.cli.voice import Voice
from mediaplan.errors import MediaplanError
from mediaplan.words import Sentence

if TYPE_CHECKING:
    from mediaplan.answering import Records
    from mediaplan.brief.briefs import Brief
    from mediaplan.history.records.records import Posts
    from mediaplan.planning.answer.comparing import Alternative
    from mediaplan.response.responses import Response

HELP = Sentence("Briefs and their scenarios side by side: what each spends and brings.")


def arguments(parser: Parser) -> None:
    """What the command takes."""
    parser.says(
        "briefs",
        nargs="+",
        metavar="BRIEF",
        help=Sentence("Briefs; each stands beside all of its scenarios ([[scenario]])."),
    )
    planning.add_data(parser)
    add_kept(parser)
    parser.says(
        "-o",
        "--output",
        metavar=FOLDER,
        help=Sentence("Folder for compare.json and a report with all plans; without it nothing is written."),
    )
    add_engine(parser)
    add_time_limit(parser)
    add_output(parser)


def run(options: argparse.Namespace, voice: Voice) -> int:
    """Answer every brief and scenario; one without a plan never stops the others."""
    from mediaplan.planning.answer.comparing import document, exit_code, warnings_of
    from mediaplan.report.terminal_tables import show_alternatives

    check_kept(options)
    if options.output is not None:
        planning.check_folder(options.output)
    compared = _Compared(options, voice)
    found = [each for file in options.briefs for each in compared.answers(file)]
    if options.output:
        from mediaplan.report.files import write_comparison

        try:
            write_comparison(found, Path(options.output), voice.words, compared.posts)
        except OSError as error:
            raise planning.unwritable(options.output, error) from error
    if voice.json:
        voice.document(document(found, voice.words.language))
    else:
        show_alternatives(found, voice.words, voice.console())
    voice.warn(warnings_of(found))
    return exit_code(found)


class _Compared:
    """Answers briefs one by one, reading the same files and fitting the same question once.

    Attributes:
        posts: Who the posts of the last answered brief are.
    """

    def __init__(self, options: argparse.Namespace, voice: Voice) -> None:
        self.options, self.voice = options, voice
        self.posts: Posts | None = None
        self._records: dict[str, Records] = {}
        self._responses: dict[str, Response] = {}

    def answers(self, file: str) -> Iterator[Alternative]:
        """The brief of that file, then its scenarios.

        Raises:
            InputError: The file holds no brief.
        """
        from mediaplan.answering import about, noticed
        from mediaplan.answering.waiting import plan
        from mediaplan.brief.reading import read_brief
        from mediaplan.brief.scenarios import scenarios_of
        from mediaplan.planning.answer.comparing import Alternative

        self.options.brief = file
        base = read_brief(file)
        for brief in (base, *scenarios_of(base)):
            with self.voice.searching(Sentence("{name}: planning…", name=brief.name)) as progress:
                limit = {"time_limit": self.options.time_limit, "progress": progress}
                try:
                    with about(file):
                        records = self._read(brief)
                        with noticed(*records.warnings):
                            asked = settled_brief(self.options, brief, records)
                        response = self._response(asked, records)
                        answer = plan(asked, response, engine=self.options.engine, **limit)
                except MediaplanError as error:
                    yield Alternative(brief.name, file, error)
                else:
                    yield Alternative(brief.name, file, answer)

    def _reading(self, brief: Brief) -> str:
        """What its records depend on."""
        found = sources_of(brief, self.options)
        return repr((found, brief.currency, dict(brief.exchange), brief.columns, brief.judgements))

    def _read(self, brief: Brief) -> Records:
        from mediaplan.answering import read_sources

        read = self._reading(brief)
        if read not in self._records and is_kept(self.options):
            self._records[read] = records_for(self.options, brief)
        elif read not in self._records:
            self._records[read] = read_sources(brief, sources_of(brief, self.options))
        self.posts = self._records[read].posts
        return self._records[read]

    def _response(self, brief: Brief, records: Records) -> Response:
        from mediaplan.answering import respond

        read = self._reading(brief)
        asked = (
            brief.slots,
            brief.goal.type,
            tuple(brief.goal.values),
            brief.as_of,
            brief.delay,
            brief.rates,
        )
        learnt = repr((read, asked, brief.start, brief.days) if brief.judgements else (read, asked))
        if learnt not in self._responses:
            self._responses[learnt] = respond(brief, records)
        return self._responses[learnt]
