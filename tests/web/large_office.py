"""An office with more of everything than a page shows, and the addresses of all its pages.

Owns its contents. The engine plays a few cases, one in each state with its own drawing; all others
are copies of their rows, which nobody opens.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, timedelta
from itertools import cycle
from pathlib import Path
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Connection, Table, delete, insert, or_, select, update
from uuid_utils.compat import uuid7

from engine import Engine
from engine.storage import tables
from engine.storage.cases.worklist import Task
from engine.storage.counters import delta_row
from engine.storage.database.types import ID
from processes.acts.service import Service
from processes.authentication.credentials import digest
from processes.cases.follow_up import follow_up_acts
from processes.cases.follow_up.follow_up_acts import Said
from processes.composition import shipped_files
from processes.documents import word_template
from processes.documents.kinds import KINDS
from processes.files.blobs import Blob, BlobFolder
from processes.ground.payloads import DoPart, MakeCompilation
from processes.meetings import in_session
from processes.meetings.in_session import Settled, Stated
from processes.papers.selections import Selection
from processes.people import institutions
from processes.register.compilation_states import OrderState
from processes.register.posts import StandInKind, StandInState
from processes.register.report_requests import REQUEST_OPEN
from processes.register.states import PartState
from processes.storage import bulk
from processes.storage.authentication import sessions
from processes.storage.authentication.sessions import Token
from processes.storage.files import compilation_orders, document_templates, signed_scans
from processes.storage.files import evidence as files
from processes.storage.files.compilation_orders import (
    CompilationFile,
    CompilationOrder,
    compilation_order,
)
from processes.storage.files.document_templates import (
    DocumentTemplate,
    TemplateChoice,
    document_template,
)
from processes.storage.files.signed_scans import Signable, SignedScan, signed_scan
from processes.storage.meetings import agreement_rows, meeting_rows, position_rows
from processes.storage.meetings.agreement_rows import Columns
from processes.storage.meetings.position_rows import StatedPosition
from processes.storage.notices.reminder_letters import reminder_letter
from processes.storage.people import approvals, saved_lists, stand_ins, users
from processes.storage.people import institutions as registry
from processes.storage.people.approvals import Request
from processes.storage.people.institutions import Institution
from processes.storage.people.saved_lists import SavedList, saved_list
from processes.storage.people.stand_ins import StandIn
from processes.storage.people.users import Grants, Membership, User
from processes.storage.tables import follow_ups as facts
from processes.storage.tables import recommendations, reports
from processes.storage.tables.agreements import agreement, agreement_file
from processes.storage.tables.meetings import meeting
from processes.storage.tables.notices import escalation, mail
from processes.storage.tables.people import user
from processes.storage.written_report import request_rows, written_report_rows
from processes.work import deadline_mover, late_acts, tasks
from processes.work.inbox import TABS
from tests.engine.models.building import ad_hoc, bpmn, end, process, service_task, start, user_task
from tests.engine.models_of_tests import CALCULATION
from tests.processes.stories.agreement import agreed
from tests.processes.stories.agreement.agreed import meeting_held, signed
from tests.processes.stories.rakor.meeting import begun, invited
from tests.processes.stories.rakor.meeting import state as say_position
from tests.processes.stories.world import (
    MONDAY,
    PROGRESS,
    REGISTRATION,
    REPORT,
    World,
    enter,
    open_world,
)
from tests.processes.stories.written_report import asking as requested
from tests.processes.stories.written_report.asking import answer, ask, hand_in
from tests.web.conftest import PDF, Cases, Office, play

COPIES: Final = 30
"""So many of each case: a page shows 25, the matrix 10 of two."""
OWN: Final = {
    "loan.bpmn": bpmn(
        process("loan", start(), user_task("ask"), service_task("bank", "bank"), end())
    ),
    "survey.bpmn": bpmn(
        process("survey", start(), ad_hoc("work", user_task("visit")), user_task("after"), end())
    ),
}
"""Processes of the owner's own, which no case of the register runs on."""
STAND_IN: Final = UUID("01a00000-0000-7000-8000-000000000021")
LINK: Final = "a-link-that-nobody-has-used"


@dataclass(frozen=True)
class Known:
    """What the addresses are made of: the cases that were played, and ids of more of them."""

    cases: Cases
    agreed: UUID
    rakor: UUID
    compiled: UUID
    drafted: UUID
    commented: UUID
    asked: UUID


