"""The product behind PgBouncer in transaction mode: people, timers, several processes, faults."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from playwright.sync_api import Browser
from sqlalchemy import text

from benchmarks.chaos.run import Plan, run_on
from engine import Engine, Unavailable
from engine.storage.database import postgresql
from engine.storage.database.unit_of_work import Database
from tests.e2e.conftest import served
from tests.e2e.people import Person
from tests.e2e.product import Product
from tests.engine.models.building import bpmn, end, process, start, user_task
from tests.processes.stories.world import World
from tests.world.databases.pooler import POOLED, SERVERS, Pooled

PLAIN = {"plain.bpmn": bpmn(process("plain", start(), user_task("a"), end()))}
STRESS = Plan(
    seconds=40, seed=20260302, clients=6, cases=16, web_processes=2, workers=2, pause=(1.0, 3.0),
    freeze_seconds=35, patience_seconds=180,
)  # fmt: skip


@pytest.fixture
def pooled() -> Iterator[Pooled]:
    """An empty database behind a pooler."""
    # A folder of its own: the path of PostgreSQL's socket must be short.
    with tempfile.TemporaryDirectory(prefix="pooled", ignore_cleanup_errors=True) as folder:
        store = Pooled(Path(folder))
        yield store
        store.close()


@pytest.fixture
def product(pooled: Pooled, tmp_path: Path) -> Iterator[Product]:
    """Two web processes and a worker, with a recommendation that Kemhan has to acknowledge."""

    def issued(world: World) -> None:
        world.issued()

    yield from served(pooled.url, tmp_path, issued, {"TINDAK_WORKERS": "2"})


def test_people_sign_in_and_work_and_timers_fire(
    product: Product,
    pooled: Pooled,
    browser: Browser,
) -> None:
    kemhan = Person(browser, product, "kemhan")
    kemhan.sign_in()
    kemhan.task("Konfirmasi penerimaan")
    kemhan.choose("Sikap K/L", "Diterima: akan ditindaklanjuti")
    kemhan.fill({"Narahubung (PIC)": "Dimas Wiratama"})
    kemhan.send("Konfirmasi penerimaan")
    kemhan.is_told("Jawaban Anda dicatat")
    kemhan.leave()

    product.go_to("2026-01-09")
    product.mail("kemenperin", "Lewat tenggat", "1 hari kerja")
    assert pooled.sessions() <= SERVERS


def test_nothing_is_lost_or_done_twice_while_processes_and_the_database_fall(
    pooled: Pooled, tmp_path: Path
) -> None:
    report = run_on(pooled, STRESS, tmp_path)
    figures = dict(report.figures)
    assert report.findings == []
    assert figures["database restarted"] == 2
    assert figures["complete: acknowledged"] > 0
    assert figures["timers fired"] > 0


# --- where nobody said that there is a pooler ---------------------------------------------------


@pytest.fixture
def unsaid(pooled: Pooled) -> str:
    """The address of a pooler that lets everything through, without a word that it is one."""
    return pooled.url.removesuffix(f"?{POOLED}")


def asked(database: Database, client: int) -> list[object]:
    """What a client was answered otherwise than it asked: each asks in an order of its own, far
    more often than until a statement gets its name."""
    wrong: list[object] = []
    for turn in range(200):
        word = "abcdef"[(turn + client) % 6]
        ask = text(f"SELECT '{word}', CAST(:own AS int)")
        with database.write() as connection:
            answer = connection.execute(ask, {"own": client}).one()
        if tuple(answer) != (word, client):
            wrong.append(answer)
    return wrong


def test_the_pooler_is_found_and_each_client_is_answered_what_it_asked(unsaid: str) -> None:
    clients = [Database(unsaid, pool_size=2) for _ in range(12)]
    assert all(one.is_pooled for one in clients)
    with ThreadPoolExecutor(12) as at_once:
        assert list(at_once.map(asked, clients, range(12))) == [[]] * 12
    for one in clients:
        one.dispose()


def test_the_engine_runs_behind_it_as_if_it_had_been_said(unsaid: str) -> None:
    engine = Engine.open(unsaid)
    engine.deploy(PLAIN, "owner")
    for _ in range(20):
        case = engine.start("plain")
        engine.complete(engine.tasks(instance_id=case)[0].id, {}, "ani")
        assert engine.instance(case).status == "completed"
    engine.close()


def test_a_pooler_that_comes_later_is_sent_nothing(
    unsaid: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(postgresql, "leads_to_pooler", lambda _: False)
    database = Database(unsaid)
    with pytest.raises(Unavailable, match="A pooler stands before the database"), database.read():
        pass
    database.dispose()
