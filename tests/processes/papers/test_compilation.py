"""All reports of one recommendation in one paper: what of it each reader finds."""

from __future__ import annotations

from uuid import UUID

import pytest

from engine.sentences.errors import NotFound
from processes.cases.follow_up import follow_up_acts
from processes.cases.follow_up.follow_up_acts import Said
from processes.papers import compilation
from processes.papers.compilation import Paper
from tests.processes.stories.world import World


def paper(world: World, id: UUID, who: str = "coordinator") -> Paper:
    with world.service.reading() as connection:
        return compilation.of(connection, world.person(who), id, world.clock.now)


def reported(world: World, **report: str) -> UUID:
    """Kemhan and Kemenperin have handed in; of Kemhan something was said before."""
    id = world.issued()
    for institution in ("kemhan", "kemenperin"):
        case = world.follow_up(id, institution)
        if institution == "kemhan":
            said = Said("Sudah 60 persen.", "Sesjen", world.today())
            follow_up_acts.record_statement(world.service, world.person("coordinator"), case, said)
        world.to_report(institution, case)
        world.hand_in(institution, case, letter_number=f"B/{institution}", **report)
    return id


def test_each_part_holds_what_its_own_institution_wrote_and_said(small_world: World) -> None:
    parts = {
        one.position.cell.institution: one
        for one in paper(small_world, reported(small_world)).parts
    }
    assert list(parts) == ["kemhan", "kemenperin"], "the lead comes first"
    for institution, part in parts.items():
        assert [one.letter_number for one in part.reports] == [f"B/{institution}"]
        assert [one.percent for one in part.progress] == [100]
        assert [one.uploaded_by for one in part.evidence] == [institution]
    assert [one.statement.text for one in parts["kemhan"].statements] == ["Sudah 60 persen."]
    assert parts["kemhan"].statements[0].confirmed, "by the report"
    assert parts["kemenperin"].statements == []


def test_an_institution_finds_its_own_part_only(small_world: World) -> None:
    found = paper(small_world, reported(small_world), "kemenperin")
    assert [one.position.cell.institution for one in found.parts] == ["kemenperin"]


def test_a_report_above_the_clearance_is_left_out_and_its_part_stays(small_world: World) -> None:
    world = small_world
    id = reported(world, classification="secret")
    world.evaluate(world.follow_up(id, "kemhan"), "not_yet_conforms", notes="Rahasia.",
                   rework_deadline="2026-03-31")  # fmt: skip
    world.lower_clearance("asdep", "restricted")
    for who, number in (("deputi", 1), ("asdep", 0)):
        parts = paper(world, id, who).parts
        assert [len(one.reports) for one in parts] == [number, number]
        assert [len(one.evidence) for one in parts] == [number, number]
        assert len(parts[0].evaluations) == number
        assert [len(one.progress) for one in parts] == [1, 1]


def test_the_matrix_of_the_last_meeting_stays_as_it_was_kept(small_world: World) -> None:
    world = small_world
    id = world.issued(rollup_rule="lead")
    assert paper(world, id).snapshot is None
    world.finish("kemhan", world.follow_up(id, "kemhan"))
    world.finish("kemenperin", world.follow_up(id, "kemenperin"))
    found = paper(world, id)
    assert found.snapshot is not None
    kept = {row["institution"]: row["status"] for row in found.snapshot.matrix}
    assert kept == {"kemhan": "closed", "kemenperin": "acknowledge"}
    assert {one.position.cell.status for one in found.parts} == {"closed"}


@pytest.mark.parametrize("who", ["kemenkeu", "owner", "admin"])
def test_for_others_there_is_no_such_paper(small_world: World, who: str) -> None:
    with pytest.raises(NotFound):
        paper(small_world, small_world.issued(), who)