def founded(url: str, folder: Path) -> Known:
    """Play the cases on an empty database, and copy the crowd."""
    cases = play(url, folder)
    world = open_world(url, folder)
    world.clock.now = (MONDAY + timedelta(days=1)).astimezone(UTC)
    known = _played(world, cases)
    service = world.services[0]
    _people(service)
    _own_processes(service.engine)
    with service.transaction() as connection:
        _files(connection, folder / "evidence")
        for number in range(COPIES):
            for case in (cases.first, cases.second, known.commented):
                copy(connection, case, number)
        _chain(connection, known)
        _meetings(connection, known.compiled)
        _requests(connection, known)
    for one in world.services:
        one.close()
    return known


def _played(world: World, cases: Cases) -> Known:
    """A draft, one that is commented on, one after its meeting; then twenty days pass, in which
    the first case of all comes to be late."""
    compiled = world.issued()
    for institution in ("kemhan", "kemenperin"):
        world.finish(institution, world.follow_up(compiled, institution))
    said = Said("Sudah dibahas.", "Sesjen", MONDAY.date(), "Rapat")
    case = world.follow_up(cases.first, "kemhan")
    follow_up_acts.record_statement(world.service, world.person("coordinator"), case, said)
    follow_up_acts.request_extension(
        world.service, world.person("kemhan"), case,
        deadline=date(2026, 6, 30), reason="Data menunggu.", letter_number="B/9/2026",
    )  # fmt: skip
    world.run()
    settled, rakor = _settled(world, case), _in_session(world, cases.first, case)
    drafted, written, commented = (world.propose() for _ in range(3))
    _keep(world, "coordinator", world.task(written, "register"), REGISTRATION)
    report = world.task(world.follow_up(cases.first, "kemenperin"), "report")
    _keep(world, "kemenperin", report, REPORT)
    again = world.follow_up(cases.second, "kemhan")
    world.do("kemhan", "implement", again, **PROGRESS)
    _keep(world, "kemhan", world.task(again, "report"), REPORT)
    world.register(commented, comment_deadline="2026-03-30")
    world.comment("kemhan", commented, stance="agree_with_notes", notes="Perjelas.")
    begun(world, cases.first)
    met = invited(world, cases.first, cases.second, held_on="2026-03-02")
    say_position(world, "kemenkeu", met, "Selesai.", "REK-2026-0002")
    _released_inside(world)
    world.wait_days(20)
    asked = _asked(world, cases)
    return Known(cases, settled, rakor, compiled, drafted, commented, asked)


def _asked(world: World, cases: Cases) -> UUID:
    """A request for reports on two recommendations; one institution has answered."""
    request = ask(
        world, recommendations=frozenset({cases.first, cases.second}), letter_date=MONDAY.date(),
        deadline=world.today() + timedelta(days=10),
    )  # fmt: skip
    part = requested.part(world, request, "kemhan")
    with world.service.reading() as connection:
        owed = [one.follow_up_id for one in request_rows.cases(connection, part.id)]
    hand_in(world, request, "kemhan", [answer(id) for id in owed])
    return request


def _released_inside(world: World) -> None:
    """The head of kemhan releases its reports: one of each kind waits, and one came back.
    What waits goes on waiting although it is switched off."""
    head = world.person("kemhan-head")
    institutions.set_approval(world.service, head, "kemhan", True)
    back = {"released": "no", "corrections": "Sebutkan angkanya."}
    for given in (None, back):
        case = world.follow_up(whole := world.issued(), "kemhan")
        world.to_report("kemhan", case)
        request = ask(
            world, recommendations=frozenset({whole}), institutions=frozenset({"kemhan"}),
            letter_date=MONDAY.date(), deadline=world.today() + timedelta(days=10),
        )  # fmt: skip
        world.hand_in("kemhan", case)
        hand_in(world, request, "kemhan", [answer(case)])
        if given:
            waiting = (world.task(case, "release_report"), requested.task(world, request, "kemhan"))
            for one in waiting:
                tasks.complete(world.service, head, one.id, given)
    institutions.set_approval(world.service, head, "kemhan", False)


def _requests(connection: Connection, known: Known) -> None:
    """More requests, and more institutions of one of them, than a page shows."""
    found = request_rows.find(connection, known.asked)
    [first, *_] = request_rows.parts_of(connection, known.asked)
    assert found is not None
    for number in range(COPIES):
        new = replace(found, id=uuid7(), number=f"{found.number}-{number}")
        request_rows.insert_request(connection, new)
        parts = [
            replace(first, id=uuid7(), instance_id=uuid7(), request_id=new.id),
            replace(first, id=uuid7(), instance_id=uuid7(), institution=_code(number)),
        ]
        cases = [(one.id, first.follow_up_id) for one in parts]
        request_rows.insert_parts(connection, parts, cases)


