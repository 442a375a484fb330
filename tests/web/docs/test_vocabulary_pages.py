"""The documented words equal those of the reader's tables."""

from __future__ import annotations

import pytest

from tests.web.docs.vocabulary_pages import DOCS, FILES, page


@pytest.mark.parametrize("code", FILES)
def test_the_page_of_words_says_what_the_tables_say(code: str) -> None:
    assert (DOCS / FILES[code]).read_text() == page(code), (
        "python -m tests.web.docs.vocabulary_pages"
    )
