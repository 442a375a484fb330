"""Compilations made by order: chosen on a page, made by the worker, fetched by who ordered them.

Owns ordering, making and fetching, and the right to each, which is asked three times: whoever has
lost it meanwhile gets nothing. What the files look like is given by the composition (`Write`). A
worker that is killed leaves the order as it is: its job is tried again, from the beginning.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from io import BytesIO
from typing import Any, Final
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import Connection
from uuid_utils.compat import uuid7

from engine.sentences.errors import BadInput, Conflict, Forbidden, NotFound, Unavailable
from engine.sentences.sentence import Sentence, say
from processes.acts.acting import Acting, act
from processes.acts.service import Service
from processes.documents import office_templates
from processes.documents.kinds import COMPILATION
from processes.documents.office_templates import Template
from processes.files.blobs import MEGABYTE, BlobFolder
from processes.ground.payloads import MakeCompilation
from processes.papers import compilation, selections
from processes.papers.compilation import Paper
from processes.papers.selections import MOST, Selection
from processes.register.compilation_states import OrderState
from processes.register.vocabulary import CLASSIFICATIONS, Classification
from processes.rights.access import Scope, may
from processes.rights.scope import anew, later, operator
from processes.storage.cases.lists.compiled import Compiled
from processes.storage.files import compilation_orders as table
from processes.storage.files.compilation_orders import CompilationFile, CompilationOrder, Known

NOT_THERE: Final = say("There is no such thing, or it is not open to you.")
FORMS: Final = ("docx", "pdf", "xlsx")
KEPT: Final = timedelta(days=7)
"""How long the files can be fetched."""
MOST_UNDER_WAY: Final = 3
"""Orders of one person that wait or are being made: the others' come in between."""
SHOWN: Final = 20
LARGEST: Final = 200 * MEGABYTE
STEP: Final = 10
"""Recommendations between two notes of how far it is."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the files are made of: the papers of all recommendations from one moment, the words of
    the reader, and the template of the office, where it has one."""

    selection: Selection
    papers: Sequence[Paper]
    language: str
    zone: ZoneInfo
    reader: str
    at: datetime
    template: Template | None

    @property
    def classification(self) -> Classification:
        """The highest of all that stands in it."""
        codes = {paper.detail.case.classification for paper in self.papers} | {
            one.classification
            for paper in self.papers
            for part in paper.parts
            for one in part.reports
        }
        return max(codes, key=CLASSIFICATIONS.index)


Write = Callable[[Wanted], Iterator[tuple[str, bytes]]]
"""Makes the files one after the other: (form, content) of each of `FORMS`."""


def without_files(_wanted: Wanted) -> Iterator[tuple[str, bytes]]:
    """Where nobody makes any: an order waits until a service comes that does."""
    raise Unavailable(say("No documents can be made here."))


@act
def order(act: Acting, wanted: Selection, *, language: str, zone: ZoneInfo) -> int:
    """Order the compilation of a selection; return of how many recommendations. Raises `BadInput`
    with the fields `numbers`, `until` or `institution`, `Conflict` where too many are under way."""
    act.may("order_compilation")
    rows = selections.found(act.connection, act.scope, wanted, zone)
    if wrong := _wrong(wanted, rows):
        raise BadInput(say("Please correct the marked fields."), wrong)
    if table.under_way(act.connection, act.scope.user_id) >= MOST_UNDER_WAY:
        raise Conflict(
            say("{limit} of your compilations are still to be made. Wait for one.",
                limit=MOST_UNDER_WAY)
        )  # fmt: skip
    id = uuid7()
    table.add(
        act.connection,
        CompilationOrder(
            id, act.scope.user_id, act.by, wanted.encode(), language, zone.key,
            OrderState.WAITING, 0, len(rows) + len(FORMS), None, act.now,
        ),
    )  # fmt: skip
    act.record("order_compilation", f"compilation:{id}", **wanted.encode())
    act.engine.wake()
    return len(rows)


def _wrong(wanted: Selection, rows: Sequence[Compiled]) -> Mapping[str, Sentence]:
    if wanted.since and wanted.until and wanted.since > wanted.until:
        return {"until": say("This day lies before the first one.")}
    if missing := selections.unknown(wanted.numbers, rows):
        told = ", ".join(missing)
        return {"numbers": say("No issued recommendation fits with the number {n}.", n=told)}
    if not rows:
        return {"numbers": say("Nothing fits this selection.")}
    if len(rows) > MOST:
        most = say("More than {limit} recommendations: narrow the selection.", limit=MOST)
        return {"numbers": most}
    return {}


@dataclass(frozen=True, slots=True)
class Ordered:
    """An order with its files."""

    order: CompilationOrder
    files: Sequence[CompilationFile]

    @property
    def selection(self) -> Selection:
        """What was wanted."""
        return Selection.decode(self.order.selection)


def mine(connection: Connection, scope: Scope) -> Sequence[Ordered]:
    """The reader's newest orders, newest first."""
    may(scope, "read_compilations")
    orders = table.of_person(connection, scope.user_id, SHOWN)
    files = table.files_of(connection, [one.id for one in orders])
    return [Ordered(one, [file for file in files if file.order_id == one.id]) for one in orders]