def _in_session(world: World, recommendation: UUID, follow_up: UUID) -> UUID:
    """A rakor in which more was typed about one institution than is said in an hour."""
    rakor, who = invited(world, recommendation), world.person("coordinator")
    for number in range(COPIES):
        said = Stated(f"Pernyataan {number}.", "Sesjen")
        in_session.add_statement(world.service, who, rakor, "kemhan", follow_up, said)
        noted = Settled("agreement", f"Butir {number}.", "kemhan", date(2027, 1, 4), follow_up)
        in_session.add_settled(world.service, who, rakor, "kemhan", noted)
    return rakor


def _settled(world: World, follow_up: UUID) -> UUID:
    """What a rakor settled, more than a page shows; the first was fulfilled with a file and is
    checked."""
    meeting_id = meeting_held(world, minutes="Semua melapor.")
    whole = world.case(follow_up).recommendation_id
    about: Columns = {"follow_up_id": follow_up, "recommendation_id": whole}
    first = signed(world, meeting_id, **about)
    [task] = agreed.open_tasks(world, first)
    file = str(world.upload("kemhan", task))
    agreed.do(world, "kemhan", "fulfil", first, fulfilment="Sudah.", evidence=[file])
    late = signed(world, meeting_id, deadline=date(2026, 1, 7), **about)
    with world.service.transaction() as connection:
        for number in range(COPIES):
            row = agreed.agreement(world, late)
            new = replace(row, id=uuid7(), instance_id=uuid7(), number=row.number + number + 1)
            agreement_rows.add(connection, new)
    return first


def _meetings(connection: Connection, evaluated: UUID) -> None:
    """More of them than a page shows; some covered the recommendation that is evaluated as a
    whole, with a position on it and what was agreed about it."""
    part = connection.scalars(
        select(facts.follow_up.c.id).where(facts.follow_up.c.recommendation_id == evaluated)
    ).first()
    model = connection.execute(select(agreement)).mappings().first()
    assert part is not None and model is not None
    rows = connection.execute(select(meeting)).mappings().all()
    for number in range(2 * COPIES):
        new = {"id": uuid7(), "instance_id": uuid7(), "number": f"RAK-2025-{number:04d}"}
        connection.execute(insert(meeting), {**rows[-1], **new})
        if number >= COVERING:
            continue
        meeting_rows.cover(connection, new["id"], [evaluated])
        said = StatedPosition(
            uuid7(), new["id"], part, "Selesai.", "Dana.", None, MONDAY, "kemhan"
        )  # fmt: skip
        position_rows.put(connection, said)
        about = {"id": uuid7(), "instance_id": uuid7(), "meeting_id": new["id"]}
        about |= {"recommendation_id": evaluated, "follow_up_id": part}
        connection.execute(insert(agreement), {**model, **about})


COVERING: Final = 10
"""So many rakor covered the recommendation that is evaluated."""


def _chain(connection: Connection, known: Known) -> None:
    """The first case goes on in the second, and in the one that is commented on."""
    whole, part = recommendations.recommendation, facts.follow_up
    after = (known.cases.second, known.commented)
    connection.execute(
        update(whole).where(whole.c.id.in_(after)).values(predecessor_id=known.cases.first)
    )
    (into,) = connection.scalars(
        select(part.c.id).where(
            part.c.recommendation_id == known.cases.second, part.c.institution == "kemhan"
        )
    )
    for code, values in (
        ("kemhan", {"successor_id": known.cases.second, "carried_into_id": into}),
        ("kemenperin", {"successor_id": known.commented}),
    ):
        mine = (part.c.recommendation_id == known.cases.first) & (part.c.institution == code)
        marked = {"treatment": "carried_over", **values}
        connection.execute(update(part).where(mine).values(marked))


def _keep(world: World, who: str, task: Task, answers: Mapping[str, Any]) -> None:
    """Somebody has written an answer and has not sent it."""
    typed = {name: value if isinstance(value, list) else [value] for name, value in answers.items()}
    if task.element_id == "report":
        typed["evidence"] = [str(world.upload(who, task))]
    world.service.engine.save_draft(task.id, who, typed)


def copy(connection: Connection, recommendation: UUID, number: int) -> None:
    """Another case with the same rows. Its second institution is another one, with a person of its
    own at work; its state is left out, for nobody opens it."""
    new = {recommendation: uuid7()}
    code = _code(number)
    for table in COPIED:
        rows = connection.execute(select(table).where(_about(table, new))).mappings().all()
        own = "id" in table.c
        new |= {row["id"]: uuid7() for row in rows if own and row["id"] not in new}
        new |= {row["instance_id"]: uuid7() for row in rows if table in CASES}
        values = [
            {n: new.get(v, v) if isinstance(v, UUID) else v for n, v in row.items()}
            | _changes(table, row, number, code)
            for row in rows
        ]
        if values:
            connection.execute(insert(table), values)
        if table in COUNTED:
            deltas = [delta_row(*COUNTED[table](row), 1) for row in rows if row["status"] in OPEN]
            connection.execute(insert(tables.counter_delta), deltas)


