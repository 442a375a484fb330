"""A table that would fail at run time is refused at deployment."""

from __future__ import annotations

from engine.models.bundle import read_bundle
from engine.models.checks import Known, check_bundle
from tests.engine.decisions.tables import dmn


def found(policy: str) -> list[tuple[str, str]]:
    rows = [["< 5", "1"], [">= 4", "2"]]
    content = dmn(["x:number"], ["n"], rows, attributes=f'hitPolicy="{policy}"')
    problems = check_bundle(read_bundle({"level.dmn": content}), Known())
    return [(problem.element_id, problem.code) for problem in problems]


def test_rules_that_overlap_are_a_finding_of_the_deployment() -> None:
    assert found("UNIQUE") == [("r2", "overlap")]
    assert found("FIRST") == []
