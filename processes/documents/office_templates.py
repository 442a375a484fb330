"""Templates that an office uses instead of ours: brought, looked at, chosen, and given up.

Owns these acts, and which template a document is made from. Every version is kept, with who brought
it and when; which of them counted, too. The PDF keeps our layout.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from sqlalchemy import Connection
from uuid_utils.compat import uuid7

from engine.sentences.errors import BadInput, Conflict, NotFound
from engine.sentences.sentence import say
from processes.acts.acting import Acting, act
from processes.documents.checking import check
from processes.documents.kinds import KINDS, Kind
from processes.documents.word import MEDIA_TYPE
from processes.files.blobs import MEGABYTE, Blob, BlobFolder
from processes.rights.access import Scope, may
from processes.storage.files import document_templates as table
from processes.storage.files.document_templates import DocumentTemplate, TemplateChoice

NOT_THERE: Final = say("There is no such thing, or it is not open to you.")
LARGEST: Final = 5 * MEGABYTE
SHOWN: Final = 20


@dataclass(frozen=True, slots=True)
class Template:
    """A template of the office that counts: its version, and its content."""

    version: DocumentTemplate
    content: bytes


@dataclass(frozen=True, slots=True)
class Standing:
    """Which template counts for a kind in a language; `version` None: ours."""

    kind: Kind
    language: str
    version: DocumentTemplate | None


def kind_of(key: str, language: str) -> Kind:
    """A kind that is written in this language. Raises `NotFound`."""
    kind = KINDS.get(key)
    if kind is None or language not in kind.languages:
        raise NotFound(NOT_THERE)
    return kind


def used(connection: Connection, folder: BlobFolder, key: str, language: str) -> Template | None:
    """The template of the office for a document that is being made; None: ours."""
    version = table.counting(connection, key, language)
    if version is None:
        return None
    with folder.open(version.sha256) as file:
        return Template(version, file.read())


def listed(connection: Connection, scope: Scope) -> Sequence[Standing]:
    """Every kind in every language, and which template counts."""
    may(scope, "read_templates")
    counting = table.all_counting(connection)
    return [
        Standing(kind, language, counting.get((kind.key, language)))
        for kind in KINDS.values()
        for language in kind.languages
    ]


@dataclass(frozen=True, slots=True)
class History:
    """The versions and choices of a kind in a language, newest first."""

    kind: Kind
    language: str
    versions: Sequence[DocumentTemplate]
    choices: Sequence[TemplateChoice]

    @property
    def counting(self) -> UUID | None:
        """The version that counts; None: ours."""
        return self.choices[0].template_id if self.choices else None


def history(connection: Connection, scope: Scope, key: str, language: str) -> History:
    """What was brought and what counted. Raises `NotFound`."""
    may(scope, "read_templates")
    kind = kind_of(key, language)
    return History(
        kind, language,
        table.versions(connection, key, language, SHOWN),
        table.choices(connection, key, language, SHOWN),
    )  # fmt: skip


def version(connection: Connection, scope: Scope, id: UUID) -> DocumentTemplate:
    """One version. Raises `NotFound`."""
    may(scope, "read_templates")
    found = table.find(connection, id)
    if found is None:
        raise NotFound(NOT_THERE)
    return found


@act
def bring(act: Acting, key: str, language: str, blob: Blob) -> UUID:
    """Store a template that was received; it counts when it is chosen. Raises `BadInput` with the
    field `template` for one that does more than name fields of its kind, `NotFound`."""
    act.may("manage_templates")
    kind = kind_of(key, language)
    if blob.type != MEDIA_TYPE:
        wrong = say("This is no Word file (.docx).")
        raise BadInput(wrong, {"template": wrong})
    with BlobFolder(act.service.options.evidence_dir).open(blob.sha256) as file:
        check(file.read(LARGEST + 1), kind)
    row = DocumentTemplate(
        uuid7(), key, language, blob.sha256, blob.name, blob.size, act.now, act.by
    )
    table.add(act.connection, row)
    act.record("bring_template", f"template:{key}:{language}", sha256=blob.sha256, name=blob.name)
    return row.id


@act
def choose(act: Acting, id: UUID) -> DocumentTemplate:
    """Let a version count from now on. Raises `NotFound`, `Conflict` if it counts already."""
    act.may("manage_templates")
    found = table.find(act.connection, id)
    if found is None:
        raise NotFound(NOT_THERE)
    _choose(act, found.kind, found.language, id)
    return found


@act
def return_to_ours(act: Acting, key: str, language: str) -> None:
    """Let our template count again. Raises `NotFound`, `Conflict` if it does already."""
    act.may("manage_templates")
    kind_of(key, language)
    _choose(act, key, language, None)


def _choose(act: Acting, key: str, language: str, id: UUID | None) -> None:
    counts = table.counting(act.connection, key, language)
    if (counts.id if counts else None) == id:
        raise Conflict(say("This template counts already."))
    table.choose(act.connection, TemplateChoice(uuid7(), key, language, id, act.now, act.by))
    act.record("choose_template", f"template:{key}:{language}", version=str(id) if id else "ours")