def _about(table: Table, known: Mapping[UUID, UUID]) -> Any:
    names = {"id", "recommendation_id", "follow_up_id", "instance_id", "task_id", "report_id"}
    own = {"id"} if table is recommendations.recommendation else names - {"id"}
    owners = [c for c in table.c if c.name in own and isinstance(c.type, type(ID))]
    if table is tables.instance:
        owners = [table.c.id]
    return or_(*(column.in_(list(known)) for column in owners))


def _changes(table: Table, row: Mapping[str, Any], number: int, code: str) -> dict[str, object]:
    other = {"institution": code} if row.get("institution") in ("kemenperin", "kemenkeu") else {}
    if table is recommendations.recommendation and row["number"]:
        return {"number": f"{row['number']}-{number}"}
    if table is reports.report:
        return {"receipt_number": f"{row['receipt_number']}-{number}"}
    if table is tables.task and number % 3 == 0:
        return {"assignee": _name(number)}
    return dict(other)


CASES = (recommendations.recommendation, facts.follow_up)
OPEN: Final = ("open", "active")
COUNTED: Final[Mapping[Table, Callable[[Any], tuple[str, str]]]] = {
    tables.task: lambda row: (f"at:{row['definition_id']}", row["element_id"]),
    tables.instance: lambda row: (f"instances:{row['definition_id']}", row["status"]),
}
"""What the engine counts as it comes about: name and key of the counter."""
COPIED: Final = (
    recommendations.recommendation,
    recommendations.recommendation_institution,
    facts.follow_up,
    tables.instance,
    tables.task,
    tables.task_candidate,
    recommendations.comment,
    facts.exchange,
    facts.progress,
    reports.report,
    facts.statement,
    escalation,
    reminder_letter,
    mail,
)
"""Each after what its rows name."""


def _people(service: Service) -> None:
    """More accounts, institutions, requests and tokens than a page shows."""
    now = service.engine.real_now()
    with service.transaction() as connection:
        admin, kemhan = (users.by_username(connection, name) for name in ("admin", "kemhan"))
        assert admin is not None and kemhan is not None
        for number in range(COPIES):
            code = _code(number)
            row = Institution(
                code, f"Badan {number}", f"B-{number:02}", "agency", True, "common", None, None,
                None, "", "", now,
            )  # fmt: skip
            registry.insert_institution(connection, row)
            contact = Grants({}, frozenset({Membership(code, "contact")}))
            made = enter(connection, _name(number), contact)
            wish = Request(
                uuid7(), "link", made.user_id, {}, "owner", now, now + timedelta(days=7),
                "waiting", "", None, "",
            )  # fmt: skip
            approvals.insert_request(connection, wish)
            lasts = now + timedelta(days=30)
            for owner in (admin, kemhan):
                token = Token(uuid7(), owner.id, f"Skrip {number}", "read", now, lasts, None)
                sessions.insert_token(connection, token, digest(f"{owner.username}-{number}"))
        program = User(
            uuid7(), "rates", "Kurs harian", "", "", "ordinary", "id", "system", "dense",
            "Asia/Jakarta", True, True, now, "service",
        )  # fmt: skip
        users.insert_user(connection, program)
        token = Token(uuid7(), program.id, "Server 7", "act", now, lasts, None, ["bank"], [])
        sessions.insert_token(connection, token, digest("rates"))
        link = {
            "digest": digest(LINK), "user_id": kemhan.id, "purpose": "reset", "created_at": now,
            "created_by": "admin", "expires_at": now + timedelta(days=1),
        }  # fmt: skip
        sessions.insert_invitation(connection, link)
        _save_lists(connection)
        _acts_on_many(connection)
        _stand_in(connection)
        connection.execute(update(user).values(locale="id"))


def _stand_in(connection: Connection) -> None:
    """The head of kemhan is away next month."""
    names = users.by_usernames(connection, ["kemhan-head", "kemhan"])
    row = StandIn(
        STAND_IN, "institution-head:kemhan", None, names["kemhan-head"].id, names["kemhan"].id,
        StandInKind.PLH, date(2026, 7, 1), date(2026, 7, 9), "Prin/7/2026", "Dinas.",
        StandInState.PLANNED, MONDAY, "kemhan-head",
    )  # fmt: skip
    stand_ins.add(connection, row)


