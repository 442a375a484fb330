"""axe finds nothing on any page of any role: both languages, wide and narrow, light and dark.

Each role walks the demo through its links, one page of each kind; pages that are the same for all
users are checked once. A page is loaded once in each language: then the window becomes narrow and
the colours dark, as on a reader's device. The rules of axe are the minimum: only people can judge
order, words and focus.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.e2e.barriers import LOOKS, Look, barriers
from tests.e2e.product import Mails, Product, Starting, start, stop
from web import demo
from web.configuration.settings import read_settings

ROLES = ("kemhan", "kemhan-head", "coordinator", "supervisor", "owner", "admin")
"""One person of the demo for each role."""
ONE_OF_MANY = re.compile(
    r"[^/]*\d[^/]*|[^/]+(?=\.form$)|(?<=/institutions/)(?!new)[^/]+|(?<=/at/)[^/]+"
)
"""What differs between two pages of one kind: ids, numbers, codes of institutions, names of
forms, elements of a process."""
OF_THE_ROLE = re.compile(r"/(inbox|tasks|follow-ups|recommendations|escalations)")
"""Pages that are not the same for everybody who may open them."""
FILES = re.compile(r"\.(zip|xml)$|/evidence/|/uploads/|/files/|/download|/model$|/drawing")
"""Addresses that are saved, not read."""
LINKS = """() => [...document.querySelectorAll("main a[href], header a[href]")]
    .filter(a => a.origin === location.origin && !a.hasAttribute("download"))
    .map(a => [a.pathname, a.textContent.trim()])"""
READER: dict[str, Any] = {"locale": "id-ID", "reduced_motion": "reduce"}
"""Without motion, colours are never caught half way from one to the other."""


@pytest.fixture(scope="module")
def demo_product(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Product]:
    """The demo, played once and served."""
    folder = tmp_path_factory.mktemp("demo")
    with Mails() as mails:
        starting = Starting(
            folder, f"sqlite:///{folder / 'tindak.db'}", mails, {"TINDAK_DEMO": "1"}
        )
        demo.ensure(read_settings(starting.environment(8000)), lambda _: None)
        product = start(starting)
        try:
            yield product
        finally:
            stop(product)


@dataclass
class Walk:
    """What axe finds on the ways of several people; `seen`: kinds of pages looked at."""

    product: Product
    seen: set[str] = field(default_factory=set)

    def through_everything(self, page: Page, username: str) -> tuple[list[str], list[str]]:
        """Breadth first from the home of a role, one page of each kind, in the language that is
        set; what is found, and the addresses it was at."""
        ahead, findings = [page.url], []
        for address in ahead:
            findings += self.look(page, address, LOOKS)
            for path, words in page.evaluate(LINKS):
                kind = _kind(path, words)
                mine = f"{username}: {kind}" if OF_THE_ROLE.match(path) else kind
                if FILES.search(path) or mine in self.seen:
                    continue
                self.seen.add(mine)
                ahead.append(self.product.url + path)
        return findings, ahead

    def look(self, page: Page, address: str, looks: Sequence[Look]) -> list[str]:
        """What is wrong with one page, on the screens and in the colours people have."""
        # An editor that was opened in a narrow window begins anew when the window grows.
        page.set_viewport_size(looks[0][2])
        answer = page.goto(address)
        found = [] if answer and answer.status == 200 else [f"{address}: {answer}"]
        return found + barriers(page, looks)


def _kind(path: str, words: str) -> str:
    """Two pages of one kind are drawn by the same template; each task has a form of its own."""
    kind = ONE_OF_MANY.sub("*", path)
    return f"{kind} {words}" if kind == "/tasks/*" else kind


@pytest.fixture(scope="module")
def walk(demo_product: Product) -> Walk:
    """Everybody's way."""
    return Walk(demo_product)


@pytest.mark.parametrize("username", ROLES)
def test_no_role_meets_a_barrier(browser: Browser, walk: Walk, username: str) -> None:
    with browser.new_context(**READER) as context:
        page = context.new_page()
        page.goto(f"{walk.product.url}/login")
        page.locator(f"button[name=username][value={username}]").click()
        findings, addresses = walk.through_everything(page, username)
        looks = [look for look in LOOKS if look[0] != "dark"]
        page.goto(f"{walk.product.url}/account")
        page.get_by_label("English", exact=True).check()
        page.get_by_role("button", name="Simpan", exact=True).click()
        expect(page.locator("html")).to_have_attribute("lang", "en")
        for address in addresses:
            findings += walk.look(page, address, looks)
    assert findings == []


@pytest.mark.parametrize("path", ["/login", "/login?lang=en", "/login/forgotten", "/no-such-page"])
def test_no_stranger_meets_a_barrier(browser: Browser, walk: Walk, path: str) -> None:
    with browser.new_context(**READER) as context:
        page = context.new_page()
        page.goto(walk.product.url + path)
        assert barriers(page, LOOKS) == []
