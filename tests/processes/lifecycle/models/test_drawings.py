"""The drawings of the shipped models are readable: every element is drawn, and none covers
another.
"""

from __future__ import annotations

from itertools import combinations, pairwise

import pytest

from tests.processes.lifecycle.models.drawn import BPMN, KEYS, Box, Drawn, name_of

LABEL_ROOM = 60
"""Pixels a named flow needs beside its name, as `Putusan` or `belum sesuai` are read."""


@pytest.fixture(scope="module", params=KEYS)
def drawn(request: pytest.FixtureRequest) -> Drawn:
    return Drawn(request.param)


def solid(drawn: Drawn) -> dict[str, Box]:
    """What covers the paper: everything but pool, lanes and notes."""
    return {id: box for id, box in drawn.boxes().items() if id in drawn.nodes}


def test_every_element_and_flow_is_drawn_once(drawn: Drawn) -> None:
    lanes = set(drawn.lanes())
    notes = {n.get("id") for n in drawn.process.findall(f"{BPMN}textAnnotation")}
    pool = {f"{drawn.key}_pool"}
    assert set(drawn.boxes()) == set(drawn.nodes) | lanes | notes | pool
    assert set(drawn.edges()) == set(drawn.flows)


def test_every_element_lies_in_the_lane_it_belongs_to(drawn: Drawn) -> None:
    boxes = drawn.boxes()
    assert sorted(id for ids in drawn.lanes().values() for id in ids) == sorted(drawn.nodes)
    for lane, ids in drawn.lanes().items():
        assert boxes[f"{drawn.key}_pool"].holds(boxes[lane])
        assert [id for id in ids if not boxes[lane].holds(boxes[id])] == []


def test_no_element_covers_another(drawn: Drawn) -> None:
    boxes = solid(drawn)
    for one, other in combinations(boxes, 2):
        hosts = (drawn.nodes[one].get("attachedToRef"), drawn.nodes[other].get("attachedToRef"))
        if one not in hosts and other not in hosts:
            assert not boxes[one].meets(boxes[other]), (one, other)


def test_a_boundary_event_sits_on_the_edge_of_its_task(drawn: Drawn) -> None:
    boxes = drawn.boxes()
    for id, node in drawn.nodes.items():
        if name_of(node) == "boundaryEvent":
            box, host = boxes[id], boxes[node.get("attachedToRef")]
            assert host.on_border(box.x + box.width / 2, box.y + box.height / 2), id


def test_a_flow_runs_at_right_angles_from_its_source_to_its_target(drawn: Drawn) -> None:
    boxes = drawn.boxes()
    for id, points in drawn.edges().items():
        assert boxes[drawn.flows[id].get("sourceRef")].on_border(*points[0]), id
        assert boxes[drawn.flows[id].get("targetRef")].on_border(*points[-1]), id
        assert all(a[0] == b[0] or a[1] == b[1] for a, b in pairwise(points)), id


def test_no_flow_runs_through_an_element(drawn: Drawn) -> None:
    boxes = solid(drawn)
    for id, points in drawn.edges().items():
        ends = {drawn.flows[id].get("sourceRef"), drawn.flows[id].get("targetRef")}
        ends |= {drawn.nodes[end].get("attachedToRef") for end in ends}
        for line in map(_line, pairwise(points)):
            crossed = [other for other, box in boxes.items() if box.meets(line)]
            assert set(crossed) <= ends, id


def _line(ends: tuple[tuple[float, float], tuple[float, float]]) -> Box:
    (ax, ay), (bx, by) = ends
    return Box(min(ax, bx) - 0.5, min(ay, by) - 0.5, abs(ax - bx) + 1, abs(ay - by) + 1)


def test_every_name_outside_a_box_has_a_place_of_its_own(drawn: Drawn) -> None:
    labels, boxes = drawn.labels(), solid(drawn)
    named = {id for id, flow in drawn.flows.items() if flow.get("name")}
    named |= {
        id
        for id, node in drawn.nodes.items()
        if node.get("name") and not name_of(node).endswith("Task")
    }
    assert set(labels) == named
    for one, other in combinations(labels, 2):
        assert not labels[one].meets(labels[other]), (one, other)
    for id, label in labels.items():
        assert [other for other, box in boxes.items() if box.meets(label)] == [], id


def test_no_flow_is_drawn_through_a_name(drawn: Drawn) -> None:
    for id, points in drawn.edges().items():
        for line in map(_line, pairwise(points)):
            struck = [name for name, label in drawn.labels().items() if label.meets(line)]
            assert struck == [], id


def test_a_named_flow_has_room_for_its_name(drawn: Drawn) -> None:
    for id, points in drawn.edges().items():
        if drawn.flows[id].get("name"):
            length = sum(abs(a[0] - b[0]) + abs(a[1] - b[1]) for a, b in pairwise(points))
            assert length >= LABEL_ROOM, id


def test_every_gateway_with_a_choice_asks_and_every_way_out_of_it_is_named(drawn: Drawn) -> None:
    for id, node in drawn.nodes.items():
        if name_of(node) == "exclusiveGateway":
            assert node.get("name", "").endswith("?"), id
            assert all(flow.get("name") for flow in drawn.leaving(id)), id
