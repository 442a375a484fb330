"""Withdrawing a follow-up whose recommendation has ended over it.

Owns this act of a supervisor: its decision, with reason and letter, and the message that ends the
case. While the recommendation runs, all of it is withdrawn or an evaluation says what happens.
"""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import Connection
from uuid_utils.compat import uuid7

from engine.sentences.errors import BadInput, Conflict
from engine.sentences.invisible import is_blank
from engine.sentences.sentence import say
from processes.acts.acting import Acting, act
from processes.cases.follow_up.follow_up_acts import locked
from processes.cases.follow_up.follow_ups import readable
from processes.register.states import (
    ENDED,
    RECOMMENDATION_ENDED,
    DecisionKind,
    RecommendationState,
    Stage,
    Treatment,
)
from processes.storage.cases import follow_up_rows, remaining_rows
from processes.storage.cases.follow_up_detail import Decision, decisions
from processes.storage.cases.follow_up_rows import FollowUp


@act
def withdraw(act: Acting, id: UUID, *, reason: str, letter_number: str) -> None:
    """Withdraw a follow-up that was left to finish. Raises `Conflict` where it cannot be,
    `BadInput` with the field `reason`."""
    locked(act, id)
    case, recommendation, _ = readable(act.connection, act.scope, id, "withdraw_follow_up")
    _check(act.connection, case, recommendation.status, reason)
    decided = Decision(
        id=uuid7(),
        recommendation_id=case.recommendation_id,
        follow_up_id=id,
        kind=DecisionKind.WITHDRAWAL,
        approved=True,
        reason=reason.strip(),
        letter_number=letter_number.strip() or None,
        at=act.now,
        by=act.by,
    )
    decisions.add(act.connection, decided)
    follow_up_rows.change(act.connection, id, act.now, treatment=Treatment.WITHDRAWN)
    payload = {
        "kind": Stage.WITHDRAWN.value,
        "reason": reason.strip(),
        "letter_number": letter_number.strip(),
    }
    act.engine.deliver(remaining_rows.WITHDRAWAL, str(id), payload, wait=False, by=act.by)


def may_be_withdrawn(case: FollowUp, state: RecommendationState) -> bool:
    """Whether this follow-up runs on though its recommendation has ended."""
    return case.status not in ENDED and state in RECOMMENDATION_ENDED


def _check(connection: Connection, case: FollowUp, state: RecommendationState, reason: str) -> None:
    if case.status in ENDED:
        raise Conflict(say("This follow-up has ended already."))
    if not may_be_withdrawn(case, state):
        raise Conflict(say("Its recommendation has not ended yet; propose to withdraw that one."))
    if remaining_rows.deaf(connection, [case]):
        raise Conflict(say("The process of this follow-up knows no withdrawal; let it finish."))
    if is_blank(reason):
        sentence = say("Please fill in this field.")
        raise BadInput(sentence, {"reason": sentence})
