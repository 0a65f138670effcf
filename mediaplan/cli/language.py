"""Which language the command line speaks: the one asked for, else the machine's."""

from __future__ import annotations

import locale
import os
import sys
from collections.abc import Sequence
from itertools import pairwise

from mediaplan.words import LANGUAGES, preferred_language


def spoken_language(arguments: Sequence[str]) -> str:
    """The language that `--lang` asks for, else the locale's; a language that is not there counts for nothing."""
    asked = [after for option, after in pairwise(arguments) if option == "--lang"]
    asked += [word.removeprefix("--lang=") for word in arguments if word.startswith("--lang=")]
    known = [language for language in asked if language in LANGUAGES]
    return known[-1] if known else machine_language()


def machine_language() -> str:
    """The locale's language; on Windows, where its variables are missing, the system's."""
    if sys.platform == "win32" and not any(name in os.environ for name in ("LC_ALL", "LC_MESSAGES", "LANG")):
        return preferred_language({"LANG": locale.getlocale()[0] or "en"})
    return preferred_language()
