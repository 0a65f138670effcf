"""The rows of the form's table of slots, as typed: each states a slot, or says what is wrong with it."""

from __future__ import annotations

from dataclasses import dataclass

from mediaplan.errors import InputError, Problem
from mediaplan.slots import Slot
from mediaplan.words import Sentence


@dataclass(frozen=True)
class SlotRow:
    """One row of the table of slots: its name, its weekdays and its hours, as typed."""

    name: str = ""
    days: str = ""
    hours: str = ""

    @property
    def blank(self) -> bool:
        """Whether nothing is said in it yet."""
        return self == SlotRow()

    def slot(self, number: int) -> Slot:
        """The slot that the row states.

        Raises:
            InputError: It has no name, or days or hours can't be read.
        """
        if not self.name.strip():
            message = Sentence("slot {number} has no name.", number=number)
            raise InputError(Problem(message, Sentence("Name it, or delete the row."), column="slots"))
        return Slot.read(self.name.strip(), self.days.strip() or "mon-sun", self.hours.strip() or "0-24")
