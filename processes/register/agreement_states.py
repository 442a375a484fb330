"""States of an agreement or directive of a meeting, and the moves between them.

Owns them as `processes.register.states` owns those of cases. Must not know how a state is stored or
who may change it.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Final, TypeAlias

from engine.sentences.sentence import say
from processes.register.states import Marked, Move, state_after


class AgreementKind(Marked):
    """What was settled in a meeting. agreement: of all, with holder and deadline; directive: of the
    chair, with both or with neither."""

    AGREEMENT = "agreement", "active", say("Agreement")
    DIRECTIVE = "directive", "waiting", say("Directive of the chair")


class Holder(StrEnum):
    """Who fulfils it: an institution, or the coordinators of the ministry."""

    INSTITUTION = "institution"
    COORDINATOR = "coordinator"


class AgreementState(Marked):
    """The state of an agreement. noted: typed in the meeting and not signed yet, or words of the
    chair that nobody owes; struck: taken out before the signing."""

    NOTED = "noted", "neutral", say("Noted in the meeting")
    STRUCK = "struck", "neutral", say("Struck out")
    FULFIL = "fulfil", "active", say("To be fulfilled")
    CHECK = "check", "waiting", say("Checked by the coordinator")
    DECIDE = "decide", "waiting", say("Proposed as void")
    FULFILLED = "fulfilled", "done", say("Fulfilled")
    VOID = "void", "neutral", say("Void")
    WITHDRAWN = "withdrawn", "neutral", say("Withdrawn")


OWED: Final = (AgreementState.FULFIL, AgreementState.CHECK, AgreementState.DECIDE)
"""Somebody owes an agreement at these states, or decides about it."""
AGREEMENT_ENDED: Final = (
    AgreementState.STRUCK,
    AgreementState.FULFILLED,
    AgreementState.VOID,
    AgreementState.WITHDRAWN,
)


class Outcome(Marked):
    """What the coordinator finds of an agreement that is said to be fulfilled."""

    FULFILLED = "fulfilled", "done", say("Fulfilled")
    NOT_YET = "not_yet", "late", say("Not yet fulfilled")
    VOID = "void", "waiting", say("Proposed as void")


class AgreementDeed(StrEnum):
    """An act that moves an agreement, besides the outcome of a check."""

    STRIKE = "strike"
    SIGN = "sign"
    FULFIL = "fulfil"
    APPROVE = "approve"
    REFUSE = "refuse"
    WITHDRAW = "withdraw"


AgreementAct: TypeAlias = Outcome | AgreementDeed


def _noted(act: AgreementAct, to: AgreementState) -> Move[AgreementState, AgreementAct]:
    return Move((AgreementState.NOTED,), act, to, (AgreementState.NOTED,))


def _owed(
    act: AgreementAct, to: AgreementState, *drawn: AgreementState
) -> Move[AgreementState, AgreementAct]:
    return Move(OWED, act, to, drawn)


AGREEMENT_MOVES: Final = (
    _noted(AgreementDeed.STRIKE, AgreementState.STRUCK),
    _noted(AgreementDeed.SIGN, AgreementState.FULFIL),
    _owed(AgreementDeed.FULFIL, AgreementState.CHECK, AgreementState.FULFIL),
    _owed(Outcome.FULFILLED, AgreementState.FULFILLED, AgreementState.CHECK),
    _owed(Outcome.NOT_YET, AgreementState.FULFIL, AgreementState.CHECK),
    _owed(Outcome.VOID, AgreementState.DECIDE, AgreementState.CHECK),
    _owed(AgreementDeed.APPROVE, AgreementState.VOID, AgreementState.DECIDE),
    _owed(AgreementDeed.REFUSE, AgreementState.CHECK, AgreementState.DECIDE),
    _owed(AgreementDeed.WITHDRAW, AgreementState.WITHDRAWN, *OWED),
)
"""Every change of the state of an agreement."""


def agreement_moved(state: AgreementState, act: AgreementAct) -> AgreementState:
    """The state of an agreement after an act. Raises `Refusal` as `state_after`."""
    return state_after(AGREEMENT_MOVES, state, act)
