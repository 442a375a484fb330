"""Whoever gets something to do is told of it, and by one letter."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from uuid import UUID

import pytest
from lxml import etree
from sqlalchemy import update
from uuid_utils.compat import uuid7

from engine import Engine
from engine.storage.cases.worklist import Task
from processes.composition import SHIPPED, known_topics, shipped_files
from processes.lifecycle.case import case_of
from processes.lifecycle.options import options_of
from processes.notices.arrivals import UNTOLD
from processes.rights.access import operator
from processes.storage.days.calendars import NamedDay
from processes.storage.notices.mail_rows import Mail
from processes.storage.tables.agreements import agreement
from processes.storage.tables.follow_ups import follow_up
from processes.storage.tables.meetings import meeting
from processes.storage.tables.recommendations import recommendation
from processes.storage.tables.written_reports import report_request_part
from processes.work import calendar_changes, tasks
from tests.processes.stories.agreement.agreed import signed
from tests.processes.stories.follow_up.test_extension import ask as ask_for_more
from tests.processes.stories.follow_up.test_extension import decide
from tests.processes.stories.rakor.meeting import invited
from tests.processes.stories.world import ACCEPTED, PEOPLE, World
from tests.processes.stories.written_report.asking import ask, part

NUMBERS = {
    "follow_up": "REK-2026-0001",
    "recommendation": "REK-2026-0001",
    "agreement": "RAK-2026-",
    "rakor": "RAK-2026-0001",
    "written_report": "PL-2026-0001",
}
BPMN = "{http://www.omg.org/spec/BPMN/20100524/MODEL}"
CAMUNDA = "{http://camunda.org/schema/1.0/bpmn}"
CASES = {
    "follow_up": follow_up,
    "recommendation": recommendation,
    "agreement": agreement,
    "rakor": meeting,
    "written_report": report_request_part,
}


def case_for(world: World, key: str) -> UUID:
    """A case of this process about a recommendation that was issued."""
    whole = world.issued()
    if key == "follow_up":
        return world.follow_up(whole, "kemhan")
    if key == "agreement":
        return signed(world)
    if key == "rakor":
        return invited(world, whole)
    if key == "written_report":
        return part(world, ask(world, recommendations=frozenset({whole})), "kemhan").id
    return whole


# --- every human task of every model ------------------------------------------------------------


def human_tasks() -> Iterator[tuple[str, str]]:
    """(model, element) of every human task that the product ships."""
    for key in SHIPPED:
        for task in _drawing(key).iter(f"{BPMN}userTask"):
            yield key, task.get("id", "")


def _drawing(key: str) -> etree._Element:
    return etree.fromstring(shipped_files(key)[f"{key}.bpmn"])


def beginning_with(key: str, element: str) -> tuple[dict[str, bytes], str]:
    """The files of a model that leads straight to one of its human tasks, and why this one opens
    without a word, if it does."""
    drawing = _drawing(key)
    (start,) = drawing.iter(f"{BPMN}startEvent")
    for flow in drawing.iter(f"{BPMN}sequenceFlow"):
        if flow.get("sourceRef") == start.get("id"):
            old = flow.get("targetRef")
            flow.set("targetRef", element)
            _rewire(drawing, flow.get("id", ""), old or "", element)
    task = next(one for one in drawing.iter(f"{BPMN}userTask") if one.get("id") == element)
    reasons = [one.get("value", "") for one in task.iter(f"{CAMUNDA}property")
               if one.get("name") == UNTOLD]  # fmt: skip
    files = shipped_files(key) | {f"{key}.bpmn": etree.tostring(drawing)}
    return files, "".join(reasons)


def _rewire(drawing: etree._Element, flow: str, old: str, new: str) -> None:
    nodes = {node.get("id"): node for node in drawing.iter() if node.get("id")}
    for incoming in nodes[old].findall(f"{BPMN}incoming"):
        if incoming.text == flow:
            nodes[old].remove(incoming)
    added = etree.Element(f"{BPMN}incoming")
    added.text = flow
    first = nodes[new].find(f"{BPMN}incoming")
    assert first is not None
    first.addprevious(added)


def opened(world: World, key: str, files: dict[str, bytes], case: UUID) -> Task:
    """The human task with which a case begins whose model is drawn so."""
    url = world.service.engine.database.url.render_as_string(hide_password=False)
    nothing = dict.fromkeys(known_topics(), lambda _step: None)
    careless = Engine.open(url, nothing, world.clock, case_of, options=options_of)
    careless.deploy(files, "owner")
    careless.close()
    table, instance = CASES[key], uuid7()
    with world.service.transaction() as connection:
        connection.execute(update(table).where(table.c.id == case).values(instance_id=instance))
    world.service.engine.start(key, {"institutions": ["kemhan"]}, str(case), id=instance)
    (task,) = world.service.engine.tasks(instance_id=instance)
    return task


def offered(task: Task) -> set[str]:
    """The people of the story to whom it is offered."""
    prefix = {"contact": "institution", "head": "institution-head"}
    return {
        name
        for name, grants in PEOPLE.items()
        for group in task.candidate_groups
        if group in grants.roles
        or any(group == f"{prefix[one.role]}:{one.institution_code}" for one in grants.memberships)
    }


@pytest.mark.parametrize(("key", "element"), human_tasks())
def test_every_human_task_that_becomes_somebodys_has_told_them_or_says_why_not(
    small_world: World, key: str, element: str
) -> None:
    world = small_world
    case = case_for(world, key)
    world.wait_days(1)
    before = len(world.mails())
    files, untold = beginning_with(key, element)
    task = opened(world, key, files, case)
    assert task.element_id == element
    world.wait_days(1)  # until the digests of the next working day
    telling: dict[str | None, Mail] = {}
    for mail in world.mails()[before:]:
        if f"/tasks/{task.id}" in mail.body:
            telling.setdefault(mail.to_user, mail)  # a reminder comes later
    assert offered(task)
    assert set(telling) == (set() if untold else offered(task)), untold
    for mail in telling.values():
        assert NUMBERS[key] in mail.body + mail.subject
        assert task.name in mail.body
        assert "Deadline: " in mail.body


# --- one letter, and none for the author --------------------------------------------------------


def notices(world: World, to: str, since: int) -> list[Mail]:
    """The letters to somebody since then."""
    return [one for one in world.mails()[since:] if one.to_user == to and one.kind == "notice"]


def test_an_issued_recommendation_is_one_letter_with_its_first_task_and_deadline(
    small_world: World,
) -> None:
    world = small_world
    follow_up = world.follow_up(world.issued(), "kemhan")
    letters = [one for one in world.mails("kemhan") if one.follow_up_id == follow_up]
    (letter,) = letters
    task = world.task(follow_up, "acknowledge")
    assert letter.subject.startswith("Recommendation to follow up: REK-2026-0001 · Kemhan")
    assert f"/tasks/{task.id}" in letter.body
    assert "Deadline: Thursday, 8 January 2026." in letter.body
    assert letter.body.count("https://") == 1


def test_whoever_acts_is_told_nothing_of_what_they_bring_about(small_world: World) -> None:
    world = small_world
    world.colleague("kemhan-2", "kemhan")
    follow_up = world.follow_up(world.issued(), "kemhan")
    before = len(world.mails())
    world.do("kemhan", "acknowledge", follow_up, **ACCEPTED)
    assert notices(world, "kemhan", before) == []
    (letter,) = notices(world, "kemhan-2", before)
    assert letter.subject.startswith("New task, Susun rencana aksi: REK-2026-0001")


def test_a_reply_is_one_letter_that_leads_to_what_is_asked_now(small_world: World) -> None:
    world = small_world
    follow_up = world.follow_up(world.issued(), "kemhan")
    before = len(world.mails())
    asked = {"response": "clarification", "contact": "Rina", "explanation": "Apa ukurannya?"}
    world.do("kemhan", "acknowledge", follow_up, **asked)
    (to_coordinator,) = notices(world, "coordinator", before)
    assert "Jawab permintaan klarifikasi waits for you." in to_coordinator.body
    before = len(world.mails())
    world.do("coordinator", "answer_clarification", follow_up, answer="Persen.")
    (letter,) = notices(world, "kemhan", before)
    assert letter.subject.startswith("Your request for clarification was answered")
    assert f"/tasks/{world.task(follow_up, 'acknowledge').id}" in letter.body


def test_above_ordinary_a_letter_about_a_task_has_no_title_and_no_reason(
    small_world: World,
) -> None:
    world = small_world
    world.colleague("kemhan-2", "kemhan")
    whole = world.issued(classification="secret", title="Rahasia besar")
    task = world.task(world.follow_up(whole, "kemhan"), "acknowledge")
    before = len(world.mails())
    tasks.pass_on(world.service, world.person("kemhan"), task.id, "kemhan-2", "Soal rahasia.")
    (letter,) = notices(world, "kemhan-2", before)
    text = letter.subject + letter.body
    assert "Rahasia" not in text and "rahasia" not in text
    assert f"/tasks/{task.id}" in letter.body


def test_nobody_is_told_of_a_task_of_a_case_above_their_clearance(small_world: World) -> None:
    world = small_world
    world.colleague("kemhan-2", "kemhan")
    world.lower_clearance("kemhan-2", "ordinary")
    follow_up = world.follow_up(world.issued(classification="secret"), "kemhan")
    before = len(world.mails())
    world.do("kemhan", "acknowledge", follow_up, **ACCEPTED)
    assert notices(world, "kemhan-2", before) == []


def test_a_task_that_nobody_can_do_is_told_to_the_administrators(small_world: World) -> None:
    world = small_world
    follow_up = world.follow_up(world.issued(), "kemhan")
    world.lower_clearance("coordinator", "ordinary")
    with world.service.transaction() as connection:
        secret = update(recommendation).values(classification="secret")
        connection.execute(secret)
    before = len(world.mails())
    world.do("kemhan", "acknowledge", follow_up, response="clarification", contact="Rina",
             explanation="Apa?")  # fmt: skip
    (letter,) = notices(world, "admin", before)
    assert letter.subject.startswith("Nobody to tell")


# --- tasks that change hands --------------------------------------------------------------------


def test_a_task_passed_on_is_told_to_its_new_holder_with_deadline_and_reason(
    small_world: World,
) -> None:
    world = small_world
    world.colleague("kemhan-2", "kemhan")
    task = world.task(world.follow_up(world.issued(), "kemhan"), "acknowledge")
    before = len(world.mails())
    tasks.pass_on(world.service, world.person("kemhan"), task.id, "kemhan-2", "Saya cuti.")
    assert notices(world, "kemhan", before) == []
    (letter,) = notices(world, "kemhan-2", before)
    assert "Kemhan passed Konfirmasi penerimaan on to you." in letter.body
    assert "Reason: Saya cuti." in letter.body
    assert "Deadline: Thursday, 8 January 2026." in letter.body
    world.run()
    assert {one.state for one in world.mails("kemhan-2")} == {"shown"}, "it was sent at once"


def test_who_loses_a_task_is_told_by_whom_and_to_whom(small_world: World) -> None:
    world = small_world
    world.colleague("kemhan-2", "kemhan")
    task = world.task(world.follow_up(world.issued(), "kemhan"), "acknowledge")
    tasks.claim(world.service, world.person("kemhan"), task.id)
    before = len(world.mails())
    tasks.pass_on(world.service, world.person("kemhan-head"), task.id, "kemhan-2", "Mendesak.")
    (lost,) = notices(world, "kemhan", before)
    assert "Kemhan-Head gave Konfirmasi penerimaan, which you had, to Kemhan-2." in lost.body
    assert len(notices(world, "kemhan-2", before)) == 1


def test_a_task_given_back_is_told_to_everybody_else_it_is_offered_to(small_world: World) -> None:
    world = small_world
    world.colleague("kemhan-2", "kemhan")
    task = world.task(world.follow_up(world.issued(), "kemhan"), "acknowledge")
    tasks.claim(world.service, world.person("kemhan"), task.id)
    before = len(world.mails())
    tasks.give_back(world.service, world.person("kemhan"), task.id)
    assert notices(world, "kemhan", before) == []
    (letter,) = notices(world, "kemhan-2", before)
    assert "Kemhan gave Konfirmasi penerimaan back." in letter.body


# --- deadlines that move ------------------------------------------------------------------------


def test_a_deadline_moved_by_a_supervisor_is_told_to_whoever_has_the_task(
    small_world: World,
) -> None:
    world = small_world
    task = world.task(world.follow_up(world.issued(), "kemhan"), "acknowledge")
    before = len(world.mails())
    tasks.extend(world.service, world.person("deputi"), task.id, date(2026, 1, 20), "Banjir.")
    (letter,) = notices(world, "kemhan", before)
    assert "Deadline: Tuesday, 20 January 2026; before: Thursday, 8 January 2026." in letter.body
    assert "Reason: Banjir." in letter.body


def test_an_extension_is_one_letter_with_decision_and_new_deadline(small_world: World) -> None:
    world = small_world
    follow_up = world.follow_up(world.issued(), "kemhan")
    world.to_report("kemhan", follow_up)
    ask_for_more(world, follow_up, date(2026, 7, 31))
    before = len(world.mails())
    decide(world, follow_up, "granted", new_deadline="2026-07-15")
    (letter,) = notices(world, "kemhan", before)
    assert letter.subject.startswith("Your request for an extension was decided")
    assert "Deadline: Wednesday, 15 July 2026; before: Thursday, 30 April 2026." in letter.body


def test_an_extension_that_moves_no_open_task_says_the_deadline_of_the_follow_up(
    small_world: World,
) -> None:
    world = small_world
    follow_up = world.follow_up(world.issued(), "kemhan")
    ask_for_more(world, follow_up, date(2026, 7, 31))
    before = len(world.mails())
    decide(world, follow_up, "denied")
    (letter,) = notices(world, "kemhan", before)
    assert "The follow-up is due on Thursday, 30 April 2026." in letter.body


def test_deadlines_that_a_calendar_moves_are_one_digest_for_each_person(
    small_world: World,
) -> None:
    world = small_world
    cases = [world.follow_up(world.issued(), "kemhan") for _ in range(3)]
    before = len(world.mails())
    change = NamedDay(date(2026, 1, 7), "Libur", "holiday", "Keppres 1/2026")
    calendar_changes.change_and_move(world.service, operator(), "common", change)
    world.run()
    new = [one for one in world.mails()[before:] if one.to_user == "kemhan"]
    (digest,) = new
    assert digest.kind == "digest"
    world.wait_days(3)
    (written,) = [one for one in world.mails("kemhan") if one.id == digest.id]
    for case in cases:
        assert f"/tasks/{world.task(case, 'acknowledge').id}" in written.body
    assert written.body.count("Deadline: Friday, 9 January 2026; before: Thursday, 8 Jan") == 3


# --- leaders ------------------------------------------------------------------------------------


def test_the_digest_of_a_supervisor_begins_with_what_waits_for_their_decision(
    small_world: World,
) -> None:
    world = small_world
    follow_up = world.follow_up(world.issued(), "kemhan")
    ask_for_more(world, follow_up, date(2026, 7, 31))
    assert {one.kind for one in world.mails("deputi")} == {"digest"}
    world.wait_days(1)
    (digest,) = [one for one in world.mails("deputi") if one.body]
    task = world.task(follow_up, "decide_extension")
    assert digest.subject.endswith("1 to decide, 0 escalations")
    assert digest.body.startswith("Waiting for your decision: 1.")
    assert f"/tasks/{task.id}" in digest.body


def test_a_digest_of_which_everything_is_decided_is_not_sent(small_world: World) -> None:
    world = small_world
    follow_up = world.follow_up(world.issued(), "kemhan")
    ask_for_more(world, follow_up, date(2026, 7, 31))
    decide(world, follow_up, "denied")
    world.wait_days(2)
    assert world.mails("menko")[-1].state == "dropped"


# --- copies for information ---------------------------------------------------------------------


def test_an_informed_institution_gets_the_copy_once_it_is_issued_and_nothing_else(
    small_world: World,
) -> None:
    world = small_world
    whole = world.issued(information=["kemenkeu"])
    (letter,) = world.mails("kemenkeu")
    assert letter.subject.startswith("Copy for information: REK-2026-0001")
    assert f"/recommendations/{whole}" in letter.body
    world.do("kemhan", "acknowledge", world.follow_up(whole, "kemhan"), **ACCEPTED)
    assert len(world.mails("kemenkeu")) == 1


def test_the_copy_of_a_secret_goes_to_nobody_who_may_not_read_it(small_world: World) -> None:
    world = small_world
    world.lower_clearance("kemenkeu", "ordinary")
    world.issued(information=["kemenkeu"], classification="secret")
    assert world.mails("kemenkeu") == []
    assert any(one.subject.startswith("Nobody to tell") for one in world.mails("admin"))
