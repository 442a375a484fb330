"""How a follow-up ended, and which letter says so to its institution.

Owns the choice of the letter after the record was written, and what becomes of a follow-up that was
ended before it began. What the letters say is `processes.notices.texts.ending_letters`.
"""

from __future__ import annotations

from engine.ports.handlers import Step
from processes.notices.texts import ending_letters, letters
from processes.notices.texts.letters import Write
from processes.register.states import RecommendationState, Stage, Treatment
from processes.storage.cases import (
    follow_up_rows,
    recipients_change_rows,
    recommendation_rows,
    withdrawal_rows,
)
from processes.storage.cases.case_heads import CaseHead
from processes.storage.cases.remaining_rows import WITHDRAWAL


def of_the_case(step: Step, head: CaseHead, write: Write) -> Write:
    """The letter that fits how the case stands now, where that decides which one it is."""
    if write is ending_letters.withdrawn:
        return _of_its_end(step, head)
    if write is ending_letters.not_feasible and head.status is Stage.EVALUATE:
        return letters.not_feasible_refused
    return write


def _of_its_end(step: Step, head: CaseHead) -> Write:
    """The letter that says why a follow-up ended without a verdict."""
    if head.status is Stage.CARRIED_OVER:
        return _of_its_new_place(step, head)
    if head.recommendation_status is RecommendationState.WITHDRAWN:
        return ending_letters.withdrawn
    return ending_letters.taken_out if _is_taken_out(step, head) else ending_letters.withdrawn_alone


def _of_its_new_place(step: Step, head: CaseHead) -> Write:
    """Carried over into the next recommendation, or into the case that a successor has itself."""
    assert head.follow_up_id is not None, "asked of follow-ups only"
    case = follow_up_rows.find(step.connection, head.follow_up_id)
    within = case is not None and case.successor_id is None
    return ending_letters.merged if within else ending_letters.carried_over


def _is_taken_out(step: Step, head: CaseHead) -> bool:
    left = recommendation_rows.taken_out(step.connection, head.recommendation)
    return head.institution in left


def ended_before(step: Step, head: CaseHead) -> bool:
    """Whether this follow-up was ended before it began, so that it missed the message. The message
    is sent once more, and taken as soon as the follow-up waits for it."""
    assert head.follow_up_id is not None, "asked of follow-ups only"
    case = follow_up_rows.find(step.connection, head.follow_up_id)
    taken_back = head.recommendation_status is RecommendationState.WITHDRAWN
    ended = case is not None and (
        case.status is Stage.CARRIED_OVER or case.treatment is Treatment.WITHDRAWN
    )
    if not (taken_back or ended or _is_taken_out(step, head)):
        return False
    payload = {"kind": "withdrawn", **_why_it_ended(step, head)}
    step.send(WITHDRAWAL, str(head.follow_up_id), payload)
    return True


def _why_it_ended(step: Step, head: CaseHead) -> dict[str, str]:
    """The reason and the letter: of the change that took the institution out, else of the
    withdrawal."""
    code, whole = str(head.institution), head.recommendation
    _, left = recipients_change_rows.of_institution(step.connection, whole, code)
    if left is None:
        return withdrawal_rows.of(step.connection, whole)
    return {"reason": left.reason, "letter_number": left.letter_number}
