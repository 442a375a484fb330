"""The findings of axe on a page: wide and narrow, light and dark.

The rules of axe are the minimum: only people can judge order, words and focus.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Literal

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, ViewportSize

from tests.e2e.people import DESKTOP

PHONE: ViewportSize = {"width": 390, "height": 844}
AXE = Axe().axe_script
VIOLATIONS = "options => axe.run(options).then(found => found.violations)"
OPTIONS = {"resultTypes": ["violations"], "preload": False}
ONLY_CONTRAST = {"runOnly": {"type": "rule", "values": ["color-contrast"]}}
Look = tuple[str, dict[str, Any], ViewportSize, Literal["light", "dark"]]
LOOKS: tuple[Look, ...] = (
    ("wide", {}, DESKTOP, "light"),
    ("dark", ONLY_CONTRAST, DESKTOP, "dark"),
    ("narrow", {}, PHONE, "light"),
)
"""How each page is looked at; colours change nothing but the contrast, in any language."""
TOO_WIDE = "document.documentElement.scrollWidth > innerWidth"


def barriers(page: Page, looks: Sequence[Look]) -> list[str]:
    """What axe finds on the page that is open. Brought in once: its half megabyte of script
    takes as long to read as a page to be judged."""
    page.evaluate(AXE)
    found = []
    for name, rules, screen, colours in looks:
        page.set_viewport_size(screen)
        page.emulate_media(color_scheme=colours)
        found += [
            f"{page.url}, {name}: {one['id']}, {one['help']}: {one['nodes'][0]['html'][:160]}"
            for one in page.evaluate(VIOLATIONS, {**OPTIONS, **rules})
        ]
        if page.evaluate(TOO_WIDE):
            found.append(f"{page.url}, {name}: has to be scrolled sideways")
    return found
