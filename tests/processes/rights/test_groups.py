"""Groups of tasks: one way to write the name of an institution's people, one to take it apart."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

import processes
import web
from processes.rights import groups
from processes.rights.groups import InstitutionGroup

WINGS = [Path(str(wing.__file__)).parent for wing in (processes, web)]
HOME = Path(str(groups.__file__))
RECORD = "institutions.py"
"""Names an institution in the record of acts, where no group is meant."""


@pytest.mark.parametrize("code", ["kemhan", "kl-001", "a:b"])
def test_what_was_written_is_read_again(code: str) -> None:
    assert groups.parse(groups.of_contacts(code)) == InstitutionGroup(code, "contact")
    assert groups.parse(groups.of_heads(code)) == InstitutionGroup(code, "head")


@pytest.mark.parametrize("group", ["coordinator", "supervisor", "institutional", "hr", ""])
def test_a_role_is_no_institution(group: str) -> None:
    assert groups.parse(group) is None


def test_a_task_belongs_to_those_whose_people_it_is_offered_to() -> None:
    offered = ["coordinator", groups.of_heads("polri"), groups.of_contacts("kemhan")]
    assert groups.institutions(offered) == ["polri", "kemhan"]
    assert groups.contacted(offered) == ["kemhan"]


def test_only_this_module_writes_and_reads_their_names() -> None:
    others = [file for wing in WINGS for file in wing.rglob("*.py") if file != HOME]
    assert {file.name for file in others if _names_groups(file)} == {RECORD}


def _names_groups(file: Path) -> bool:
    """Whether a string of the module begins like such a name, or holds one behind `group:`."""
    if "node_modules" in file.parts:
        return False
    texts = (
        node.value
        for node in ast.walk(ast.parse(file.read_text("utf-8")))
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    )
    prefixes = (*groups.PREFIXES.values(), *(f"group:{one}" for one in groups.PREFIXES.values()))
    return any(text.startswith(prefixes) for text in texts)
