"""A Word document from a template and its values.

Owns filling in. A text is never read as a template, whatever stands in it: Jinja sees the template
alone, in its sandbox, and writes every text as XML text.
"""

from __future__ import annotations

from io import BytesIO
from typing import Any

from processes.documents.phrases import texts_of
from processes.documents.values import Sheet

MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


def filled(template: bytes, values: Sheet, made_with: str = "") -> bytes:
    """The document; `made_with`: what its properties say of the template."""
    # Imported here: half a second that nobody pays who makes no document.
    from docxtpl import DocxTemplate

    document = DocxTemplate(BytesIO(template))
    document.render(texts_of(values), jinja_env=sandbox(), autoescape=True)
    _named(document, values, made_with)
    file = BytesIO()
    document.save(file)
    return file.getvalue()


def sandbox() -> Any:
    """The Jinja of templates: nothing is reached but the values."""
    from jinja2.sandbox import ImmutableSandboxedEnvironment

    environment = ImmutableSandboxedEnvironment(autoescape=True)
    environment.globals.clear()
    return environment


def _named(document: Any, values: Sheet, made_with: str) -> None:
    """Say in the file what it is; the library names itself there."""
    properties = document.docx.core_properties
    properties.title, properties.author = values.title[:255], ""
    properties.comments = made_with[:255]
