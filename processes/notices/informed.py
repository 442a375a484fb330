"""What institutions are told beside their tasks: of a recommendation under which they owe nothing,
and of what became of a report that their head had to release.

Owns these wrappers of handlers. The letters are written in the step that they tell of.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from engine.ports.handlers import Handler, Step
from processes.ground.outcomes import Outcome
from processes.lifecycle.own_case import own_head, own_recommendation
from processes.notices.texts import ending_letters, letters
from processes.notices.texts.letters import Notice
from processes.register.vocabulary import OWING_ROLES
from processes.storage.cases import recipients_change_rows, recommendation_rows
from processes.storage.cases.recommendation_detail import RecipientsChange
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


def releasing(record: Callable[[Step], bool]) -> Handler:
    """The handler that records whether the head of an institution releases its report, and tells
    those who write its reports."""

    def handler(step: Step) -> None:
        head = own_head(step)
        write = letters.report_released if record(step) else letters.report_sent_back
        if head.institution is not None:
            step.announce(Notice(write, head.institution))

    return handler


def copying_changes(
    record: Callable[[Step], None], copied: Callable[[RecipientsChange], Iterable[str]]
) -> Handler:
    """The handler that applies a change of institutions, and tells those that get a copy now, and
    those that got one until now."""

    def handler(step: Step) -> None:
        case = own_recommendation(step)
        roles = recommendation_rows.institutions_of(step.connection, case.id)
        record(step)
        change = recipients_change_rows.approved_last(step.connection, case.id)
        if change is None:
            return
        for code in copied(change):
            step.announce(Notice(letters.copied, code))
        for code in change.taken_out:
            if roles.get(code) not in OWING_ROLES:
                step.announce(Notice(ending_letters.copy_ended, code))

    return handler


def _knowing(step: Step, case: Recommendation) -> list[str]:
    """The institutions that know of the recommendation and owe no follow-up."""
    if case.registered_at is None:
        return []
    roles = recommendation_rows.institutions_of(step.connection, case.id)
    asked = case.issued_at is None
    return sorted(code for code, role in roles.items() if (role in OWING_ROLES) is asked)
