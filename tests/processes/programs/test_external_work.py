"""What a program outside may do with the work it has fetched, and what people do to that work."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import update

from engine.sentences.errors import BadInput, Conflict, Forbidden, NotFound
from engine.storage.later.externals import TopicWanted
from engine.storage.tables import external_task
from engine.workers.work_data import Work
from processes.desk import repairs
from processes.programs import external_work
from processes.rights.access import Scope
from processes.rights.grants import granted
from processes.storage.programs.engine_externals import ExternalRow, ExternalsWanted
from processes.storage.programs.engine_tasks import Window
from processes.storage.rights import audit as audit_table
from tests.processes.conftest import TIME, Data, person, scope
from tests.processes.made_programs import (
    HOUR,
    MACHINE,
    TOPIC,
    a_worker,
    asking,
    fetch,
    give_up,
)
from tests.web.api.models import WEIGH

NONE = timedelta(0)


@pytest.fixture
def owner(small: Data) -> Scope:
    return scope(small, person(small, "olga", granted("process-owner")))


@pytest.fixture
def worker(small: Data) -> Scope:
    return a_worker(small)


@pytest.fixture
def weighing(small: Data) -> tuple[UUID, Work, Scope]:
    """An instance that waits to be weighed, its work as fetched, and the program that has it."""
    small.engine.deploy(WEIGH, "olga")
    instance = small.engine.start("weigh", {}, by="olga")
    scales = a_worker(small, ["weigh"], "scales")
    [work] = fetch(small, scales)
    return instance, work, scales


def one(data: Data, who: Scope, id: UUID) -> ExternalRow:
    with data.reading() as connection:
        return external_work.one(connection, who, id)


def listed(data: Data, who: Scope, **wanted: Any) -> set[UUID]:
    """The ids of those that a list finds; it is counted as it is shown."""
    asked = ExternalsWanted(**wanted)
    with data.reading() as connection:
        rows = external_work.listed(connection, who, asked, Window(most=100))
        assert external_work.count(connection, who, asked) == len(rows)
    return {row.task.id for row in rows}


def elements(data: Data, instance: UUID) -> list[str]:
    return sorted(task.element_id for task in data.engine.tasks(instance_id=instance, limit=10))


def recorded(data: Data, by: str) -> list[tuple[str, str, dict[str, Any]]]:
    with data.reading() as connection:
        entries = list(audit_table.all_entries(connection))
    return [(e.act, e.subject, dict(e.details)) for e in entries if e.by == by]


def lease_ends(data: Data, id: UUID, at: datetime) -> None:
    with data.transaction() as connection:
        changed = update(external_task).where(external_task.c.token == id)
        connection.execute(changed.values(leased_until=at))


# --- fetching -----------------------------------------------------------------------------------


def test_a_program_gets_work_of_the_topics_of_its_token_only(small: Data, worker: Scope) -> None:
    asking(small)
    other = TopicWanted(topic="weigh", lease=HOUR)
    for topics in ([other], [TopicWanted(topic=TOPIC, lease=HOUR), other]):
        with pytest.raises(BadInput, match="weigh"):
            external_work.fetch(small, worker, MACHINE, topics, 10)
    [work] = fetch(small, worker)
    assert (work.task.topic, work.task.worker, work.task.business_key) == (TOPIC, MACHINE, "key-0")


def test_people_do_not_fetch_work(small: Data, owner: Scope) -> None:
    asking(small)
    with pytest.raises(Forbidden):
        fetch(small, replace(owner, topics=frozenset({TOPIC})))


def test_work_is_held_by_one_program_at_a_time(small: Data, worker: Scope) -> None:
    ids = set(asking(small, 3))
    first, second = fetch(small, worker, 2), fetch(small, worker, 2)
    assert (len(first), len(second)) == (2, 1)
    assert {work.task.instance_id for work in [*first, *second]} == ids
    assert fetch(small, worker) == []


def test_a_program_may_ask_for_the_work_of_one_process_or_version(
    small: Data, worker: Scope
) -> None:
    asking(small)
    [version] = [one for one in small.engine.versions() if one.key == "asking"]

    def got(**narrowed: Any) -> int:
        wanted = TopicWanted(topic=TOPIC, lease=HOUR, **narrowed)
        return len(external_work.fetch(small, worker, MACHINE, [wanted], 10))

    assert got(process_keys={"another"}) == 0
    assert got(process_keys={"asking"}, definition_ids={uuid4()}) == 0
    assert got(process_keys={"asking"}, definition_ids={version.id}) == 1


def test_urgent_work_is_given_out_first(small: Data, owner: Scope, worker: Scope) -> None:
    asking(small, 3)
    with small.reading() as connection:
        wanted = ExternalsWanted(topics=[TOPIC])
        rows = external_work.listed(connection, owner, wanted, Window())
    urgent = rows[2].task.id
    external_work.set_priority(small, owner, urgent, 90)
    assert one(small, owner, urgent).task.priority == 90
    assert [work.task.id for work in fetch(small, worker, 1)] == [urgent]
    [entry] = recorded(small, "olga")
    assert entry == ("set_priority", f"external_task:{urgent}", {"priority": 90})


# --- finishing ----------------------------------------------------------------------------------


def test_done_work_lets_the_instance_go_on_with_what_it_brought(
    small: Data, weighing: tuple[UUID, Work, Scope]
) -> None:
    instance, work, scales = weighing
    external_work.complete(small, scales, work.task.id, MACHINE, {"weight": 4}, {"tries": 2})
    assert elements(small, instance) == ["pack"]
    data = small.engine.data(instance)
    assert data["weight"] == 4
    assert "tries" not in data, "of the activity alone"
    external_work.complete(small, scales, work.task.id, MACHINE, {"weight": 5}, {})
    assert small.engine.data(instance)["weight"] == 4, "the same worker may say it twice"


def test_an_error_that_the_model_knows_takes_the_way_of_the_model(
    small: Data, weighing: tuple[UUID, Work, Scope]
) -> None:
    instance, work, scales = weighing
    told = {"why": "basah"}
    external_work.throw_error(small, scales, work.task.id, MACHINE, "REFUSED", "Basah.", told)
    assert elements(small, instance) == ["counter"]
    assert small.engine.data(instance)["why"] == "basah"


def test_an_error_that_nobody_catches_waits_for_repair(
    small: Data, owner: Scope, weighing: tuple[UUID, Work, Scope]
) -> None:
    instance, work, scales = weighing
    done = external_work.throw_error(small, scales, work.task.id, MACHINE, "UNKNOWN", "Aneh.", {})
    assert elements(small, instance) == []
    with small.reading() as connection:
        [stuck] = repairs.stuck(connection, owner)
    assert (stuck.incident.instance_id, done.incident) == (instance, stuck.incident.id)


def test_an_escalation_leaves_the_work_with_its_worker(
    small: Data, weighing: tuple[UUID, Work, Scope]
) -> None:
    instance, work, scales = weighing
    external_work.escalate(small, scales, work.task.id, MACHINE, "HEAVY", {"weight": 900})
    assert elements(small, instance) == ["crane"]
    external_work.complete(small, scales, work.task.id, MACHINE, {}, {})
    assert elements(small, instance) == ["crane", "pack"]


# --- failing ------------------------------------------------------------------------------------


def test_work_that_failed_waits_and_is_offered_again(small: Data, worker: Scope) -> None:
    asking(small)
    [work] = fetch(small, worker)
    external_work.fail(small, worker, work.task.id, MACHINE, "Mati.", "Traceback", 2, HOUR)
    assert fetch(small, worker) == [], "it waits for its hour"
    external_work.release(small, worker, work.task.id)
    [again] = fetch(small, worker)
    assert (again.task.id, again.task.retries) == (work.task.id, 2)
    assert external_work.details_of(small, [again.task]) == {work.task.id: "Traceback"}


def test_only_work_that_has_failed_has_details(small: Data, worker: Scope) -> None:
    asking(small, 2)
    failed, fine = fetch(small, worker)
    assert external_work.details_of(small, [failed.task, fine.task]) == {}
    external_work.fail(small, worker, failed.task.id, MACHINE, "Mati.", "", 1, NONE)
    [again] = fetch(small, worker)
    assert external_work.details_of(small, [again.task, fine.task]) == {}, "none were given"


def test_work_given_up_is_an_incident_and_nobody_gets_it(
    small: Data, owner: Scope, worker: Scope
) -> None:
    [instance] = asking(small)
    [work] = fetch(small, worker)
    give_up(small, worker, work.task.id, "Traceback: x")
    assert fetch(small, worker) == []
    with small.reading() as connection:
        assert [one.incident.instance_id for one in repairs.stuck(connection, owner)] == [instance]
        assert external_work.error_details(connection, owner, work.task.id) == "Traceback: x"
    for act in (
        lambda: external_work.release(small, owner, work.task.id),
        lambda: external_work.lease(small, worker, work.task.id, MACHINE, HOUR),
    ):
        with pytest.raises(Conflict):
            act()


# --- who holds it -------------------------------------------------------------------------------

HOLDER: dict[str, Callable[[Data, Scope, UUID, str], object]] = {
    "complete": lambda d, s, id, who: external_work.complete(d, s, id, who, {}, {}),
    "fail": lambda d, s, id, who: external_work.fail(d, s, id, who, "", "", 1, NONE),
    "give up": lambda d, s, id, who: external_work.fail(d, s, id, who, "", "", 0, NONE),
    "error": lambda d, s, id, who: external_work.throw_error(d, s, id, who, "REFUSED", "", {}),
    "escalate": lambda d, s, id, who: external_work.escalate(d, s, id, who, "HEAVY", {}),
    "lease": lambda d, s, id, who: external_work.lease(d, s, id, who, HOUR),
    "extend": lambda d, s, id, who: external_work.extend(d, s, id, who, HOUR),
}


@pytest.mark.parametrize("act", HOLDER)
def test_another_machine_does_nothing_to_work_that_is_held(
    small: Data, weighing: tuple[UUID, Work, Scope], act: str
) -> None:
    instance, work, scales = weighing
    with pytest.raises(Conflict):
        HOLDER[act](small, scales, work.task.id, "host-8")
    assert one(small, scales, work.task.id).task == work.task
    assert elements(small, instance) == []


@pytest.mark.parametrize("act", HOLDER)
def test_for_a_program_with_other_topics_the_work_is_not_there(
    small: Data, weighing: tuple[UUID, Work, Scope], act: str
) -> None:
    _, work, _ = weighing
    stranger = a_worker(small)
    with pytest.raises(NotFound):
        HOLDER[act](small, stranger, work.task.id, MACHINE)
    with pytest.raises(NotFound):
        external_work.release(small, stranger, work.task.id)
    assert listed(small, stranger) == set()


@pytest.mark.parametrize("act", HOLDER)
def test_people_do_not_do_the_work_of_programs(
    small: Data, owner: Scope, weighing: tuple[UUID, Work, Scope], act: str
) -> None:
    _, work, _ = weighing
    with pytest.raises(Forbidden):
        HOLDER[act](small, owner, work.task.id, MACHINE)


def test_after_its_lease_another_machine_takes_the_work_over(small: Data, worker: Scope) -> None:
    asking(small)
    [work] = fetch(small, worker)
    lease_ends(small, work.task.id, TIME.begin - HOUR)
    with pytest.raises(Conflict):
        external_work.extend(small, worker, work.task.id, "host-8", HOUR)
    external_work.lease(small, worker, work.task.id, "host-8", HOUR)
    with pytest.raises(Conflict):
        external_work.complete(small, worker, work.task.id, MACHINE, {}, {})
    external_work.complete(small, worker, work.task.id, "host-8", {}, {})


def test_a_holder_keeps_its_work_longer(small: Data, worker: Scope) -> None:
    asking(small)
    [work] = fetch(small, worker)
    external_work.extend(small, worker, work.task.id, MACHINE, 5 * HOUR)
    until = one(small, worker, work.task.id).task.leased_until
    assert until is not None
    assert work.task.leased_until is not None
    assert until - work.task.leased_until > 3 * HOUR


def test_work_that_is_done_or_never_was_is_not_there(small: Data, worker: Scope) -> None:
    asking(small)
    [work] = fetch(small, worker)
    external_work.complete(small, worker, work.task.id, MACHINE, {}, {})
    for id in (work.task.id, uuid4()):
        for act in (external_work.one, external_work.error_details):
            with small.reading() as connection, pytest.raises(NotFound):
                act(connection, worker, id)
        for name in ("extend", "lease", "give up"):
            with pytest.raises(NotFound):
                HOLDER[name](small, worker, id, MACHINE)


# --- what keepers do ----------------------------------------------------------------------------


def test_a_keeper_frees_held_work_on_record_and_a_program_its_own_without(
    small: Data, owner: Scope, worker: Scope
) -> None:
    asking(small)
    [work] = fetch(small, worker)
    external_work.release(small, owner, work.task.id)
    assert recorded(small, "olga") == [
        ("release_external_task", f"external_task:{work.task.id}", {})
    ]
    [work] = fetch(small, worker)
    external_work.release(small, worker, work.task.id)
    assert recorded(small, worker.username) == []
    assert len(fetch(small, worker)) == 1


def test_retries_are_set_for_tasks_and_for_lists_and_each_is_set_once(
    small: Data, owner: Scope, worker: Scope
) -> None:
    asking(small, 3)
    ids = [work.task.id for work in fetch(small, worker)]
    for id in ids:
        give_up(small, worker, id)
    wanted = ExternalsWanted(topics=[TOPIC])
    external_work.set_retries(small, owner, [ids[0]], 3, [wanted])
    with small.reading() as connection:
        assert repairs.stuck(connection, owner) == []
    assert [work.task.retries for work in fetch(small, worker)] == [3, 3, 3]
    [(act, subject, details)] = recorded(small, "olga")
    assert (act, subject, details["retries"]) == ("set_retries", "external_tasks:3", 3)
    assert sorted(details["ids"]) == sorted(str(id) for id in ids)


def test_no_retries_make_an_incident_of_work_that_waits(
    small: Data, owner: Scope, worker: Scope
) -> None:
    [instance] = asking(small)
    [id] = listed(small, owner)
    external_work.set_retries(small, owner, [id], 0)
    with small.reading() as connection:
        assert [one.incident.instance_id for one in repairs.stuck(connection, owner)] == [instance]
    assert fetch(small, worker) == []
    assert recorded(small, "olga") == [("set_retries", f"external_task:{id}", {"retries": 0})]


def test_of_tasks_of_which_one_is_gone_none_is_changed(
    small: Data, owner: Scope, worker: Scope
) -> None:
    asking(small)
    [work] = fetch(small, worker)
    give_up(small, worker, work.task.id)
    with pytest.raises(NotFound):
        external_work.set_retries(small, owner, [work.task.id, uuid4()], 2)
    assert one(small, owner, work.task.id).task.retries == 0
    assert recorded(small, "olga") == []


def test_a_list_that_finds_nothing_changes_nothing_and_is_not_recorded(
    small: Data, owner: Scope
) -> None:
    external_work.set_retries(small, owner, [], 2, [ExternalsWanted(topics=["none"])])
    assert recorded(small, "olga") == []


def test_more_tasks_than_one_act_may_change_are_refused(
    small: Data, owner: Scope, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(external_work, "MOST", 2)
    asking(small, 3)
    with pytest.raises(BadInput, match="more than 2"):
        external_work.set_retries(small, owner, [], 2, [ExternalsWanted()])
    assert recorded(small, "olga") == []


@pytest.mark.parametrize("role", ["coordinator", "worker"])
def test_only_keepers_repair(small: Data, owner: Scope, worker: Scope, role: str) -> None:
    asking(small)
    [id] = listed(small, owner)
    who = worker if role == "worker" else scope(small, person(small, "ani", granted(role)))
    for act in (
        lambda: external_work.set_retries(small, who, [id], 2),
        lambda: external_work.set_priority(small, who, id, 2),
    ):
        with pytest.raises(Forbidden):
            act()
