"""States of the register, and the moves between them.

Owns each state as a member with its value, its sentence and its role of colour, and the tables of
moves. Pages, mails, the timeline, the API's document, the CHECKs of the tables and the help page of
states use them. Must not know how a state is stored or who may change it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Final, Generic, Literal, Self, TypeAlias, TypeVar

from engine.ports.handlers import Refusal
from engine.sentences.sentence import Sentence, say

Role: TypeAlias = Literal["neutral", "active", "waiting", "soon", "late", "done", "danger"]
"""The key of a mark's shape and colour."""


class Marked(StrEnum):
    """A value in words. `sentence`: on a mark; `in_timeline`: as the timeline says that it came
    about."""

    role: Role
    sentence: Sentence
    in_timeline: Sentence

    def __new__(
        cls, value: str, role: Role, sentence: Sentence, in_timeline: Sentence | None = None
    ) -> Self:
        member = str.__new__(cls, value)
        member._value_ = value
        member.role = role
        member.sentence = sentence
        member.in_timeline = in_timeline or sentence
        return member


class Stage(Marked):
    """The stage of a follow-up, from the last recorded fact."""

    ACKNOWLEDGE = "acknowledge", "waiting", say("Awaiting acknowledgement")
    CLARIFICATION = "clarification", "waiting", say("Clarification")
    DISAGREEMENT = "disagreement", "waiting", say("Review of a disagreement")
    PLAN = "plan", "active", say("Action plan")
    IMPLEMENT = "implement", "active", say("Implementation")
    REPORT = "report", "active", say("Report")
    EVALUATE = "evaluate", "waiting", say("Evaluation")
    DECIDE = "decide", "waiting", say("Decision of the supervisor")
    CLOSED = "closed", "done", say("Closed"), say("Follow-up closed")
    WITHDRAWN = "withdrawn", "neutral", say("Withdrawn"), say("Follow-up withdrawn")
    CARRIED_OVER = (
        "carried_over",
        "neutral",
        say("Carried over"),
        say("Carried over into another follow-up"),
    )


class RecommendationState(Marked):
    """The state of a recommendation, from the last recorded fact."""

    DRAFT = "draft", "neutral", say("Draft")
    COMMENT = "comment", "waiting", say("Comments on the draft")
    FINALISE = "finalise", "active", say("Finalising")
    APPROVE = "approve", "waiting", say("Approval")
    SEND_OUT = "send_out", "active", say("Ready to issue")
    ISSUED = "issued", "active", say("Issued")
    EVALUATE = "evaluate", "active", say("Overall evaluation")
    CLOSED = "closed", "done", say("Closed"), say("Recommendation closed")
    WITHDRAWN = "withdrawn", "neutral", say("Withdrawn"), say("Recommendation withdrawn")


ENDED: Final = (Stage.CLOSED, Stage.WITHDRAWN, Stage.CARRIED_OVER)
"""A follow-up at these stages does not change any more."""
RECOMMENDATION_ENDED: Final = (RecommendationState.CLOSED, RecommendationState.WITHDRAWN)


class Response(Marked):
    """An institution's answer to the acknowledgement."""

    ACCEPTED = "accepted", "done", say("Receipt confirmed")
    CLARIFICATION = "clarification", "waiting", say("Clarification asked for")
    DISAGREE = "disagree", "late", say("Disagreement stated")


class Reply(Marked):
    """The coordinator's reply: an answer to a clarification, or the result of a review."""

    ANSWERED = "answered", "done", say("Clarification given")
    REJECTED = (
        "rejected",
        "neutral",
        say("The recommendation stands"),
        say("Disagreement weighed: the recommendation stands"),
    )
    CHANGED = (
        "changed",
        "active",
        say("The text was changed"),
        say("Disagreement weighed: the text was changed"),
    )
    ACCEPTED = (
        "accepted",
        "done",
        say("Disagreement accepted"),
        say("Disagreement weighed: accepted"),
    )


REVIEWS: Final = (Reply.REJECTED, Reply.CHANGED, Reply.ACCEPTED)
"""The results of a review of a disagreement."""


class VerdictKind(Marked):
    """The consequence of a verdict. The verdicts themselves are data:
    `processes.register.verdicts`."""

    CONFORMS = "conforms", "done", say("Accepted")
    RETURNED = "returned", "late", say("Returned with notes")
    EMPTY = "empty", "neutral", say("Nothing done yet")
    IMPOSSIBLE = "impossible", "waiting", say("Proposed as impossible")

    @property
    def sends_back(self) -> bool:
        """Whether the institution works on, in a new round: it does unless a verdict ends its
        work."""
        return self not in (VerdictKind.CONFORMS, VerdictKind.IMPOSSIBLE)


