"""Playing the demo: the script on a clock that is moved from some weeks ago to now.

On SQLite the demo is played into a file of its own that gets its real name when it is complete, so
that an interrupted start leaves nothing half done.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from io import BytesIO
from typing import Any, Final
from uuid import UUID

from engine.calendar import Calendar
from engine.clock import ManualClock
from engine.storage import jobs, worklist
from engine.storage.worklist import Task
from processes import evidence, follow_up_acts, recommendations, tasks
from processes.blobs import BlobFolder
from processes.calendars import common_calendar
from processes.demo import people
from processes.demo.script import (
    ANSWERED,
    BEFORE_ISSUE,
    COMMENTS,
    SILENT,
    STORY,
    Act,
    Recommendation,
)
from processes.follow_up_acts import Said
from processes.readiness import DEMO_COMPLETE
from processes.scope import Scope, scope_of
from processes.seed import seed_institutions
from processes.service import Service
from processes.storage import case_heads, follow_up_rows, users
from processes.storage.settings import write_setting

Tell = Callable[[str], None]

WAKING: Final = (time(9, 30), time(14, 30))
"""Times of a working day, at the ministry, at which everybody looks at their tasks."""
MOST_TASKS: Final = 500


@dataclass
class Demo:
    """A play under way. `cases`: recommendation id -> its script; `acts`: what a follow-up still
    does; `follow_ups`: business key -> its id, institution and script."""

    service: Service
    clock: ManualClock
    calendar: Calendar
    scopes: dict[str, Scope] = field(default_factory=dict)
    cases: dict[UUID, Recommendation] = field(default_factory=dict)
    acts: dict[UUID, list[Act]] = field(default_factory=dict)
    asked: set[UUID] = field(default_factory=set)
    follow_ups: dict[str, tuple[UUID, str, Recommendation]] = field(default_factory=dict)

    @property
    def today(self) -> date:
        return self.calendar.today(self.clock.now)

    def scope(self, username: str) -> Scope:
        """A person of the demo."""
        if username not in self.scopes:
            with self.service.reading() as connection:
                person = users.by_username(connection, username)
                assert person is not None, f"{username} is an account of the demo"
                self.scopes[username] = scope_of(connection, person.id)
        return self.scopes[username]


def play(service: Service, clock: ManualClock, until: datetime, password: str, tell: Tell) -> None:
    """Play the whole script up to `until`; `clock` must be the service's."""
    with service.transaction() as connection:
        calendar = common_calendar(connection)
    end = calendar.today(until)
    begin = calendar.add(end, -max(one.begins for one in STORY))
    clock.now = calendar.moment(begin, time(8))
    with service.transaction() as connection:
        seed_institutions(connection, clock.now)
        people.add_all(connection, password, clock.now)
    demo = Demo(service, clock, calendar)
    for moment in _moments(calendar, begin, until):
        _pass_time(demo, moment.astimezone(UTC))
        if calendar.is_working(demo.today):
            _live_through(demo, end)
        if moment.astimezone(calendar.zone).weekday() == 0 and moment.hour < 5:
            tell(f"  {demo.today:%d.%m.%Y}")
    _pass_time(demo, until.astimezone(UTC))
    with service.transaction() as connection:
        write_setting(connection, DEMO_COMPLETE, True, "demo", clock.now)


def _pass_time(demo: Demo, moment: datetime) -> None:
    """Move the clock to `moment`, stopping wherever later work is due, so that it is done on time
    as a running scheduler does it."""
    engine = demo.service.engine
    while True:
        with engine.reading() as connection:
            due = jobs.earliest(connection)
        if due is None or due > moment:
            break
        demo.clock.now = max(demo.clock.now, due)
        if not engine.run_due():
            break
    demo.clock.now = moment


def _moments(calendar: Calendar, begin: date, until: datetime) -> Iterator[datetime]:
    day = begin
    while day <= calendar.today(until):
        for at in WAKING:
            moment = calendar.moment(day, at)
            if moment < until:
                yield moment
        day += timedelta(days=1)


def _live_through(demo: Demo, end: date) -> None:
    """What everybody does at this moment: begin recommendations, work on tasks, ask."""
    for script in STORY:
        if script not in demo.cases.values() and demo.today >= demo.calendar.add(
            end, -script.begins
        ):
            demo.cases[recommendations.propose(demo.service, demo.scope("coordinator"))] = script
    with demo.service.reading() as connection:
        open_tasks = worklist.all_open(connection, MOST_TASKS)
    for task in open_tasks:
        _work_on(demo, task)
    for task in open_tasks:
        _ask_and_say(demo, task, end)


def _work_on(demo: Demo, task: Task) -> None:
    if task.process_key == "recommendation":
        _work_on_recommendation(demo, task)
        return
    follow_up, institution, script = _follow_up(demo, task)
    acts = demo.acts.setdefault(follow_up, list(script.follow_ups[institution]))
    if acts and acts[0].element == task.element_id and _is_time(demo, task, acts[0].after):
        act = acts.pop(0)
        _complete(demo, task, _actor(task, institution), act.answers)


