"""States of a request for a report, as far as one institution goes, and the moves between them.

Owns them as `processes.register.states` owns those of cases. Must not know how a state is stored or
who may change it.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Final

from engine.sentences.sentence import say
from processes.register.states import RUNNING, Marked, Move, Stage, state_after


class ReportRequestState(Marked):
    """The state of a request for a report with one institution. sending: its process is about to
    start."""

    SENDING = "sending", "neutral", say("Being sent")
    ASKED = "asked", "waiting", say("Report asked for")
    ANSWERED = "answered", "done", say("Report handed in")
    DROPPED = "dropped", "neutral", say("No longer asked for")


REQUEST_OPEN: Final = (ReportRequestState.SENDING, ReportRequestState.ASKED)
"""An institution still owes an answer to these."""


class NotDue(Marked):
    """Why a follow-up owes no answer to a request any more. let_off: somebody dropped the
    request."""

    FINAL_REPORT = "final_report", "done", say("The final report is handed in")
    CLOSED = "closed", "done", say("Closed")
    WITHDRAWN = "withdrawn", "neutral", say("Withdrawn")
    CARRIED_OVER = "carried_over", "neutral", say("Carried over")
    LET_OFF = "let_off", "neutral", say("No longer asked for")


class RequestDeed(StrEnum):
    """An act that moves a request with one institution."""

    SEND = "send"
    ANSWER = "answer"
    DROP = "drop"


def _by(
    act: RequestDeed, to: ReportRequestState, *origins: ReportRequestState
) -> Move[ReportRequestState, RequestDeed]:
    return Move(origins, act, to, origins)


REQUEST_MOVES: Final = (
    _by(RequestDeed.SEND, ReportRequestState.ASKED, ReportRequestState.SENDING),
    _by(RequestDeed.ANSWER, ReportRequestState.ANSWERED, ReportRequestState.ASKED),
    _by(RequestDeed.DROP, ReportRequestState.DROPPED, *REQUEST_OPEN),
)
"""Every change of the state of a request with one institution."""

OWES_PROGRESS: Final = tuple(
    stage for stage in RUNNING if stage not in (Stage.EVALUATE, Stage.DECIDE)
)
"""A follow-up at these stages can be asked for its progress: its final report is not in yet."""


def request_moved(state: ReportRequestState, deed: RequestDeed) -> ReportRequestState:
    """The state of a request after a deed. Raises `Refusal` for a move outside the table."""
    return state_after(REQUEST_MOVES, state, deed)