class ExtensionDecision(Marked):
    """The decision on a request for a later deadline."""

    GRANTED = "granted", "done", say("Granted")
    DENIED = "denied", "late", say("Denied"), say("Extension denied")


class OverallDecision(Marked):
    """The decision of an overall evaluation."""

    CLOSE = "close", "done", say("Recommendation closed")
    MONITOR = "monitor", "active", say("Watched further")
    NEXT = "next", "done", say("Closed, next recommendation drafted")


class Treatment(Marked):
    """What happens to a follow-up that is still open when its recommendation ends. carried_over: it
    ends when the next recommendation is issued; until then it goes on."""

    CARRIED_OVER = "carried_over", "waiting", say("Carried over into the next recommendation")
    WITHDRAWN = "withdrawn", "neutral", say("Withdrawn")
    LEFT_TO_FINISH = "left_to_finish", "active", say("Left to finish")


class MeetingState(Marked):
    """The state of a rakor, from the last recorded fact. recorded: its minutes were written in the
    case of its one recommendation, whose drawing asked for them; it was never invited to nor
    signed."""

    PREPARE = "prepare", "active", say("In preparation")
    APPROVE = "approve", "waiting", say("Invitation waits for approval")
    INVITE = "invite", "active", say("Invitation approved")
    INVITED = "invited", "active", say("Invited")
    MINUTES = "minutes", "active", say("Held, minutes are written"), say("Rakor held")
    SIGN = "sign", "waiting", say("Minutes wait for signature"), say("Minutes written")
    SIGNED = "signed", "done", say("Minutes signed")
    RECORDED = "recorded", "done", say("Minutes recorded")
    CANCELLED = "cancelled", "neutral", say("Cancelled"), say("Rakor cancelled")

    @property
    def recorded(self) -> bool:
        """Whether it was neither invited to nor signed: only its minutes are there."""
        return self is MeetingState.RECORDED


MEETING_ENDED: Final = (MeetingState.SIGNED, MeetingState.RECORDED, MeetingState.CANCELLED)


class DecisionKind(StrEnum):
    """The subject of a supervisor's yes or no. remaining: what happens to open follow-ups."""

    ISSUE = "issue"
    WITHDRAWAL = "withdrawal"
    NOT_FEASIBLE = "not_feasible"
    REMAINING = "remaining"


class RequestState(Marked):
    """The state of a request to a second administrator. withdrawn: by its author, or because the
    account was changed otherwise meanwhile."""

    WAITING = (
        "waiting",
        "waiting",
        say("Waiting"),
        say("asked for by {by} on {day}, waits for a second administrator"),
    )
    APPROVED = (
        "approved",
        "done",
        say("Approved"),
        say("asked for by {by}, approved by {second} on {day}"),
    )
    REFUSED = (
        "refused",
        "late",
        say("Refused"),
        say("asked for by {by}, refused by {second} on {day}"),
    )
    WITHDRAWN = (
        "withdrawn",
        "neutral",
        say("Withdrawn"),
        say("asked for by {by}, withdrawn on {day}"),
    )


class PartState(StrEnum):
    """The state of one part of an act on many. left: somebody else was faster, so it stays as it
    is; or its step failed, and an open incident waits for a repair. refused: the decider has lost
    the right."""

    WAITING = "waiting"
    DONE = "done"
    LEFT = "left"
    REFUSED = "refused"


class Fate(Marked):
    """What became of one part of an act on many, for people. left: it was not necessary any more,
    or never; failed: its step waits for a repair."""

    WAITING = "waiting", "waiting", say("To be done")
    DONE = "done", "done", say("Done")
    LEFT = "left", "neutral", say("Was not necessary")
    REFUSED = "refused", "late", say("The right was gone")
    FAILED = "failed", "danger", say("Failed, waits for a repair")


class MailState(Marked):
    """The state of a mail. shown: no mail server is set, so the outbox only shows the text;
    dropped: a digest whose escalations had all ended when it was due."""

    QUEUED = "queued", "waiting", say("Waiting to be sent")
    SENT = "sent", "done", say("Sent")
    FAILED = "failed", "danger", say("Could not be sent")
    SHOWN = "shown", "neutral", say("Only shown here")
    DROPPED = "dropped", "neutral", say("No longer needed")


class AccountKind(StrEnum):
    """service: of a program, a worker; it is used with tokens only."""

    PERSON = "person"
    SERVICE = "service"


