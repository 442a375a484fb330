"""Compilations of several recommendations: ordered here, made by the worker, fetched here."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final
from uuid import UUID

from flask import Blueprint, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from engine.sentences.errors import TindakError
from engine.sentences.sentence import say
from processes.papers import compilation_orders as orders
from processes.papers import selections
from processes.papers.compilation_orders import Ordered
from processes.papers.selections import Selection
from processes.people import institutions
from web.documents.compiling import in_words
from web.documents.writer import Writer, of_reader
from web.forms import own
from web.forms.own import OwnField, Texts
from web.gate.errors import redraw_on_error
from web.gate.visitor import origin, reading, scope, service
from web.pages.files.sending import attachment
from web.words.i18n import formats, gettext, language, render

page = Blueprint("compilation_orders", __name__)

LONGEST = 10_000
ASKED = ("numbers", "institution", "letter", "since", "until")
"""What an address can bring along."""


FORMS: Final = {"docx": "Word", "pdf": "PDF", "xlsx": "Excel"}


@dataclass(frozen=True, slots=True)
class Line:
    """An order as it is drawn. `chosen`: what was wanted, in words."""

    ordered: Ordered
    chosen: str


@page.get("/compilations")
def show() -> ResponseReturnValue:
    """The reader's orders, and the form for a further one."""
    return _drawn({name: [text] for name in ASKED if (text := request.args.get(name))})


@page.post("/compilations")
def order() -> ResponseReturnValue:
    """Order a compilation."""
    texts = own.typed()
    redraw_on_error(lambda error: _drawn(texts, error))
    own.refuse_longer(_entries([]), texts)
    wanted = Selection(
        numbers=tuple(dict.fromkeys(own.text(texts, "numbers").replace(",", " ").split())),
        institution=own.text(texts, "institution") or None,
        letter=own.text(texts, "letter"),
        since=own.optional_day(texts, "since"),
        until=own.optional_day(texts, "until"),
    )
    n = orders.order(service(), scope(), wanted, language=language().code, zone=formats().zone)
    flash(render(say("The compilation of {n} recommendations is being made.", n=n)), "done")
    return redirect(url_for("compilation_orders.show"))


@page.get("/compilations/<uuid:order_id>/compilation.<form>")
def fetch(order_id: UUID, form: str) -> ResponseReturnValue:
    """One form of it, for who ordered it."""
    file = orders.fetch(service(), scope(), order_id, form, address=origin().address)
    return attachment(file.sha256, file.name, file.type)


def _drawn(texts: Texts, error: TindakError | None = None) -> str:
    at = reading()
    registry = institutions.registry(at.connection, at.scope)
    names = {one.code: one.short_name for one in registry}
    write = of_reader()
    lines = [_line(write, one, names) for one in orders.mine(at.connection, at.scope)]
    return own.page(
        "compilations/orders.html", _entries(sorted(names.items(), key=lambda one: one[1])),
        texts, error, lines=lines, limit=selections.MOST, kept=orders.KEPT.days, forms=FORMS,
        waits=any(one.ordered.order.is_under_way for one in lines),
    )  # fmt: skip


def _line(write: Writer, ordered: Ordered, names: dict[str, str]) -> Line:
    wanted = ordered.selection
    name = names.get(wanted.institution or "", wanted.institution or "")
    words = [", ".join(wanted.numbers), *in_words(write, wanted, name)]
    return Line(ordered, "; ".join(one for one in words if one) or gettext("All recommendations"))


def _entries(institutions: list[tuple[str, str]]) -> tuple[OwnField, ...]:
    return (
        OwnField(
            "numbers", say("Numbers of recommendations"), "textarea", required=False,
            hint=say("For example REK-2026-0001, REK-2026-0002. Empty: all of them."),
            max_length=LONGEST,
        ),
        OwnField("institution", say("Institution"), "select", required=False, options=institutions),
        OwnField(
            "letter", say("Issued with letter"), required=False, width="medium", max_length=200
        ),
        OwnField("since", say("Reports handed in from"), "date", required=False, width="short"),
        OwnField("until", say("Reports handed in until"), "date", required=False, width="short"),
    )  # fmt: skip
