"""The action plan of an institution, and its revisions.

Owns the rules of a plan and how it is written: each version is kept, and the newest counts. The
task `plan` writes the first one; a revision moves nothing else of the case.
"""

from __future__ import annotations

from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy import Connection
from uuid_utils.compat import uuid7

from engine.sentences.sentence import Sentence, say
from processes.lifecycle.form_answers import Answers
from processes.register.states import ENDED, Stage
from processes.storage.cases import follow_up_rows
from processes.storage.cases.follow_up_detail import Activity, activities
from processes.storage.cases.follow_up_rows import FollowUp

BEFORE_A_PLAN: Final = (Stage.ACKNOWLEDGE, Stage.CLARIFICATION, Stage.DISAGREEMENT)


def why_not(case: FollowUp, *, planned: bool) -> Sentence | None:
    """Why the plan of this case cannot be revised now; None: it can. `planned`: there is one."""
    if case.status in ENDED:
        return say("This follow-up has ended; its action plan stays as it is.")
    if case.status is Stage.PLAN:
        return say("The action plan is a task now: write it there.")
    if case.status in BEFORE_A_PLAN or not planned:
        return say("There is no action plan yet that could be revised.")
    return None


def write(
    connection: Connection,
    follow_up_id: UUID,
    form: Answers,
    now: datetime,
    by: str | None,
    *,
    revises: bool = False,
) -> None:
    """Write the next version of a plan, if it `revises` one with its reason. Raises `Refusal` with
    the complaints of the form."""
    unit = form.required("unit")
    rows = form.rows("activities")
    if not rows:
        form.complain("activities", say("Please write at least one activity."))
    named = [(row.required("activity"), row.day_or_text("due"), row) for row in rows]
    reason = form.required("reason") if revises else None
    form.finish()
    version = follow_up_rows.next_plan_version(connection, follow_up_id)
    planned = [
        Activity(
            id=uuid7(),
            follow_up_id=follow_up_id,
            version=version,
            position=position,
            responsible_unit=unit,
            activity=activity,
            unit=row.text("unit"),
            target=row.text("target"),
            due=due,
            at=now,
            by=by,
            reason=reason,
        )
        for position, (activity, due, row) in enumerate(named, start=1)
    ]
    activities.add(connection, *planned)
