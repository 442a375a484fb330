"""Examples of the acts on recommendations, follow-ups and their tasks."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any, Final
from zoneinfo import ZoneInfo

from sqlalchemy import select, update
from uuid_utils.compat import uuid7

from processes.cases.follow_up.follow_up_acts import Said
from processes.files.blobs import Blob
from processes.papers import compilation_orders, signed_scans
from processes.papers.compilation_orders import KEPT
from processes.papers.selections import Selection
from processes.register.compilation_states import OrderState
from processes.storage.cases import report_rows
from processes.storage.files import compilation_orders as order_rows
from processes.storage.files import evidence
from processes.storage.files.compilation_orders import CompilationFile, CompilationOrder
from processes.storage.files.signed_scans import Signable
from processes.storage.notices import reminder_letters
from processes.storage.tables.recommendations import recommendation
from processes.storage.written_report import request_rows
from processes.work import task_drafts, tasks
from processes.work.task_drafts import Page
from processes.written_report import asking
from tests.processes.acts.examples import (
    ASSIGNMENT,
    CANDIDATE_GROUP,
    CLEARANCE,
    SECRECY,
    Example,
    Removal,
    Scene,
    membership,
    role,
)
from tests.processes.acts.stage import CONSOLE, Stage
from tests.processes.stories.world import PLAN, REPORT
from tests.processes.stories.written_report.asking import wanted

READS_CASE: Final = (CLEARANCE, SECRECY)
KEMHAN: Final = membership("kemhan")
KEMENPERIN: Final = membership("kemenperin")
HEAD: Final = membership("kemhan", "head")
HOLDS: Final = (*READS_CASE, ASSIGNMENT, CANDIDATE_GROUP)
"""Of a task that is offered to a group."""

Make = Callable[[Stage], Scene]


def _upon_task(case: str, element: str, *args: Any, **kwargs: Any) -> Make:
    """The open task of a case, and what else the act is given."""

    def scene(stage: Stage) -> Scene:
        task = stage.world.task(stage.of[case], element)
        about = stage.of["draft" if case == "draft" else "recommendation"]
        return Scene((task.id, *args), kwargs, task.instance_id, task.id, about)

    return scene


def _taken(by: str, make: Make) -> Make:
    """The same when somebody has taken the task."""

    def scene(stage: Stage) -> Scene:
        found = make(stage)
        tasks.claim(stage.service, stage.world.person(by), found.args[0])
        return found

    return scene


def _upon_follow_up(case: str, *args: Any, **kwargs: Any) -> Make:
    """A follow-up, and what else the act is given."""

    def scene(stage: Stage) -> Scene:
        id = stage.of[case]
        instance = stage.world.instance(id)
        return Scene((id, *args), kwargs, instance, None, stage.of["recommendation"])

    return scene


def _report(stage: Stage) -> Scene:
    """A report with a file, which the institution uploaded beside its form."""
    task = stage.world.task(stage.of["ready"], "report")
    answers = {**REPORT, "evidence": [str(stage.world.upload("kemenperin", task))]}
    about = stage.of["recommendation"]
    return Scene((task.id, answers), {}, task.instance_id, task.id, about)


def _letter(stage: Stage) -> Scene:
    day = date(2026, 1, 23)
    return Scene(
        (stage.of["letter"],), {"number": "B-7/2026", "day": day},
        stage.world.instance(stage.of["late"]), None, stage.of["recommendation"],
    )  # fmt: skip


def _scan(stage: Stage) -> Scene:
    """A letter that was sent, and the file that the coordinator brings."""
    sent = _letter_wanted(stage)
    letter, brought = stage.of["letter"], stage.world.upload("coordinator", None)
    return Scene(
        (Signable.REMINDER_LETTER, letter, brought), {}, sent.case, None, sent.recommendation
    )


def _scan_of_receipt(stage: Stage) -> Scene:
    case, brought = stage.of["ready"], stage.world.upload("asdep", None)
    stage.world.hand_in("kemenperin", case)
    with stage.service.reading() as connection:
        report = report_rows.newest(connection, case)
    assert report is not None
    return Scene(
        (Signable.RECEIPT, report.id, brought), {}, stage.world.instance(case), None,
        stage.of["recommendation"],
    )  # fmt: skip


def _filed(stage: Stage) -> Scene:
    """A scan of a receipt."""
    scene = _scan_of_receipt(stage)
    signed_scans.file_scan(stage.service, stage.world.person("asdep"), *scene.args)
    with stage.service.reading() as connection:
        [scan] = signed_scans.of_document(connection, scene.args[1])
    about = stage.of["recommendation"]
    return Scene((scan.id,), {"address": "203.0.113.7"}, recommendation=about)


def _letter_wanted(stage: Stage) -> Scene:
    """A late task whose last letter was sent."""
    scene = _letter(stage)
    with stage.service.transaction() as connection:
        reminder_letters.note_sent(
            connection, scene.args[0], letter_number="B-7/2026", letter_date=date(2026, 1, 23),
            at=stage.engine.now(), by="coordinator",
        )  # fmt: skip
    return _PLAN(stage)


def _several(stage: Stage) -> Scene:
    """Late tasks to be reminded of."""
    return Scene(("remind", [stage.world.task(stage.of["late"], "plan").id], "Menjelang rakor."))


def _shown_mail(stage: Stage) -> Scene:
    """A mail that was only shown, for there is no server."""
    [mail, *_] = stage.world.mails("kemhan")
    return Scene((mail.id,))


def _file(stage: Stage) -> Scene:
    task = stage.world.task(stage.of["ready"], "report")
    return Scene((Blob("0" * 64, 10, "application/pdf", "bukti.pdf"),), {"task_id": task.id})


def _evidence(stage: Stage) -> Scene:
    """A file that came with a report."""
    stage.world.hand_in("kemenperin", stage.of["ready"])
    with stage.service.reading() as connection:
        [id] = connection.scalars(select(evidence.evidence.c.id))
    about = stage.of["recommendation"]
    return Scene((id,), {"address": "203.0.113.7"}, recommendation=about)


def _ordered(_stage: Stage) -> Scene:
    """All reports in one document."""
    return Scene((Selection(),), {"language": "id", "zone": ZoneInfo("Asia/Jakarta")})


def _compiled(stage: Stage) -> Scene:
    """A compilation that is ready; it holds something secret."""
    id, by = uuid7(), stage.world.person("coordinator")
    ends = {"ended_at": stage.engine.now(), "expires_at": stage.engine.now() + KEPT}
    made = CompilationOrder(
        id, by.user_id, by.username, Selection().encode(), "id", "Asia/Jakarta", OrderState.READY,
        4, 4, "secret", stage.engine.now(), **ends,
    )  # fmt: skip
    file = CompilationFile(uuid7(), id, "pdf", "0" * 64, "x.pdf", "application/pdf", 1)
    with stage.service.transaction() as connection:
        order_rows.add(connection, made)
        order_rows.add_files(connection, [file])
    return Scene((id, "pdf"), {"address": "203.0.113.7"})


def _waiting(*told: Any) -> Make:
    """A compilation that was ordered, and what the worker notes of it."""

    def scene(stage: Stage) -> Scene:
        coordinator = stage.world.person("coordinator")
        compilation_orders.order(
            stage.service, coordinator, Selection(), language="id", zone=ZoneInfo("Asia/Jakarta")
        )
        with stage.service.reading() as connection:
            [ordered, *_] = compilation_orders.mine(connection, coordinator)
        return Scene((ordered.order.id, *told))

    return scene


def _taken_back(stage: Stage) -> Scene:
    """A report that waits for its evaluation."""
    case = stage.of["ready"]
    stage.world.hand_in("kemenperin", case)
    about = stage.of["recommendation"]
    return Scene((case, "Nomor keliru."), {}, stage.world.instance(case), None, about)


def _whole(stage: Stage) -> Scene:
    id = stage.of["recommendation"]
    return Scene((id, "Keliru alamat."), {}, stage.world.instance(id), None, id)


def _left_to_finish(stage: Stage) -> Scene:
    """A follow-up at work, whose recommendation has ended."""
    whole = stage.of["recommendation"]
    with stage.service.transaction() as connection:
        closed = {"status": "closed", "closed_at": stage.world.clock.now}
        connection.execute(
            update(recommendation).where(recommendation.c.id == whole).values(closed)
        )
    id = stage.of["late"]
    words = {"reason": "Usang.", "letter_number": "C-1/2026"}
    return Scene((id,), words, stage.world.instance(id), None, whole)


def _recipients(stage: Stage) -> Scene:
    """An institution that is to be added by letter."""
    id = stage.of["recommendation"]
    new = {"institution": "bappenas", "role": "supporting", "deadline": "2026-06-30"}
    change = {"added": [new], "taken_out": [], "letter_number": "U-1/2026", "reason": "Tugas baru."}
    return Scene((id, change), {}, stage.world.instance(id), None, id)


def _asked(stage: Stage) -> Scene:
    """A report on progress that an institution was asked for."""
    request = asking.ask(stage.service, stage.world.person("coordinator"), wanted())
    stage.world.run()
    with stage.service.reading() as connection:
        [of] = [
            one for one in request_rows.parts_of(connection, request) if one.institution == "kemhan"
        ]
    return Scene((of.id, "Sudah lisan."), {}, of.instance_id, None, stage.of["recommendation"])


def _reporting_unasked(stage: Stage) -> Scene:
    scene = _upon_follow_up("late")(stage)
    return replace(scene, args=([scene.args[0]],))


def _upon(act: str, by: str, scene: Make, *rests_on: Removal) -> Example:
    return Example(f"processes.{act}", by, scene, rests_on, upon_case=True)


def _beside(act: str, by: str, scene: Make, *rests_on: Removal) -> Example:
    """An act that moves no case."""
    return Example(f"processes.{act}", by, scene, rests_on)


def _saved_over(stage: Stage) -> Scene:
    """A plan that was typed twice, on two pages."""
    scene = _upon_task("late", "plan")(stage)
    assert scene.task is not None
    for page in ("a", "b"):
        typed = {**PLAN, "unit": page}
        kemhan = stage.world.person("kemhan")
        task_drafts.save(stage.world.service, kemhan, scene.task, typed, Page(page))
    return replace(scene, args=(scene.task, 1))


_PLAN: Final = _upon_task("late", "plan")
_EXTENSION: Final = _upon_follow_up(
    "late", deadline=date(2026, 9, 30), reason="Tender diulang.", letter_number="B/9/2026"
)
_REVISED: Final = {**PLAN, "reason": "Anggaran baru turun pada Mei."}
_SAID: Final = Said("Sudah 60 persen.", "Dirjen Pothan", date(2026, 1, 5), "Rakor")

EXAMPLES: Final = (
    _upon("work.tasks.complete", "kemenperin", _report, KEMENPERIN, *HOLDS),
    _upon("work.tasks.hand_in", "kemhan", _upon_task("late", "plan", PLAN), KEMHAN, *HOLDS),
    _upon("work.tasks.claim", "kemhan", _PLAN, KEMHAN, *HOLDS),
    _upon(
        "work.tasks.give_back", "kemhan", _taken("kemhan", _PLAN), KEMHAN, *READS_CASE, ASSIGNMENT
    ),
    _upon("work.tasks.pass_on", "kemhan", _upon_task("late", "plan", "rina"), KEMHAN, *HOLDS),
    _upon(
        "work.tasks.pass_on", "kemhan-head", _taken("kemhan", _upon_task("late", "plan", "rina")),
        HEAD, *READS_CASE, CANDIDATE_GROUP,
    ),
    _upon(
        "work.tasks.extend", "asdep",
        _upon_task("late", "plan", date(2026, 6, 30), "Tender diulang.", case_too=True),
        role("supervisor"), *READS_CASE,
    ),
    _upon("work.tasks.remind", "coordinator", _PLAN, role("coordinator"), *READS_CASE),
    _upon("work.tasks.remind", "kemhan-head", _PLAN, HEAD, *READS_CASE),
    _beside("work.late_acts.decide", "coordinator", _several, role("coordinator")),
    _upon(
        "work.late_acts.draft_letter", "coordinator", _letter_wanted, role("coordinator"),
        *READS_CASE,
    ),
    _upon(
        "cases.follow_up.follow_up_acts.request_extension",
        "kemhan",
        _EXTENSION,
        KEMHAN,
        *READS_CASE,
    ),
    _upon(
        "cases.follow_up.follow_up_acts.request_extension",
        "kemhan-head",
        _EXTENSION,
        HEAD,
        *READS_CASE,
    ),
    _upon(
        "cases.follow_up.corrections.replace_report",
        "kemenperin",
        _taken_back,
        KEMENPERIN,
        *READS_CASE,
    ),
    _upon(
        "cases.follow_up.corrections.revise_plan", "kemenperin", _upon_follow_up("ready", _REVISED),
        KEMENPERIN, *READS_CASE,
    ),
    _upon(
        "cases.follow_up.follow_up_acts.record_statement",
        "coordinator", _upon_follow_up("late", _SAID),
        role("coordinator"), *READS_CASE,
    ),
    _upon(
        "cases.follow_up.follow_up_acts.set_kind", "coordinator", _upon_follow_up("ready", "other"),
        role("coordinator"), *READS_CASE,
    ),
    _upon("work.task_drafts.save", "kemhan", _upon_task("late", "plan", PLAN), KEMHAN, *HOLDS),
    _upon("work.task_drafts.take_back", "kemhan", _saved_over, KEMHAN, *HOLDS),
    _upon(
        "cases.recommendation.recommendations.propose_withdrawal",
        "coordinator", _whole, role("coordinator"),
        *READS_CASE,
    ),
    _upon(
        "cases.follow_up.left_to_finish.withdraw",
        "asdep", _left_to_finish, role("supervisor"), *READS_CASE
    ),
    _upon(
        "cases.recommendation.recipients.propose",
        "coordinator", _recipients, role("coordinator"), *READS_CASE
    ),
    _beside(
        "cases.recommendation.recommendations.propose",
        "coordinator",
        lambda _: Scene(),
        role("coordinator"),
    ),
    _beside(
        "cases.recommendation.recommendation_drafts.begin",
        "coordinator", lambda _: Scene((uuid7(),)),
        role("coordinator"),
    ),
    Example("processes.files.uploads.add", "kemenperin", _file, (), upon_account=True),
    _beside("written_report.asking.ask", "coordinator", lambda _: Scene((wanted(),)),
            role("coordinator")),
    _upon("written_report.asking.drop", "coordinator", _asked, role("coordinator"), CLEARANCE),
    _upon(
        "written_report.asking.begin_unasked", "kemhan", _reporting_unasked, KEMHAN, *READS_CASE
    ),
    _beside("files.evidence.read", "kemenperin", _evidence, KEMENPERIN, *READS_CASE),
    _beside("files.evidence.read", "coordinator", _evidence, role("coordinator"), *READS_CASE),
    _beside("operation.outbox.resend", "admin", _shown_mail, role("admin")),
    _upon(
        "papers.reminder_letters.mark_sent", "coordinator", _letter, role("coordinator"),
        *READS_CASE,
    ),
    _upon(
        "papers.signed_scans.file_scan", "coordinator", _scan, role("coordinator"), *READS_CASE
    ),
    _upon(
        "papers.signed_scans.file_scan", "asdep", _scan_of_receipt, role("supervisor"), *READS_CASE
    ),
    _beside("papers.signed_scans.read", "kemenperin", _filed, KEMENPERIN, *READS_CASE),
    _beside("papers.signed_scans.read", "coordinator", _filed, role("coordinator"), *READS_CASE),
    _beside("papers.compilation_orders.order", "coordinator", _ordered, role("coordinator")),
    _beside("papers.compilation_orders.order", "asdep", _ordered, role("supervisor")),
    _beside(
        "papers.compilation_orders.fetch", "coordinator", _compiled, role("coordinator"), CLEARANCE
    ),
    Example("processes.papers.compilation_orders._note", CONSOLE, _waiting(1), ()),
    Example(
        "processes.papers.compilation_orders._move", CONSOLE, _waiting(OrderState.REFUSED), ()
    ),
    _upon("papers.reminder_letters.mark_sent", "asdep", _letter, role("supervisor"), *READS_CASE),
)  # fmt: skip
