"""Process models as pages show them: numbers of what a reader may see, and what asks which form."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from engine.sentences.errors import Forbidden, NotFound
from processes.acts import reading
from processes.acts.reading import Reading
from processes.composition import SHIPPED, shipped_files
from processes.desk import models
from processes.desk.models import ListedModel, Released
from tests.processes.made_programs import ASKING
from tests.processes.stories.world import ACCEPTED, World

READERS = ("owner", "admin", "coordinator", "asdep")


def asked(world: World, who: str, question: Callable[..., Any], *about: Any) -> Any:
    with reading.opened(world.service, world.person(who)) as at:
        return question(at, *about)


def listed(world: World, who: str) -> dict[str, ListedModel]:
    return {one.version.key: one for one in asked(world, who, models.processes)}


def places(found: Released) -> dict[str, tuple[int, int]]:
    """Element -> how many wait there, and how many of them on older versions."""
    return {one.element_id: (one.number, one.older) for one in found.places}


def redrawn(world: World) -> None:
    """A second version of the follow-up, in which planning is called otherwise."""
    files = shipped_files("follow_up")
    drawn = files["follow_up.bpmn"]
    files["follow_up.bpmn"] = drawn.replace(b"Susun rencana aksi", b"Tulis rencana aksi")
    world.service.engine.deploy(files, "owner")


# --- numbers ------------------------------------------------------------------------------------


@pytest.mark.parametrize("who", READERS)
def test_each_process_is_listed_with_how_many_of_its_cases_run(
    small_world: World, who: str
) -> None:
    world = small_world
    id = world.issued()
    world.finish("kemhan", world.follow_up(id, "kemhan"))
    found = {key: one.running for key, one in listed(world, who).items()}
    none = dict.fromkeys(SHIPPED, 0)
    assert found == {**none, "follow_up": 1, "recommendation": 1}, "one has ended"


@pytest.mark.parametrize(("who", "told"), [("owner", 0), ("admin", 0), ("coordinator", None)])
def test_how_much_is_stuck_is_told_to_those_who_repair(
    small_world: World, who: str, told: int | None
) -> None:
    assert {one.incidents for one in listed(small_world, who).values()} == {told}


def test_numbers_hold_only_what_a_reader_is_cleared_for(small_world: World) -> None:
    world = small_world
    world.issued()
    world.issued(classification="secret")
    world.lower_clearance("coordinator", "restricted")
    world.lower_clearance("owner", "ordinary")
    for who, number in (("coordinator", 2), ("asdep", 4), ("owner", 4)):
        assert listed(world, who)["follow_up"].running == number, who
        _, found = asked(world, who, models.process, "follow_up")
        assert places(found)["acknowledge"] == (number, 0), who


def test_cases_stay_on_their_version_and_are_told_as_such(small_world: World) -> None:
    world = small_world
    old = world.follow_up(world.issued(supporting=[]), "kemhan")
    redrawn(world)
    world.issued(supporting=[])
    world.do("kemhan", "acknowledge", old, **ACCEPTED)
    _, whole = asked(world, "owner", models.process, "follow_up")
    assert (places(whole)["acknowledge"], places(whole)["plan"]) == ((1, 0), (1, 1))
    assert [(one.version.number, one.running) for one in whole.versions] == [(2, 1), (1, 1)]
    first = asked(world, "owner", models.version, "follow_up", 1)
    assert places(first)["plan"] == (1, 0), "of this version none is older"
    assert "acknowledge" not in places(first)
    assert {one.element_id: one.name for one in whole.places}["plan"] == "Tulis rencana aksi"
    assert {one.element_id: one.name for one in first.places}["plan"] == "Susun rencana aksi"


def test_an_element_that_only_an_older_version_has_comes_last_under_its_name(
    small_world: World,
) -> None:
    world = small_world
    engine = world.service.engine
    engine.deploy({"asking.bpmn": ASKING}, "owner")
    engine.start("asking", {}, by="owner")
    changed = ASKING.replace(b'id="ask"', b'id="ask_anew"').replace(b'"ask"/>', b'"ask_anew"/>')
    changed = changed.replace(b'sourceRef="ask"', b'sourceRef="ask_anew"')
    engine.deploy({"asking.bpmn": changed}, "owner")
    engine.start("asking", {}, by="owner")
    _, found = asked(world, "owner", models.process, "asking")
    assert [(one.element_id, one.name, one.older) for one in found.places] == [
        ("ask_anew", "Ask", 0), ("ask", "Ask", 1),
    ]  # fmt: skip


@pytest.mark.parametrize(("who", "opens"), [("coordinator", True), ("owner", False)])
def test_the_tasks_behind_a_number_are_for_those_who_oversee_the_cases(
    small_world: World, who: str, opens: bool
) -> None:
    world = small_world
    world.issued()
    _, found = asked(world, who, models.process, "follow_up")
    assert {one.element_id: one.listed for one in found.places}["acknowledge"] == opens
    scope = world.person(who)
    with world.service.reading() as connection:
        page = models.tasks_at(connection, scope, "follow_up", "acknowledge")
    assert len(page.items) == (2 if opens else 0)


# --- versions, files, forms ---------------------------------------------------------------------


def test_a_version_keeps_the_files_it_was_released_with(small_world: World) -> None:
    world = small_world
    redrawn(world)
    numbers = [one.number for one in asked(world, "asdep", models.versions, "follow_up")]
    assert numbers == [2, 1], "the newest first"
    first, second = (asked(world, "asdep", models.files, "follow_up", n) for n in (1, 2))
    assert {name for name in first if first[name] != second[name]} == {"follow_up.bpmn"}
    assert models.process_file(first, "follow_up") == "follow_up.bpmn"


def test_each_form_names_the_steps_that_ask_it_messages_too(small_world: World) -> None:
    _, found = asked(small_world, "owner", models.process, "follow_up")
    uses = {one.file: one.used_by for one in found.forms}
    assert uses["plan.form"] == ("Susun rencana aksi",)
    assert len(uses["extension_request.form"]) == 1
    assert [one.file for one in found.forms] == list(uses), "each once"
    assert all(one.title for one in found.forms)


def test_a_draft_is_told_by_when_it_was_saved(small_world: World) -> None:
    world = small_world
    assert {one.draft_saved_at for one in listed(world, "owner").values()} == {None}
    world.service.engine.save_model_draft(
        "follow_up", "plan.form", shipped_files("follow_up")["plan.form"] + b"\n", "owner"
    )
    found = {key: one.draft_saved_at is not None for key, one in listed(world, "owner").items()}
    assert found == {**dict.fromkeys(SHIPPED, False), "follow_up": True}


# --- what is not there, and for whom it is not --------------------------------------------------

QUESTIONS: dict[str, Callable[[Reading], object]] = {
    "processes": models.processes,
    "process": lambda at: models.process(at, "follow_up"),
    "version": lambda at: models.version(at, "follow_up", 1),
    "versions": lambda at: models.versions(at, "follow_up"),
    "files": lambda at: models.files(at, "follow_up", 1),
    "tasks": lambda at: models.tasks_at(at.connection, at.scope, "follow_up", "plan"),
}


@pytest.mark.parametrize("question", QUESTIONS)
@pytest.mark.parametrize("who", ["kemhan", "kemhan-head"])
def test_an_institution_is_told_nothing_of_models(
    small_world: World, question: str, who: str
) -> None:
    with pytest.raises(Forbidden):
        asked(small_world, who, QUESTIONS[question])


@pytest.mark.parametrize(
    ("question", "about"),
    [
        (models.process, ["atlantis"]),
        (models.versions, ["atlantis"]),
        (models.version, ["follow_up", 2]),
        (models.version, ["follow_up", 0]),
        (models.files, ["follow_up", 2]),
    ],
)
def test_a_process_or_version_that_is_not_there_is_not_found(
    small_world: World, question: Callable[..., object], about: list[object]
) -> None:
    with pytest.raises(NotFound):
        asked(small_world, "owner", question, *about)


def test_files_without_the_process_have_no_file_of_it() -> None:
    with pytest.raises(NotFound):
        models.process_file({"asking.bpmn": ASKING}, "follow_up")