class AccountState(Marked):
    """The state of an account."""

    ACTIVE = "active", "done", say("Active")
    INVITED = "invited", "waiting", say("Has not chosen a password yet")
    CLOSED = "closed", "neutral", say("Closed")


class Deed(StrEnum):
    """An act that moves a follow-up, besides a response, a reply and a verdict."""

    PLAN = "plan"
    PROGRESS = "progress"
    FINISH = "finish"
    REPORT = "report"
    REPLACE = "replace"
    APPROVE = "approve"
    REFUSE = "refuse"
    CLOSE = "close"
    WITHDRAW = "withdraw"
    CARRY_OVER = "carry_over"


class RecommendationDeed(StrEnum):
    """An act that moves a recommendation."""

    REGISTER = "register"
    ASK_AGAIN = "ask_again"
    FINALISE = "finalise"
    APPROVE = "approve"
    REFUSE = "refuse"
    ISSUE = "issue"
    COMPILE = "compile"
    MONITOR = "monitor"
    CLOSE = "close"
    WITHDRAW = "withdraw"


class MeetingDeed(StrEnum):
    """An act that moves a rakor."""

    PREPARE = "prepare"
    APPROVE = "approve"
    REFUSE = "refuse"
    INVITE = "invite"
    HOLD = "hold"
    WRITE = "write"
    RETURN = "return"
    SIGN = "sign"
    CANCEL = "cancel"


FollowUpAct: TypeAlias = Response | Reply | VerdictKind | Deed
S = TypeVar("S", bound=Marked)
A = TypeVar("A", bound=StrEnum)


@dataclass(frozen=True, slots=True)
class Move(Generic[S, A]):
    """A move from one of these states, by an act, to another state. `drawn`: those of `origins` in
    which the shipped diagram asks for the act."""

    origins: tuple[S, ...]
    act: A
    to: S
    drawn: tuple[S, ...]


RUNNING: Final = tuple(stage for stage in Stage if stage not in ENDED)
RECOMMENDATION_RUNNING: Final = tuple(
    state for state in RecommendationState if state not in RECOMMENDATION_ENDED
)
MEETING_RUNNING: Final = tuple(state for state in MeetingState if state not in MEETING_ENDED)
MEETING_BEFORE: Final = (
    MeetingState.PREPARE, MeetingState.APPROVE, MeetingState.INVITE, MeetingState.INVITED
)  # fmt: skip
"""A rakor in these states has not been held, so it can be moved or cancelled."""


def _by(act: FollowUpAct, to: Stage, *drawn: Stage) -> Move[Stage, FollowUpAct]:
    return Move(RUNNING, act, to, drawn)


def _whole(
    act: RecommendationDeed, to: RecommendationState, *drawn: RecommendationState
) -> Move[RecommendationState, RecommendationDeed]:
    return Move(RECOMMENDATION_RUNNING, act, to, drawn)


def _rakor(
    deed: MeetingDeed, to: MeetingState, *drawn: MeetingState
) -> Move[MeetingState, MeetingDeed]:
    return Move(MEETING_RUNNING, deed, to, drawn)


# The diagram gives the order of the work, and its owner may redraw it: without a plan, or with two
# reports. In every drawing the target of an act stays the same, and an end stays an end.
MOVES: Final = (
    _by(Response.ACCEPTED, Stage.PLAN, Stage.ACKNOWLEDGE),
    _by(Response.CLARIFICATION, Stage.CLARIFICATION, Stage.ACKNOWLEDGE),
    _by(Response.DISAGREE, Stage.DISAGREEMENT, Stage.ACKNOWLEDGE),
    _by(Reply.ANSWERED, Stage.ACKNOWLEDGE, Stage.CLARIFICATION),
    _by(Reply.REJECTED, Stage.PLAN, Stage.DISAGREEMENT),
    _by(Reply.CHANGED, Stage.ACKNOWLEDGE, Stage.DISAGREEMENT),
    _by(Reply.ACCEPTED, Stage.DECIDE, Stage.DISAGREEMENT),
    _by(Deed.PLAN, Stage.IMPLEMENT, Stage.PLAN),
    _by(Deed.PROGRESS, Stage.IMPLEMENT, Stage.IMPLEMENT),
    _by(Deed.FINISH, Stage.REPORT, Stage.IMPLEMENT),
    _by(Deed.REPORT, Stage.EVALUATE, Stage.REPORT),
    _by(Deed.REPLACE, Stage.REPORT, Stage.EVALUATE),
    _by(VerdictKind.CONFORMS, Stage.EVALUATE, Stage.EVALUATE),
    _by(VerdictKind.RETURNED, Stage.IMPLEMENT, Stage.EVALUATE),
    _by(VerdictKind.EMPTY, Stage.PLAN, Stage.EVALUATE),
    _by(VerdictKind.IMPOSSIBLE, Stage.DECIDE, Stage.EVALUATE),
    _by(Deed.APPROVE, Stage.DECIDE, Stage.DECIDE),
    _by(Deed.REFUSE, Stage.EVALUATE, Stage.DECIDE),
    _by(Deed.CLOSE, Stage.CLOSED, Stage.EVALUATE, Stage.DECIDE),
    _by(Deed.WITHDRAW, Stage.WITHDRAWN, *RUNNING),
    _by(Deed.CARRY_OVER, Stage.CARRIED_OVER, *RUNNING),
)
"""Every change of the stage of a follow-up."""

