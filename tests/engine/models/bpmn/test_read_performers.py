"""BPMN's own words for the people of a task are read as in Camunda 7."""

from __future__ import annotations

import pytest

from engine.language import Expression
from tests.engine.models.bpmn.test_read_bpmn import element, only_problem
from tests.engine.models.building import Part, node, user_task


def role(kind: str, text: str) -> Part:
    formal = f"<formalExpression>{text}</formalExpression>"
    assigned = f"<resourceAssignmentExpression>{formal}</resourceAssignmentExpression>"
    return Part(f"<{kind}>{assigned}</{kind}>")


def sources(expressions: tuple[Expression, ...]) -> list[str]:
    return [expression.source for expression in expressions]


def test_owners_are_users_groups_and_plain_names_of_groups() -> None:
    task = element(user_task("a", role("potentialOwner", "user(ani), group(${unit}), asdep")))
    assert sources(task.candidate_users) == ["ani"]
    assert [g.evaluate({"unit": "x"}) for g in task.candidate_groups] == ["x", "asdep"]


def test_owners_come_beside_the_candidates_of_the_attributes() -> None:
    owner = role("potentialOwner", "group(asdep)")
    task = element(user_task("a", owner, camunda_candidateGroups="coordinator"))
    assert sources(task.candidate_groups) == ["coordinator", "asdep"]


def test_a_performer_is_the_assignee() -> None:
    task = element(user_task("a", role("humanPerformer", "${boss}")))
    assert task.assignee is not None
    assert task.assignee.evaluate({"boss": "ani"}) == "ani"


def test_two_assignees_are_refused() -> None:
    task = user_task("a", role("humanPerformer", "ani"), camunda_assignee="budi")
    assert only_problem(task).code == "assignee"


@pytest.mark.parametrize(
    "part",
    [
        user_task("a", role("performer", "ani")),
        node("task", "a", role("potentialOwner", "ani")),
    ],
)
def test_roles_that_assign_nobody_are_told(part: Part) -> None:
    assert only_problem(part).code == "ignored"