def _save_lists(connection: Connection) -> None:
    """Everybody keeps a list."""
    for id in connection.scalars(select(user.c.id)).all():
        row = SavedList(uuid7(), id, "follow_ups", "Terlambat", "time=late", MONDAY)
        saved_lists.insert_list(connection, row)


def _acts_on_many(connection: Connection) -> None:
    """An act on more tasks than a page shows, of each kind, with parts of every end."""
    ids = {row.username: row.id for row in connection.execute(select(user.c.username, user.c.id))}
    tasks = connection.scalars(select(tables.task.c.id).limit(2 * COPIES)).all()
    move = {"was_due": MONDAY.isoformat(), "would_be": "2026-01-06"}
    for who, kind, subject, told, each in (
        ("admin", deadline_mover.MOVES, "calendar:common", {"day": "2026-01-05"}, move),
        ("coordinator", late_acts.KIND, f"late:{ids['coordinator']}", {"what": "remind"}, {}),
        ("asdep", late_acts.KIND, f"late:{ids['asdep']}", {"what": "letter"}, {}),
    ):
        decided = bulk.BulkAct(uuid7(), kind, subject, "SKB", told, ids[who], who, None, MONDAY)
        bulk.plan(connection, decided, [(id, each) for id in tasks])
    parts = connection.scalars(select(bulk.bulk_part.c.id)).all()
    for id, state in zip(parts, cycle(PartState), strict=False):
        bulk.settle(connection, id, state)
    connection.execute(delete(tables.job).where(tables.job.c.kind == DoPart.kind))


def _code(number: int) -> str:
    return f"badan-{number}"


def _name(number: int) -> str:
    return f"orang-{number}"


def _own_processes(engine: Engine) -> None:
    """Instances that are no cases: at a task, at a worker's, at a choice, and stuck."""
    engine.deploy(OWN, "owner")
    engine.deploy(CALCULATION, "owner")
    for _ in range(COPIES):
        engine.start("loan", by="owner")
        asked = engine.start("loan", by="admin")
        engine.complete(engine.tasks(asked)[0].id, {}, "owner")
        engine.start("survey", by="owner")
        stuck = engine.start("calculation", by="owner")
        engine.complete(engine.tasks(stuck)[0].id, {"count": 0}, "kemhan")
    for key in ("follow_up", "recommendation"):
        for name, content in shipped_files(key).items():
            engine.save_model_draft(key, name, content + b"\n", "owner")


def _files(connection: Connection, folder: Path) -> None:
    """What was handed in lies on the disk, and one file waits beside a form."""
    blob = BlobFolder(folder, 1_000_000).receive(io.BytesIO(PDF), "bukti.pdf")
    for named in (files.evidence, agreement_file):
        connection.execute(update(named).values(sha256=blob.sha256))
    now = MONDAY
    row = files.Upload(
        uuid7(), "kemhan", None, blob.sha256, "bukti.pdf", blob.type, blob.size, now,
        now + timedelta(days=700),
    )  # fmt: skip
    files.insert_upload(connection, row)
    told = connection.execute(
        select(reports.report.c.id, reports.report.c.follow_up_id).limit(1)
    ).one()
    scan = SignedScan(
        uuid7(), told.follow_up_id, Signable.RECEIPT, told.id, "0" * 64, blob.sha256, "pindai.pdf",
        blob.type, blob.size, now, "coordinator",
    )  # fmt: skip
    signed_scans.add(connection, scan)
    _compilations(connection, blob)
    _templates(connection, folder)


def _templates(connection: Connection, folder: Path) -> None:
    """The office brought templates for reports, and uses one."""
    shipped = word_template.ours(KINDS["report"], str, "id")
    blob = BlobFolder(folder, 1_000_000).receive(io.BytesIO(shipped), "laporan.docx")
    for _ in range(COPIES):
        row = DocumentTemplate(
            uuid7(), "report", "id", blob.sha256, "laporan.docx", blob.size, MONDAY, "admin"
        )
        document_templates.add(connection, row)
        chosen = TemplateChoice(uuid7(), "report", "id", row.id, MONDAY, "admin")
        document_templates.choose(connection, chosen)


