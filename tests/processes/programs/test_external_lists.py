"""Lists of work for programs outside: what each filter finds, and who is told of which topics."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from engine.sentences.errors import Forbidden
from processes.programs import external_work
from processes.rights.access import Scope
from processes.rights.grants import granted
from processes.storage.programs.engine_externals import ExternalsWanted
from processes.storage.programs.engine_tasks import Window
from tests.processes.conftest import TIME, Data, person, scope
from tests.processes.made_programs import HOUR, MACHINE, TOPIC, a_worker, asking, fetch, give_up
from tests.web.api.models import WEIGH


def listed(data: Data, who: Scope, **wanted: Any) -> set[UUID]:
    """The ids of those that a list finds; it is counted as it is shown."""
    asked = ExternalsWanted(**wanted)
    with data.reading() as connection:
        rows = external_work.listed(connection, who, asked, Window(most=100))
        assert external_work.count(connection, who, asked) == len(rows)
    return {row.task.id for row in rows}


def test_external_tasks_are_found_by_each_of_their_facts(
    data: Data,
) -> None:
    olga = scope(data, person(data, "olga", granted("process-owner")))
    worker = a_worker(data)
    waiting, held, failed, free = asking(data, 4)
    works = {work.task.instance_id: work.task for work in fetch(data, worker)}
    id = {name: works[at].id for name, at in (
        ("waiting", waiting), ("held", held), ("failed", failed), ("free", free)
    )}  # fmt: skip
    external_work.fail(data, worker, id["waiting"], MACHINE, "", "", 2, 2 * HOUR)
    give_up(data, worker, id["failed"])
    external_work.release(data, olga, id["free"])
    external_work.set_priority(data, olga, id["held"], 70)
    [version] = [one for one in data.engine.versions() if one.key == "asking"]
    every = set(id.values())

    def found(**wanted: Any) -> set[str]:
        shown = listed(data, olga, **wanted)
        return {name for name, one in id.items() if one in shown}

    assert listed(data, olga) == every
    assert found(leased=True) == {"waiting", "held"}
    assert found(leased=False) == {"failed", "free"}
    assert found(workers=[MACHINE]) == {"held"}
    assert found(has_failed_for_good=True) == {"failed"}
    assert found(has_failed_for_good=False) == {"waiting", "held", "free"}
    assert found(lowest=70) == found(lowest=1, highest=70) == {"held"}
    assert found(highest=69) == {"waiting", "failed", "free"}
    assert found(leased_after=TIME.begin + 90 * timedelta(minutes=1)) == {"waiting"}
    assert found(leased_before=TIME.begin + 90 * timedelta(minutes=1)) == {"held"}
    assert found(instance_ids=[held, free]) == {"held", "free"}
    assert found(ids=[id["failed"]]) == {"failed"}
    assert found(topics=["none"]) == found(element_ids=["none"]) == found(ids=[]) == set()
    assert found(process_keys=["asking"], element_ids=["ask"], topics=[TOPIC]) == set(id)
    assert found(definition_ids=[version.id], lowest=70, leased=True) == {"held"}


def test_a_list_is_sorted_and_read_by_windows(data: Data) -> None:
    olga = scope(data, person(data, "olga", granted("process-owner")))
    worker = a_worker(data)
    asking(data, 3)
    held = [work.task.id for work in fetch(data, worker, 2)]
    external_work.extend(data, worker, held[0], MACHINE, 5 * HOUR)
    [free] = listed(data, olga) - set(held)

    def order(**window: Any) -> list[UUID]:
        with data.reading() as connection:
            found = external_work.listed(connection, olga, ExternalsWanted(), Window(**window))
        return [row.task.id for row in found]

    by = "lockExpirationTime"
    assert order(by=by) == [held[1], held[0], free], "what nobody holds comes last"
    assert order(by=by, descending=True) == [held[0], held[1], free]
    assert order(by=by, first=1, most=1) == [held[0]]
    assert order() == sorted([*held, free])
    assert order(first=3) == []


def test_topics_are_named_by_those_who_may_read_their_work(
    small: Data,
) -> None:
    owner = scope(small, person(small, "olga", granted("process-owner")))
    small.engine.deploy(WEIGH, "olga")
    small.engine.start("weigh", {}, by="olga")
    scales = a_worker(small, ["weigh"], "scales")
    asking(small)

    def names(who: Scope) -> list[str]:
        with small.reading() as connection:
            return external_work.topic_names(connection, who, ExternalsWanted())

    assert names(owner) == [TOPIC, "weigh"]
    assert names(scales) == ["weigh"]
    with pytest.raises(Forbidden):
        names(scope(small, person(small, "ani", granted("coordinator"))))
