"""Running cases survive upgrades: every database in `formats` is opened, understood and worked to
its end; and the engine does not open if it cannot promise that."""

from __future__ import annotations

import json
import sqlite3
import tomllib
from contextlib import closing
from importlib import metadata
from pathlib import Path
from uuid import UUID

import pytest
from sqlalchemy import insert, select

from engine import Engine, Unavailable
from engine.execution.border import spiffworkflow_version
from engine.execution.border.state import codec
from engine.storage import schema, tables
from engine.storage.cases import steps
from engine.storage.database.unit_of_work import Database
from engine.time.clock import ManualClock
from tests.engine.conftest import Open
from tests.engine.formats import cases
from tests.engine.formats.resaving import resaved
from tests.engine.models_of_tests import REVIEW

ROOT = Path(__file__).parents[3]
FORMATS = ROOT / "tests" / "engine" / "formats"
KEPT = sorted(FORMATS.glob("[0-9]*.sql"))


def restore(file: Path, url: str, folder: Path) -> None:
    """A kept database at `url`, upgraded as an operator would."""
    database = folder / "kept.db"
    database.unlink(missing_ok=True)
    with closing(sqlite3.connect(database)) as connection:
        connection.executescript(file.read_text())
    kept = Database(f"sqlite:///{database}")
    schema.TREE.upgrade(kept)
    target = Database(url)
    schema.prepare(target)
    with kept.read() as source, target.write() as sink:
        for table in schema.TREE.metadata.sorted_tables:
            if rows := [row._asdict() for row in source.execute(select(table))]:
                sink.execute(insert(table), rows)
    for one in (kept, target):
        one.dispose()


def case_ids(engine: Engine) -> dict[str, UUID]:
    with engine.reading() as connection:
        rows = connection.execute(select(tables.instance.c.business_key, tables.instance.c.id))
        return {row.business_key: row.id for row in rows}


@pytest.fixture(params=KEPT, ids=lambda file: file.stem)
def kept(request: pytest.FixtureRequest) -> Path:
    """Each database that was kept."""
    file: Path = request.param
    return file


@pytest.fixture
def upgraded(
    kept: Path, database_url: str, tmp_path: Path, open_engine: Open, clock: ManualClock
) -> Engine:
    """The engine on that database, ten days later."""
    restore(kept, database_url, tmp_path)
    clock.advance(days=10)
    return open_engine()


def test_what_a_former_version_left_is_seen_as_it_was_left(upgraded: Engine, kept: Path) -> None:
    left = json.loads(kept.with_suffix(".json").read_text())
    assert cases.seen(upgraded, case_ids(upgraded)) == left


def test_running_cases_of_a_former_version_go_on_to_their_end(upgraded: Engine, kept: Path) -> None:
    upgraded.run_due()
    [incident] = upgraded.incidents()
    assert not upgraded.retry(incident.id, "owner").done, "what failed still fails, in words"
    upgraded.discard(incident.id, "owner")

    for key, case in case_ids(upgraded).items():
        cases.go_on_to_the_end(upgraded, case, key)
        wanted = "withdrawn" if key == "withdrawn" else "completed"
        assert upgraded.instance(case).status == wanted
        assert upgraded.broken_history(case) is None
    assert upgraded.data(case_ids(upgraded)["three rounds"]).items() >= cases.AWKWARD.items()


def test_a_case_that_is_loaded_and_saved_has_the_bytes_it_had(upgraded: Engine) -> None:
    with upgraded.reading() as connection:
        pairs = list(resaved(connection))
    assert len(pairs) == len(case_ids(upgraded))
    for lay, saved in pairs:
        assert saved == lay


def test_every_form_of_states_that_was_ever_written_is_kept() -> None:
    forms = set[bytes]()
    for file in KEPT:
        with closing(sqlite3.connect(":memory:")) as connection:
            connection.executescript(file.read_text())
            forms |= {body[:1] for (body,) in connection.execute("SELECT body FROM instance_state")}
    written = {bytes([number]) for number in range(1, codec.VERSION[0] + 1)}
    assert forms == written, "python -m tests.engine.formats.writing, before the form changes"


# --- another SpiffWorkflow ------------------------------------------------------------------------


def test_the_version_that_is_installed_is_the_one_the_cases_were_proven_with() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    assert f"SpiffWorkflow=={spiffworkflow_version.PROVEN}" in project["dependencies"]
    assert metadata.version("SpiffWorkflow") == spiffworkflow_version.PROVEN


def test_under_another_version_of_the_library_the_engine_does_not_open_and_changes_nothing(
    open_engine: Open, database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    engine = open_engine()
    engine.deploy(REVIEW, "owner")
    case = engine.start("review")
    with engine.reading() as connection:
        before = steps.state(connection, case)

    with monkeypatch.context() as other:
        other.setattr(metadata, "version", lambda name: "3.3.0")
        with pytest.raises(Unavailable) as refused:
            Engine.open(database_url)
    assert refused.value.sentence.facts == {
        "installed": "3.3.0",
        "proven": spiffworkflow_version.PROVEN,
    }
    with engine.reading() as connection:
        assert steps.state(connection, case) == before
