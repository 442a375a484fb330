"""To whom the work of somebody who leaves can go, and what happens to all of it."""

from __future__ import annotations

from uuid import UUID

import pytest
from sqlalchemy import update

from engine.records.states import TaskStatus
from engine.sentences.errors import BadInput, Conflict, Forbidden, NotFound
from engine.storage.tables import task, task_candidate
from processes.people import closing, leaving
from processes.rights.access import Scope, operator
from processes.rights.grants import granted
from processes.storage.people import users
from processes.work import tasks
from processes.work.tasks import LONGEST_REASON
from tests.processes.conftest import NOW, Data, person, scope
from tests.processes.made_cases import a_case, a_task
from tests.web.api.models import REVIEW

ADMIN = operator("konsol")


@pytest.fixture
def ani(small: Data) -> Scope:
    """A coordinator with two colleagues, beside an administrator."""
    person(small, "admin", granted("admin"))
    for name in ("budi", "citra"):
        person(small, name, granted("coordinator"))
    return scope(small, person(small, "ani", granted("coordinator")))


def taken(data: Data, who: Scope, number: int = 1) -> list[UUID]:
    """Tasks of an owner's own model that somebody has taken."""
    data.engine.deploy(REVIEW, "owner")
    found = []
    for _ in range(number):
        instance = data.engine.start("review", {"due": None}, by="owner")
        [one] = data.engine.tasks(instance_id=instance, limit=2)
        tasks.claim(data, who, one.id)
        found.append(one.id)
    return found


def held(data: Data, name: str, *, offered_to: str, classification: str = "ordinary") -> UUID:
    """A task of a real case that somebody has, as the engine keeps it."""
    with data.transaction() as connection:
        _, instance_id = a_case(connection, "kemhan", classification=classification)
        id = a_task(connection, instance_id, offered_to=(f"group:{offered_to}",))
        mine = update(task).where(task.c.id == id)
        connection.execute(mine.values(assignee=name))
        sole = update(task_candidate).where(task_candidate.c.task_id == id)
        connection.execute(sole.values(principal=f"user:{name}"))
    return id


def colleagues(data: Data, who: UUID) -> dict[str, frozenset[UUID]]:
    """Colleague -> the tasks that may go to them."""
    with data.reading() as connection:
        found = closing.of_account(connection, ADMIN, who, NOW)
    return {one.user.username: one.tasks for one in found.colleagues}


def known(data: Data, name: str) -> UUID:
    with data.reading() as connection:
        found = users.id_of(connection, name)
    assert found is not None
    return found


def assignee(data: Data, id: UUID) -> str | None:
    return data.engine.task(id).assignee


# --- to whom ------------------------------------------------------------------------------------


def test_tasks_can_go_to_the_active_people_they_were_offered_to(small: Data, ani: Scope) -> None:
    ids = taken(small, ani, 2)
    every = frozenset(ids)
    assert colleagues(small, ani.user_id) == {"budi": every, "citra": every}
    gone = known(small, "citra")
    leaving.close_account(small, ADMIN, gone)
    assert colleagues(small, ani.user_id) == {"budi": every}


def test_each_colleague_is_told_with_the_tasks_they_are_cleared_for(data: Data) -> None:
    pic = person(data, "pic", granted(contact_of="kemhan"), clearance="secret")
    person(data, "rendah", granted(contact_of="kemhan"))
    person(data, "tinggi", granted(contact_of="kemhan"), clearance="secret")
    person(data, "lain", granted(contact_of="brin"), clearance="secret")
    group = "institution:kemhan"
    plain = held(data, "pic", offered_to=group)
    secret = held(data, "pic", offered_to=group, classification="secret")
    assert colleagues(data, pic) == {
        "rendah": frozenset({plain}), "tinggi": frozenset({plain, secret}),
    }  # fmt: skip


def test_without_tasks_there_is_nobody_to_choose(small: Data, ani: Scope) -> None:
    assert colleagues(small, ani.user_id) == {}


# --- what happens -------------------------------------------------------------------------------


def test_all_tasks_go_to_the_chosen_one_or_back_to_everybody(small: Data, ani: Scope) -> None:
    ids = taken(small, ani, 2)
    assert leaving.close_account(small, ADMIN, ani.user_id, "budi", "Pensiun.") == 2
    assert [assignee(small, id) for id in ids] == ["budi", "budi"]
    budi = known(small, "budi")
    assert leaving.close_account(small, ADMIN, budi) == 2
    assert [assignee(small, id) for id in ids] == [None, None]
    assert {small.engine.task(id).status for id in ids} == {TaskStatus.OPEN}


@pytest.mark.parametrize(
    ("to", "reason", "field"),
    [("budi", "x" * (LONGEST_REASON + 1), "reason"), (None, "x" * (LONGEST_REASON + 1), "reason"),
     ("admin", "", "to"), ("ani", "", "to"), ("", "", "to")],
)  # fmt: skip
def test_what_cannot_be_leaves_the_account_open_and_its_tasks_with_it(
    small: Data, ani: Scope, to: str | None, reason: str, field: str
) -> None:
    [id] = taken(small, ani)
    with pytest.raises(BadInput) as refused:
        leaving.close_account(small, ADMIN, ani.user_id, to, reason)
    assert set(refused.value.fields) == {field}
    assert assignee(small, id) == "ani"
    assert scope(small, ani.user_id).username == "ani"


def test_the_longest_reason_is_taken(small: Data, ani: Scope) -> None:
    taken(small, ani)
    reason = f" {'x' * LONGEST_REASON} "
    assert leaving.close_account(small, ADMIN, ani.user_id, "budi", reason) == 1


def test_a_task_that_ended_before_counts_for_nothing(small: Data, ani: Scope) -> None:
    first, second = taken(small, ani, 2)
    tasks.complete(small, ani, first, {})
    assert leaving.close_account(small, ADMIN, ani.user_id) == 1
    assert assignee(small, second) is None


def test_nobody_closes_the_own_account_and_only_administrators_close_any(
    small: Data, ani: Scope
) -> None:
    admin = known(small, "admin")
    with pytest.raises(Forbidden):
        leaving.close_account(small, ani, admin)
    person(small, "second", granted("admin"))
    with pytest.raises(Forbidden):
        leaving.close_account(small, scope(small, admin), admin)
    with pytest.raises(NotFound):
        leaving.close_account(small, ADMIN, UUID(int=7))


def test_the_last_administrator_stays_with_all_tasks(small: Data, ani: Scope) -> None:
    admin = known(small, "admin")
    with pytest.raises(Conflict, match="administrator must remain"):
        leaving.close_account(small, ADMIN, admin)
    assert scope(small, admin).roles == {"admin"}
