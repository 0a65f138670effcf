"""A sentence as a value: its English template and what goes into it; a language is chosen only when it is said."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from mediaplan.words.languages import Words


class Sentence:
    """One sentence for a person, kept apart from the language in which it is said.

    `Sentence("{file}: {count} rows", file="h.csv", count=3)` holds the template and the values. `str()`
    says it in English; `Words("fr").say(sentence)` in French, with French numbers, dates and money.

    The template is a literal, so that the catalogue can be checked against the code (tests/test_words.py).

    Attributes:
        template: English text with `{name}` fields.
        values: What fills the fields: text, int, float, date, `Percent`, `Money`, another `Sentence`,
            or a tuple of these.
    """

    __slots__ = ("template", "values")

    def __init__(self, template: str, /, **values: Any) -> None:
        self.template = template
        self.values = values

    def __str__(self) -> str:
        from mediaplan.words.languages import Words

        return Words("en").say(self)

    def __repr__(self) -> str:
        return f"Sentence({str(self)!r})"

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Sentence):
            return NotImplemented
        return self.template == other.template and self.values == other.values

    def __hash__(self) -> int:
        return hash((self.template, tuple(sorted((k, str(v)) for k, v in self.values.items()))))


@dataclass(frozen=True)
class Percent:
    """A share that is said as a percentage.

    Attributes:
        share: 0–1 (0.2 is said as "20%", in French "20 %").
        digits: Decimals of the percentage at the most; trailing zeros are not said.
    """

    share: float
    digits: int = 1

    def worded(self, words: Words) -> str:
        """The percentage in that language."""
        return words.percent(self.share, self.digits)


@dataclass(frozen=True)
class Exact:
    """A number that somebody typed: said with all of its digits, as the language writes them.

    Attributes:
        number: A finite number.
    """

    number: float | Decimal

    def worded(self, words: Words) -> str:
        """The number in that language, 0.001 as "0,001" in French."""
        whole = Decimal(str(self.number)).normalize()
        return words.number(whole, max(-int(whole.as_tuple().exponent), 0))
