"""Help: the documents of `docs/` inside the product, for networks without internet.

Owns their place and language: `<name>.en.md` beside `<name>.md` is its English.
"""

from __future__ import annotations

import re
from importlib.metadata import metadata
from pathlib import Path

from flask import Blueprint, current_app, render_template, url_for
from flask.typing import ResponseReturnValue

from engine.sentences.errors import NotFound
from engine.sentences.sentence import say
from web.words.i18n import language
from web.words.markdown import Document, document

page = Blueprint("help", __name__)

HERE = Path(__file__).parents[1]
FOLDERS = (HERE / "docs", HERE.parent / "docs")
"""The place in an installed package, and beside the sources."""
NOTICES = "notices.txt"
NAME = re.compile(r"[a-z0-9-]{1,60}")


@page.get("/help")
def contents() -> ResponseReturnValue:
    """All documents by title."""
    pages = [(name, _read(name).title) for name in names()]
    return render_template("help/contents.html", pages=pages)


@page.get("/help/<name>")
def page_of(name: str) -> ResponseReturnValue:
    """One document."""
    return render_template("help/page.html", document=_read(name))


@page.get("/licences")
def licences() -> ResponseReturnValue:
    """The licence of the product, and those of the scripts and styles in its pages."""
    return render_template("help/licences.html", own=_licence(), notices=_notices())


def _licence() -> str:
    """The name of the product's own licence, as its distribution declares it."""
    return metadata("tindak")["License-Expression"]


def _notices() -> str:
    """Written when the front end was built."""
    file = Path(current_app.static_folder or "") / "dist" / NOTICES
    return file.read_text("utf-8") if file.is_file() else ""


def names() -> list[str]:
    """Names of the documents for readers, without their language."""
    return sorted({file.name.split(".")[0] for file in _folder().glob("*.md")})


def _read(name: str) -> Document:
    # The name is looked at first: a file system refuses to be asked for some.
    wanted = [f"{name}.{language().code}.md", f"{name}.md"] if NAME.fullmatch(name) else []
    there = [_folder() / file for file in wanted if (_folder() / file).is_file()]
    if not there:
        raise NotFound(say("There is no such help page."))
    return document(there[0].read_text("utf-8"), url_for("help.contents") + "/")


def _folder() -> Path:
    return next((folder for folder in FOLDERS if folder.is_dir()), FOLDERS[0])
