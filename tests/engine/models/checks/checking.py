"""Checking small models in tests: the findings, and their elements."""

from __future__ import annotations

from collections.abc import Mapping

from engine.models.bundle import read_bundle
from engine.models.checks import Known, check_bundle
from engine.sentences.problems import Problem
from tests.engine.models.building import Part, bpmn, process

NOTHING_KNOWN = Known()


def findings(
    *parts: Part, known: Known = NOTHING_KNOWN, files: Mapping[str, bytes] | None = None
) -> list[Problem]:
    """What is found in process `p` made of `parts`, deployed together with `files`."""
    deployed = {"p.bpmn": bpmn(process("p", *parts)), **(files or {})}
    return check_bundle(read_bundle(deployed), known)


def told(problems: list[Problem], severity: str = "error") -> set[tuple[str, str]]:
    """(element id, code) of each finding of this severity."""
    return {(p.element_id, p.code) for p in problems if p.severity == severity}


def errors(
    *parts: Part, known: Known = NOTHING_KNOWN, files: Mapping[str, bytes] | None = None
) -> set[tuple[str, str]]:
    """(element id, code) of each error in process `p` made of `parts`."""
    return told(findings(*parts, known=known, files=files))


def warnings(
    *parts: Part, known: Known = NOTHING_KNOWN, files: Mapping[str, bytes] | None = None
) -> set[tuple[str, str]]:
    """(element id, code) of each warning in process `p` made of `parts`."""
    return told(findings(*parts, known=known, files=files), "warning")
