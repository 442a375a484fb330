"""Reading the answers of a form into typed values, with all complaints collected.

A form of the model has already checked the answers. But a process owner may remove a form or weaken
it, and the register must stay correct with every model. Knows no register.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date
from typing import TypeVar
from uuid import UUID

from engine.models.forms import parse_date
from engine.ports.handlers import Refusal
from engine.sentences.invisible import is_blank
from engine.sentences.sentence import Sentence, say

W = TypeVar("W", bound=str)

LIKE_A_DAY = re.compile(r"\d{1,2}\W+(\d{1,2}|[A-Za-z]+)\W+\d{4}|\d{4}-\d{1,2}-\d{1,2}")
"""What somebody means as a day, whether the calendar has it or not."""


class Answers:
    """The answers of one form. Ask for each value, then call `finish`, which raises `Refusal`
    with every complaint at once; until then a bad value reads as an empty one."""

    def __init__(self, answers: Mapping[str, object]) -> None:
        self._answers = answers
        self.complaints: dict[str, Sentence] = {}

    def finish(self) -> None:
        """Raises `Refusal` if there is any complaint."""
        if self.complaints:
            raise Refusal(say("Please correct the marked fields."), self.complaints)

    def complain(self, key: str, sentence: Sentence) -> None:
        """Add a complaint about a field; the first one about it stays."""
        self.complaints.setdefault(key, sentence)

    def asks(self, key: str) -> bool:
        """Whether the form has this field. What the form of a former version does not ask for
        stays as it is."""
        return key in self._answers

    def text(self, key: str) -> str | None:
        """A text without outer blanks; None for a text without visible characters."""
        value = self._answers.get(key)
        if value is None or isinstance(value, list | dict):
            return None
        text = str(value).strip()
        return None if is_blank(text) else text

    def required(self, key: str) -> str:
        """A text that must not be empty."""
        value = self.text(key)
        if value is None:
            self.complain(key, say("Please fill in this field."))
        return value or ""

    def choice(self, key: str, allowed: Sequence[W]) -> W:
        """One of the allowed words; for states the enum member."""
        value = self.text(key)
        for one in allowed:
            if one == value:
                return one
        self.complain(key, say("Please choose one of the offered answers."))
        return allowed[0]

    def optional_choice(self, key: str, allowed: Sequence[W]) -> W | None:
        """One of the allowed words, or nothing."""
        return None if self.text(key) is None else self.choice(key, allowed)

    def yes(self, key: str) -> bool:
        """The answer to a yes/no question that must be answered."""
        return self.choice(key, ("no", "yes")) == "yes"

    def ticked(self, key: str) -> bool:
        """Whether a single box is ticked."""
        return self._answers.get(key) in (True, "yes", "true", "on")

    def day(self, key: str) -> date | None:
        """A date (ISO in the data); None when empty."""
        value = self.text(key)
        if value is None:
            return None
        try:
            return date.fromisoformat(value)
        except ValueError:
            self.complain(key, say("Please write a date, for example 31/12/2026."))
            return None

    def day_or_text(self, key: str) -> str | None:
        """A date in ISO form; under a form that asks for no date, any text but one that would be a
        day and is none."""
        text = self.text(key)
        day = parse_date(text) if text else None
        if text and day is None and LIKE_A_DAY.fullmatch(text):
            self.complain(key, say("There is no such day. Write one, for example 31/12/2026."))
        return day.isoformat() if day else text

    def required_day(self, key: str) -> date:
        """A date that must be given."""
        value = self.day(key)
        if value is None:
            self.complain(key, say("Please write a date, for example 31/12/2026."))
        return value or date.min

    def whole(self, key: str, low: int, high: int) -> int:
        """A whole number from `low` to `high`."""
        try:
            value = float(self.text(key) or "")
        except ValueError:
            value = float("nan")
        if not (low <= value <= high and value == int(value)):
            self.complain(
                key, say("Please write a whole number from {low} to {high}.", low=low, high=high)
            )
            return low
        return int(value)

    def rows(self, key: str) -> list[Answers]:
        """The rows of a repeated group, those that are entirely empty left out; a complaint about a
        row's field names its row, `activities[0].unit`."""
        value = self._answers.get(key)
        rows = [row for row in value if isinstance(row, dict)] if isinstance(value, list) else []
        return [
            _Row(row, self, f"{key}[{number}]")
            for number, row in enumerate(rows)
            if any(v not in (None, "", []) for v in row.values())
        ]

    def words(self, key: str) -> list[str]:
        """A list of words, each once, in the order given."""
        value = self._answers.get(key)
        if isinstance(value, str):
            value = [value] if value else []
        if not isinstance(value, list):
            return []
        return list(dict.fromkeys(str(item) for item in value if item))

    def uploads(self, key: str) -> list[UUID]:
        """Ids of uploaded files."""
        try:
            return [UUID(word) for word in self.words(key)]
        except ValueError:
            self.complain(key, say("Please attach the files again."))
            return []


class _Row(Answers):
    """A row of a repeated group: complains where its field stands."""

    def __init__(self, answers: Mapping[str, object], whole: Answers, name: str) -> None:
        super().__init__(answers)
        self._whole = whole
        self._name = name

    def complain(self, key: str, sentence: Sentence) -> None:
        self._whole.complain(f"{self._name}.{key}", sentence)
