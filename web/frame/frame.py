"""What every page has around its content: top bar, theme, ribbon, the words of acts, print head.

Owns the variables and functions that templates use without being given them by a view.
"""

from __future__ import annotations

from pathlib import Path

from flask import Flask, current_app, request, session
from flask_wtf.csrf import generate_csrf
from markupsafe import Markup, escape

from processes.rights.access import allows
from web.assets.manifest import asset_reader
from web.configuration.settings import Settings
from web.frame import navigation
from web.frame.columns import columns
from web.gate.visitor import scope, to_decide, visitor
from web.reading import begun

PLAIN: dict[str, object] = {"width": "", "question": "", "secrecy": "", "upload_url": None}
"""What a template may set and need not: column, question under the title, classification that each
printed sheet bears, address for files."""


def register(app: Flask, settings: Settings) -> None:
    """Give templates their frame."""
    dist = Path(str(app.static_folder)) / "dist"
    app.jinja_env.globals.update(
        asset=asset_reader(dist, prefix=f"{app.static_url_path}/dist/"),
        columns=columns,
        csrf_field=csrf_field,
        now=lambda: begun().now,
        may=lambda act: allows(scope(), act),
        demo=settings.demo,
    )
    app.jinja_env.filters["lines"] = lines
    app.context_processor(_frame)


def csrf_field() -> Markup:
    """The hidden field every form needs. Its cookie outlives the browser, or a form brought back
    with the last tabs would look forged."""
    session.permanent = True
    return Markup('<input type="hidden" name="csrf_token" value="{}">').format(generate_csrf())


def lines(text: str) -> Markup:
    """Text as typed: its line breaks kept, everything else escaped."""
    return Markup("<br>").join(escape(line) for line in str(text).splitlines())


def _frame() -> dict[str, object]:
    person = visitor()
    if person is None:
        return {**PLAIN, "person": None, "theme": "system", "comfortable": False}
    return {
        **PLAIN,
        "person": person.user,
        "menu": navigation.menu(
            current_app, person.scope, request.path, {"/approvals": to_decide()}
        ),
        "here": _here(),
        "theme": person.user.theme,
        "comfortable": person.user.density == "comfortable",
    }


def _here() -> str | None:
    """The address of this page, to come back to; None for one that only its form leads to: coming
    back would lose what was typed."""
    if request.method == "GET":
        return request.full_path.removesuffix("?")
    return request.path if navigation.leads_somewhere(current_app, request.path) else None
