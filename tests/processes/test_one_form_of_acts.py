"""Whoever acts does so through `processes.acting`: nobody goes past it to the engine's own acts."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from inspect import isfunction
from pathlib import Path

from engine import Engine
from engine.act import Act
from engine.external_acts import ExternalActs

ROOT = Path(__file__).parent.parent.parent
NO_ACTS = {"lock", "hold", "wake"}
"""What an act is made of, or what is told after it."""
EXEMPT = {
    "processes/composition.py": {"ship"},  # the product itself, as it starts
    "processes/deadline_mover.py": {"extend"},  # a job: who planned it was asked then
}


def acts() -> set[str]:
    """The names of the engine's acts, by themselves or upon external tasks."""
    alone = {name for name, one in vars(Act).items() if isfunction(one) and hasattr(Engine, name)}
    upon_tasks = set(vars(ExternalActs))
    return {name for name in alone | upon_tasks if not name.startswith("_")} - NO_ACTS


def called(source: str) -> Iterator[str]:
    """The engine's acts that are called here without an `Acting`."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            holder = ast.unparse(node.func.value)
            past = holder.removesuffix(".external").endswith("engine")
            if past and not holder.startswith("act.") and node.func.attr in acts():
                yield node.func.attr


def test_nobody_goes_past_the_form_to_the_engine() -> None:
    found = {
        str(file.relative_to(ROOT)): set(called(file.read_text()))
        for wing in ("processes", "web")
        for file in (ROOT / wing).rglob("*.py")
    }
    assert {file: names for file, names in found.items() if names} == EXEMPT


def test_going_past_it_would_be_seen() -> None:
    assert {"complete", "extend", "release", "set_retries", "deploy", "retry"} <= acts()
    for past in (
        "service.engine.extend(id)",
        "service().engine.external.release(id)",
        "self.engine.extend(id)",
        "engine.deploy(files)",
    ):
        assert list(called(past)), past
    assert not list(called("act.engine.extend(id)\nact.engine.external.release(id)"))
