"""Errors by the party that must act: one root, six families.

Every error carries one translatable sentence and its facts as fields; none knows HTTP. Any other
exception is a defect of ours.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from engine.sentences.problems import Problem
from engine.sentences.sentence import Sentence, say


class TindakError(Exception):
    """Root of all errors that somebody outside can act on."""

    def __init__(self, sentence: Sentence) -> None:
        super().__init__(str(sentence))
        self.sentence = sentence


class BadInput(TindakError):
    """The caller must change the input. `fields`: name of the field -> what to write."""

    def __init__(self, sentence: Sentence, fields: Mapping[str, Sentence] | None = None) -> None:
        super().__init__(sentence)
        self.fields = dict(fields or {})


class NotFound(TindakError):
    """The thing does not exist, or the caller may not know that it exists."""


class Forbidden(TindakError):
    """The caller's role does not include this."""


class Conflict(TindakError):
    """Somebody else was faster, or the act does not fit the present state."""

    def __init__(
        self, sentence: Sentence, *, who: str | None = None, when: datetime | None = None
    ) -> None:
        super().__init__(sentence)
        self.who = who
        self.when = when


class ModelError(TindakError):
    """The process author must change a model. `problems` lists every finding, warnings too."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems = list(problems)
        first = next((p for p in self.problems if p.severity == "error"), None)
        count = sum(p.severity == "error" for p in self.problems)
        super().__init__(
            say(
                "The model cannot be used: {count} problem(s), the first: {first}",
                count=count,
                first=first.what if first else "",
            )
        )


REFUSALS = (BadInput, NotFound, Forbidden, Conflict, ModelError)
"""Errors that no later attempt repairs: somebody has to change something."""


class Unavailable(TindakError):
    """Try again later: the database is busy, locked or out of reach."""

    def __init__(self, sentence: Sentence, retry_after_seconds: int = 2) -> None:
        super().__init__(sentence)
        self.retry_after_seconds = retry_after_seconds
