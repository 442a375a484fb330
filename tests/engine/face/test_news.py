"""An application is told of human tasks in the transaction in which they open, move or go on."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime

import pytest
from sqlalchemy import Connection

from engine import Engine
from engine.ports.handlers import NewJob, Step
from engine.ports.news import News
from engine.storage.later import jobs
from tests.engine.models.building import (
    bpmn,
    end,
    process,
    properties,
    service_task,
    start,
    user_task,
)

NOW = datetime(2026, 3, 17, 3, tzinfo=UTC)
MODEL = bpmn(
    process(
        "review",
        start(),
        service_task("say", "say"),
        user_task(
            "read",
            properties(untold="nobody asked"),
            **{"camunda:candidateGroups": "readers", "camunda:dueDate": "2026-04-01"},
        ),
        user_task("answer", **{"camunda:assignee": "budi"}),
        end(),
    )
)


class Heard:
    """What was told, and what the teller wants done."""

    def __init__(self) -> None:
        self.news: list[News] = []
        self.wanted: list[NewJob] = []
        self.fails = False

    def tell(self, connection: Connection, news: News) -> Sequence[NewJob]:
        if self.fails:
            raise OSError("no space left on device")
        self.news.append(news)
        return self.wanted


@pytest.fixture
def heard() -> Heard:
    return Heard()


@pytest.fixture
def engine(database_url: str, heard: Heard) -> Iterator[Engine]:
    def say(step: Step) -> None:
        step.announce(("hello", step.element_id))

    engine = Engine.open(database_url, {"say": say}, lambda: NOW, tell=heard.tell)
    engine.deploy({"review.bpmn": MODEL}, "owner")
    yield engine
    engine.close()


def test_a_task_that_opens_is_told_with_its_people_and_what_handlers_announced(
    engine: Engine, heard: Heard
) -> None:
    case = engine.start("review", {}, by="ani")
    (news,) = heard.news
    (offer,) = news.opened
    (task,) = engine.tasks(instance_id=case)
    assert (offer.task_id, offer.candidate_groups, offer.due_at) == (
        task.id, ("readers",), task.due_at
    )  # fmt: skip
    assert offer.properties["untold"] == "nobody asked"
    assert (news.notices, news.by, news.instance_id) == ((("hello", "say"),), "ani", case)
    engine.complete(task.id, {}, by="citra")
    assert [one.assignee for one in heard.news[-1].opened] == ["budi"]
    assert heard.news[-1].notices == (), "each step has its own"


def test_a_moved_deadline_is_told_with_the_one_before_and_the_reason(
    engine: Engine, heard: Heard
) -> None:
    (task,) = engine.tasks(instance_id=engine.start("review"))
    engine.extend(task.id, date(2026, 4, 20), "Banjir.", "ani", request_id="r-1")
    news = heard.news[-1]
    (moved,) = news.moved
    (after,) = engine.tasks(instance_id=task.instance_id)
    assert (moved.task_id, moved.was_due, moved.due_at) == (task.id, task.due_at, after.due_at)
    assert (news.reason, news.request_id, news.opened) == ("Banjir.", "r-1", [])


def test_a_task_that_changes_hands_is_told_with_who_had_it(engine: Engine, heard: Heard) -> None:
    (task,) = engine.tasks(instance_id=engine.start("review"))
    engine.claim(task.id, "ani")
    before = len(heard.news)
    engine.assign(task.id, "citra", "ani", "Saya cuti.")
    engine.assign(task.id, None, "citra")
    passed, given_back = heard.news[before:]
    assert [(one.holder, one.offer.assignee) for one in passed.handed] == [("ani", "citra")]
    assert (passed.by, passed.reason) == ("ani", "Saya cuti.")
    assert [(one.holder, one.offer.assignee) for one in given_back.handed] == [("citra", None)]


def test_a_task_offered_to_others_is_free_for_them_and_nobody_has_it(
    engine: Engine, heard: Heard
) -> None:
    (task,) = engine.tasks(instance_id=engine.start("review"))
    engine.claim(task.id, "ani")
    engine.act(lambda act: act.reoffer(task.id, ["writers"], "admin", "Ada penerus."))
    (moved,) = engine.tasks(instance_id=task.instance_id)
    assert (moved.assignee, moved.candidate_groups) == (None, ["writers"])
    assert (moved.passed_by, moved.passed_reason) == ("ani", "Ada penerus.")
    assert engine.tasks(candidate_group="writers") == [moved]
    assert engine.tasks(candidate_group="readers") == []
    (handed,) = heard.news[-1].handed
    assert (handed.holder, handed.offer.candidate_groups) == ("ani", ["writers"])
    engine.complete(task.id, {}, by="dewi")


def test_what_the_teller_wants_is_stored_with_the_step_or_not_at_all(
    engine: Engine, heard: Heard
) -> None:
    heard.wanted = [NewJob("letter", {"to": "budi"})]
    (task,) = engine.tasks(instance_id=engine.start("review"))
    engine.assign(task.id, "citra", "ani")
    with engine.reading() as connection:
        kinds = [one.kind for one in jobs.due(connection, NOW, 10)]
    assert kinds == ["letter", "letter"]
    heard.fails = True
    with pytest.raises(OSError):
        engine.assign(task.id, "budi", "citra")
    (still,) = engine.tasks(instance_id=task.instance_id)
    assert still.assignee == "citra"
