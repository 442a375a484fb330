"""A task of a process that an owner has drawn tells whoever gets it, as those of cases do."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from sqlalchemy import update

from engine.storage.cases.worklist import Task
from processes.storage.days.calendars import NamedDay
from processes.storage.notices.mail_rows import Mail
from processes.storage.tables.people import user
from processes.work import calendar_changes, tasks
from tests.engine.models.building import bpmn, end, process, properties, start, user_task
from tests.processes.stories.world import World

TEMPLATE = {"name": "Setujui cuti", "camunda:dueDate": "${working_days(4, task.created)}"}


def begun(world: World, groups: str, **told: str) -> Task:
    """An instance of an owner's process, which waits for one task of these groups."""
    task = user_task(
        "approve",
        *([properties(**told)] if told else []),
        **{**TEMPLATE, "camunda:candidateGroups": groups},
    )
    files = {"leave.bpmn": bpmn(process("leave", start(), task, end(), name="Izin cuti"))}
    world.service.engine.deploy(files, "owner")
    id: UUID = world.service.engine.start("leave", {"reason": "Sakit"}, "C-7", by="owner")
    (found,) = world.service.engine.tasks(instance_id=id)
    return found


def told(world: World) -> dict[str, Mail]:
    """Who was told what, since the world began."""
    return {str(one.to_user): one for one in world.mails()}


def test_everybody_to_whom_it_is_offered_is_told_with_deadline_and_address(world: World) -> None:
    world.colleague("kemhan-2", "kemhan")
    with world.service.transaction() as connection:
        connection.execute(update(user).where(user.c.username == "kemhan-2").values(locale="id"))
    task = begun(world, "institution:kemhan")
    found = told(world)
    assert set(found) == {"kemhan", "kemhan-2"}
    letter = found["kemhan"]
    assert letter.subject == "New task, Setujui cuti: Izin cuti · Kemhan"
    assert "Setujui cuti waits for you." in letter.body
    assert "Deadline: Friday, 9 January 2026." in letter.body
    assert f"/tasks/{task.id}" in letter.body
    assert "Sakit" not in letter.body, "what the instance holds stays on its page"
    assert (letter.recommendation_id, letter.follow_up_id) == (None, None)
    assert (letter.locale, found["kemhan-2"].locale) == ("en", "id"), "each in their language"
    world.run()
    assert {one.state for one in world.mails("kemhan")} == {"shown"}, "it was sent at once"


def test_a_task_that_says_why_it_opens_without_a_word_tells_nobody(small_world: World) -> None:
    begun(small_world, "coordinator", untold="Yang memulai mengisinya sendiri.")
    assert small_world.mails() == []


def test_an_empty_reason_is_none(small_world: World) -> None:
    begun(small_world, "coordinator", untold="")
    assert set(told(small_world)) == {"coordinator"}


def test_who_brings_it_about_is_not_told(small_world: World) -> None:
    begun(small_world, "process-owner")
    assert small_world.mails() == []


def test_passing_it_on_and_moving_its_deadline_are_told(small_world: World) -> None:
    world = small_world
    world.colleague("kemhan-2", "kemhan")
    task = begun(world, "institution:kemhan")
    before = len(world.mails())
    tasks.claim(world.service, world.person("kemhan"), task.id)
    tasks.pass_on(world.service, world.person("kemhan"), task.id, "kemhan-2", "Saya cuti.")
    (letter,) = world.mails()[before:]
    assert letter.to_user == "kemhan-2"
    assert "Reason: Saya cuti." in letter.body
    before = len(world.mails())
    change = NamedDay(date(2026, 1, 9), "Libur", "holiday", "Keppres 1/2026")
    calendar_changes.change_and_move(world.service, world.person("admin"), "common", change)
    world.run()
    (moved,) = [one for one in world.mails()[before:] if one.to_user == "kemhan-2"]
    assert moved.kind == "digest", "one calendar moves many"
    world.wait_days(1)
    world.run()
    (sent,) = [one for one in world.mails("kemhan-2") if one.id == moved.id]
    assert "Deadline: Monday, 12 January 2026; before: Friday, 9 January 2026." in sent.body


def test_leaders_read_of_it_in_their_digest_as_of_tasks_of_cases(world: World) -> None:
    task = begun(world, "supervisor")
    assert {one.kind for one in told(world).values()} == {"digest"}
    assert set(told(world)) == {"asdep", "deputi", "menko"}
    [digest] = world.mails("deputi")
    world.wait_days(1)
    world.run()
    [sent] = [one for one in world.mails("deputi") if one.id == digest.id]
    assert "Setujui cuti" in sent.body
    assert f"/tasks/{task.id}" in sent.body
