"""Help pages are found by their names, and by nothing else."""

from __future__ import annotations

import pytest

from tests.web.conftest import Office


@pytest.mark.parametrize("name", ["nothing", "u" * 300, "ü" * 300, "..%2F..%2FREADME"])
def test_a_name_of_no_help_page_is_said_to_be_none(office: Office, name: str) -> None:
    assert office.enter("kemhan").get(f"/help/{name}").status_code == 404
