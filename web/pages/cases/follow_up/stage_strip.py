"""The way of a follow-up in five steps, with their dates: the strip on top of its page.

Owns the steps and their stages of the register; pure.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from engine.sentences.sentence import Sentence, say
from processes.cases.follow_up.follow_ups import Detail
from processes.register.states import Stage

State = Literal["done", "current", "ahead"]

STEPS: tuple[tuple[Sentence, frozenset[str]], ...] = (
    (say("Issued"), frozenset()),
    (
        say("Acknowledgement"),
        frozenset({Stage.ACKNOWLEDGE, Stage.CLARIFICATION, Stage.DISAGREEMENT}),
    ),
    (say("Implementation"), frozenset({Stage.PLAN, Stage.IMPLEMENT})),
    (say("Report"), frozenset({Stage.REPORT})),
    (say("Evaluation"), frozenset({Stage.EVALUATE, Stage.DECIDE})),
)
"""Words of each step, and the stages of the register in it."""


@dataclass(frozen=True, slots=True)
class Step:
    """One step. `at`: the time of its end, or of its beginning for the present step."""

    words: Sentence
    state: State
    at: datetime | None


def steps(found: Detail) -> list[Step]:
    """The five steps of a follow-up, in its present round."""
    case, finished = found.case, _finished(found)
    here = next((n for n, (_, stages) in enumerate(STEPS) if case.status in stages), None)
    return [
        Step(words, *_place_of(number, here, at, case.status_since))
        for number, ((words, _), at) in enumerate(zip(STEPS, finished, strict=True))
    ]


def current(strip: Iterable[Step]) -> tuple[int, Step] | None:
    """Number (from 1) and step of the case's position; None after its end."""
    return next(((n, one) for n, one in enumerate(strip, 1) if one.state == "current"), None)


def _place_of(
    number: int, here: int | None, at: datetime | None, since: datetime
) -> tuple[State, datetime | None]:
    if here is None:  # ended: the steps reached before keep their dates, the others never came
        return ("done", at) if at else ("ahead", None)
    if number == here:
        return "current", since
    return ("done", at) if number < here else ("ahead", None)


def _finished(found: Detail) -> list[datetime | None]:
    """The time of the last end of each step, in this round if work may be returned."""
    case = found.case
    return [
        case.issued_at,
        _last(one.replied_at or one.at for one in found.exchanges),
        _last(one.at for one in found.progress if one.done and one.round == case.round),
        _last(one.at for one in found.handed_in if one.counts and one.round == case.round),
        case.verdict_at if case.status is Stage.CLOSED else None,
    ]


def _last(moments: Iterable[datetime]) -> datetime | None:
    return max(moments, default=None)
