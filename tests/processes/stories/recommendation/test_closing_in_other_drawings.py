"""Ending over open follow-ups in drawings of former versions, and in an owner's own."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any
from uuid import UUID

import pytest
from lxml import etree

from engine.sentences.errors import BadInput, Conflict
from processes.cases.follow_up import left_to_finish
from processes.composition import shipped_files
from processes.work import tasks
from tests.processes.lifecycle.models.drawn import BPMN
from tests.processes.stories.recommendation.test_closing import (
    LETTER,
    OWING,
    REST,
    before_its_end,
    bring_to,
    ended,
    row,
    subjects,
    successor,
    to_its_issue,
)
from tests.processes.stories.test_happy_path import CONCLUSION
from tests.processes.stories.world import World

DI = "{http://www.omg.org/spec/BPMN/20100524/DI}"


def redrawn(
    key: str, gone: Collection[str], flows: Mapping[str, tuple[str, str]]
) -> dict[str, bytes]:
    """The shipped files, drawn without these elements and with these flows: id -> from, to."""
    files = shipped_files(key)
    root = etree.fromstring(files[f"{key}.bpmn"])
    dropped = set(gone)
    for one in [*root.iter(f"{BPMN}sequenceFlow")]:
        if {one.get("sourceRef"), one.get("targetRef")} & set(gone):
            dropped.add(one.get("id"))
    for one in [*root.iter()]:
        about = one.get("bpmnElement") if isinstance(one.tag, str) else None
        refers = one.text in dropped if isinstance(one.tag, str) and not len(one) else False
        if isinstance(one.tag, str) and (one.get("id") in dropped or about in dropped or refers):
            one.getparent().remove(one)
    process = root.find(f"{BPMN}process")
    for id, (source, target) in flows.items():
        for node, kind in ((source, "outgoing"), (target, "incoming")):
            (end,) = [one for one in process if one.get("id") == node]
            etree.SubElement(end, f"{BPMN}{kind}").text = id
        made = etree.SubElement(process, f"{BPMN}sequenceFlow")
        made.attrib.update({"id": id, "sourceRef": source, "targetRef": target})
    for one in root.iter(f"{BPMN}exclusiveGateway"):
        leaving = [flow.text for flow in one.findall(f"{BPMN}outgoing")]
        if one.get("default") not in leaving:
            one.set("default", leaving[-1])
    return {**files, f"{key}.bpmn": etree.tostring(root)}


def in_a_former_follow_up(world: World) -> None:
    """Its third track has one end, tells no parent, and knows no kind."""
    gone = ("tell_parent_of_withdrawal", "carried_over", "ended_carried_over")
    flows = {"to_the_end": ("record_withdrawal", "ended_withdrawn")}
    world.service.engine.deploy(redrawn("follow_up", gone, flows), "owner")


def in_a_former_recommendation(world: World) -> None:
    """Nobody decides what happens to the rest."""
    gone = (
        "decide_remaining", "escalate_decide_remaining", "remaining_decided", "settle_remaining",
    )  # fmt: skip
    flows = {"on_to_close": ("draft_next", "close"), "to_close": ("continues", "close")}
    world.service.engine.deploy(redrawn("recommendation", gone, flows), "owner")


def test_a_follow_up_of_a_former_version_is_carried_over_all_the_same(world: World) -> None:
    in_a_former_follow_up(world)
    id = ended(world)
    old = world.follow_up(id, "kemenperin")
    following = to_its_issue(world, id, ["kemenperin"])
    world.do("coordinator", "send_out", following, **LETTER)
    assert (world.case(old).status, world.status(old)) == ("carried_over", "completed")
    assert world.case(world.follow_up(id, "kemenkeu")).status == "withdrawn"
    assert "Carried over into the next recommendation" in subjects(world, "kemenperin")
    assert world.service.engine.incidents() == []


def test_a_recommendation_of_a_former_version_leaves_its_rest_to_finish_and_says_so(
    world: World,
) -> None:
    in_a_former_recommendation(world)
    id = before_its_end(world)
    answers: dict[str, Any] = {"decision": "next", "remaining": REST, **CONCLUSION}
    world.do("coordinator", "evaluate_overall", id, **answers)
    assert world.recommendation(id).status == "closed"
    for code in OWING:
        case = world.case(world.follow_up(id, code))
        assert (case.treatment, case.successor_id) == ("left_to_finish", None), code
    assert "Closed with open follow-ups" in subjects(world, "asdep")
    assert institutions(world, successor(world, id)) == set(), "else they would owe it twice"
    assert world.service.engine.incidents() == []


def institutions(world: World, id: UUID) -> set[str]:
    """Whom a draft asks before it is registered."""
    from processes.storage.cases import recommendation_rows

    with world.service.reading() as connection:
        return set(recommendation_rows.institutions_of(connection, id))


def test_a_follow_up_that_hears_of_no_withdrawal_is_refused_by_name(small_world: World) -> None:
    world = small_world
    gone = (
        "withdrawn", "record_withdrawal", "tell_parent_of_withdrawal", "carried_over",
        "ended_withdrawn", "ended_carried_over",
    )  # fmt: skip
    world.service.engine.deploy(redrawn("follow_up", gone, {}), "owner")
    id = before_its_end(world)
    task = world.task(id, "evaluate_overall")
    coordinator = world.person("coordinator")
    with pytest.raises(BadInput) as refused:
        answers = {"decision": "next", "remaining": REST, **CONCLUSION}
        tasks.complete(world.service, coordinator, task.id, answers)
    assert set(refused.value.fields) == {
        "remaining[0].treatment", "remaining[1].treatment",
    }  # fmt: skip
    rest = [row(code, "left_to_finish") for code in OWING]
    world.do("coordinator", "evaluate_overall", id, decision="next", remaining=rest, **CONCLUSION)
    world.do("asdep", "decide_remaining", id, remaining_approved="yes")
    left = world.follow_up(id, "kemenperin")
    with pytest.raises(Conflict, match="knows no withdrawal"):
        left_to_finish.withdraw(
            world.service, world.person("asdep"), left, reason="Usang.", letter_number=""
        )
    following = to_its_issue(world, id, ["kemenperin", "kemhan"])
    world.do("coordinator", "send_out", following, **LETTER)
    assert {case.institution for case in world.follow_ups(following)} == {"kemhan"}
    bring_to(world, left, "evaluate")
    world.evaluate(left, "conforms")
    assert world.case(left).status == "closed"
    assert world.service.engine.incidents() == []
