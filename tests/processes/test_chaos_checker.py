"""The checker of chaos runs finds each changed row."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import pytest

from benchmarks.chaos import checker, model
from benchmarks.chaos.databases import Sqlite
from benchmarks.chaos.evidence import gather
from benchmarks.chaos.ledger import Act
from benchmarks.chaos.promises import stored_request
from engine import Engine
from engine.storage.later.externals import TopicWanted
from engine.time.clock import ManualClock
from tests.engine.conftest import MONDAY
from tests.engine.models_of_tests import only_task

USER, PROGRAM = "user", "program"


class Played:
    """Two cases that went some way, and what was written down of it outside."""

    def __init__(self, folder: Path) -> None:
        self.store, self.clock, self.acts = Sqlite(folder), ManualClock(MONDAY), list[Act]()
        self.engine = Engine.open(self.store.url, None, self.clock)
        self.engine.deploy({model.FILE: model.file()}, "owner")
        for key in ("a", "b"):
            case = self.engine.start(model.KEY, business_key=key)
            self.acts.append(Act(f"s-{key}", "start", "/start", key, 200, 1, str(case)))
            self._pass(2)  # the reminder
            self._complete(str(only_task(self.engine, case).id))
            self._work()
            self._pass(1)  # the pause
            self._deliver(key)
            if key == "a":
                self._pass(5)  # the decision is taken away
        self.engine.close()

    def _pass(self, seconds: int) -> None:
        for _ in range(seconds):
            self.clock.advance(seconds=1)
            self.engine.run_due()

    def _act(self, kind: str, subject: str) -> str:
        act = Act(f"{kind}-{subject}", kind, f"/{kind}/{subject}", subject, 204, 1)
        self.acts.append(act)
        return stored_request(act, PROGRAM if kind == "external" else USER)

    def _complete(self, task: str) -> None:
        request = self._act("complete", task)
        self.engine.complete(UUID(task), {}, "ani", request_id=request)

    def _work(self) -> None:
        wanted = TopicWanted(topic=model.TOPIC, lease=timedelta(minutes=1))
        ((task),) = (work.task.id for work in self.engine.external.fetch("w", [wanted]))
        request = self._act("external", str(task))
        self.engine.external.complete(task, "w", by="w", request_id=request)

    def _deliver(self, key: str) -> None:
        request = self._act("message", key)
        self.engine.deliver(model.MESSAGE, key, wait=False, by="ani", request_id=request)

    def findings(self) -> list[str]:
        return checker.findings(gather(self.store), self.acts, USER, PROGRAM)

    def tamper(self, statement: str) -> None:
        with closing(sqlite3.connect(self.store.url.removeprefix("sqlite:///"))) as connection:
            assert connection.execute(statement).rowcount > 0
            connection.commit()


@pytest.fixture
def played(tmp_path: Path) -> Played:
    return Played(tmp_path)


def test_all_tables_are_read_as_they_are_at_one_moment(played: Played) -> None:
    counted = "SELECT (SELECT count(*) FROM event), (SELECT sum(last_seq) FROM instance)"
    with played.store.snapshot() as rows:
        before = rows(counted)
        played.tamper("DELETE FROM event WHERE seq = 1")
        assert rows(counted) == before
    assert played.store.rows(counted) != before


def test_a_run_in_which_all_is_well_has_no_finding(played: Played) -> None:
    assert played.findings() == []


@pytest.mark.parametrize(
    "statement",
    [
        "DELETE FROM event WHERE kind = 'complete'",
        "DELETE FROM event WHERE kind = 'message'",
        "DELETE FROM event WHERE kind = 'external'",
        "UPDATE event SET request_id = NULL WHERE kind = 'external'",
        "INSERT INTO external_task SELECT id, id, definition_id, key, business_key, 'work', 'work',"
        " 0, started_at, NULL, NULL, NULL, NULL, NULL, NULL, NULL FROM instance",
        "UPDATE event SET \"by\" = 'budi' WHERE seq = 3",
        "UPDATE event SET request_id = NULL WHERE kind = 'complete'",
        "DELETE FROM job",
        "UPDATE job SET due_at = '2030-01-01 00:00:00.000000'",
        "UPDATE job SET token = lower(hex(randomblob(16)))",
        "UPDATE job SET status = 'dead'",
        "DELETE FROM task WHERE status = 'open'",
        "UPDATE task SET status = 'open' WHERE status = 'completed'",
        "UPDATE instance SET status = 'completed'",
        "UPDATE instance SET last_seq = last_seq + 1",
        "UPDATE instance SET business_key = 'c' WHERE business_key = 'a'",
        "DELETE FROM instance WHERE business_key = 'a'",
    ],
)
def test_a_row_that_is_not_as_it_should_be_is_found(played: Played, statement: str) -> None:
    played.tamper(statement)
    assert played.findings()


def test_what_nobody_asked_for_and_what_was_refused_but_done_is_found(played: Played) -> None:
    acts = list(played.acts)
    for place, act in enumerate(acts):
        played.acts = acts[:place] + acts[place + 1 :]
        assert act.kind == "start" or played.findings()
        played.acts[place:place] = [Act(act.request, act.kind, act.path, act.subject, 409, 1)]
        assert act.kind == "start" or played.findings()


def test_an_external_task_that_was_finished_twice_is_found(played: Played) -> None:
    acts = [act for act in played.acts if act.kind == "external"]
    played.acts = [replace(act, subject=acts[0].subject) for act in played.acts if act in acts] + [
        act for act in played.acts if act not in acts
    ]
    assert played.findings() == [f"external task {acts[0].subject} was finished 2 times"]


def test_an_external_task_that_was_finished_under_a_lease_that_had_run_out_is_found(
    played: Played,
) -> None:
    played.acts = [replace(act, late=act.kind == "external") for act in played.acts]
    assert len([one for one in played.findings() if "its lease had run out" in one]) == 2


def test_a_timer_that_came_early_or_twice_is_found(played: Played) -> None:
    [timer] = [e for e in gather(played.store).events() if e.details.get("element") == "late"]
    early = (timer.at - timedelta(seconds=1)).strftime("%Y-%m-%d %H:%M:%S.%f")
    id = timer.instance_id.hex
    played.tamper(
        f"UPDATE event SET at = '{early}' WHERE instance_id = '{id}' AND seq = {timer.seq}"
    )
    assert any("too early" in finding for finding in played.findings())
