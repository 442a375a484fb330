"""The people of the end-to-end tests, and their acts in a browser."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from playwright.sync_api import Browser, Locator, Page, expect

from processes.storage.people.users import Grants, Membership
from tests.e2e.product import PASSWORD, Product

REFUSED = re.compile("status of (401|409|422)")
"""What the browser says of a form that is given back to be corrected."""
PATIENCE_MS = 60_000
"""A busy machine draws a page in seconds, not in the five that Playwright grants."""
DESKTOP = {"width": 1280, "height": 800}


def _staff(role: str, rank: str | None = None) -> Grants:
    return Grants({role: rank}, frozenset())


def _member(institution: str, role: str) -> Grants:
    return Grants({}, frozenset({Membership(institution, role)}))


PEOPLE: Mapping[str, tuple[str, Grants]] = {
    "coordinator": ("Bagas Prakoso", _staff("coordinator")),
    "asdep": ("Surya Adiwangsa", _staff("supervisor", "asdep")),
    "deputi": ("Laksmi Paramitha", _staff("supervisor", "deputi")),
    "owner": ("Ratna Wulandari", _staff("process-owner")),
    "admin": ("Yoga Permana", _staff("admin")),
    "kemhan": ("Dimas Wiratama", _member("kemhan", "contact")),
    "kemhan-head": ("Bramantyo Aji", _member("kemhan", "head")),
    "kemenperin": ("Intan Maharani", _member("kemenperin", "contact")),
    "kemenperin-2": ("Rangga Saputra", _member("kemenperin", "contact")),
    "kemenperin-head": ("Dewi Larasati", _member("kemenperin", "head")),
}
"""User name -> name and rights."""


class Person:
    """Somebody at a browser of their own; whatever a page throws or the policy refuses is kept."""

    def __init__(self, browser: Browser, product: Product, username: str, **context: Any) -> None:
        self.product, self.username = product, username
        self.context = browser.new_context(**{"viewport": DESKTOP, "locale": "id-ID", **context})
        self.context.set_default_timeout(PATIENCE_MS)
        self.page: Page = self.context.new_page()
        self.errors: list[str] = []
        self.page.on("pageerror", lambda error: self.errors.append(str(error)))
        self.page.on("console", lambda said: self._heard(said.type, said.text))

    def _heard(self, kind: str, text: str) -> None:
        if kind == "error" and not REFUSED.search(text):
            self.errors.append(f"{self.page.url}: {text}")

    def sign_in(self, address: str = "/") -> Page:
        """From any address of the product, which asks for name and password first."""
        self.page.goto(address if "://" in address else self.product.url + address)
        self.page.get_by_label("Nama pengguna").fill(self.username)
        self.page.get_by_label("Kata sandi").fill(PASSWORD)
        self.press("Masuk")
        return self.page

    def open(self, *links: str) -> Page:
        """Follow the links of these names, one after the other."""
        for name in links:
            self.page.get_by_role("link", name=name).first.click()
        return self.page

    def go(self, bar: str) -> Page:
        """A link of the top bar."""
        self.page.get_by_role("navigation", name="Utama").get_by_role(
            "link", name=bar, exact=True
        ).click()
        return self.page

    def task(self, name: str) -> Page:
        """A task, from the inbox."""
        self.go("Tugas saya")
        self.page.get_by_role("link", name=name, exact=True).first.click()
        expect(self.page.get_by_role("heading", level=1)).to_have_text(name)
        return self.page

    def fill(self, entries: Mapping[str, str], within: Locator | None = None) -> None:
        """Write into fields, each found by its label."""
        for label, text in entries.items():
            (within or self.page).get_by_label(labelled(label)).filter(visible=True).fill(text)

    def choose(self, question: str, *answers: str) -> None:
        """Tick answers of a question."""
        group = self.page.get_by_role("group", name=labelled(question))
        for answer in answers:
            group.get_by_label(answer, exact=True).check()

    def attach(self, label: str, name: str, content: bytes) -> None:
        """Choose a file from this computer; with JavaScript it is kept at once."""
        field = self.page.get_by_label(labelled(label))
        field.set_input_files({"name": name, "mimeType": "application/pdf", "buffer": content})

    def press(self, button: str) -> None:
        """Press a button."""
        self.page.get_by_role("button", name=button, exact=True).first.click()

    def press_menu(self, act: str) -> None:
        """An act of the menu behind one's own name."""
        self.page.locator(".topbar__account summary").click()
        self.press(act)

    def row(self, name: str) -> Locator:
        """One row of several like it, as `Kegiatan 1`."""
        return self.page.get_by_role("group", name=name, exact=True)

    def send(self, act: str) -> None:
        """Press the button of the task, read everything once more, and send it."""
        self.press(act)
        self.sees_title("Periksa sebelum dikirim")
        self.press(act)

    def sees_title(self, title: str) -> None:
        """The page that is open now."""
        expect(self.page.get_by_role("heading", level=1)).to_have_text(title)

    def is_told(self, words: str) -> None:
        """What the product says after an act."""
        expect(self.page.get_by_role("status").filter(has_text=words).first).to_be_visible()

    def sees(self, *words: str) -> None:
        """What can be read on the page."""
        for one in words:
            expect(self.page.locator("main")).to_contain_text(one)

    def leave(self) -> None:
        """Close the browser; nothing may have gone wrong in it."""
        self.context.close()
        assert self.errors == []


def labelled(label: str) -> re.Pattern[str]:
    """A field's label, with or without the word that it may stay empty."""
    # Playwright writes the pattern between slashes.
    words = re.escape(label).replace("/", r"\/")
    return re.compile(rf"^\s*{words}\s*(\(opsional\))?\s*$")
