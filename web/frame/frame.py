"""The parts around the content of every page: top bar, theme, ribbon, the words of acts, print
head.

Owns the variables and functions that templates use without getting them from a view.
"""

from __future__ import annotations

from pathlib import Path

from flask import Flask, current_app, request, session
from flask_wtf.csrf import generate_csrf
from markupsafe import Markup, escape

from processes.rights.access import allows
from web.assets.manifest import asset_reader
from web.configuration.settings import Settings
from web.frame import again, navigation
from web.frame.columns import columns
from web.gate.visitor import scope, to_decide, visitor
from web.reading import begun

PLAIN: dict[str, object] = {"width": "", "question": "", "secrecy": "", "upload_url": None}
"""Optional variables of a template: column, question under the title, classification on each
printed sheet, address for files."""


def register(app: Flask, settings: Settings) -> None:
    """Make the frame available in templates."""
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
    """The hidden field of every form. Its cookie outlives the browser, otherwise a form in restored
    tabs would look forged."""
    session.permanent = True
    return Markup('<input type="hidden" name="csrf_token" value="{}">').format(generate_csrf())


def lines(text: str) -> Markup:
    """Text as typed: line breaks are kept, everything else is escaped."""
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
        "here": again.address(),
        "typed_again": again.typed(),
        "theme": person.user.theme,
        "comfortable": person.user.density == "comfortable",
    }
