"""Commands as people give them: in this process, or in one of its own."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from mediaplan.cli.main import main

ROOT = Path(__file__).parents[1]


def call(capsys: pytest.CaptureFixture[str], *arguments: object) -> tuple[int, str, str]:
    """What a command returns, and what it says on stdout and on stderr."""
    code = main([str(argument) for argument in arguments])
    said = capsys.readouterr()
    return code, said.out, said.err


def in_english(capsys: pytest.CaptureFixture[str], *arguments: object) -> tuple[int, str, str]:
    """The same, in English whatever the machine speaks."""
    return call(capsys, *arguments, "--lang", "en")


def run(*arguments: object, **environment: str) -> subprocess.CompletedProcess[bytes]:
    """A command in a process of its own, with other variables of its environment."""
    command = [sys.executable, "-m", "mediaplan", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, check=False, cwd=ROOT, env=os.environ | environment)
