"""Where something lives that an engine can be told or asked: said by `Engine`, and so."""

from __future__ import annotations

import inspect
import re
from typing import Final

import pytest

from engine import Engine

PUBLIC: Final = sorted(name for name in dir(Engine) if not name.startswith("_"))
SAID: Final = frozenset(re.findall(r"`(\w+)`", (Engine.__doc__ or "").partition("engine/face")[2]))
"""The modules that the text of the class names, and `external`, by which one of them is reached."""


def home(name: str) -> str:
    """The module in which the body of a public name of `Engine` is written."""
    found = inspect.getattr_static(Engine, name)
    body = found.fget if isinstance(found, property) else getattr(found, "__func__", found)
    return inspect.unwrap(body).__module__


@pytest.mark.parametrize("name", PUBLIC)
def test_whatever_an_engine_can_be_told_or_asked_lives_where_it_says(name: str) -> None:
    own = {"open": "engine.engine", "retry": "engine.engine"}
    assert own.get(name) == home(name) or home(name).rpartition(".")[2] in SAID


def test_every_module_it_names_has_something_of_an_engine() -> None:
    assert {home(name).rpartition(".")[2] for name in PUBLIC} - {"engine"} | {
        "external",
        "external_tasks",
    } == SAID


@pytest.mark.parametrize("name", PUBLIC)
def test_whatever_an_engine_can_be_told_or_asked_is_written_once(name: str) -> None:
    homes = {one.__module__ for one in Engine.__mro__ if name in vars(one)}
    assert len(homes) == 1 or (name == "close" and len(homes) == 2), "later work is told first"