def _compilations(connection: Connection, blob: Blob) -> None:
    """Whoever may has ordered compilations, more of them than the page shows."""
    for row in connection.execute(
        select(user.c.id, user.c.username).where(user.c.username.in_(("coordinator", "asdep")))
    ):
        for _ in range(COPIES):
            chosen = Selection(institution="kemhan", numbers=("REK-2026-0001",))
            order = CompilationOrder(
                uuid7(), row.id, row.username, chosen.encode(), "id", "Asia/Jakarta",
                OrderState.READY, 4, 4, "ordinary", MONDAY, MONDAY, MONDAY,
                MONDAY + timedelta(days=700),
            )  # fmt: skip
            compilation_orders.add(connection, order)
            forms = [
                CompilationFile(uuid7(), order.id, form, blob.sha256, f"h.{form}", blob.type, 9)
                for form in ("docx", "pdf", "xlsx")
            ]
            compilation_orders.add_files(connection, forms)
    connection.execute(delete(tables.job).where(tables.job.c.kind == MakeCompilation.kind))


def addresses(office: Office, known: Known) -> dict[str, list[str]]:
    """Endpoint -> its addresses, of pages whose address names something or that show more than one
    thing."""
    found: dict[str, list[str]] = {}
    for endpoint, address in _addresses(office, known):
        found.setdefault(endpoint, []).append(address)
    return found


def _addresses(office: Office, known: Known) -> Iterator[tuple[str, str]]:
    first, second = office.cases.first, office.cases.second
    with office.service.reading() as connection:
        meetings = connection.scalars(select(meeting.c.id).order_by(meeting.c.id).limit(3)).all()
        written = meeting.c.minutes.is_not(None)
        held = connection.scalars(select(meeting.c.id).where(written).limit(1)).one()
        yield from _of_people(connection)
        yield from _of_tasks(connection)
        yield from _of_own_processes(connection)
        evidence = connection.scalars(select(files.evidence.c.id).limit(1)).one()
        upload = connection.scalars(
            select(files.upload.c.id)
            .where(files.upload.c.owner == "kemhan")
            .order_by(files.upload.c.id.desc())
            .limit(1)
        ).one()
        letter = connection.scalars(select(reminder_letter.c.id).limit(1)).one()
        letters = connection.scalars(select(mail.c.id).limit(2)).all()
        kept = connection.scalars(select(saved_list.c.id)).all()
        parts = connection.execute(
            select(facts.follow_up.c.id).where(
                facts.follow_up.c.recommendation_id.in_([first, second, known.compiled])
            )
        ).scalars()
        for part in parts:
            for page in OF_FOLLOW_UP:
                yield OF_FOLLOW_UP[page], f"/follow-ups/{part}{page}"
    for case in (first, second, known.compiled, known.drafted, known.commented):
        for page, endpoint in OF_RECOMMENDATION.items():
            yield endpoint, f"/recommendations/{case}{page}"
    for met in meetings:
        for page, endpoint in OF_MEETING.items():
            yield endpoint, f"/meetings/{met}{page}"
    for form in ("docx", "pdf"):
        yield "documents.minutes", f"/meetings/{held}/minutes.{form}"
    yield "evidence.download", f"/evidence/{evidence}"
    yield "uploads.download", f"/uploads/{upload}"
    yield "receipts.show", f"/receipts/{office.cases.receipt}"
    yield "reminder_letters.show", f"/reminder-letters/{letter}"
    for form in ("docx", "pdf"):
        yield "documents.receipt", f"/receipts/{office.cases.receipt}/receipt.{form}"
        yield "documents.report", f"/receipts/{office.cases.receipt}/report.{form}"
        yield "documents.reminder_letter", f"/reminder-letters/{letter}/letter.{form}"
    with office.service.reading() as connection:
        scan = connection.scalars(select(signed_scan.c.id).limit(1)).one()
        brought = connection.scalars(select(document_template.c.id).limit(1)).one()
        ordered = connection.scalars(select(compilation_order.c.id)).all()
    yield "signed_scans.download", f"/signed-scans/{scan}"
    for path in ("/documents/report/id", "/documents/reminder_letter/id"):
        yield "templates.show", path
        yield "templates.as_shipped", f"{path}/ours.docx"
    yield "templates.download", f"/documents/versions/{brought}/template.docx"
    yield "templates.preview", f"/documents/versions/{brought}/preview.docx"
    yield "compilation_orders.show", "/compilations"
    yield "compilation_orders.show", "/compilations?institution=kemhan"
    for id in (ordered[0], ordered[-1]):
        yield "compilation_orders.fetch", f"/compilations/{id}/compilation.pdf"
    yield from (("outbox.show", f"/outbox/{one}") for one in letters)
    yield from (("saved_lists.show", f"/lists/{one}") for one in kept)
    yield from (("inbox.show", f"/inbox?tab={tab}") for tab in TABS)
    yield "escalations.show", "/escalations"
    yield "escalations.show", "/escalations?level=1&institution=kemhan&q=kapasitas"
    yield from (("late_acts.check", f"/escalations/many/{what}") for what in ("remind", "letter"))
    yield "inbox.show", "/inbox?tab=waiting&sort=-institution&q=kapasitas"
    yield "inventory.show", "/inventory"
    yield "inventory.show", "/inventory?only=late"
    yield "inventory.as_excel", "/inventory.xlsx"
    yield "inventory.as_excel", "/inventory.xlsx?only=late&q=kapasitas"
    yield "follow_ups.listed", "/follow-ups"
    yield "follow_ups.listed", "/follow-ups?time=late&level=1"
    yield "follow_ups.listed", "/follow-ups?sort=-since&q=kapasitas&due_to=31/12/2026"
    yield "copies.listed", "/copies"
    yield "meetings.listed", "/meetings"
    yield "meetings.new", "/meetings/new"
    yield "meetings.new", "/meetings/new?institution=kemhan&time=late"
    yield "requests.listed", "/requests"
    yield "requests.show", f"/requests/{known.asked}"
    with office.service.reading() as connection:
        parts = request_rows.parts_of(connection, known.asked)
        numbers = written_report_rows.of_parts(connection, *(one.id for one in parts))
    part = next(one.id for one in parts if one.state in REQUEST_OPEN)
    yield "requests.letting_off", f"/requests/{known.asked}/parts/{part}"
    yield "receipts.show", f"/receipts/{numbers[0].receipt_number}"
    for form in ("docx", "pdf"):
        yield "documents.receipt", f"/receipts/{numbers[0].receipt_number}/receipt.{form}"
        yield "documents.report", f"/receipts/{numbers[0].receipt_number}/report.{form}"
    yield "meeting_session.show", f"/meetings/{known.rakor}/institutions/kemhan"
    yield "agreements.listed", "/agreements"
    yield "agreements.listed", "/agreements?late=yes&institution=kemhan"
    yield "agreements.show", f"/agreements/{known.agreed}"
    with office.service.reading() as connection:
        proof = connection.scalars(select(agreement_file.c.id).limit(1)).one()
    yield "agreements.download", f"/agreements/files/{proof}"
    yield "approvals.listed", "/approvals"
    yield "approvals.listed", "/approvals?show=decide"
    yield "recommendations.listed", "/recommendations"
    yield "recommendations.listed", "/recommendations?time=late&institution=kemhan"
    yield "recommendations.listed", "/recommendations?sort=-deadline&coordinator=coordinator"
    yield "saved_lists.new", "/lists/follow_ups/new?query=time%3Dlate"
    yield "help.page_of", "/help/kl-user"
    yield "help.licences", "/licences"
    yield "echoes.show", "/echo/date?of=kemhan&name=d&d=24/12/2026"
    yield "echoes.show", "/echo/number?of=kemhan&name=n&n=250.000"
    yield "link.show", f"/link/{LINK}"
    yield "institutions.show", "/institutions/kemhan"
    yield "institutions.details", "/institutions/kemhan/details"
    yield "institutions.closing_form", "/institutions/kemhan/close"


