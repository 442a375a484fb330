"""The language of an answer to a program: the one that its header asks for."""

from __future__ import annotations

import pytest
from werkzeug.datastructures import LanguageAccept
from werkzeug.http import parse_accept_header

from web.words.spoken import spoken


@pytest.mark.parametrize(
    ("header", "language"),
    [
        ("", "en"),
        ("id", "id"),
        ("id-ID", "id"),
        ("ID_id", "id"),
        ("en", "en"),
        ("*", "en"),
        ("de", "en"),
        ("de, *;q=0.5", "en"),
        ("de, id;q=0.2", "id"),
        ("id;q=0.3, en;q=0.8", "en"),
        ("en;q=0.3, id-ID;q=0.8", "id"),
        ("id, en", "id"),
        ("en, id", "en"),
        ("id;q=0", "en"),
        ("id;q=0, *", "en"),
        ("en;q=0, *", "id"),
        ("en;q=0, id;q=0", "en"),
        ("*;q=0", "en"),
        ("idn", "en"),
        ("*;q=x, id;q=9", "en"),
    ],
)
def test_a_language_is_the_one_that_is_wanted_most(header: str, language: str) -> None:
    assert spoken(list(parse_accept_header(header, LanguageAccept)), "en") == language
