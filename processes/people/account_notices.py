"""Notices about requests, and about changes of accounts.

Owns these mails and their recipients: the other administrators, the author of the request, and
always the person, so that nobody opens a way into an account without its owner's knowledge.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Final

from sqlalchemy import Connection

from engine.sentences.sentence import Sentence, say
from processes.acts.acting import Acting
from processes.acts.service import Service
from processes.ground.letter_language import Wording
from processes.notices.texts.letters import Letter
from processes.people import approvals
from processes.storage.notices import mail_rows
from processes.storage.notices.mail_rows import NewMail
from processes.storage.people import users
from processes.storage.people.approvals import Request
from processes.storage.people.users import User

WANTED: Final[Mapping[str, Sentence]] = {
    "rights": say("rights"),
    "mail": say("e-mail address"),
    "link": say("a link to choose a password by"),
    "reopen": say("opening the account again"),
    "topics": say("work on topics in real cases"),
}
"""The subject of a request."""
DONE: Final[Mapping[str, tuple[Sentence, Sentence]]] = {
    "rights": (
        say("Your rights in Tindak were changed"),
        say("Your roles, institutions or clearance were changed. Sign in again to work with them."),
    ),
    "mail": (
        say("Your e-mail address in Tindak was changed"),
        say("Notices and links for your account go to the new address from now on."),
    ),
    "link": (
        say("A link for your account in Tindak was made"),
        say("A link to choose a new password by was made for you to be handed over."),
    ),
    "reopen": (
        say("Your account in Tindak is open again"),
        say("It has the rights and the password it had."),
    ),
}
"""Act -> subject and sentence for the person."""


def asked(act: Acting, request: Request, person: User) -> None:
    """Mail every administrator who can decide the request."""
    by = _name(act.connection, request.proposed_by)
    letter = Letter(
        say("A second administrator is needed: {name}", name=person.name),
        (
            say(
                "{by} asks for: {what}, for {name}. One administrator may not do this alone.",
                by=by,
                what=WANTED[request.act],
                name=person.name,
            ),
            say("It waits until {day}.", day=_day(act.service, request)),
            _request_page(act, request),
        ),
    )
    for admin in approvals.deciders(act.connection, request):
        _put(act, admin, letter)


def decided(act: Acting, request: Request, person: User, yes: bool) -> None:
    """Mail the author of the request."""
    asker = users.by_username(act.connection, request.proposed_by)
    if asker is None or asker.username == act.by:
        return
    said = say("approved") if yes else say("refused")
    letter = Letter(
        say("Your request was decided: {name}", name=person.name),
        (
            say(
                "{by}: {said}. It was about: {what}, for {name}.",
                by=_name(act.connection, act.by),
                said=said,
                what=WANTED[request.act],
                name=person.name,
            ),
            _request_page(act, request),
        ),
    )
    _put(act, asker, letter)


def done(
    act: Acting, name: str, person: User, request: Request | None = None, former: str = ""
) -> None:
    """Mail the person, at the present address and at the `former` one. A program gets no mail.
    `name`: key of the act in `DONE`."""
    if person.is_service:
        return
    paper, (subject, sentence) = act.service.notifier.paper, DONE[name]
    by = ([request.proposed_by] if request else []) + [act.by]
    names = [_name(act.connection, who) for who in by]
    letter = Letter(
        subject,
        (
            sentence,
            say("Done by: {names}.", names=", ".join(names)),
            say("If you did not expect this, tell an administrator whom you trust at once."),
            paper.link(paper.addresses.account()),
        ),
    )
    for address in dict.fromkeys((person.email, former or person.email)):
        _put(act, person, letter, address)


def _request_page(act: Acting, request: Request) -> Sentence:
    paper = act.service.notifier.paper
    return paper.link(paper.addresses.request(request.id))


def _put(act: Acting, person: User, letter: Letter, address: str | None = None) -> None:
    options = act.service.options
    words = Wording(person.locale, options.translate(person.locale, act.connection))
    subject, body = act.service.notifier.paper.write(letter, words)
    to = person.email if address is None else address
    new = NewMail("notice", person.username, to, person.locale, subject, body)
    # The outbox uses the product's clock.
    mail_id = mail_rows.insert_mail(act.connection, new, options.domain, act.now)
    mail_rows.queue(act.connection, mail_id, act.now)


def _name(connection: Connection, username: str) -> str:
    """The name of an account's person; an operator at the console has no account."""
    return users.names_of(connection, [username]).get(username, username)


def _day(service: Service, request: Request) -> date:
    return request.expires_at.astimezone(service.options.zone).date()
