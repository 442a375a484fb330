"""The outbox: sent mail, failed mail, and sending again."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from engine.sentences.sentence import say
from processes.operation import outbox
from processes.register.states import MailState
from processes.storage.notices.mail_rows import NEWEST, Wanted
from processes.work.rehearsal import rehearse
from web.addresses import ADDRESSES
from web.forms import own
from web.frame import lists, paging
from web.frame.lists import ListOf, day_of, days_words, searched, span_of
from web.gate.visitor import options, reading, scope, service
from web.words import people_names
from web.words.i18n import render

page = Blueprint("outbox", __name__)


LIST = ListOf(
    "outbox",
    "outbox.listed",
    ("q", "state", "from", "to"),
    {"newest": say("Written")},
    NEWEST,
)


@page.get("/outbox")
def listed() -> ResponseReturnValue:
    """Mail, with the filters and the sorting in the address."""
    at, wanted = reading(), _wanted()
    found = outbox.page(
        at.connection, at.scope, ADDRESSES, wanted=wanted, sort=LIST.sort(), **paging.place()
    )
    people_names.look_up(mail.to_user for mail in found.items if mail.to_user)
    return render_template(
        "outbox/list.html",
        found=found,
        state=wanted.state,
        recipient=wanted.recipient,
        days=(day_of("from"), day_of("to")),
        chips=_chips(wanted),
        listing=lists.shown(LIST),
        states=MailState,
        sends=_sends(),
        pages=paging.of(found),
    )


@page.get("/outbox/<uuid:mail_id>")
def show(mail_id: UUID) -> ResponseReturnValue:
    """One mail with its text as sent."""
    at = reading()
    mail = outbox.one(at.connection, at.scope, ADDRESSES, mail_id)
    people_names.look_up([mail.to_user] if mail.to_user else [])
    again = outbox.may_resend(mail) and _sends()
    return render_template("outbox/mail.html", mail=mail, again=again, sends=_sends())


@page.post("/outbox/<uuid:mail_id>/resend")
def resend(mail_id: UUID) -> ResponseReturnValue:
    """Queue the mail again, once it was read in words to whom it goes."""
    if own.is_checked():
        return _check(mail_id)
    outbox.resend(service(), scope(), mail_id)
    flash(render(say("The mail waits to be sent again.")), "done")
    return redirect(url_for("outbox.show", mail_id=mail_id))


def _check(mail_id: UUID) -> str:
    rehearse(service(), scope(), outbox.resend, mail_id)
    at = reading()
    mail = outbox.one(at.connection, at.scope, ADDRESSES, mail_id)
    people_names.look_up([mail.to_user] if mail.to_user else [])
    to = people_names.name_of(mail.to_user) if mail.to_user else mail.to_address
    effects = [
        say("The mail goes to {name} as it was written.", name=to),
        say("Nothing else changes; it stays on record that it was sent again."),
    ]
    back = url_for("outbox.show", mail_id=mail_id)
    return own.check((), {}, say("Send again"), effects, back=back)


def _wanted() -> Wanted:
    """The filters in the address."""
    since, until = span_of("from", "to")
    return Wanted(
        state=request.args.get("state") or None,
        recipient=searched(),
        written_from=since,
        written_to=until,
    )


def _chips(wanted: Wanted) -> list[tuple[str, str]]:
    words = {
        "state": _state_words(wanted.state),
        "q": wanted.recipient,
        **days_words("from", "to"),
    }
    return [(text, LIST.address(**{name: None})) for name, text in words.items() if text]


def _state_words(state: str | None) -> str:
    return next((render(one.sentence) for one in MailState if one == state), "")


def _sends() -> bool:
    """Whether a mail server is configured."""
    return bool(options().smtp_url)
