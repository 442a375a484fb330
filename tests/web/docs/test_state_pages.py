"""The documented states and moves equal those of the tables."""

from __future__ import annotations

import pytest

from tests.web.docs.state_pages import DOCS, FILES, page


@pytest.mark.parametrize("code", FILES)
def test_the_page_of_states_says_what_the_tables_say(code: str) -> None:
    assert (DOCS / FILES[code]).read_text() == page(code), "python -m tests.web.docs.state_pages"
