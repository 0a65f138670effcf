"""`mediaplan app`: the browser UI."""

from __future__ import annotations

import argparse
import os
from importlib.util import find_spec

from mediaplan.cli.arguments import Parser, add_language, whole_number
from mediaplan.cli.keeping import ENVIRONMENT, add_workspace
from mediaplan.cli.voice import Voice
from mediaplan.errors import InputError, Problem
from mediaplan.words import Sentence

HELP = Sentence("Open mediaplan in the browser.")


def arguments(parser: Parser) -> None:
    """What the command takes."""
    parser.says(
        "--port",
        type=whole_number("--port", 1, 65535),
        default=8501,
        metavar="N",
        help=Sentence("Port to listen on, on this machine only; default: 8501."),
    )
    add_workspace(parser)
    parser.says("--headless", action="store_true", help=Sentence("Open no browser."))
    add_language(parser)


def run(options: argparse.Namespace, voice: Voice) -> int:
    """Serve the pages until interrupted."""
    if find_spec("streamlit") is None:
        raise InputError(
            Problem(
                Sentence("the browser pages need Streamlit, which is not installed."),
                Sentence("Install it: python -m pip install {package}", package='"mediaplan[ui]"'),
            )
        )
    if options.workspace is not None:
        os.environ[ENVIRONMENT] = options.workspace  # the pages run in this process and look there
    from mediaplan.ui.main import serve

    voice.progress(
        Sentence("In the browser: http://localhost:{port} (stop with Ctrl-C)", port=str(options.port))
    )
    return int(serve(options.port, options.headless))
