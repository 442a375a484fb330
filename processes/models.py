"""Process models as pages show them: versions, files, forms, and where cases stand in them.

Every question takes the `Scope` and changes nothing; drafts and releases are
`processes.releases`. Numbers hold only what the reader may see: owners and those cleared for
everything get the counters, others what is counted for them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection

from engine.errors import NotFound
from engine.models.bundle import MESSAGE_FORM, Bundle, read_bundle
from engine.models.elements import ProcessModel
from engine.storage import definitions, incidents, model_drafts
from engine.storage.definitions import Version
from engine.words import say
from processes.access import CASE_PROCESSES, Scope, allows, may
from processes.paging import PAGE, Page, cursor, cut
from processes.service import Service
from processes.storage import waiting
from processes.storage.task_rows import OpenTask
from processes.storage.waiting import Counts, Visible
from processes.visibility import visible_instances, visible_tasks
from processes.vocabulary import CLASSIFICATIONS


@dataclass(frozen=True, slots=True)
class Listed:
    """A process in the list. `incidents` None: not the reader's business; `draft_saved_at`: when
    its unreleased draft was saved last, None without one."""

    version: Version
    running: int
    incidents: int | None
    draft_saved_at: datetime | None


@dataclass(frozen=True, slots=True)
class Place:
    """An element where cases wait. `older`: those of them on a version before the newest;
    `listed`: the reader may open the list of its tasks."""

    element_id: str
    name: str
    number: int
    older: int
    listed: bool


@dataclass(frozen=True, slots=True)
class Numbered:
    """A version and how many of its instances run."""

    version: Version
    running: int


@dataclass(frozen=True, slots=True)
class FormUse:
    """A form of a version: its file, and the names of the elements that ask it. `title`: its own,
    else that of the first element."""

    file: str
    title: str
    used_by: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Released:
    """A version as its page shows it. `places` are counted over all versions when it is shown as
    the process itself, else over this one."""

    version: Version
    model: ProcessModel
    files: Mapping[str, bytes]
    forms: Sequence[FormUse]
    places: Sequence[Place]
    versions: Sequence[Numbered]


def processes(service: Service, scope: Scope) -> list[Listed]:
    """Every process by key, as its newest version."""
    may(scope, "read_processes")
    with service.reading() as connection:
        newest = definitions.all_newest(connection)
        keys = waiting.version_keys(connection)
        states = _states(connection, scope, list(keys))
        saved = model_drafts.last_saved(connection)
        stuck = incidents.count_open(connection)
    repairs = allows(scope, "read_incidents")
    return [
        Listed(
            version,
            sum(_active(states, id) for id, key in keys.items() if key == version.key),
            stuck.get(version.key, 0) if repairs else None,
            saved.get(version.key),
        )
        for version in newest
    ]


def process(service: Service, scope: Scope, key: str) -> Released:
    """A process: its newest version, with the cases of all versions. Raises `NotFound`."""
    history = versions(service, scope, key)
    return _released(service, scope, history[0], history)


def version(service: Service, scope: Scope, key: str, number: int) -> Released:
    """One version with its own cases. Raises `NotFound`."""
    history = versions(service, scope, key)
    found = next((one for one in history if one.number == number), None)
    if found is None:
        raise NotFound(say("There is no such process version."))
    return _released(service, scope, found, [found])


def versions(service: Service, scope: Scope, key: str) -> list[Version]:
    """All versions of a process, newest first. Raises `NotFound` when there is none."""
    may(scope, "read_processes")
    found = service.engine.versions(key)
    if not found:
        raise NotFound(say("There is no process {key}.", key=key))
    return found


def files(service: Service, scope: Scope, key: str, number: int) -> Mapping[str, bytes]:
    """The files of one version. Raises `NotFound`."""
    for one in versions(service, scope, key):
        if one.number == number:
            return service.engine.files(one.id)
    raise NotFound(say("There is no such process version."))


def process_file(content: Mapping[str, bytes], key: str) -> str:
    """The name of the file that holds the process. Raises `NotFound` when none does."""
    found = read_bundle(content).processes.get(key)
    if found is None:
        raise NotFound(say("No file of this draft holds the process {key}.", key=key))
    return found.file


def tasks_at(
    connection: Connection,
    scope: Scope,
    key: str,
    element_id: str,
    *,
    after: UUID | None = None,
    before: UUID | None = None,
    limit: int = PAGE,
) -> Page[OpenTask]:
    """The open tasks behind the number at an element, of all versions, oldest first."""
    may(scope, "read_processes")
    place, at = (key, element_id), cursor(after, before)
    found = waiting.tasks_at(connection, place, visible_tasks(scope), at, limit + 1)
    return cut(found, limit, at)


def _released(
    service: Service, scope: Scope, shown: Version, counted: Sequence[Version]
) -> Released:
    ids = [one.id for one in counted]
    with service.reading() as connection:
        states = _states(connection, scope, ids)
        at = _elements(connection, scope, ids)
    content = service.engine.files(shown.id)
    bundle = read_bundle(content)
    model = bundle.processes[shown.key]
    return Released(
        shown,
        model,
        content,
        forms_of(bundle, model),
        _places(service, scope, (shown, model), at),
        [Numbered(one, _active(states, one.id)) for one in counted],
    )


def forms_of(bundle: Bundle, model: ProcessModel) -> list[FormUse]:
    """The forms among the files, in the order in which the process asks them."""
    askers: dict[str, list[str]] = {}
    for element in model.elements.values():
        form = element.form_ref or element.properties.get(MESSAGE_FORM, "")
        if form in bundle.forms:
            askers.setdefault(form, []).append(element.name or element.id)
    return [
        FormUse(bundle.form_files[id], bundle.forms[id].title or names[0], tuple(names))
        for id, names in askers.items()
    ]


def _places(
    service: Service, scope: Scope, shown: tuple[Version, ProcessModel], at: Counts
) -> list[Place]:
    """In the order of the drawing; elements only older versions have come last."""
    version, model = shown
    sums: dict[str, int] = {}
    for counts in at.values():
        for element_id, number in counts.items():
            sums[element_id] = sums.get(element_id, 0) + number
    order = [id for id in model.elements if id in sums] + [
        id for id in sums if id not in model.elements
    ]
    opened = scope.oversees or version.key not in CASE_PROCESSES
    human = {element.id for element in model.human_tasks()}
    mine = at.get(version.id, {})
    return [
        Place(
            id,
            _name(service, id, model, at),
            sums[id],
            sums[id] - mine.get(id, 0),
            opened and id in human,
        )
        for id in order
    ]


def _name(service: Service, element_id: str, model: ProcessModel, at: Counts) -> str:
    if element_id in model.elements:
        return model.elements[element_id].name or element_id
    for definition_id, counts in at.items():
        if element_id in counts:
            return service.engine.program(definition_id).element(element_id).name or element_id
    return element_id


def _states(connection: Connection, scope: Scope, ids: list[UUID]) -> Counts:
    if _sees_every_number(scope):
        return waiting.counted(connection, ids, "instances")
    return waiting.states(connection, ids, _visible(scope))


def _elements(connection: Connection, scope: Scope, ids: list[UUID]) -> Counts:
    if _sees_every_number(scope):
        return waiting.counted(connection, ids, "at")
    return waiting.elements(connection, ids, _visible(scope))


def _sees_every_number(scope: Scope) -> bool:
    """Owners and administrators run the machine: they are told how much there is, never what."""
    return scope.keeps or scope.clearance == CLASSIFICATIONS[-1]


def _visible(scope: Scope) -> Visible:
    return Visible(visible_tasks(scope), visible_instances(scope))


def _active(states: Counts, id: UUID) -> int:
    return states.get(id, {}).get("active", 0)
