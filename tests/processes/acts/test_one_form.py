"""Only acts change anything in the product.

Read from the source: the short list below names every module that opens a writing transaction, or
calls an act of the engine by itself.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from inspect import isfunction
from pathlib import Path
from typing import Final

from engine import Engine
from engine.face.act import Act
from engine.face.external_tasks import ExternalTasks
from engine.workers.acts import ExternalActs

ROOT: Final = Path(__file__).parents[3]
SCRIPTED: Final = "processes/demo/"
"""Fills a database by a script, as everybody in it."""
EXEMPT: Final = {
    "processes/acts/acting.py: service.engine.act": "the transaction of every act",
    "processes/acts/acting.py: service.engine.keep": "the same, of one that may become an incident",
    "processes/acts/service.py: self.engine.transaction": "what the script of the demo is given",
    "processes/composition.py: engine.ship": "start-up: the shipped models",
    "processes/operation/upkeep.py: engine.act": "daily: old sessions and links",
    "processes/files/uploads.py: engine.act": "daily: files nobody handed in",
    "processes/operation/verification.py: engine.act": "daily: what verifying has found",
    "processes/programs/external_work.py: service.engine.external.fetch": (
        "asks the right where it leases"
    ),
}
"""File and call -> what it does there."""
OPENED: Final = {"transaction": None, "write": "database", "repeat": "database"}
"""What opens a writing transaction -> of what, where other things are called so too."""
GIVEN: Final = frozenset({"act", "keep"})
"""What gives an act its transaction: of the engine."""
ALONE: Final = frozenset(
    name for name, one in vars(Act).items() if isfunction(one) and hasattr(Engine, name)
)
"""Acts of the engine, each in a transaction of its own."""
OUTSIDE: Final = frozenset(vars(ExternalActs)) & frozenset(vars(ExternalTasks)) | {"fetch"}
"""The same of external tasks."""
ANY: Final = OPENED.keys() | GIVEN | ALONE | OUTSIDE


def test_whatever_changes_anything_is_an_act() -> None:
    found = {call for call in calls() if not call.startswith(SCRIPTED)}
    assert sorted(found - EXEMPT.keys()) == []
    assert sorted(EXEMPT.keys() - found) == [], "no exemption outlives what needed it"


def test_what_acts_by_itself_is_seen() -> None:
    assert own_acts(ast.parse("def f(service): service.engine.complete(1)"))
    assert own_acts(ast.parse("def f(engine): engine.external.fail(1)"))
    assert own_acts(ast.parse("with service().transaction() as connection: pass"))
    assert not own_acts(ast.parse("def f(act: Acting): act.engine.complete(1)"))
    assert not own_acts(ast.parse("def f(engine: Act): engine.external.fail(1)"))


def calls() -> Iterator[str]:
    """File and call of whatever acts by itself."""
    for wing in ("processes", "web"):
        for path in sorted((ROOT / wing).rglob("*.py")):
            for call in own_acts(ast.parse(path.read_text())):
                yield f"{path.relative_to(ROOT).as_posix()}: {call}"


def own_acts(module: ast.Module) -> list[str]:
    """The calls of a module that act by themselves; those of an act under way do not."""
    under_way = {
        f"{given.arg}."
        for given in ast.walk(module)
        if isinstance(given, ast.arg)
        and given.annotation is not None
        and ast.unparse(given.annotation) in ("Act", "Acting")
    }
    asked = (one.func for one in ast.walk(module) if isinstance(one, ast.Call))
    called = [ast.unparse(f) for f in asked if isinstance(f, ast.Attribute) and f.attr in ANY]
    return [call for call in called if _is_act(call) and not call.startswith(tuple(under_way))]


def _is_act(call: str) -> bool:
    """Whether `a.b.c` opens a transaction, or is an act by itself."""
    *of, name = call.split(".")
    if not of:
        return False
    if name in OPENED:
        return OPENED[name] in (None, of[-1].strip("_"))
    if of[-1] == "external":
        return name in OUTSIDE and "engine" in of
    return of[-1] == "engine" and name in ALONE | GIVEN