RECOMMENDATION_MOVES: Final = (
    _whole(RecommendationDeed.REGISTER, RecommendationState.COMMENT, RecommendationState.DRAFT),
    _whole(RecommendationDeed.ASK_AGAIN, RecommendationState.COMMENT, RecommendationState.COMMENT,
           RecommendationState.FINALISE),
    _whole(RecommendationDeed.FINALISE, RecommendationState.APPROVE, RecommendationState.COMMENT,
           RecommendationState.FINALISE),
    _whole(RecommendationDeed.APPROVE, RecommendationState.SEND_OUT, RecommendationState.APPROVE),
    _whole(RecommendationDeed.REFUSE, RecommendationState.FINALISE, RecommendationState.APPROVE),
    _whole(RecommendationDeed.ISSUE, RecommendationState.ISSUED, RecommendationState.SEND_OUT),
    _whole(RecommendationDeed.COMPILE, RecommendationState.EVALUATE, RecommendationState.ISSUED),
    _whole(RecommendationDeed.MONITOR, RecommendationState.ISSUED, RecommendationState.EVALUATE),
    _whole(RecommendationDeed.CLOSE, RecommendationState.CLOSED, RecommendationState.EVALUATE),
    _whole(RecommendationDeed.WITHDRAW, RecommendationState.WITHDRAWN, *RECOMMENDATION_RUNNING),
)  # fmt: skip
"""Every change of the state of a recommendation."""

MEETING_MOVES: Final = (
    _rakor(MeetingDeed.PREPARE, MeetingState.APPROVE, MeetingState.PREPARE),
    _rakor(MeetingDeed.APPROVE, MeetingState.INVITE, MeetingState.APPROVE),
    _rakor(MeetingDeed.REFUSE, MeetingState.PREPARE, MeetingState.APPROVE),
    _rakor(MeetingDeed.INVITE, MeetingState.INVITED, MeetingState.INVITE),
    _rakor(MeetingDeed.HOLD, MeetingState.MINUTES, MeetingState.INVITED),
    _rakor(MeetingDeed.WRITE, MeetingState.SIGN, MeetingState.MINUTES),
    _rakor(MeetingDeed.RETURN, MeetingState.MINUTES, MeetingState.SIGN),
    _rakor(MeetingDeed.SIGN, MeetingState.SIGNED, MeetingState.SIGN),
    Move(MEETING_BEFORE, MeetingDeed.CANCEL, MeetingState.CANCELLED, MEETING_BEFORE),
)
"""Every change of the state of a rakor."""


def moved(stage: Stage, act: FollowUpAct) -> Stage:
    """The stage of a follow-up after an act. Raises `Refusal` for a move outside the table."""
    return state_after(MOVES, stage, act)


def recommendation_moved(
    state: RecommendationState, deed: RecommendationDeed
) -> RecommendationState:
    """The state of a recommendation after a deed. Raises `Refusal` as `moved`."""
    return state_after(RECOMMENDATION_MOVES, state, deed)


def meeting_moved(state: MeetingState, deed: MeetingDeed) -> MeetingState:
    """The state of a rakor after a deed. Raises `Refusal` as `moved`."""
    return state_after(MEETING_MOVES, state, deed)


def state_after(moves: Iterable[Move[S, A]], at: S, act: A) -> S:
    """The state to which an act leads. Raises `Refusal` for a move outside the table."""
    for move in moves:
        # By identity, because members of different enums are equal if their values are.
        if move.act is act and at in move.origins:
            return move.to
    raise Refusal(say("Nothing more can be recorded: this case is “{state}”.", state=at.sentence))