OF_FOLLOW_UP: Final = {
    "": "follow_ups.show",
    "/drawing": "follow_ups.drawing",
    "/extension": "extension_requests.show",
    "/statement": "statements.show",
    "/report-replacement": "report_replacements.show",
    "/plan": "plan_revisions.show",
    "/withdrawal": "follow_up_withdrawals.show",
}
OF_MEETING: Final = {
    "": "meetings.show",
    "/recommendations": "meetings.choose",
    "/change": "meeting_changes.show",
    "/sheet": "inventory_sheet.show",
    "/sheet?only=late&institution=kemhan": "inventory_sheet.show",
    "/sheet.xlsx": "inventory_sheet.as_excel",
    "/sheet.pdf?institution=kemhan": "inventory_sheet.as_document",
    "/invitations/kemhan.docx": "documents.invitation",
    "/invitations/kemhan.pdf": "documents.invitation",
}
OF_RECOMMENDATION: Final = {
    "": "recommendations.show",
    "/edit": "recommendations.edit",
    "/compilation": "recommendations.compilation",
    "/compilation.docx": "documents.compilation",
    "/compilation.pdf": "documents.compilation",
    "/compilation.xlsx": "documents.compilation",
    "/recipients": "recipients.show",
    "/withdrawal": "withdrawals.show",
}
OF_TASK: Final = {
    "": "tasks.show",
    "/check": "tasks.see_check",
    "/report.docx": "report_preview.document",
    "/report.pdf": "report_preview.document",
    "/draft": "tasks.again",
    "/draft/version": "tasks.draft_version",
    "/draft/earlier": "tasks.earlier_texts",
    "/deadline": "tasks.counted",
    "/remind": "task_acts.remind",
    "/extend": "task_acts.extend",
    "/reassign": "task_acts.reassign",
}


