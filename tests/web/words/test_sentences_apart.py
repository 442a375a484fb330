"""Sentences that follow each other on a page have a space between them.

The newline after a tag is taken away (`trim_blocks`), so `{% endif %}` at the end of a line joins
two sentences; `{% endif +%}` keeps them apart.
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest

TEMPLATES = Path(__file__).parents[3] / "web" / "templates"
JOINED = re.compile(
    r"\{\{ (?:_|ngettext)\((?:(?!\}\}).)*?[.!?]\"(?:(?!\}\}).)*\}\}\s*\{%-? *endif *%\}\n"
    r"(?:\{% if [^%]*%\})?\{\{ (?:_|ngettext)\((?!\"\))",
    re.DOTALL,
)


@pytest.mark.parametrize("template", sorted(TEMPLATES.rglob("*.html")), ids=lambda file: file.stem)
def test_no_sentence_of_a_template_runs_into_the_next(template: Path) -> None:
    found = JOINED.search(template.read_text("utf-8"))
    assert found is None, found and found[0]
