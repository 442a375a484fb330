"""Example values of a kind: each text is the name of its field, each list has two items.

Owns what a template is previewed with, so that each place shows which field stands there.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import fields, is_dataclass
from typing import Any, TypeVar, get_args, get_origin, get_type_hints

V = TypeVar("V")


def of(kind: type[V]) -> V:
    """Example values."""
    return _filled(kind, "")


def _filled(kind: type[V], before: str) -> V:
    hints = get_type_hints(kind)
    assert is_dataclass(kind)
    return kind(**{one.name: _value(hints[one.name], before + one.name) for one in fields(kind)})


def _value(hint: Any, name: str) -> Any:
    if get_origin(hint) is Sequence:
        (item,) = get_args(hint)
        return tuple(_value(item, f"{name} {n}") for n in (1, 2))
    return (
        _filled(hint, f"{name}: ") if isinstance(hint, type) and is_dataclass(hint) else f"[{name}]"
    )


def names(kind: type[Any]) -> list[str]:
    """The fields that a template of a kind may name; those of a list's items with their list."""
    return list(_names(kind, ""))


def _names(kind: type[Any], before: str) -> Iterator[str]:
    hints = get_type_hints(kind)
    for one in fields(kind):
        name, hint = before + one.name, hints[one.name]
        if get_origin(hint) is not Sequence:
            yield name
            continue
        (item,) = get_args(hint)
        yield f"{name}[]"
        if isinstance(item, type) and is_dataclass(item):
            yield from _names(item, f"{name}[].")
