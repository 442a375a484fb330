"""What stands in parts of templates is built once, not for each page that uses it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from flask import Flask
from jinja2 import nodes

import web
from tests.web.conftest import Office

TEMPLATES = Path(web.__file__).parent / "templates"
IMPORTED = re.compile(r'\{%-? ?from "([^"]+)" import([^%]*?)-?%\}')


def test_a_macro_reads_names_of_a_page_only_where_it_is_imported_with_them(office: Office) -> None:
    """Imported with the page's names, all of its file is built anew for each page: a twelfth of
    what the inbox took."""
    readers = {part: set(_names_of_the_page(office.app, part)) for part in _parts()}
    for page in TEMPLATES.rglob("*.html"):
        for part, what in IMPORTED.findall(page.read_text()):
            assert "with context" in what or not readers[part], (page.name, part, readers[part])


def test_no_part_is_built_for_each_page_without_need(office: Office) -> None:
    needed = {part for part in _parts() if set(_names_of_the_page(office.app, part))}
    for page in TEMPLATES.rglob("*.html"):
        for part, what in IMPORTED.findall(page.read_text()):
            below = {one for one, _ in IMPORTED.findall((TEMPLATES / part).read_text())}
            assert "with context" not in what or {part, *below} & needed, (page.name, part)


def _parts() -> set[str]:
    pages = TEMPLATES.rglob("*.html")
    return {part for page in pages for part, _ in IMPORTED.findall(page.read_text())}


def _names_of_the_page(app: Flask, part: str) -> Iterator[str]:
    """The names that macros of a file read and nobody gives them."""
    tree = app.jinja_env.parse((TEMPLATES / part).read_text())
    known = {*app.jinja_env.globals, "caller", "kwargs", "loop", "varargs"}
    known |= {macro.name for macro in tree.find_all(nodes.Macro)}
    for line in tree.find_all(nodes.FromImport):
        known |= {name if isinstance(name, str) else name[1] for name in line.names}
    for macro in tree.find_all(nodes.Macro):
        names = list(macro.find_all(nodes.Name))
        own = {one.name for one in names if one.ctx != "load"}
        yield from {one.name for one in names} - own - known
