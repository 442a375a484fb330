"""Evidence: files of a case that never change, made of the uploads of a completed form.

Owns who may read them. Must not know HTTP; `processes.files.blobs` keeps the bytes.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from uuid_utils.compat import uuid7

from engine.ports.handlers import Refusal, Step
from engine.sentences.errors import NotFound
from engine.sentences.sentence import say
from processes.acts.acting import Acting, act
from processes.register.vocabulary import CLASSIFICATIONS
from processes.rights import audit
from processes.rights.access import relations_to_case
from processes.storage.files import evidence as table
from processes.storage.files.evidence import Evidence, Upload
from processes.storage.people import successions


@dataclass(frozen=True, slots=True)
class Proves:
    """What a file belongs to: a follow-up, and what was said of it."""

    follow_up_id: UUID
    report_id: UUID | None = None
    progress_id: UUID | None = None
    answer_id: UUID | None = None


def attach(
    step: Step,
    follow_up_id: UUID,
    ids: Sequence[UUID],
    *,
    field: str,
    report_id: UUID | None = None,
    progress_id: UUID | None = None,
) -> list[Evidence]:
    """Turn uploads of the person who completes the task into evidence of the case, inside the step.

    Raises `Refusal` on `field` if one of them is not theirs, expired or already used.
    """
    return attach_to_each(step, [Proves(follow_up_id, report_id, progress_id)], ids, field=field)


def attach_to_each(
    step: Step, proved: Sequence[Proves], ids: Sequence[UUID], *, field: str
) -> list[Evidence]:
    """The same for files that belong to several cases: each has a row of its own of the file."""
    found = taken_from(step, ids, field=field)
    rows = [
        Evidence(
            id=uuid7(),
            follow_up_id=what.follow_up_id,
            report_id=what.report_id,
            progress_id=what.progress_id,
            answer_id=what.answer_id,
            sha256=one.sha256,
            name=one.name,
            type=one.type,
            size=one.size,
            uploaded_by=one.owner,
            uploaded_at=one.created_at,
            created_at=step.now,
        )
        for what in proved
        for one in found
    ]
    table.insert_evidence(step.connection, rows)
    return rows


def taken_from(step: Step, ids: Sequence[UUID], *, field: str) -> list[Upload]:
    """Take these uploads from the person who completes the task, for rows that name their files
    from now on. Raises `Refusal` as `attach`."""
    if not ids:
        return []
    owner = step.by or ""
    found = table.uploads(step.connection, owner, ids)
    if len(found) != len(set(ids)):
        again = say("A file is no longer kept. Please attach it again.")
        raise Refusal(again, {field: again})
    table.delete_uploads(step.connection, owner, ids)
    return found


@act
def read(act: Acting, evidence_id: UUID, *, address: str) -> Evidence:
    """The facts of a file that the user is about to read; the read is recorded in the audit.

    Raises `NotFound` unless the case may be read, at the higher classification of the
    recommendation and of the file's report.
    """
    found = table.evidence_by_id(act.connection, evidence_id)
    if found is None:
        raise NotFound(say("There is no such thing, or it is not open to you."))
    row, case = found
    highest = max(case.classifications, key=CLASSIFICATIONS.index)
    formerly = act.scope.succeeded
    had = successions.had(act.connection, row.follow_up_id, formerly) if formerly else ()
    relations = relations_to_case(act.scope, [case.institution], highest, had)
    act.may("read_case", relations & {"contact", "head"} if case.unsent else relations)
    subject = f"evidence:{row.id}"
    details = {"sha256": row.sha256, "follow_up": str(row.follow_up_id)}
    audit.record(
        act.connection,
        act.by,
        "read_evidence",
        subject,
        now=act.now,
        address=address,
        details=details,
    )
    return row
