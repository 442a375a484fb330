"""Process models for pages: versions, files, forms, and the positions of cases.

Every question takes the `Scope` and changes nothing; drafts and releases are
`processes.desk.releases`. Numbers include only cases that the reader may read: owners and readers
cleared for everything get the counters; for others the rows are counted.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection

from engine.models.bundle import MESSAGE_FORM, Bundle, read_bundle
from engine.models.elements import Element, ProcessModel
from engine.sentences.errors import NotFound
from engine.sentences.sentence import say
from engine.storage.cases import incidents
from engine.storage.models import definitions, model_drafts
from engine.storage.models.definitions import Version
from processes.acts.reading import Reading
from processes.ground.paging import PAGE, Page, cursor, cut
from processes.register.vocabulary import CLASSIFICATIONS
from processes.rights.access import CASE_PROCESSES, Scope, allows, may
from processes.rights.visibility import visible_instances, visible_tasks
from processes.storage.desk import waiting
from processes.storage.desk.waiting import Counts, Visible
from processes.storage.work.task_rows import OpenTask


@dataclass(frozen=True, slots=True)
class ListedModel:
    """A process in the list. `incidents` None: not the reader's business; `draft_saved_at`: when
    its unreleased draft was saved last, None without one."""

    version: Version
    running: int
    incidents: int | None
    draft_saved_at: datetime | None


@dataclass(frozen=True, slots=True)
class Place:
    """An element and how many tasks wait at it; of an event how many cases it would reach. `older`:
    those of them on a version before the newest; `listed`: the reader may open the list of its
    tasks."""

    element_id: str
    name: str
    number: int
    older: int
    listed: bool


@dataclass(frozen=True, slots=True)
class Numbered:
    """A version and the number of its running instances."""

    version: Version
    running: int


@dataclass(frozen=True, slots=True)
class FormUse:
    """A form of a version: its file, and the names of the elements that use it. `title`: its own,
    else the name of the first element."""

    file: str
    title: str
    used_by: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Released:
    """A version as its page shows it. `places`: where work waits; `armed`: events, which tell
    where no case is: each case listens to several of them while its work goes on elsewhere. Both
    are counted over all versions when it is shown as the process itself, else over this one."""

    version: Version
    model: ProcessModel
    files: Mapping[str, bytes]
    forms: Sequence[FormUse]
    places: Sequence[Place]
    armed: Sequence[Place]
    versions: Sequence[Numbered]


def processes(at: Reading) -> list[ListedModel]:
    """Every process by key, as its newest version."""
    may(at.scope, "read_processes")
    return listed(at, definitions.all_newest(at.connection))


def listed(at: Reading, newest: Sequence[Version]) -> list[ListedModel]:
    """The processes of these newest versions, as the list shows them."""
    keys = waiting.version_keys(at.connection)
    states = _states(at, list(keys))
    running = {version.key: 0 for version in newest}
    for id, key in keys.items():
        running[key] = running.get(key, 0) + _active(states, id)
    return _listed(at, newest, running)


def process(at: Reading, key: str) -> tuple[ListedModel, Released]:
    """A process: as it is listed, and its newest version with the cases of all versions. Raises
    `NotFound`."""
    history = versions(at, key)
    found = _released(at, history[0], history)
    running = {key: sum(one.running for one in found.versions)}
    return _listed(at, [history[0]], running)[0], found


def version(at: Reading, key: str, number: int) -> Released:
    """One version with its own cases. Raises `NotFound`."""
    found = _numbered(at, key, number)
    return _released(at, found, [found])


def versions(at: Reading, key: str) -> list[Version]:
    """All versions of a process, newest first. Raises `NotFound` without any."""
    may(at.scope, "read_processes")
    found = at.ask.versions(key)
    if not found:
        raise NotFound(say("There is no process {key}.", key=key))
    return found


def files(at: Reading, key: str, number: int) -> Mapping[str, bytes]:
    """The files of one version. Raises `NotFound`."""
    return at.ask.files(_numbered(at, key, number).id)


def _numbered(at: Reading, key: str, number: int) -> Version:
    for one in versions(at, key):
        if one.number == number:
            return one
    raise NotFound(say("There is no such process version."))


def process_file(content: Mapping[str, bytes], key: str) -> str:
    """The name of the file that holds the process. Raises `NotFound` if none does."""
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
    """The open tasks at an element, of all versions, oldest first."""
    may(scope, "read_processes")
    place, at = (key, element_id), cursor(after, before)
    found = waiting.tasks_at(connection, place, visible_tasks(scope), at, limit + 1)
    return cut(found, limit, at)


def _listed(
    at: Reading, newest: Sequence[Version], running: Mapping[str, int]
) -> list[ListedModel]:
    saved = model_drafts.last_saved(at.connection)
    repairs = allows(at.scope, "read_incidents")
    stuck = incidents.count_open(at.connection) if repairs else {}
    return [
        ListedModel(
            version,
            running[version.key],
            stuck.get(version.key, 0) if repairs else None,
            saved.get(version.key),
        )
        for version in newest
    ]


def _released(at: Reading, shown: Version, counted: Sequence[Version]) -> Released:
    ids = [one.id for one in counted]
    states, waits = _states(at, ids), _elements(at, ids)
    content = at.ask.files(shown.id)
    bundle = read_bundle(content)
    model = bundle.processes[shown.key]
    places = _places(at, (shown, model), waits)
    return Released(
        shown,
        model,
        content,
        forms_of(bundle, model),
        [place for place, is_event in places if not is_event],
        [place for place, is_event in places if is_event],
        [Numbered(one, _active(states, one.id)) for one in counted],
    )


def forms_of(bundle: Bundle, model: ProcessModel) -> list[FormUse]:
    """The forms among the files, in the order in which the process uses them."""
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
    at: Reading, shown: tuple[Version, ProcessModel], waits: Counts
) -> list[tuple[Place, bool]]:
    """Each place, and whether it is an event, in the order of the drawing; elements only older
    versions have come last."""
    version, model = shown
    sums: dict[str, int] = {}
    for counts in waits.values():
        for element_id, number in counts.items():
            sums[element_id] = sums.get(element_id, 0) + number
    order = [id for id in model.elements if id in sums] + [
        id for id in sums if id not in model.elements
    ]
    opened = _reads_all_counted(at.scope, version.key)
    human = {element.id for element in model.human_tasks()}
    mine = waits.get(version.id, {})
    found = []
    for id in order:
        element = _element(at, id, model, waits)
        name = element.name or id
        place = Place(id, name, sums[id], sums[id] - mine.get(id, 0), opened and id in human)
        found.append((place, element.kind.endswith("Event")))
    return found


def _element(at: Reading, element_id: str, model: ProcessModel, waits: Counts) -> Element:
    if element_id in model.elements:
        return model.elements[element_id]
    version = next(id for id, counts in waits.items() if element_id in counts)
    return at.ask.program(version).element(element_id)


def _states(at: Reading, ids: list[UUID]) -> Counts:
    if _sees_every_number(at.scope):
        return waiting.counted(at.connection, ids, "instances")
    return waiting.states(at.connection, ids, _visible(at.scope))


def _elements(at: Reading, ids: list[UUID]) -> Counts:
    if _sees_every_number(at.scope):
        return waiting.counted(at.connection, ids, "at")
    return waiting.elements(at.connection, ids, _visible(at.scope))


def _sees_every_number(scope: Scope) -> bool:
    """Owners and administrators run the machine: they get numbers, but no contents."""
    return scope.keeps or scope.clearance == CLASSIFICATIONS[-1]


def _reads_all_counted(scope: Scope, key: str) -> bool:
    """Whether the list of tasks shows a reader as many as were counted: a counter tells of tasks
    that they may not read, too."""
    if not _sees_every_number(scope):
        return True
    if key in CASE_PROCESSES:
        return scope.oversees and scope.clearance == CLASSIFICATIONS[-1]
    return scope.keeps


def _visible(scope: Scope) -> Visible:
    return Visible(visible_tasks(scope), visible_instances(scope))


def _active(states: Counts, id: UUID) -> int:
    return states.get(id, {}).get("active", 0)
