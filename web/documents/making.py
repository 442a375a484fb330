"""The file of a document: made from the template of its kind, and sent as an attachment.

Owns the forms a document has. The caller has read what it shows, by the rights of its page; the
reading has ended when the file is made, for that takes a tenth of a second.
"""

from __future__ import annotations

from functools import cache
from io import BytesIO
from tempfile import TemporaryFile
from typing import IO, Final, Literal, get_args

from flask import Response, send_file

from engine.sentences.errors import NotFound
from engine.sentences.sentence import say
from processes.documents import excel, office_templates, pdf, word, word_template
from processes.documents.excel import Book
from processes.documents.kinds import KINDS, Kind
from processes.documents.office_templates import Template
from processes.documents.values import Sheet
from processes.files.blobs import BlobFolder
from processes.storage.files.document_templates import DocumentTemplate
from web import reading
from web.documents.writer import Writer
from web.gate.visitor import options
from web.translations import language

Form = Literal["docx", "pdf"]
FORMS: Final[tuple[Form, ...]] = get_args(Form)
MEDIA_TYPES: Final[dict[str, str]] = {
    "docx": word.MEDIA_TYPE,
    "pdf": pdf.MEDIA_TYPE,
    "xlsx": excel.MEDIA_TYPE,
}


def form_of(ending: str) -> Form:
    """The form that the end of an address names. Raises `NotFound`."""
    for form in FORMS:
        if form == ending:
            return form
    raise NotFound(say("There is no such thing, or it is not open to you."))


def sent(kind: Kind, form: Form, values: Sheet, write: Writer) -> Response:
    """The document as an attachment that no cache keeps."""
    template = _of_office(kind, form, write.language.code)
    reading.end()
    return attached(
        BytesIO(made(kind, form, values, write, template)), f"{kind.key} {values.number}", form
    )


def workbook(book: Book, name: str) -> Response:
    """A workbook as an attachment that no cache keeps. Its rows may be read while they are
    written, so the reading ends after it."""
    file = TemporaryFile()  # noqa: SIM115  (the answer closes it)
    excel.write(book, file)
    reading.end()
    file.seek(0)
    return attached(file, name, "xlsx")


def attached(content: IO[bytes], name: str, form: str) -> Response:
    """A file made for one reader."""
    response = send_file(
        content,
        mimetype=MEDIA_TYPES[form],
        as_attachment=True,
        download_name=f"{name.replace('/', '-').strip(' .')}.{form}",
    )
    response.headers["Cache-Control"] = "private, no-store"
    return response


def _of_office(kind: Kind, form: Form, language: str) -> Template | None:
    """The template of the office for a Word document."""
    if form != "docx":
        return None
    folder = BlobFolder(options().evidence_dir)
    return office_templates.used(reading.begun().connection, folder, kind.key, language)


def made(
    kind: Kind, form: Form, values: Sheet, write: Writer, template: Template | None = None
) -> bytes:
    """The file; `template`: that of the office, None: ours."""
    if form == "pdf":
        return pdf.made(kind, values, write, write.language.code)
    if template is None:
        return word.filled(ours(kind.key, write.language.code), values)
    return word.filled(template.content, values, made_with(template.version, write))


def made_with(version: DocumentTemplate, write: Writer) -> str:
    """What a document says of the template that it was made from."""
    words = write.gettext("Made with the template %(name)s of %(day)s, SHA-256 %(sha256)s")
    day = write.formats.day(version.at)
    return words % {"name": version.name[:80], "day": day, "sha256": version.sha256}


@cache
def ours(key: str, locale: str) -> bytes:
    """Our own template of a kind in a language; made once in each process."""
    spoken = language(locale)
    render = spoken.render
    return word_template.ours(
        KINDS[key], lambda phrase: phrase if isinstance(phrase, str) else render(phrase), locale
    )
