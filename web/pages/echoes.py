"""What a typed date or number means, while it is being typed: the words under its field."""

from __future__ import annotations

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from engine.sentences.errors import NotFound
from engine.sentences.sentence import say
from processes.days.calendars import calendar_of
from web.forms.echoes import KINDS, Days, echo_of
from web.gate.visitor import reading
from web.words.i18n import formats

page = Blueprint("echoes", __name__)


@page.get("/echo/<kind>")
def show(kind: str) -> ResponseReturnValue:
    """The words under one field: `name` is the field's, its text comes under that name; `of`: code
    of the institution whose working days count."""
    if kind not in KINDS:
        raise NotFound(say("There is no such thing, or it is not open to you."))
    at, asked = reading(), request.args
    calendar = calendar_of(at.connection, asked.get("of", ""))
    days = Days(calendar, calendar.today(at.now), asked.get("of", ""))
    echo = echo_of(kind, asked.get(asked.get("name", ""), ""), formats(), days)
    return render_template("forms/echo.html", echo=echo, field_id=asked.get("id", ""))
