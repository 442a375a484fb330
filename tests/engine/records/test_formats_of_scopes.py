"""States of the first form, in which every token carried a copy of the data, go on as cases with
variables in scopes: each of `formats.scopes` is opened, found as it was left, and worked to its
end."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from engine import Engine
from engine.time.clock import ManualClock
from tests.engine.conftest import MONDAY, Open
from tests.engine.formats import scopes
from tests.engine.formats.resaving import resaved
from tests.engine.formats.scopes import CASES, World
from tests.engine.records.test_formats import case_ids, restore

LEFT = Path(__file__).parents[1] / "formats" / "codec1_scopes.sql"


@pytest.fixture
def engine(database_url: str, tmp_path: Path, open_engine: Open, clock: ManualClock) -> Engine:
    """The engine on the kept database, at the moment it was kept."""
    restore(LEFT, database_url, tmp_path)
    clock.now = MONDAY + timedelta(days=scopes.DAYS_KEPT)
    return open_engine()


@pytest.fixture
def worlds(engine: Engine, clock: ManualClock) -> dict[str, World]:
    """The engine and the clock around each kept case."""
    return {name: World(engine, clock, id, name) for name, id in case_ids(engine).items()}


def test_what_the_first_form_left_is_seen_as_it_was_left(engine: Engine) -> None:
    left = json.loads(LEFT.with_suffix(".json").read_text())
    assert scopes.seen(engine, case_ids(engine)) == left


def test_what_folding_has_saved_stays_as_it_is_when_it_is_saved_again(engine: Engine) -> None:
    with engine.reading() as connection:
        for lay, saved in resaved(connection):
            assert saved == lay


def test_copies_are_folded_into_the_variables_of_the_instance(
    engine: Engine, worlds: dict[str, World]
) -> None:
    found = {name: engine.data(world.id) for name, world in worlds.items()}
    assert found == {case.name: case.sees for case in CASES}


def test_open_tasks_keep_what_is_their_own(worlds: dict[str, World]) -> None:
    found = {
        case.name: {path: scopes.shown(worlds[case.name], path) for path in case.shows}
        for case in CASES
    }
    assert found == {case.name: case.shows for case in CASES}


def test_each_case_comes_to_the_end_that_the_rules_of_scopes_demand(
    engine: Engine, worlds: dict[str, World]
) -> None:
    def ends() -> Iterator[tuple[str, object]]:
        for case in CASES:
            world = worlds[case.name]
            for act in case.after:
                act(world)
            assert engine.instance(world.id).status == "completed", case.name
            assert engine.broken_history(world.id) is None, case.name
            yield case.name, engine.data(world.id)

    assert dict(ends()) == {case.name: case.ends for case in CASES}


def told(engine: Engine, world: World) -> list[object]:
    """What each event says of what could not be told for certain when the state was read."""
    kept = ("merged", "unordered")
    details = [event.details for event in engine.history(world.id)]
    return [{key: one[key] for key in kept if key in one} for one in details]


def test_what_is_uncertain_is_noted_once_in_the_next_event(
    engine: Engine, worlds: dict[str, World]
) -> None:
    for name, acts, noted in (
        ("not joined", 2, {"merged": ["x"]}),
        ("at once", 2, {"unordered": ["each"]}),
        ("one by one", 2, {"unordered": ["each"]}),
        ("call", 1, {}),
    ):
        case = next(one for one in CASES if one.name == name)
        before = len(engine.history(worlds[name].id))
        for act in case.after[:acts]:
            act(worlds[name])
        rest: list[object] = [{} for _ in range(acts - 1)]
        assert told(engine, worlds[name])[before:] == [noted, *rest], name
