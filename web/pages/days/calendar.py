"""Working calendars: the days that do not count, their decrees, and changing one day."""

from __future__ import annotations

from datetime import date

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from engine.models.forms import parse_date
from engine.sentences.errors import NotFound, TindakError
from engine.sentences.sentence import say
from engine.time.calendar import Calendar
from processes.acts.reading import Reading
from processes.days import calendars
from processes.days.calendars import COMMON
from processes.people import institutions
from processes.rights.access import allows
from processes.work import calendar_changes
from processes.work.calendar_changes import Progress
from web.forms import calendars as forms
from web.forms import own
from web.forms.own import Texts
from web.frame import fates, paging
from web.gate.errors import redraw_on_error
from web.gate.visitor import reading, scope, service
from web.pages.days.month_grid import months_of
from web.words.i18n import formats, language

page = Blueprint("calendar", __name__)

YEARS = range(2000, 2101)


@page.get("/calendar")
def show() -> ResponseReturnValue:
    """A year of one calendar: months, and every named day with its decree."""
    at, code = reading(), request.args.get("calendar", COMMON)
    today = Calendar(zone=formats().zone).today(at.now)
    year = _year(request.args.get("year"), today)
    names = calendars.calendars(at.connection, at.scope)
    days = calendars.days(at.connection, at.scope, _known(code, names), year)
    moving = _moving(at, code)
    months = months_of(year, days, calendars.working_calendar(days))
    return render_template(
        "calendar/year.html", code=code, names=names, year=year, years=YEARS, today=today,
        months=months, moving=moving,
    )  # fmt: skip


@page.get("/calendar/moves")
def moves() -> ResponseReturnValue:
    """The deadlines behind the numbers of the newest change: old and new day of each."""
    at, code = reading(), request.args.get("calendar", COMMON)
    names = calendars.calendars(at.connection, at.scope)
    fate = fates.asked()
    moving = _moving(at, _known(code, names))
    found = calendar_changes.moves(at.connection, at.scope, moving, fate, **paging.place())
    return render_template(
        "calendar/moves.html", calendar=names[code], moving=moving, moves=found.items,
        fate=fate, pages=paging.of(found),
    )  # fmt: skip


@page.get("/calendar/change")
def change() -> ResponseReturnValue:
    """The form for one day; with `day` in the address it shows the day's present facts."""
    code, kind = request.args.get("calendar", COMMON), request.args.get("kind", "holiday")
    day = parse_date(request.args.get("day", ""))
    at = reading()
    days = calendars.days(at.connection, at.scope, code, day.year) if day else []
    found = next((one for one in days if one.day == day), None)
    return _form(forms.proposed(code, kind, found, day))


@page.post("/calendar/check")
def check() -> ResponseReturnValue:
    """The open deadlines that the change would move, before it is made."""
    texts = own.typed()
    redraw_on_error(lambda error: _form(texts, error))
    own.refuse_longer(forms.entries({}), texts)
    code, wanted = own.text(texts, "calendar"), forms.change_of(texts)
    at = reading()
    models = calendar_changes.due_dates(at.ask), calendar_changes.data_of(at.ask)
    moved = calendar_changes.moved_deadlines(at.connection, at.scope, code, wanted, *models)
    names = calendars.calendars(at.connection, at.scope)
    codes = {one.task.institution_code for one in moved if one.task.institution_code}
    short = institutions.short_names(at.connection, codes)
    return render_template(
        "calendar/check.html", change=wanted, calendar=names[code], moved=moved, short=short,
        typed=texts,
    )  # fmt: skip


@page.post("/calendar/change")
def save() -> ResponseReturnValue:
    """Change the day and plan the moves; or, from the check, return to the form."""
    texts = own.typed()
    redraw_on_error(lambda error: _form(texts, error))
    own.refuse_longer(forms.entries({}), texts)
    if own.goes_back():
        return _form(texts)
    code, wanted = own.text(texts, "calendar"), forms.change_of(texts)
    moved = calendar_changes.change_and_move(service(), scope(), code, wanted)
    n = len(moved)
    words = language().ngettext(
        "The day is changed. %(n)s deadline is being moved.",
        "The day is changed. %(n)s deadlines are being moved.",
        n,
    )
    flash(words % {"n": formats().number(n)}, "done")
    return redirect(url_for("calendar.show", calendar=code, year=wanted.day.year))


def _moving(at: Reading, code: str) -> Progress | None:
    """The progress of the moves after the newest change, for readers who change calendars."""
    if not allows(at.scope, "manage_calendar"):
        return None
    return calendar_changes.progress(at.connection, at.scope, code)


def _form(texts: Texts, error: TindakError | None = None) -> str:
    at = reading()
    names = calendars.calendars(at.connection, at.scope)
    return own.page("calendar/change.html", forms.entries(names), texts, error)


def _year(text: str | None, today: date) -> int:
    year = int(text) if text and text.isdecimal() else today.year
    if year not in YEARS:
        raise NotFound(say("There is no such calendar."))
    return year


def _known(code: str, names: dict[str, str]) -> str:
    if code not in names:
        raise NotFound(say("There is no such calendar."))
    return code
