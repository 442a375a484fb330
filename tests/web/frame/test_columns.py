"""A table names its columns once: head, cells, and the marks for narrow screens and paper."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from flask import Flask, render_template_string

from tests.web.conftest import Office
from web.frame.columns import columns

TEMPLATES = Path(__file__).parents[3] / "web" / "templates"
LONGEST_LINE = 120
LOOP = re.compile(r"\{%-? for \w+ in ")
"""A head drawn from `columns`, or in a grid from what its columns are: days, institutions."""
TABLE = """
{% from "parts/tables.html" import table with context %}
{% set at = columns(
  name=("title break", "<Name>"),
  size=("number told", "Size in bytes", "Size"),
  kind=("meta", "Kind") if several else none,
  acts=("acts no-print unseen", "Act")) %}
{% call(row) table(at, rows, label="All & sundry", also="wide-table") %}
<td {{ at.name }}>{{ row }}</td><td {{ at.size }}>7</td>
{% if several %}<td {{ at.kind }}>k</td>{% endif %}
<td {{ at.acts }}></td>
{% endcall %}
"""


@pytest.fixture
def app(office: Office) -> Flask:
    return office.app


def drawn(app: Flask, *, several: bool) -> str:
    with app.test_request_context():
        page = render_template_string(TABLE, rows=["<b>"], several=several)
    return re.sub(r"\s*\n\s*", "", page)


def test_head_and_cells_say_the_same(app: Flask) -> None:
    assert drawn(app, several=False) == (
        '<table class="table block-table wide-table" role="table" aria-label="All &amp; sundry">'
        '<thead role="rowgroup"><tr role="row">'
        '<th role="columnheader" scope="col">&lt;Name&gt;</th>'
        '<th role="columnheader" scope="col" class="number">Size in bytes</th>'
        '<th role="columnheader" scope="col" class="no-print">'
        '<span class="visually-hidden">Act</span></th></tr></thead>'
        '<tbody role="rowgroup"><tr role="row">'
        '<td role="cell" class="block-table__title break">&lt;b&gt;</td>'
        '<td role="cell" class="number" data-label="Size">7</td>'
        '<td role="cell" class="block-table__acts no-print"></td></tr></tbody></table>'
    )


def test_a_column_that_is_none_is_left_out(app: Flask) -> None:
    assert "Kind" not in drawn(app, several=False)
    assert 'scope="col">Kind</th>' in drawn(app, several=True)


def test_how_a_column_looks_is_a_word_of_the_style_sheet() -> None:
    with pytest.raises(ValueError, match="wide-ish"):
        columns(name=("title wide-ish", "Name"))


@pytest.mark.parametrize("name", ["items", "keys"])
def test_a_name_that_a_template_could_not_reach_is_refused(name: str) -> None:
    with pytest.raises(ValueError, match=name):
        columns(**{name: ("title", "Name")})


def test_tables_of_rows_come_from_the_macro() -> None:
    pages = {path.name: path.read_text("utf-8") for path in TEMPLATES.rglob("*.html")}
    assert [name for name, page in pages.items() if "table block-table" in page] == ["tables.html"]


def heads_of(page: str) -> list[str]:
    """What stands between the beginning of each table and the end of its head."""
    return re.findall(r"<table\b(.*?)(?:</thead>|</table>)", page, re.DOTALL)


def test_no_table_has_a_head_written_by_hand() -> None:
    pages = {path: path.read_text("utf-8") for path in TEMPLATES.rglob("*.html")}
    heads = [(path.name, head) for path, page in pages.items() for head in heads_of(page)]
    assert heads, "nothing is found: this looks for nothing"
    assert [name for name, head in heads if not LOOP.search(head)] == [], "name its columns once"


def test_a_head_written_by_hand_would_be_noticed() -> None:
    (head,) = heads_of(
        "<table>\n<thead><tr><th>Day</th></tr></thead>\n{% for one in days %}</table>"
    )
    assert not LOOP.search(head)


def test_no_line_of_a_template_is_too_long() -> None:
    long = [
        f"{path.relative_to(TEMPLATES)}:{number}"
        for path in TEMPLATES.rglob("*.html")
        for number, line in enumerate(path.read_text("utf-8").splitlines(), 1)
        if len(line) > LONGEST_LINE
    ]
    assert long == []
