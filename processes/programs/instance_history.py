"""The history of an instance that is no case of the register, in words: its steps and their writes,
with the scope of each variable.

A case of the register has a timeline of statements and decisions instead; nobody reads its
variables. Owns the words for events and scopes.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from engine.models.elements import Element
from engine.records.history import Event
from engine.sentences.errors import NotFound
from engine.sentences.sentence import ModelText, Sentence, say
from engine.storage.cases import instances
from processes.acts.reading import Reading
from processes.cases.timeline import act
from processes.programs import engine_view
from processes.rights.access import may
from processes.storage.people import users
from processes.storage.programs.engine_rows import InstanceRow, InstancesWanted

PLACE: Final = re.compile(r"(.*?)(?:\[(\d+)\])?")
"""One part of the path of a scope: an element, and the number of its run."""
HOLDERS: Final = frozenset({"subProcess", "transaction", "adHocSubProcess"})


@dataclass(frozen=True, slots=True)
class Change:
    """A variable that a step has written; None: it was removed or emptied. `scope`: its scope,
    outermost first; empty: the instance."""

    name: str
    value: Any
    scope: Sequence[Sentence] = ()


@dataclass(frozen=True, slots=True)
class Told:
    """One step. `by`: the user's name; None: the product itself."""

    at: datetime
    by: str | None
    sentence: Sentence
    reason: str
    changes: Sequence[Change]


@dataclass(frozen=True, slots=True)
class InstanceHistory:
    """An instance and its steps, newest first. `people`: username -> name of everybody in it."""

    row: InstanceRow
    steps: Sequence[Told]
    people: Mapping[str, str]


def of_instance(at: Reading, instance_id: UUID) -> InstanceHistory:
    """The history of an instance that the reader keeps. Raises `NotFound`, `Forbidden`."""
    may(at.scope, "read_incidents")
    found = engine_view.kept(at.connection, at.scope, InstancesWanted(ids=[instance_id]))
    if not found:
        raise NotFound(say("There is no such instance."))
    row, events = found[0], instances.events(at.connection, instance_id)
    usernames = {row.instance.started_by, *(one.by for one in events)}
    usernames |= {one.details.get("to") for one in events if one.kind == "assign"}
    known = users.names_of(at.connection, {name for name in usernames if name})
    people = {name: known.get(name, name) for name in usernames if name}
    elements = _elements(at, row.instance.definition_id)
    steps = [_told(one, elements, people) for one in reversed(events)]
    return InstanceHistory(row, steps, people)


def _elements(at: Reading, definition_id: UUID) -> Mapping[str, Element]:
    """The elements of a version by id, then those of the processes that it calls."""
    found: dict[str, Element] = {}
    newest: dict[str, UUID] = {}
    waiting, seen = [definition_id], {definition_id}
    while waiting:
        for element in at.ask.program(waiting.pop()).elements.values():
            found.setdefault(element.id, element)
            if element.called_process and not newest:
                newest = {one.key: one.id for one in at.ask.versions()}
            called = newest.get(element.called_process or "")
            if called is not None and called not in seen:
                waiting.append(called)
                seen.add(called)
    return found


def _told(event: Event, elements: Mapping[str, Element], people: Mapping[str, str]) -> Told:
    reason = str(event.details.get("reason") or "")
    changes = [*_changes(event, elements)]
    return Told(event.at, event.by, _sentence(event, elements, people), reason, changes)


def _changes(event: Event, elements: Mapping[str, Element]) -> Iterator[Change]:
    for name, value in event.changed.items():
        yield Change(name, value)
    for path, values in event.scoped.items():
        scope = scope_words(path, elements)
        yield from (Change(name, value, scope) for name, value in values.items())


def scope_words(path: str, elements: Mapping[str, Element]) -> list[Sentence]:
    """The scope of a variable in words, outermost first."""
    parts = [PLACE.fullmatch(part) for part in path.split("/")]
    return [_place(part[1], part[2], elements) for part in parts if part is not None]


def _place(element_id: str, run: str | None, elements: Mapping[str, Element]) -> Sentence:
    element, name = elements.get(element_id), _name(elements, element_id)
    if run:
        return say("{element}, run {number}", element=name, number=run)
    if element is not None and element.kind in HOLDERS:
        return say("sub-process {element}", element=name)
    if element is not None and element.kind == "callActivity":
        return say("process called by {element}", element=name)
    return say("{element}", element=name)


def _name(elements: Mapping[str, Element], element_id: str) -> ModelText:
    element = elements.get(element_id)
    return ModelText((element.name if element else "") or element_id)


def _sentence(event: Event, elements: Mapping[str, Element], people: Mapping[str, str]) -> Sentence:
    about = {"element": _name(elements, str(event.details.get("element") or ""))}
    message = event.details.get("message")
    words = {
        "start": say("Started"),
        "complete": say("{element}: completed", **about),
        "timer": say("{element}: the time has come", **about),
        "message": say("{element}: {message} received", **about, message=message)
        if message
        else say("{element}: told to go on", **about),
        "withdraw": say("Ended before its time"),
        "incident": say("{element}: failed, waits for repair", **about),
        "discard": say("What failed was given up"),
    }
    names = {id: element.name or id for id, element in elements.items()}
    return words.get(event.kind) or act(event, names, people) or say("Noted")