def _of_tasks(connection: Connection) -> Iterator[tuple[str, str]]:
    """One task of each element, open and done, of those that were played; the copies have no
    state."""
    rows = connection.execute(
        select(tables.task.c.process_key, tables.task.c.element_id, tables.task.c.status)
        .add_columns(tables.task.c.id)
        .join(
            tables.instance_state, tables.instance_state.c.instance_id == tables.task.c.instance_id
        )
        .order_by(tables.task.c.id)
    )
    one_each = {(key, element, status): id for key, element, status, id in rows}
    for id in one_each.values():
        for page, endpoint in OF_TASK.items():
            yield endpoint, f"/tasks/{id}{page}"


def _of_people(connection: Connection) -> Iterator[tuple[str, str]]:
    ids = {row.username: row.id for row in connection.execute(select(user.c.username, user.c.id))}
    for name in ("kemhan", "rates"):
        yield "users.show", f"/users/{ids[name]}"
    for page in ("details", "rights"):
        yield f"users.{page}", f"/users/{ids['kemhan']}/{page}"
    yield "users.check_close", f"/users/{ids['kemhan']}/close"
    yield "stand_ins.new", "/stand-ins/new/institution-head:kemhan"
    yield "stand_ins.new", f"/stand-ins/new/supervisor/{ids['asdep']}"
    yield "service_accounts.new_token", f"/users/{ids['rates']}/tokens/new"
    token = connection.scalars(
        select(sessions.token.c.id).where(sessions.token.c.user_id == ids["rates"])
    ).one()
    yield "service_accounts.cases", f"/users/{ids['rates']}/tokens/{token}/cases"
    wish = connection.scalars(select(approvals.approval.c.id).limit(1)).one()
    yield "approvals.show", f"/approvals/{wish}"


def _of_own_processes(connection: Connection) -> Iterator[tuple[str, str]]:
    instances = connection.execute(
        select(tables.instance.c.key, tables.instance.c.id)
        .where(tables.instance.c.key.in_(["loan", "survey", "calculation"]))
        .order_by(tables.instance.c.id)
    )
    of_key = {row.key: row.id for row in instances}
    for id in of_key.values():
        yield "instances.show", f"/instances/{id}"
        yield "instances.check_end", f"/instances/{id}/end"
    yield "instances.activities", f"/instances/{of_key['survey']}/activities"
    for key in (*of_key, "follow_up", "recommendation"):
        yield "instances.listed", f"/processes/{key}/instances"
    for key, element in (("loan", "ask"), ("follow_up", "report"), ("recommendation", "register")):
        yield from _of_process(key, element)
    external = connection.scalars(select(tables.external_task.c.token).limit(1)).one()
    yield "topics.task", f"/topics/tasks/{external}"
    yield "topics.check_retry", f"/topics/tasks/{external}/retry"
    yield "topics.check_retry_all", "/topics/bank/retry"
    yield "topics.show", "/topics/bank"
    for show in ("leased", "failing", "stuck", "workers"):
        yield "topics.show", f"/topics/bank?show={show}"
    incident = connection.scalars(select(tables.incident.c.id).limit(1)).one()
    yield "incidents.check_discard", f"/incidents/{incident}/discard"


def _of_process(key: str, element: str) -> Iterator[tuple[str, str]]:
    model, form = f"{key}.bpmn", f"{element}.form"
    yield "processes.show", f"/processes/{key}"
    yield "processes.at", f"/processes/{key}/at/{element}"
    yield "processes.version", f"/processes/{key}/versions/1"
    yield "processes.model", f"/processes/{key}/versions/1/model"
    yield "processes.archive", f"/processes/{key}/versions/1/files.zip"
    yield "processes.download", f"/processes/{key}/versions/1/files/{model}"
    if key == "loan":
        return
    yield "processes.form", f"/processes/{key}/versions/1/forms/{form}"
    yield "drafts.show", f"/processes/{key}/draft"
    yield "drafts.archive", f"/processes/{key}/draft/files.zip"
    yield "drafts.edit", f"/processes/{key}/draft/{form}"
    yield "drafts.edit", f"/processes/{key}/draft/{model}"
    yield "drafts.load", f"/processes/{key}/draft/files/{model}"
    yield "drafts.check", f"/processes/{key}/draft/check"
    yield "drafts.check_release", f"/processes/{key}/draft/release"
    yield "drafts.check_discard", f"/processes/{key}/draft/discard"