def _work_on_recommendation(demo: Demo, task: Task) -> None:
    script = demo.cases[UUID(str(task.business_key))]
    if task.element_id == "comment":
        code = _institution_of_group(task)
        if code not in SILENT and _is_time(demo, task, 2):
            _complete(demo, task, code, COMMENTS.get(code, {"stance": "agree"}))
        return
    for act in BEFORE_ISSUE:
        if act.element == task.element_id and _is_time(demo, task, act.after):
            answers = script.registration if act.element == "register" else act.answers
            who = "supervisor" if act.element == "approve" else "coordinator"
            _complete(demo, task, who, _filled(answers, demo, script))


def _ask_and_say(demo: Demo, task: Task, end: date) -> None:
    """Requests for an extension, and what is only said at a meeting."""
    if task.process_key != "follow_up":
        return
    follow_up, institution, script = _follow_up(demo, task)
    if follow_up in demo.asked:
        return
    days_left = script.extensions.get(institution)
    if days_left is not None and demo.today >= demo.calendar.add(end, -days_left):
        demo.asked.add(follow_up)
        follow_up_acts.request_extension(
            demo.service,
            demo.scope(institution),
            follow_up,
            deadline=_later(demo, follow_up),
            reason="Data tiga anggota holding baru tersedia bulan depan.",
            letter_number="S-91/BPBUMN/XI/2026",
        )
    elif institution in script.statements and demo.today >= demo.calendar.add(end, -6):
        demo.asked.add(follow_up)
        said = Said(script.statements[institution], "Wakil instansi (contoh)", demo.today, "Rakor")
        follow_up_acts.record_statement(demo.service, demo.scope("coordinator"), follow_up, said)


def _later(demo: Demo, follow_up: UUID) -> date:
    with demo.service.reading() as connection:
        case = follow_up_rows.find(connection, follow_up)
    assert case is not None and case.deadline is not None
    return max(case.deadline, demo.today) + timedelta(days=30)


def _follow_up(demo: Demo, task: Task) -> tuple[UUID, str, Recommendation]:
    key = str(task.business_key)
    if key not in demo.follow_ups:
        demo.follow_ups[key] = _read_follow_up(demo, task)
    return demo.follow_ups[key]


def _read_follow_up(demo: Demo, task: Task) -> tuple[UUID, str, Recommendation]:
    with demo.service.reading() as connection:
        head = case_heads.of_instance(connection, task.process_key, task.instance_id)
    assert head is not None and head.follow_up_id is not None and head.institution is not None
    return head.follow_up_id, head.institution, demo.cases[head.recommendation_id]


def _institution_of_group(task: Task) -> str:
    return next(iter(task.candidate_groups)).removeprefix("institution:")


def _actor(task: Task, institution: str) -> str:
    return institution if f"institution:{institution}" in task.candidate_groups else "coordinator"


def _is_time(demo: Demo, task: Task, after: int) -> bool:
    opened = demo.calendar.today(task.created_at)
    return demo.today >= demo.calendar.add(opened, after) if after else True


def _complete(demo: Demo, task: Task, who: str, answers: Mapping[str, Any]) -> None:
    scope = demo.scope(who)
    given = {key: _value(value, demo, scope, task) for key, value in answers.items()}
    tasks.complete(demo.service, scope, task.id, given)


def _value(value: Any, demo: Demo, scope: Scope, task: Task) -> Any:
    if value == ["{file}"]:
        return [str(_upload(demo, scope, task))]
    if not isinstance(value, str):
        return value
    if found := re.fullmatch(r"\{in (\d+)\}", value):
        return (demo.today + timedelta(days=int(found[1]))).isoformat()
    return value.replace("{today}", demo.today.isoformat())


def _filled(answers: Mapping[str, Any], demo: Demo, script: Recommendation) -> dict[str, Any]:
    places = {"{text}": script.registration["text"], "{n}": str(STORY.index(script) + 411)}
    filled = dict(answers)
    if "responses" in filled:
        filled["responses"] = [
            ANSWERED | {"institution": c} for c in COMMENTS if c in script.follow_ups
        ]
    for key, value in filled.items():
        if isinstance(value, str):
            for place, text in places.items():
                filled[key] = value = value.replace(place, text)
    return filled


def _upload(demo: Demo, scope: Scope, task: Task) -> UUID:
    """A one-page PDF that says it is an example."""
    folder = BlobFolder(demo.service.options.data_dir / "evidence")
    name = f"lampiran-{task.element_id}.pdf"
    blob = folder.receive(BytesIO(example_pdf(f"DATA CONTOH - {task.name}")), name)

    with demo.service.transaction() as connection:
        noted = evidence.add_upload(connection, scope, blob, task_id=task.id, now=demo.clock.now)
        return noted.id


def example_pdf(text: str) -> bytes:
    """A minimal PDF 1.4 file of one page with one line (ISO 32000-1, 7.5)."""
    shown = text.encode("latin-1", "replace").replace(b"(", b"[").replace(b")", b"]")
    stream = b"BT /F1 18 Tf 72 760 Td (" + shown + b") Tj ET"
    objects = (
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R"
        b" /Resources << /Font << /F1 5 0 R >> >> >>",
        b"<< /Length %d >>\nstream\n" % len(stream) + stream + b"\nendstream",
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    )
    body, offsets = b"%PDF-1.4\n", []
    for number, content in enumerate(objects, start=1):
        offsets.append(len(body))
        body += b"%d 0 obj\n" % number + content + b"\nendobj\n"
    rows = b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    trailer = b"trailer << /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n"
    count = len(objects) + 1
    return body + b"xref\n0 %d\n0000000000 65535 f \n" % count + rows + trailer % (count, len(body))
