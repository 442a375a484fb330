"""Markdown without HTML: the help pages and the instructions of process owners.

Owns the one renderer. Raw HTML in a text is shown as text, never passed on; links to other help
pages (`reporting.md`) become addresses of the product.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from markdown_it import MarkdownIt
from markupsafe import Markup, escape

RENDERER = MarkdownIt("commonmark", {"html": False}).enable("table")
# Long lines scroll inside their block, so the keyboard must be able to reach it.
RENDERER.add_render_rule(
    "fence",
    lambda _renderer, tokens, place, _options, _env: (
        f'<pre tabindex="0"><code>{escape(tokens[place].content)}</code></pre>\n'
    ),
)
HELP_LINK = re.compile(r"^(?:\./)?([a-z0-9-]+)\.md(#.*)?$")
UNSAFE_IN_ANCHOR = re.compile(r"[^a-z0-9]+")


@dataclass(frozen=True, slots=True)
class Document:
    """A help page: its first heading, the rest as markup, and its second-level headings."""

    title: str
    body: Markup
    sections: tuple[tuple[str, str], ...]
    """(anchor, words) of each second-level heading."""


def render(text: str) -> Markup:
    """Markdown as markup; HTML in it stays visible text."""
    return Markup(RENDERER.render(text))


def document(text: str, help_url: str) -> Document:
    """A help page whose links to other pages lead to `help_url` + their name."""
    tokens = RENDERER.parse(text)
    title, sections = "", []
    kept = []
    for place, token in enumerate(tokens):
        heading = tokens[place + 1].content if token.type == "heading_open" else ""
        if token.type == "heading_open" and token.tag == "h2":
            anchor = UNSAFE_IN_ANCHOR.sub("-", heading.lower()).strip("-")
            token.attrSet("id", anchor)
            sections.append((anchor, heading))
        if token.type == "heading_open" and token.tag == "h1" and not title:
            title = heading
        kept.append(token)
        for child in token.children or []:
            _aim(child.attrs, help_url)
    body = kept[3:] if kept and kept[0].tag == "h1" else kept
    return Document(
        title, Markup(RENDERER.renderer.render(body, RENDERER.options, {})), tuple(sections)
    )


def _aim(attributes: dict[str, str | int | float], help_url: str) -> None:
    found = HELP_LINK.match(str(attributes.get("href", "")))
    if found:
        attributes["href"] = f"{help_url}{found[1]}{found[2] or ''}"
