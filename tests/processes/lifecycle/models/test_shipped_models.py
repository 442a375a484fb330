"""The models of the product, and those that an owner has made of them."""

from __future__ import annotations

from processes.composition import PUBLISHER, deploy_shipped, shipped_files
from tests.processes.stories.world import World


def numbers(world: World) -> dict[str, tuple[int, str]]:
    """Key -> newest version and who deployed it."""
    return {one.key: (one.number, one.by) for one in world.service.engine.versions()}


def test_starting_again_makes_no_new_version(small_world: World) -> None:
    assert deploy_shipped(small_world.service.engine) == []
    assert numbers(small_world) == {
        "agreement": (1, PUBLISHER),
        "follow_up": (1, PUBLISHER),
        "recommendation": (1, PUBLISHER),
        "rakor": (1, PUBLISHER),
        "written_report": (1, PUBLISHER),
    }


def test_a_shipped_version_with_other_files_gives_way_to_the_present_one(
    small_world: World,
) -> None:
    engine = small_world.service.engine
    old = shipped_files("follow_up")
    old["follow_up.bpmn"] = old["follow_up.bpmn"].replace(b"Konfirmasi penerimaan", b"Konfirmasi")
    engine.deploy(old, PUBLISHER, shipped=True)
    assert deploy_shipped(engine) == ["follow_up"]
    assert numbers(small_world)["follow_up"] == (3, PUBLISHER)


def released_by_owner(world: World) -> None:
    """The owner renames a task and releases that."""
    engine = world.service.engine
    draft = engine.model_draft("follow_up").files["follow_up.bpmn"]
    theirs = draft.replace(b"Konfirmasi penerimaan", b"Terima")
    engine.save_model_draft("follow_up", "follow_up.bpmn", theirs, "owner")
    engine.release("follow_up", "Nama tugas dipersingkat.", "owner")


def test_what_an_owner_has_released_is_never_replaced(small_world: World) -> None:
    released_by_owner(small_world)
    deploy_shipped(small_world.service.engine)
    assert numbers(small_world)["follow_up"] == (2, "owner")
    assert small_world.service.engine.model_draft("follow_up").changed == {}
