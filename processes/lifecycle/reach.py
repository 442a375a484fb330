"""The one table of everything in real cases that a model can reach, and of the limits.

Owns `REACH` and the answers to the engine's questions (`engine.ports.cases.Cases`). Process owners
and administrators draw and start models of their own, but in none of them do they decide a real
case. So a case belongs to the one instance whose id its row holds, and every entry below asks for
that instance. A model can reach nothing outside this table: a test compares it with the code.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, Literal
from uuid import UUID

from sqlalchemy import Connection

from engine.ports.cases import Case, Identity
from processes.rights.access import CASE_PROCESSES
from processes.storage.cases import case_owners

Kind = Literal["process", "topic", "message", "signal", "reader", "function"]
Hold = Literal["register", "owner", "family", "nothing"]
"""The limit that keeps a model at its own case:

register  starts only as the instance whose id and key are in a row of the register
owner     runs, or gives facts, only in the instance that owns the case
family    passes only between the cases of one recommendation or rakor, and from the register
nothing   knows no case
"""


def _all(names: str, hold: Hold) -> dict[str, Hold]:
    return dict.fromkeys(names.split(), hold)


REACH: Final[Mapping[Kind, Mapping[str, Hold]]] = {
    "process": dict.fromkeys(CASE_PROCESSES, "register"),
    "topic": _all(
        # of a follow-up
        "record_acknowledgement record_clarification_answer record_disagreement_review record_plan"
        " record_progress record_report record_sent_report record_evaluation receipt"
        " record_not_feasible_decision record_extension_request record_extension_decision"
        " apply_deadline close_follow_up withdraw_follow_up record_replacement record_release"
        # of a recommendation
        " record_registration record_comment record_finalisation record_approval record_sending"
        " record_meeting record_overall_evaluation record_remaining_decision"
        " record_withdrawal_proposal record_withdrawal_decision record_recipients_change"
        " record_recipients_decision apply_recipients issue count_closed compile draft_next"
        " settle_remaining close_recommendation withdraw_all"
        # of an agreement
        " record_fulfilment record_fulfilment_check record_void_decision withdraw_agreement"
        # of a rakor
        " record_preparation record_invitation_decision send_invitations record_position"
        " record_holding record_minutes record_signature start_agreements apply_change"
        # of a written report on progress
        " record_progress_report record_sent_progress_report record_progress_release"
        " progress_receipt drop_ended record_dropped"
        # of all: everything that is mailed
        " notify",
        "owner",
    ),
    "message": _all(
        "follow_up_closed extension_requested report_replaced recommendation_withdrawn"
        " withdrawal_proposed recipients_changed agreement_withdrawn"
        " meeting_changed request_dropped",
        "family",
    ),
    "signal": {},
    "reader": {
        # `tell` mails those whom a task concerns; `performers` says who there is
        **_all("case calendar options tell performers", "owner"),
        # the time, the looks at late tasks, its own deadline, the key that its starter chose, and
        # the starter
        **_all("now looks task due_at business_key by", "nothing"),
    },
    "function": {
        # they count by `calendar`
        **_all("date days next_look now period_end today working_days", "owner"),
        **_all(
            "abs all any bool date_and_time dict duration empty enumerate float int len list max"
            " min range reversed round set sorted str sum time tuple zip",
            "nothing",
        ),
    },
}


class Register:
    """The keeper of real cases, for the engine's questions."""

    processes = CASE_PROCESSES
    names = frozenset((*REACH["message"], *REACH["signal"]))

    def family(self, connection: Connection, instance: Identity) -> str | None:
        """The recommendation of the case that this instance owns, by the case's row and key; of a
        rakor and of a written report the row itself, which none but the register sends anything."""
        found = case_owners.of_instance(connection, instance.process_key, instance.id)
        if found is None or instance.business_key != str(found[0]):
            return None
        return str(found[1])

    def case_of_key(self, connection: Connection, key: str) -> Case | None:
        """The case with this id."""
        try:
            id = UUID(key)
        except ValueError:
            return None
        found = case_owners.by_key(connection, id)
        return None if found is None else Case(str(found[0]), found[1])
