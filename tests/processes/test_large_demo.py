"""The large demo at a small scale: made by running the processes, all kinds of cases in it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import func, select

from engine.clock import ManualClock
from processes.composition import open_service
from processes.demo import crowd
from processes.demo.crowd import LARGE, Size
from processes.demo.play import play
from processes.demo.script import STORY
from processes.readiness import DEMO_COMPLETE
from processes.scope import operator
from processes.seed import INSTITUTIONS, seed_institutions
from processes.service import Options, Service
from processes.storage.people import institution
from processes.storage.register import recommendation
from processes.storage.settings import read_setting
from tests.processes.kept.agreement import disagreements
from tests.processes.kept.seeing import seen

SMALL = Size(recommendations=24, institutions=13, follow_ups=56)
NOW = datetime(2026, 11, 27, 8, tzinfo=UTC)
PASSWORD = "contoh-saja-2026"


@pytest.fixture(scope="module")
def played(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    """A demo of that size."""
    folder: Path = tmp_path_factory.mktemp("large")
    clock = ManualClock(NOW)
    url = f"sqlite:///{folder / 'tindak.db'}"
    service = open_service(url, Options(folder, "https://tindak.example", demo=True), clock)
    service.engine.database.hurry()
    seed_institutions(service, operator())
    play(service, clock, NOW, PASSWORD, lambda _: None, SMALL)
    yield service
    service.close()


@pytest.mark.long
def test_it_has_exactly_as_much_as_was_asked_for(played: Service) -> None:
    with played.reading() as connection:
        count = select(func.count())
        assert connection.scalar(count.select_from(recommendation)) == SMALL.recommendations
        assert connection.scalar(count.select_from(institution)) == SMALL.institutions
        assert read_setting(connection, DEMO_COMPLETE)
    assert sum(seen(played)["follow-ups by status"].values()) == SMALL.follow_ups


@pytest.mark.long
def test_register_and_engine_agree_on_it(played: Service) -> None:
    assert disagreements(played) == []


def test_the_story_of_the_full_size_has_every_kind_of_case_and_never_differs() -> None:
    codes = [*INSTITUTIONS, *(f"more-{number}" for number in range(90))]
    story = crowd.story(LARGE, codes)

    assert story == crowd.story(LARGE, codes)
    owed = sum(len(one.follow_ups) for one in (*STORY, *story))
    assert owed == LARGE.follow_ups
    led_to = sum(_decision(one) == "next" for one in story)
    assert len(STORY) + len(story) + led_to == LARGE.recommendations
    assert {_decision(one) for one in story} >= {"close", "monitor", "next"}
    content = [one.registration for one in story]
    assert {one["classification"] for one in content} == {"ordinary", "restricted", "secret"}
    assert {one["priority"] for one in content} == {"normal", "high"}
    deeds = {deed.what for one in story for some in one.deeds.values() for deed in some}
    assert deeds >= {"extension", "statement", "claim", "hand_on", "remind", "extend", "letter"}
    assert max(len(one.follow_ups) for one in story) > 50, "more than a page of one matrix"


def _decision(one: crowd.Recommendation) -> str | None:
    last = one.own[-1] if one.own else None
    return last.answers["decision"] if last and last.element == "evaluate_overall" else None
