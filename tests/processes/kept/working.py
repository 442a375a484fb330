"""Works every open case of a database to its end, as the right people.

Knows no form and no decision: it writes an acceptable value into each field, chooses by lot, and
draws an answer again that the register refuses. So it can work the processes of any later version,
if each way through them can end.
"""

from __future__ import annotations

import random
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from io import BytesIO
from typing import Any

from sqlalchemy import select

from engine.models.forms import Field, Options, walk
from engine.sentences.errors import BadInput
from engine.storage.cases import worklist
from engine.storage.cases.worklist import Task
from engine.time.calendar import DEFAULT_ZONE
from engine.time.clock import ManualClock
from processes.acts.service import Service
from processes.demo.answers import example_pdf
from processes.demo.play import pass_time
from processes.files import uploads
from processes.files.blobs import Blob, BlobFolder
from processes.notices import recipients
from processes.register.states import ENDED
from processes.register.vocabulary import CLASSIFICATIONS
from processes.rights.access import Scope, scope_of
from processes.rights.scope import cleared
from processes.storage.cases import case_heads
from processes.work import tasks
from processes.work.inbox import task_access
from tests.processes.kept.agreement import CASES

MORNING = time(9)
DAYS = (0, 1, 14, 45, 120, -1)
"""Distance from today of a date, until one is taken."""
QUICK = 0.5
"""Share of open tasks that are done on a day: others wait, some until they are late."""
TRIES = 200
LONGEST = 2_000
"""Days within which everything must have come to its end."""
EVERYBODY = 10_000


@dataclass
class Office:
    """Everybody who has work in a database, on its clock. The same seed does the same."""

    service: Service
    clock: ManualClock
    chance: random.Random = field(default_factory=lambda: random.Random(8))
    done: int = 0
    """Tasks completed so far."""
    file: Blob | None = None
    """What everybody attaches: received once."""

    def work_to_the_end(self) -> None:
        """Day by day, until no case is open."""
        for _ in range(LONGEST):
            if not self.open_cases():
                return
            waiting = self._open_tasks()
            for task in waiting:
                if self.chance.random() < QUICK:
                    self.complete(task)
            self._next_day(waiting)
        raise AssertionError(f"after {LONGEST} days these are still open: {self.open_cases()}")

    def open_cases(self) -> list[str]:
        """What the register has open, in words."""
        with self.service.reading() as connection:
            return [
                f"{key} {row.id} ({row.status})"
                for key, table in CASES.items()
                for row in connection.execute(
                    select(table.c.id, table.c.status).where(table.c.status.not_in(ENDED))
                )
            ]

    def _open_tasks(self) -> list[Task]:
        with self.service.reading() as connection:
            return worklist.all_open(connection, EVERYBODY)

    def _next_day(self, waiting: Collection[Task]) -> None:
        """To the next morning; where nobody has anything to do, to when something happens."""
        due = self.service.engine.seconds_to_next_job()
        idle = timedelta(seconds=due or 0) if not waiting else timedelta(0)
        day = (self.clock.now + idle).astimezone(DEFAULT_ZONE).date() + timedelta(days=1)
        pass_time(self.service, self.clock, datetime.combine(day, MORNING, DEFAULT_ZONE))

    # --- one task -------------------------------------------------------------------------------

    def complete(self, task: Task) -> None:
        """Whoever may do it does it; what is refused is written anew."""
        scope = self._somebody(task)
        form, options = self.service.engine.form(task.id)
        fields = [one for one in walk(form.fields if form else ()) if one.key and not one.locked]
        answers: dict[str, Any] = {}
        wrong: Collection[str] = {one.key for one in fields}
        for attempt in range(TRIES):
            for one in fields:
                if one.key in wrong:
                    answers[one.key] = self._answer(one, options, scope, task, attempt)
            try:
                outcome = tasks.complete(self.service, scope, task.id, answers)
            except BadInput as refused:
                named = {name.split("[")[0] for name in refused.fields} & answers.keys()
                # What is named may be right and another answer beside it wrong: begin anew then.
                wrong = named if named and attempt % 10 else answers.keys()
                continue
            assert outcome.incident is None, f"{task.element_id}: {self.service.engine.incidents()}"
            self.done += 1
            return
        raise AssertionError(f"{task.element_id} takes none of {TRIES} answers: {answers}")

    def _somebody(self, task: Task) -> Scope:
        """One of the people this task was offered to who may read its case."""
        with self.service.reading() as connection:
            head = case_heads.of_instance(connection, task.process_key, task.instance_id)
            secrecy = head.classification if head else "ordinary"
            offered = recipients.offered_to(connection, task)
            able = [one for one in offered if cleared(one, secrecy)]
            assert able, f"nobody can do {task.element_id} of {task.candidate_groups}, {secrecy}"
            scope = scope_of(connection, self.chance.choice(able).id)
            assert "holder" in task_access(connection, scope, task.id)
        return scope

    # --- one answer -----------------------------------------------------------------------------

    def _answer(
        self, asked: Field, options: Options, scope: Scope, task: Task, attempt: int
    ) -> Any:
        match asked.type:
            case "dynamiclist":
                return self._rows(asked, options, scope, task, attempt)
            case "select" | "radio" | "checklist" | "taglist":
                return self._choice(asked, options, scope)
            case "checkbox":
                return True
            case "number":
                least = int(asked.minimum or 0)
                most = least + 100 if asked.maximum is None else int(asked.maximum)
                return self.chance.randint(least, min(most, least + 100))
            case "datetime":
                return self._day(attempt).isoformat()
            case "filepicker":
                return [self._upload(scope, task)]
            case _:
                return f"Contoh: {asked.label}"[: asked.max_length or 200]

    def _rows(
        self, asked: Field, options: Options, scope: Scope, task: Task, attempt: int
    ) -> list[dict[str, Any]]:
        inner = [one for one in asked.children if one.key and not one.locked]
        about = next((one for one in inner if one.options_key), None)
        # Rows about somebody: one about each, so that nobody is left out.
        given = [choice.value for choice in about.choices_with(options)] if about else [None]
        rows = [
            {one.key: self._answer(one, options, scope, task, attempt) for one in inner}
            for _ in given
        ]
        for row, value in zip(rows, given, strict=True):
            row.update({about.key: value} if about else {})
        return rows

    def _choice(self, asked: Field, options: Options, scope: Scope) -> str | list[str]:
        values = [choice.value for choice in asked.choices_with(options)]
        if set(values) <= set(CLASSIFICATIONS):
            # Nobody classifies above what they may read themselves.
            values = [value for value in values if value in scope.cleared_for]
        if asked.type in ("select", "radio"):
            return self.chance.choice(values)
        return self.chance.sample(values, self.chance.randint(1, min(3, len(values))))

    def _day(self, attempt: int) -> date:
        away = DAYS[0] if attempt == 0 else self.chance.choice(DAYS)
        return self.clock.now.astimezone(DEFAULT_ZONE).date() + timedelta(days=away)

    def _upload(self, scope: Scope, task: Task) -> str:
        if self.file is None:
            folder = BlobFolder(self.service.options.evidence_dir)
            self.file = folder.receive(BytesIO(example_pdf("Contoh")), "bukti.pdf")
        return str(uploads.add(self.service, scope, self.file, task_id=task.id).id)
