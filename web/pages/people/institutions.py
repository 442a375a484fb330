"""The registry of institutions: their details, contacts, heads and successors."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from engine.sentences.errors import TindakError
from engine.sentences.sentence import Sentence, say
from processes.cases.follow_up import follow_up_list
from processes.days import calendars
from processes.people import closing, institutions, posts
from processes.rights import groups
from processes.storage.people.institutions import Institution
from processes.storage.tables.people import KINDS
from processes.work.rehearsal import rehearse
from web.forms import institutions as forms
from web.forms import own
from web.forms.own import Texts
from web.frame import lists
from web.frame.lists import ListOf, searched
from web.gate.errors import redraw_on_error
from web.gate.visitor import reading, scope, service
from web.words import admin_labels
from web.words.i18n import render

page = Blueprint("institutions", __name__)


LIST = ListOf(
    "institutions",
    "institutions.listed",
    ("q", "kind"),
    {"institution": say("Institution"), "full": say("Full name"), "kind": say("Kind")},
    institutions.BY_SHORT_NAME,
)


APPROVAL = {
    True: (
        say(
            "Each report goes to the head of the institution, or who stands in, before it is sent."
        ),
        say("Who has written a report does not release it."),
        say("The deadline of the report holds for its release too."),
    ),
    False: (
        say("Reports are handed in as soon as they are sent."),
        say("What waits for its release now still waits."),
    ),
}
"""What switching the release of reports on or off means."""


@page.get("/institutions")
def listed() -> ResponseReturnValue:
    """The institutions, with the filters and the sorting in the address; those without an active
    contact are marked."""
    at = reading()
    every = institutions.registry(at.connection, at.scope)
    kind = request.args.get("kind", "")
    found = institutions.listed(every, searched(), kind, LIST.sort())
    codes = {one.code for one in found if one.valid_to is None}
    unserved = institutions.unserved(at.connection, at.scope, codes)
    names = calendars.calendars(at.connection, at.scope)
    return render_template(
        "institutions/list.html",
        found=found,
        unserved=unserved,
        calendars=names,
        short={one.code: one.short_name for one in every},
        listing=lists.shown(LIST),
        search=searched(),
        kind=kind,
        kinds=KINDS,
        chips=_chips(kind),
    )


@page.get("/institutions/new")
def new() -> ResponseReturnValue:
    """The form for a new institution."""
    return _new(forms.NEW)


@page.post("/institutions/new")
def create() -> ResponseReturnValue:
    """Add the institution."""
    texts = own.typed()
    redraw_on_error(lambda error: _new(texts, error))
    own.refuse_longer((forms.CODE, *forms.details({})), texts)
    code, details = own.text(texts, "code"), forms.details_of(texts)
    institutions.add(service(), scope(), code, details)
    return _back(code, say("The institution is added. Give it a contact next."))


@page.get("/institutions/<code>")
def show(code: str) -> ResponseReturnValue:
    """One institution: facts, contacts and heads."""
    at = reading()
    one = institutions.one(at.connection, at.scope, code)
    people = institutions.people(at.connection, at.scope, code)
    names = calendars.calendars(at.connection, at.scope)
    successor = one.successor_code and institutions.one(at.connection, at.scope, one.successor_code)
    cases = at.scope.oversees and follow_up_list.numbers(at.connection, at.scope, code, at.now)
    return render_template(
        "institutions/institution.html", one=one, people=people, calendars=names,
        successor=successor,
        handing=institutions.handing_over(at.connection, at.scope, code) if successor else None,
        hands_over_later=bool(successor)
        and institutions.hands_over_later(at.connection, at.scope, code),
        cases=cases,
        post=groups.of_heads(code),
        stand_ins=posts.of_institution(at.connection, at.scope, code),
    )  # fmt: skip


@page.get("/institutions/<code>/details")
def details(code: str) -> ResponseReturnValue:
    """The form for the details."""
    one = _one(code)
    return _details(one, forms.texts_of_details(one))


@page.post("/institutions/<code>/details")
def change(code: str) -> ResponseReturnValue:
    """Store the details."""
    texts, one = own.typed(), _one(code)
    redraw_on_error(lambda error: _details(one, texts, error))
    own.refuse_longer(forms.details({}), texts)
    institutions.change(service(), scope(), code, forms.details_of(texts))
    return _back(code, say("Saved."))


@page.get("/institutions/<code>/close")
def closing_form(code: str) -> ResponseReturnValue:
    """The form for the end of an institution."""
    one = _one(code)
    return _close(one, forms.texts_of_ending(one))


@page.post("/institutions/<code>/close/check")
def check_close(code: str) -> ResponseReturnValue:
    """The open work of the institution, before it is closed."""
    texts, one = own.typed(), _one(code)
    redraw_on_error(lambda error: _close(one, texts, error))
    own.refuse_longer(forms.ending(()), texts)
    ending = forms.ending_of(texts)
    at = reading()
    found = closing.of_institution(at.connection, at.scope, code, ending, at.now)
    return render_template("institutions/check.html", closing=found, ending=ending, typed=texts)


@page.post("/institutions/<code>/close")
def close(code: str) -> ResponseReturnValue:
    """Close the institution; or, from the check, return to the form with its entries."""
    texts, one = own.typed(), _one(code)
    redraw_on_error(lambda error: _close(one, texts, error))
    own.refuse_longer(forms.ending(()), texts)
    if own.goes_back():
        return _close(one, texts)
    institutions.close(service(), scope(), code, forms.ending_of(texts))
    return _back(code, say("The end of the institution is recorded."))


@page.post("/institutions/<code>/approval")
def set_approval(code: str) -> ResponseReturnValue:
    """Switch the release of reports inside the institution, once it was read in words."""
    asked = own.text(own.typed(), "asked") == "yes"
    back = _approval_back(code)
    if own.is_checked():
        rehearse(service(), scope(), institutions.set_approval, code, asked)
        words = say("Switch on") if asked else say("Switch off")
        return own.check(
            (), {"asked": ["yes" if asked else "no"]}, words, APPROVAL[asked], back=back
        )
    institutions.set_approval(service(), scope(), code, asked)
    flash(render(say("Saved.")), "done")
    return redirect(back)


def _approval_back(code: str) -> str:
    if "admin" in scope().roles:
        return url_for("institutions.show", code=code)
    return url_for("account.show")


def _chips(kind: str) -> list[tuple[str, str]]:
    known = render(admin_labels.KINDS[kind]) if kind in KINDS else ""
    on = {"q": searched(), "kind": known}
    return [(text, LIST.address(**{name: None})) for name, text in on.items() if text]


def _one(code: str) -> Institution:
    at = reading()
    return institutions.one(at.connection, at.scope, code)


def _new(texts: Texts, error: TindakError | None = None) -> str:
    return own.page("institutions/new.html", (forms.CODE, *_entries()), texts, error)


def _details(one: Institution, texts: Texts, error: TindakError | None = None) -> str:
    return own.page("institutions/details.html", _entries(), texts, error, one=one)


def _entries() -> tuple[own.OwnField, ...]:
    at = reading()
    return forms.details(calendars.calendars(at.connection, at.scope))


def _close(one: Institution, texts: Texts, error: TindakError | None = None) -> str:
    at = reading()
    others = [o for o in institutions.registry(at.connection, at.scope) if o.code != one.code]
    return own.page("institutions/close.html", forms.ending(others), texts, error, one=one)


def _back(code: str, words: Sentence) -> ResponseReturnValue:
    flash(render(words), "done")
    return redirect(url_for("institutions.show", code=code))
