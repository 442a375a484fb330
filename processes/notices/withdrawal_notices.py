"""Whom a withdrawal tells: institutions that know of the recommendation and owe nothing.

Owns this wrapper of a handler. The letters are written in the step that they tell of.
"""

from __future__ import annotations

from collections.abc import Callable

from engine.ports.handlers import Step
from processes.ground.outcomes import Outcome
from processes.lifecycle.own_case import own_recommendation
from processes.notices.texts import ending_letters
from processes.notices.texts.letters import Notice
from processes.register.vocabulary import OWING_ROLES
from processes.storage.cases import recommendation_rows
from processes.storage.cases.recommendation_rows import Recommendation


def withdrawing(record: Callable[[Step], Outcome]) -> Callable[[Step], Outcome]:
    """The handler that withdraws a recommendation, and tells those that have no follow-up to end:
    who was asked to comment on the draft, or got a copy of what was issued."""

    def handler(step: Step) -> Outcome:
        case = own_recommendation(step)
        outcome = record(step)
        is_draft = case.issued_at is None
        write = ending_letters.draft_withdrawn if is_draft else ending_letters.copy_withdrawn
        for code in _knowing(step, case):
            step.announce(Notice(write, code))
        return outcome

    return handler


def _knowing(step: Step, case: Recommendation) -> list[str]:
    """The institutions that know of the recommendation and owe no follow-up."""
    if case.registered_at is None:
        return []
    roles = recommendation_rows.institutions_of(step.connection, case.id)
    asked = case.issued_at is None
    return sorted(code for code, role in roles.items() if (role in OWING_ROLES) is asked)
