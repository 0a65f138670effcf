"""Text of other people inside Markdown: shown as it is, never as markup."""

from __future__ import annotations

import re

_ANYWHERE = re.compile(r"([\\`*_{}\[\]<>$~:|^&])|(?<=www)(\.)", re.IGNORECASE)
_AT_START = re.compile(r"^(\s*)(?:([-+#=])|(\d+)([.)]))")


def escaped(text: str) -> str:
    """Text in which nothing is taken for markup, a formula, an icon or a link; line ends become spaces."""
    plain = _ANYWHERE.sub(lambda found: "\\" + found[0], " ".join(text.splitlines()))
    return _AT_START.sub(
        lambda found: found[1] + ("\\" + found[2] if found[2] else f"{found[3]}\\{found[4]}"), plain
    )
