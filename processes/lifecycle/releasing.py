"""Who releases a report inside its institution, before it is handed in.

Owns the rule: a head of the institution, or who stands in, cleared for the report, and never who
has drafted it. It is held where the answer is written, so for every way in. The setting is the
institution's, and is asked when a report is sent.
"""

from __future__ import annotations

from typing import Final
from uuid import UUID

from sqlalchemy import Connection
from uuid_utils.compat import uuid7

from engine.ports.handlers import Refusal, Step
from engine.sentences.sentence import say
from processes.lifecycle.clearance import refuse_above
from processes.lifecycle.form_answers import Answers
from processes.rights.scope import cleared
from processes.storage.people import institutions, users
from processes.storage.people.users import User
from processes.storage.tables.reports import Release

OWN_DRAFT: Final = say(
    "You have written this yourself: somebody else at the head has to release it."
)


def releasers(
    connection: Connection, institution: str, drafter: str | None, classification: str
) -> list[User]:
    """Who can release what `drafter` has written: heads of the institution and who stands in."""
    heads = users.members_of(connection, institution, "head")
    return [one for one in heads if one.username != drafter and cleared(one, classification)]


def is_asked(connection: Connection, institution: str) -> bool:
    """Whether the institution releases its reports inside."""
    found = institutions.by_code(connection, institution)
    return found is not None and found.approval_since is not None


def check_releasable(step: Step, institution: str, form: Answers, classification: str) -> None:
    """Complain about a report that nobody could release."""
    if not releasers(step.connection, institution, step.by, classification):
        form.complain(
            "classification",
            say(
                "Nobody else at the head of your institution may release this report. Ask its head "
                "or an administrator to name a stand-in, or let a colleague send it."
            ),
        )


def nothing_waits() -> Refusal:
    """The error where nobody has sent anything to release."""
    return Refusal(say("There is no report to release."))


def decided(step: Step, drafter: str | None, classification: str, **about: UUID) -> Release:
    """The answer as its row. `about`: the column of what is released, and its id. Raises the
    refusals of `record_release`."""
    if step.by == drafter:
        raise Refusal(OWN_DRAFT)
    refuse_above(step, classification)
    form = Answers(step.answers)
    released, notes = form.yes("released"), form.text("corrections")
    if not released and notes is None:
        form.complain("corrections", say("Please write what has to be corrected."))
    form.finish()
    return Release(id=uuid7(), released=released, notes=notes, at=step.now, by=step.by, **about)
