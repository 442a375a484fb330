"""The signing of the minutes: from then on what was settled is owed.

Owns what the process of a rakor calls: the refusal of a deadline that has passed, and the start of
one process for each agreement and each directive that has a holder.
"""

from __future__ import annotations

from datetime import date
from typing import Final
from uuid import UUID

from sqlalchemy import Connection

from engine.ports.handlers import Step
from engine.sentences.sentence import Sentence, say
from processes.register.agreement_states import AgreementState
from processes.storage.meetings import agreement_rows

PROCESS: Final = "agreement"


def why_not(connection: Connection, meeting_id: UUID, today: date) -> Sentence | None:
    """Why the minutes of a meeting cannot be signed today: a deadline in them has passed. None:
    they can."""
    late = [
        one.number
        for one in agreement_rows.of_meeting(connection, meeting_id)
        if one.deadline is not None and one.deadline <= today
    ]
    if not late:
        return None
    return say(
        "The deadline of number {numbers} has passed. Correct it on the page of the meeting first.",
        numbers=", ".join(map(str, late)),
    )


def start_agreements(step: Step, meeting_id: UUID) -> int:
    """Sign what was noted in a meeting, and start what somebody owes; repeated, it starts nothing.
    Returns how many were started."""
    found = agreement_rows.of_meeting(step.connection, meeting_id)
    signed = [one for one in found if one.status is AgreementState.NOTED and one.is_owed]
    agreement_rows.sign(step.connection, signed, step.now)
    for one in signed:
        step.start(PROCESS, one.instance_id, str(one.id), {})
    return len(signed)
