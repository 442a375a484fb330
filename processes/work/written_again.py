"""A report that is written again, from what it said: it was taken back, or its institution's head
did not release it.

Owns the draft with which the new task begins: the texts and the files of the report before.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import date
from typing import Final
from uuid import UUID

from sqlalchemy import Connection

from engine.storage.cases import worklist
from engine.storage.cases.worklist import Task
from processes.acts.acting import Acting
from processes.files import uploads
from processes.notices import recipients
from processes.rights.scope import cleared
from processes.storage.files import evidence
from processes.storage.files.evidence import Evidence
from processes.storage.tables.reports import Report
from processes.storage.written_report import written_report_rows
from processes.storage.written_report.written_report_rows import WrittenAnswer, WrittenReport

REPORT_TASK: Final = "report"
"""The task in which a report is written."""
PROGRESS_TASK: Final = "progress_report"
"""The task in which a letter on progress is written."""
LETTER: Final = (
    "letter_number", "letter_date", "urgency", "classification", "subject", "signatory",
)  # fmt: skip
"""What both say of their letter."""
ANSWER: Final = ("percent", "narrative", "obstacles")
"""What a letter on progress says of each recommendation."""
Texts = dict[str, list[str]]


def go_on_with(
    act: Acting, instance_id: UUID, before: Report | WrittenReport, *to: str | None
) -> None:
    """Give the new task, filled in, to the first of these accounts that may have it."""
    element = REPORT_TASK if isinstance(before, Report) else PROGRESS_TASK
    waiting = worklist.of_instance(act.connection, instance_id, only_open=True)
    task = next((one for one in waiting if one.element_id == element), None)
    holder = _holder(act, task, before, to) if task is not None else None
    if task is None or holder is None:
        return
    if holder == act.by:
        act.engine.claim(task.id, holder)
    else:
        act.engine.assign(task.id, holder, act.by)
    if isinstance(before, Report):
        texts, files = written(before), _of_report(act.connection, before)
    else:
        said = written_report_rows.answers(act.connection, before.id)
        texts, files = written_letter(before, said), _of_letter(act.connection, said)
    again = {field: uploads.again(act, found, holder, task.id) for field, found in files.items()}
    act.engine.save_draft(task.id, holder, {**texts, **again})


def _holder(
    act: Acting, task: Task, before: Report | WrittenReport, to: Sequence[str | None]
) -> str | None:
    found = recipients.offered_to(act.connection, task)
    offered = {one.username for one in found if cleared(one, before.classification)}
    return next((name for name in to if name in offered), None)


def _of_report(connection: Connection, report: Report) -> dict[str, list[Evidence]]:
    found = evidence.evidence_of(connection, report.follow_up_id)
    return {"evidence": [one for one in found if one.report_id == report.id]}


def _of_letter(connection: Connection, said: Sequence[WrittenAnswer]) -> dict[str, list[Evidence]]:
    """Field -> its files. The letter itself lies with each answer, so what lies with all is the
    letter."""
    found = evidence.of_answers(connection, [one.id for one in said])
    lies = Counter(one.sha256 for one in found)
    letter = {one.sha256: one for one in found if lies[one.sha256] >= len(said)}
    return {"letter_files": list(letter.values())} | {
        f"answers[{number}].evidence": [
            one for one in found if one.answer_id == answer.id and one.sha256 not in letter
        ]
        for number, answer in enumerate(said)
    }


def written(report: Report) -> Texts:
    """What was written in a report, as the entries of its form."""
    return _entries(report, (*LETTER, "summary", "claimed_status"))


def written_letter(letter: WrittenReport, said: Sequence[WrittenAnswer]) -> Texts:
    """What was written in a letter on progress, as the entries of its form."""
    texts = _entries(letter, LETTER)
    for number, one in enumerate(said):
        texts[f"answers[{number}].about"] = [str(one.follow_up_id)]
        for name in ANSWER:
            texts[f"answers[{number}].{name}"] = [str(getattr(one, name) or "")]
    return texts


def _entries(letter: Report | WrittenReport, names: Sequence[str]) -> Texts:
    texts = {name: [str(getattr(letter, name))] for name in names}
    return {**texts, "letter_date": [typed_day(letter.letter_date)]}


def typed_day(day: date) -> str:
    """A date as a person types it."""
    return f"{day:%d/%m/%Y}"
