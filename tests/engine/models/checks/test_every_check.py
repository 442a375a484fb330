"""Each check of a model is asked: none is written and then forgotten."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from importlib import import_module
from inspect import getmembers, isfunction
from pkgutil import walk_packages
from types import CodeType, FrameType

from engine.models import checks
from tests.engine.models.building import end, start, user_task
from tests.engine.models.checks.checking import findings


def written() -> Iterator[tuple[str, CodeType]]:
    """Each function of the room that is named as a check, with its name."""
    for module in walk_packages(checks.__path__, checks.__name__ + "."):
        for name, function in getmembers(import_module(module.name), isfunction):
            if name.startswith("check_") and function.__module__ == module.name:
                yield f"{module.name}.{name}", function.__code__


def test_every_check_of_the_room_is_asked_of_every_model() -> None:
    asked: set[CodeType] = set()

    def note(frame: FrameType, event: str, _: object) -> None:
        if event == "call":
            asked.add(frame.f_code)

    before = sys.getprofile()
    sys.setprofile(note)
    try:
        findings(start(), user_task("a"), end())
    finally:
        sys.setprofile(before)
    forgotten = [name for name, code in written() if code not in asked]
    assert forgotten == []
    assert len(list(written())) > 50
