"""Files that come with a form: stored at once, so that a refused form keeps them.

Owns the way from a request to upload rows. `processes.files.blobs` decides which files are allowed.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import IO
from uuid import UUID

from flask import current_app, request, url_for

from engine.sentences.errors import BadInput
from engine.sentences.sentence import Sentence, say
from processes.files import uploads
from processes.files.blobs import MEGABYTE, BlobFolder, TooLarge, clean_name
from processes.storage.files.evidence import Upload
from web.configuration.settings import Settings
from web.forms.submission import REFUSED, Texts, forgive
from web.forms.view import Upload as UploadView
from web.gate.visitor import options, scope, service
from web.reading import begun


def settings() -> Settings:
    """The operator's settings."""
    found: Settings = current_app.config["TINDAK_SETTINGS"]
    return found


def folder(largest: int = 0) -> BlobFolder:
    """The folder of files, for reading; or for receiving one of at most `largest` bytes."""
    return BlobFolder(options().evidence_dir, largest)


def take_in(texts: Texts, task_id: UUID | None) -> dict[str, Sentence]:
    """Store the files of this request and add their ids to `texts`, under the name of their field;
    what is wrong with those that were refused, by field. A refusal stays among the texts until
    another file is chosen there, or none. One transaction for each file."""
    refused: dict[str, Sentence] = {}
    chosen = [(name, file) for name, file in request.files.items(multi=True) if file.filename]
    for name in {name for name, _ in chosen}:
        forgive(texts, name)
    for name, file in chosen:
        try:
            upload = keep(file.stream, file.filename or "", task_id)
        except BadInput as error:
            refused[name] = error.sentence
            texts.setdefault(REFUSED, []).append(f"{name}:{clean_name(file.filename or '')}")
        else:
            texts.setdefault(name, []).append(str(upload.id))
    return refused


def refused_in(typed: Mapping[str, object]) -> dict[str, str]:
    """The files that were refused and stand in the way of sending, by field."""
    entries = typed.get(REFUSED)
    pairs = [str(one).partition(":") for one in entries] if isinstance(entries, list) else []
    return {name: file for name, _, file in pairs if file}


def refusals(typed: Mapping[str, object]) -> dict[str, Sentence]:
    """What is said of them on a form that is drawn again."""
    return {
        name: say("“{file}” was not accepted. Choose another file, or leave it out.", file=file)
        for name, file in refused_in(typed).items()
    }


def keep(stream: IO[bytes], name: str, task_id: UUID | None) -> Upload:
    """Store one file of the user. Raises BadInput if it is not allowed."""
    quota, largest = settings().upload_quota_mb * MEGABYTE, settings().upload_mb * MEGABYTE
    with service().reading() as connection:
        room = uploads.room(connection, scope(), quota)
    try:
        blob = folder(min(room, largest)).receive(stream, name)
    except TooLarge as error:
        raise (uploads.over_quota(quota) if room < largest else error) from error
    return uploads.add(service(), scope(), blob, task_id=task_id, quota=quota)


def known(ids: Iterable[str]) -> Mapping[str, UploadView]:
    """Those of the person's own uploads that a form names."""
    wanted = [UUID(one) for one in ids if uploads.is_id(one)]
    if not wanted:
        return {}
    found = uploads.named(begun().connection, scope(), wanted)
    return {str(one.id): _view(one) for one in found}


def _view(one: Upload) -> UploadView:
    url = url_for("uploads.download", upload_id=one.id)
    return UploadView(str(one.id), one.name, one.size, url, one.sha256)
