"""What a model can reach of real cases, and what holds it there: the one table of it.

Owns `REACH` and the answers that the engine asks for (`engine.ports.cases.Cases`). Process owners
and administrators draw and start models of their own; in none of them do they decide a real case.
So a case belongs to the one instance whose id its row holds, and everything below asks for that
instance. What is not in this table is not reachable: a test compares it with what there is.
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
"""What holds a model at its own case:

register  begins only as the instance whose id and key a row of the register holds
owner     runs, or tells something, only in the instance that owns the case
family    passes only between the cases of one recommendation, and from the register
nothing   knows no case
"""


def _all(names: str, hold: Hold) -> dict[str, Hold]:
    return dict.fromkeys(names.split(), hold)


REACH: Final[Mapping[Kind, Mapping[str, Hold]]] = {
    "process": dict.fromkeys(CASE_PROCESSES, "register"),
    "topic": _all(
        # of a follow-up
        "record_acknowledgement record_clarification_answer record_disagreement_review record_plan"
        " record_progress record_report record_evaluation receipt record_not_feasible_decision"
        " record_extension_request record_extension_decision apply_deadline close_follow_up"
        " withdraw_follow_up"
        # of a recommendation
        " record_registration record_comment record_finalisation record_approval record_sending"
        " record_meeting record_overall_evaluation record_withdrawal_proposal"
        " record_withdrawal_decision issue count_closed compile draft_next close_recommendation"
        " withdraw_all"
        # of both: everything that is mailed
        " notify",
        "owner",
    ),
    "message": _all(
        "follow_up_closed extension_requested recommendation_withdrawn withdrawal_proposed",
        "family",
    ),
    "signal": {},
    "reader": {
        **_all("case calendar options", "owner"),
        # the time, when late tasks are looked at, its own deadline, the key that whoever started it
        # chose, and who that was
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
    """The keeper of real cases, as the engine asks it."""

    processes = CASE_PROCESSES
    names = frozenset((*REACH["message"], *REACH["signal"]))

    def family(self, connection: Connection, instance: Identity) -> str | None:
        """The recommendation of the case that this instance owns, as its row and key say."""
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
