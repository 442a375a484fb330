"""What a report of progress would mean, asked back before it is sent.

Owns one question: is the work finished although not all of it is done? Records nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from engine.sentences.sentence import Sentence

WHOLE = 100
"""Per cent."""


@dataclass(frozen=True, slots=True)
class Finishing:
    """`percent` of the work is done, by those answers; `early`: and they say that it is finished,
    so that the official report comes next."""

    percent: object
    early: bool

    @property
    def wrong(self) -> Mapping[str, Sentence]:
        """Nothing: a part of the work may be all that will be done."""
        return {}


def finishing(answers: Mapping[str, Any]) -> Finishing:
    """What the answers of the form say, complete or not."""
    percent = answers.get("percent")
    below = isinstance(percent, int | float) and percent < WHOLE
    return Finishing(percent, answers.get("done") == "yes" and below)
