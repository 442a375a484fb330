"""What a page may cost, on PostgreSQL: as `tests/web/gate/test_page_budget.py` asks it on
SQLite."""

from __future__ import annotations

from pathlib import Path

from tests.web.gate.test_page_budget import assert_within_budget


def test_no_page_costs_more_than_its_budget_on_postgresql(
    postgres_url: str, tmp_path: Path
) -> None:
    assert_within_budget(postgres_url, tmp_path)
