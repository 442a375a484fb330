"""What an institution corrects in its own papers: a report taken back, an action plan revised.

Owns these two acts. The first is a message to the model, which leads back to the report, filled in
with what was reported. The second moves nothing; each version of a plan is kept.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Connection

from engine.later.repairs import Received
from engine.models.forms import parse_date
from engine.ports.handlers import Refusal
from engine.sentences.errors import BadInput, Conflict
from engine.sentences.invisible import is_blank
from engine.sentences.sentence import Sentence, say
from processes.acts.acting import Acting, act, kept
from processes.acts.reading import Reading
from processes.cases.follow_up import follow_up_models
from processes.cases.follow_up.follow_up_acts import locked
from processes.cases.follow_up.follow_up_models import REPLACED, Version, takes, version_of
from processes.cases.follow_up.follow_ups import Work, readable
from processes.follow_up import plans, replacement
from processes.lifecycle.form_answers import Answers
from processes.rights.access import Scope, allows
from processes.storage.cases import follow_up_rows, report_rows
from processes.storage.work import task_rows
from processes.work import written_again
from processes.work.inbox import relations_of
from processes.work.written_again import REPORT_TASK

LONGEST_REASON: Final = 2_000
"""So many characters a reason has at most."""


@kept(Received)
def replace_report(act: Acting, id: UUID, reason: str) -> Received:
    """Take the report back that has been handed in and not evaluated, to correct or withdraw it.
    Whoever does it goes on with its texts and files.

    Raises `Conflict` where there is none, or where the version of the case takes none back;
    `BadInput` with the field `reason`.
    """
    locked(act, id)
    case, _, _ = readable(act.connection, act.scope, id, "replace_report")
    before = report_rows.written_last(act.connection, id)
    waits = before is not None and before.awaits_release
    if before is not None and not before.handed_in and not waits:
        before = report_rows.newest(act.connection, id)
    judged = before is not None and report_rows.is_evaluated(act.connection, before.id)
    refusal = None if waits else replacement.why_not(case, before, judged=judged)
    if refusal:
        raise Conflict(refusal)
    if before is not None and before.classification not in act.scope.cleared_for:
        raise Conflict(UNREAD)
    if not takes(version_of(act, case).program, REPLACED):
        raise Conflict(NOT_TAKEN)
    if wrong := _wrong_reason(reason):
        raise BadInput(say("Please correct the marked fields."), {"reason": wrong})
    act.engine.deliver(REPLACED, str(id), {"reason": reason.strip()}, wait=False, by=act.by)
    if before is not None:
        written_again.go_on_with(act, case.instance_id, before, act.by, before.by)
    return Received()


def _wrong_reason(reason: str) -> Sentence | None:
    if is_blank(reason):
        return say("Write the reason.")
    if len(reason) > LONGEST_REASON:
        return say(
            "Write at most {limit} characters; there are {count}.",
            limit=LONGEST_REASON,
            count=len(reason),
        )
    return None


NOT_TAKEN: Final = say(
    "This follow-up began under an earlier version of the process, which takes no report back. Ask "
    "the coordinator to return it with a rework deadline."
)


UNREAD: Final = say(
    "This report is classified above your clearance, so you cannot take it back. Ask a colleague "
    "with that clearance."
)
"""Whoever takes a report back gets its texts and files to go on with."""


def again(connection: Connection, scope: Scope, id: UUID) -> UUID | None:
    """The task of the report that is asked for again, if the reader may complete it."""
    case, _, _ = readable(connection, scope, id)
    waiting = task_rows.of_instances(connection, [case.instance_id])
    mine = (one for one in waiting if allows(scope, "complete_task", relations_of(scope, one)))
    return next((one.id for one in mine if one.element_id == REPORT_TASK), None)


def filled_in(at: Reading, task_id: UUID) -> Mapping[str, object]:
    """What a program hands the report in with again, as it stands: the answers of that task."""
    draft = at.ask.draft(task_id, at.scope.username)
    typed = draft.data if draft is not None else {}
    answers = {name: _plain(name, entries) for name, entries in typed.items()}
    return {name: value for name, value in answers.items() if value is not None}


def _plain(name: str, entries: object) -> object:
    """An entry as JSON: files by their ids, a date in ISO form, else the text."""
    if name == "evidence" or not isinstance(entries, list) or not entries:
        return entries
    day = parse_date(entries[0]) if name == "letter_date" else None
    return day.isoformat() if day else entries[0]


def refusals(found: Work, version: Version) -> Mapping[str, Sentence | None]:
    """Act -> why the case does not allow it now; None: it does. For the pages of a case."""
    last = found.handed_in[-1] if found.handed_in else None
    judged = last is not None and last.judged
    awaits = found.unsent is not None
    return {
        "replace_report": (None if awaits else replacement.why_not(found.case, last, judged=judged))
        or (UNREAD if found.unread else None)
        or (None if takes(version.program, REPLACED) else NOT_TAKEN),
        "revise_plan": plans.why_not(found.case, planned=bool(found.plan)),
    }


@act
def revise_plan(
    act: Acting, id: UUID, answers: Mapping[str, Any], *, revises: int | None = None
) -> None:
    """Write the next version of the action plan, with its reason. `revises`: the version that the
    author has seen; where another is in force the act is refused, so it is done once, however often
    it is sent. Raises `Conflict` where no plan is in force, `BadInput` with the fields."""
    case = locked(act, id)
    found, _, _ = readable(act.connection, act.scope, id, "revise_plan")
    present = follow_up_rows.next_plan_version(act.connection, id) - 1
    if refusal := plans.why_not(found, planned=present > 0):
        raise Conflict(refusal)
    if revises not in (None, present):
        raise Conflict(
            say("Version {n} of this plan is in force now. Please look at it first.", n=present)
        )
    typed = follow_up_models.plan_form(version_of(act, case).program).read(answers)
    if typed.errors:
        raise BadInput(say("Some entries need another look."), typed.errors)
    try:
        follow_up_rows.hold(act.connection, id)
        plans.write(act.connection, id, Answers(typed.values), act.now, act.by, revises=True)
    except Refusal as refused:
        raise BadInput(refused.sentence, refused.fields) from refused
    act.engine.note(case.instance_id, "plan", act.by, {})
