"""A question to the class, and who answered what. One thread."""

from __future__ import annotations

import unicodedata
from collections import Counter
from dataclasses import dataclass, field
from typing import NamedTuple

from app.teaching.roll.naming import tidy

LETTERS = "ABCDEF"
LONGEST_ANSWER = 24  # characters of a free one
MOST_KINDS = 8  # of free answers that are told one by one


class Choice(NamedTuple):
    """One answer that can be given."""

    letter: str  # "": a free answer
    words: str


class Share(NamedTuple):
    """How many gave one answer."""

    choice: Choice
    votes: int
    percent: int  # of all answers


@dataclass
class Poll:
    """Answers by pupil. GUI thread; a page reads them in a worker."""

    question: str = ""
    choices: tuple[Choice, ...] = ()  # none: every line is an answer
    first_counts: bool = False  # otherwise a pupil's last answer does
    answers: dict[int, str] = field(default_factory=dict)  # by a pupil's key
    is_running: bool = True

    @property
    def is_free(self) -> bool:
        """Whether any text is an answer."""
        return not self.choices

    def reads(self, text: str) -> str:
        """Return which answer a text is; "" if it is none."""
        if self.is_free:
            return tidy(text, LONGEST_ANSWER)
        letter = first_letter(text)
        return letter if any(letter == choice.letter for choice in self.choices) else ""

    def count(self, key: int, answer: str) -> bool:
        """Count what `reads` returned; return whether it was an answer."""
        if not self.is_running or not answer:
            return False
        if not (self.first_counts and key in self.answers):
            self.answers[key] = answer
        return True

    def move(self, former: int, key: int) -> None:
        """One pupil turned out to be another: the newer answer stays."""
        if former in self.answers:
            self.answers[key] = self.answers.pop(former)

    def shares(self) -> list[Share]:
        """Return how many gave each answer; free ones by number, the most frequent ones."""
        counts = Counter(self.answers.values())
        total = max(sum(counts.values()), 1)
        if self.choices:
            found = [(choice, counts[choice.letter]) for choice in self.choices]
        else:
            found = [(Choice("", words), n) for words, n in counts.most_common(MOST_KINDS)]
        return [Share(choice, n, round(100 * n / total)) for choice, n in found]


def letter_choices(count: int, words: str = "") -> tuple[Choice, ...]:
    """Return choices A, B, …; `words` name them in this order, between semicolons."""
    named = [tidy(each, 60) for each in words.replace("；", ";").split(";")]
    named += [""] * len(LETTERS)
    return tuple(Choice(letter, named[at]) for at, letter in enumerate(LETTERS[:count]))


def first_letter(text: str) -> str:
    """Return the first Latin letter, as a capital; "" if there is none.

    Whatever stands before it is passed over: `（Ｂ）`, `选 b`, `答案：B` are all B.
    """
    for character in unicodedata.normalize("NFKC", text).upper():
        if "A" <= character <= "Z":
            return character
    return ""
