"""What mediaplan says to people, in their language: sentences, numbers, dates, one catalogue for each."""

from mediaplan.words.languages import LANGUAGES, MINUS, Words, preferred_language
from mediaplan.words.sentences import Exact, Percent, Sentence

__all__ = ["LANGUAGES", "MINUS", "Exact", "Percent", "Sentence", "Words", "preferred_language"]
