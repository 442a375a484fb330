"""A browser, and the real product in its own process, on both databases."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from types import MappingProxyType

import pytest
from playwright.sync_api import Browser, expect, sync_playwright

from tests.e2e.browser import launch
from tests.e2e.people import PATIENCE_MS, PEOPLE
from tests.e2e.product import Mails, Product, Starting, found, start, stop
from tests.processes.stories.world import World

expect.set_options(timeout=PATIENCE_MS)


# Not for the session: while Playwright runs, no other test can start an event loop or Playwright.
@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    """One browser for all."""
    yield from opened()


def opened() -> Iterator[Browser]:
    """A browser, for as long as it is asked for."""
    with sync_playwright() as playwright:
        browser = launch(playwright)
        yield browser
        browser.close()


@pytest.fixture
def product(database_url: str, tmp_path: Path) -> Iterator[Product]:
    """A new product with the people of the tests, on SQLite and on PostgreSQL."""
    yield from served(database_url, tmp_path)


@pytest.fixture
def small_product(sqlite_url: str, tmp_path: Path) -> Iterator[Product]:
    """The same on SQLite only, for what the database plays no part in."""
    yield from served(sqlite_url, tmp_path)


def served(
    database_url: str,
    folder: Path,
    before: Callable[[World], None] | None = None,
    settings: Mapping[str, str] = MappingProxyType({}),
) -> Iterator[Product]:
    """Fill a database, serve it, and stop."""
    with Mails() as mails:
        starting = Starting(folder, database_url, mails, settings)
        found(starting, PEOPLE, before)
        product = start(starting)
        try:
            yield product
        finally:
            # Shown beside a failure only.
            sys.stderr.write(product.said())
            stop(product)