@act
def fetch(act: Acting, id: UUID, form: str, *, address: str) -> CompilationFile:
    """The facts of a file that its orderer is about to read; the read is recorded in the audit.
    Raises `NotFound` for who did not order it, is not cleared for it any more, or comes too late,
    `Forbidden`."""
    act.may("read_compilations")
    found = table.find(act.connection, id)
    if found is None or found.user_id != act.scope.user_id or not _open(act, found):
        raise NotFound(NOT_THERE)
    for file in table.files_of(act.connection, [id]):
        if file.form == form:
            act.record("read_compilation", f"compilation:{id}", sha256=file.sha256, address=address)
            return file
    raise NotFound(NOT_THERE)


def _open(act: Acting, found: CompilationOrder) -> bool:
    return (
        found.state is OrderState.READY
        and found.expires_at is not None
        and act.now < found.expires_at
        and found.classification in act.scope.cleared_for
    )


@act
def _move(
    act: Acting,
    id: UUID,
    to: OrderState,
    files: Sequence[CompilationFile] = (),
    classification: Classification | None = None,
) -> None:
    """Bring an order to a state, with the files that are kept from then on."""
    known: Known = {"begun_at": act.now, "done": 0}
    if to is not OrderState.MAKING:
        known = {"ended_at": act.now}
    if files and classification:
        known |= {"expires_at": act.now + KEPT, "classification": classification}
    if table.move(act.connection, id, to, known) and files:
        table.add_files(act.connection, files)


@act
def _note(act: Acting, id: UUID, done: int) -> None:
    """Note how far it is."""
    table.note_progress(act.connection, id, done)


@dataclass(frozen=True, slots=True)
class Maker:
    """The `Sender` of `engine.later.loop` that makes what was ordered."""

    service: Service
    write: Write

    def prepare(
        self, connection: Connection, payload: Mapping[str, Any]
    ) -> CompilationOrder | None:
        """The order, if it is still to be made."""
        found = table.find(connection, MakeCompilation.decode(payload).order_id)
        return found if found is not None and found.is_under_way else None

    def send(self, prepared: CompilationOrder) -> None:
        """Read, write, keep; or note why not."""
        self._move(prepared.id, OrderState.MAKING)
        try:
            wanted = self._read(prepared)
        except Forbidden:
            self._move(prepared.id, OrderState.REFUSED)
            return
        if not wanted.papers:
            self._move(prepared.id, OrderState.EMPTY)
            return
        files = list(self._files(prepared, wanted))
        _move(self.service, operator(), prepared.id, OrderState.READY, files, wanted.classification)

    def _files(self, order: CompilationOrder, wanted: Wanted) -> Iterator[CompilationFile]:
        for n, (form, content) in enumerate(self.write(wanted), 1):
            blob = self._folder().receive(
                BytesIO(content), f"compilation {wanted.at:%Y-%m-%d}.{form}"
            )
            self._note(order.id, order.planned - len(FORMS) + n)
            yield CompilationFile(
                uuid7(), order.id, form, blob.sha256, blob.name, blob.type, blob.size
            )

    def _read(self, order: CompilationOrder) -> Wanted:
        """The papers of all recommendations, in one reading with present rights. Raises
        `Forbidden`."""
        zone, chosen = ZoneInfo(order.zone), Selection.decode(order.selection)
        with self.service.reading() as connection:
            ask = self.service.engine.once(connection)
            who = later(order.user_id, order.by, None)
            scope = anew(connection, who, ask.real_now())
            may(scope, "order_compilation")
            papers = []
            rows = selections.found(connection, scope, chosen, zone)[:MOST]
            for n, row in enumerate(rows, 1):
                paper = compilation.of(connection, scope, row.id, ask.now())
                papers.append(selections.narrowed(paper, chosen, zone))
                if n % STEP == 0:
                    self._note(order.id, min(n, order.planned - len(FORMS)))
            template = office_templates.used(
                connection, self._folder(), COMPILATION.key, order.language
            )
            return Wanted(
                chosen, papers, order.language, zone, scope.name, ask.now(), template
            )  # fmt: skip

    def _folder(self) -> BlobFolder:
        return BlobFolder(self.service.options.evidence_dir, LARGEST)

    def _move(self, id: UUID, to: OrderState) -> None:
        _move(self.service, operator(), id, to)

    def _note(self, id: UUID, done: int) -> None:
        """Note how far it is, and that the worker lives."""
        _note(self.service, operator(), id, done)
        self.service.engine.beat()

    def sent(
        self, connection: Connection, payload: Mapping[str, Any], prepared: Any, now: datetime
    ) -> None:
        """Nothing to write: the order says that it is ready."""

    def failed(
        self,
        connection: Connection,
        payload: Mapping[str, Any],
        error: str,
        now: datetime,
        final: bool,
    ) -> None:
        """Nothing to write: the order counts as being made, and a dead job is an incident."""
