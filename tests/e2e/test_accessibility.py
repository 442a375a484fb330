"""axe finds nothing on any page of any role: wide in Indonesian, on a phone in English.

Each role walks the demo through the links it is offered, one page of each kind; pages that are the
same for everybody are looked at once. The rules that axe knows are the floor: order, words and
focus only people can judge.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from tests.e2e.people import DESKTOP
from tests.e2e.product import Mails, Product, Starting, start, stop
from web import demo
from web.settings import read_settings

ROLES = ("kemhan", "kemhan-head", "coordinator", "supervisor", "owner", "admin")
"""One person of the demo for each role."""
PHONE = {"width": 390, "height": 844}
ONE_OF_MANY = re.compile(r"[^/]*\d[^/]*|[^/]+(?=\.form$)|(?<=/institutions/)(?!new)[^/]+")
"""What differs between two pages of one kind: ids, numbers, codes of institutions, names of
forms."""
OF_THE_ROLE = re.compile(r"/(inbox|tasks|follow-ups|recommendations|escalations)")
"""Pages that are not the same for everybody who may open them."""
FILES = re.compile(r"\.(zip|xml)$|/evidence/|/uploads/|/files/|/download|/model$|/drawing")
"""Addresses that are saved, not read."""
LINKS = """() => [...document.querySelectorAll("main a[href], header a[href]")]
    .filter(a => a.origin === location.origin && !a.hasAttribute("download"))
    .map(a => [a.pathname, a.textContent.trim()])"""
OPTIONS = {"resultTypes": ["violations"], "preload": False}


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
    """What axe finds on the ways of several people; `wide` and `narrow`: kinds of pages seen so."""

    product: Product
    axe: Axe = field(default_factory=Axe)
    wide: set[str] = field(default_factory=set)
    narrow: set[str] = field(default_factory=set)

    def through_everything(self, page: Page, username: str) -> tuple[list[str], list[str]]:
        """Breadth first from the home of a role, one page of each kind; what is found, and the
        addresses nobody has been at on a phone."""
        ahead, findings, for_phones = [page.url], [], []
        while ahead:
            findings += self.look(page, ahead.pop(0))
            for path, words in page.evaluate(LINKS):
                kind = _kind(path, words)
                mine = f"{username}: {kind}" if OF_THE_ROLE.match(path) else kind
                if FILES.search(path) or mine in self.wide:
                    continue
                self.wide.add(mine)
                ahead.append(self.product.url + path)
                if kind not in self.narrow:
                    self.narrow.add(kind)
                    for_phones.append(ahead[-1])
        return findings, for_phones

    def look(self, page: Page, address: str) -> list[str]:
        """What is wrong with one page."""
        answer = page.goto(address)
        found = [] if answer and answer.status == 200 else [f"{address}: {answer}"]
        wrong = self.axe.run(page, options=OPTIONS).response["violations"]
        return found + [
            f"{address}: {one['id']}, {one['help']}: {one['nodes'][0]['html'][:160]}"
            for one in wrong
        ]


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
    with browser.new_context(viewport=DESKTOP, locale="id-ID") as context:
        page = context.new_page()
        page.goto(f"{walk.product.url}/login")
        page.locator(f"button[name=username][value={username}]").click()
        findings, for_phones = walk.through_everything(page, username)
        page.goto(f"{walk.product.url}/account")
        page.get_by_label("English", exact=True).check()
        page.get_by_role("button", name="Simpan", exact=True).click()
        expect(page.locator("html")).to_have_attribute("lang", "en")
        page.set_viewport_size(PHONE)
        for address in for_phones:
            findings += walk.look(page, address)
    assert findings == []


@pytest.mark.parametrize("path", ["/login", "/login?lang=en", "/login/forgotten", "/no-such-page"])
def test_no_stranger_meets_a_barrier(browser: Browser, walk: Walk, path: str) -> None:
    with browser.new_context(viewport=PHONE, locale="id-ID") as context:
        page = context.new_page()
        page.goto(walk.product.url + path)
        assert walk.axe.run(page, options=OPTIONS).response["violations"] == []
