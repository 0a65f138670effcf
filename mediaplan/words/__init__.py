"""What mediaplan says to people, in their language: sentences, numbers, dates, one catalogue for each."""

from mediaplan.words.languages import LANGUAGES, Words, preferred_language
from mediaplan.words.sentences import Exact, Percent, Sentence

__all__ = ["LANGUAGES", "Exact", "Percent", "Sentence", "Words", "preferred_language"]
