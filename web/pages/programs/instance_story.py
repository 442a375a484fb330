"""The history of an instance, day by day, in the reader's language.

Owns the form of values and scopes. `processes.programs.instance_history` has the events.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby
from typing import Any

from processes.programs.instance_history import Change, InstanceHistory
from web.words.i18n import formats, gettext, render
from web.words.people_names import know, look_up


@dataclass(frozen=True, slots=True)
class Value:
    """A variable and its new value; `scope` is empty for a variable of the instance itself."""

    name: str
    shown: str
    scope: str


@dataclass(frozen=True, slots=True)
class Step:
    """One step in words; `note`: its author."""

    words: str
    reason: str
    note: str
    at: datetime
    values: Sequence[Value]


def drawn(found: InstanceHistory) -> list[tuple[date, list[Step]]]:
    """The steps by day, in the order given."""
    know(found.people)
    people = look_up({step.by for step in found.steps if step.by})
    shown = [
        Step(
            render(one.sentence),
            one.reason,
            people[one.by] if one.by else "",
            one.at,
            [_value(change) for change in one.changes],
        )
        for one in found.steps
    ]
    return [(day, list(group)) for day, group in groupby(shown, _day)]


def _day(step: Step) -> date:
    return step.at.astimezone(formats().zone).date()


def _value(change: Change) -> Value:
    scope = " › ".join(render(place) for place in change.scope)
    return Value(change.name, _shown(change.value), scope)


def _shown(value: Any) -> str:
    """History stores short and plain values only; for any other value it only says that there is
    one."""
    if value is None:
        return gettext("empty")
    if isinstance(value, bool):
        return gettext("yes") if value else gettext("no")
    if isinstance(value, int | float):
        return formats().number(value)
    return gettext("not recorded here") if value == "…" else str(value)
