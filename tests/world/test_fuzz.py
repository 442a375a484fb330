"""Every route, asked by everybody, on PostgreSQL: the other half of
`tests/web/gate/test_fuzz.py`."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.web.conftest import on_postgres
from tests.web.conftest import played_postgres as played_postgres
from tests.web.gate.test_fuzz import Walk, ask_everything, watched


@pytest.fixture
def walk(
    request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Walk]:
    """The office on PostgreSQL, watched."""
    for office in on_postgres(request, tmp_path):
        yield from watched(office, monkeypatch)


def test_no_request_of_anybody_makes_an_error_of_ours_on_postgresql(walk: Walk) -> None:
    ask_everything(walk)
