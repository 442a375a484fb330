"""The mail with a single-use link to the address of its account.

Owns its words and its way into the outbox. `processes.people.links.invitations` owns the life of a
link.
"""

from __future__ import annotations

from datetime import datetime
from typing import Final

from sqlalchemy import Connection

from engine.sentences.sentence import say
from processes.acts.service import Service
from processes.ground.letter_language import Wording
from processes.notices.texts.letters import Letter
from processes.people.links.invitations import Invitation
from processes.storage.notices import mail_rows
from processes.storage.notices.mail_rows import NewMail

LASTS: Final = say("It works once, within 24 hours. If you did not expect it, ignore this mail.")


def post(connection: Connection, service: Service, made: Invitation, now: datetime) -> None:
    """Queue the mail. `now` is the product's clock, which the outbox and its jobs use."""
    person, paper = made.user, service.notifier.paper
    words = Wording(person.locale, service.options.translate(person.locale, connection))
    subject, body = paper.write(
        Letter(
            say("Choose your password for Tindak"),
            (
                say("For your account {username} a link was made.", username=person.username),
                LASTS,
                paper.link(paper.addresses.password(made.key)),
            ),
        ),
        words,
    )
    new = NewMail("account", person.username, person.email, person.locale, subject, body)
    mail_id = mail_rows.insert_mail(connection, new, service.options.domain, now)
    mail_rows.queue(connection, mail_id, now)
