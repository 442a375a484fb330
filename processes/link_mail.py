"""The mail that carries a single-use link to the address of its account.

Owns its words and its way into the outbox. The life of a link is `processes.invitations`.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import Connection

from engine.words import say
from processes import invitations
from processes.invitations import Invitation
from processes.letters import Letter, Stationery
from processes.storage import mail_rows
from processes.storage.mail_rows import NewMail
from processes.wording import Translate, Wording

LASTS: Final = say("It works once, within 24 hours. If you did not expect it, ignore this mail.")


@dataclass(frozen=True, slots=True)
class LinkMail:
    """`domain`: what Message-IDs end with."""

    paper: Stationery
    translate: Translate
    domain: str

    def post(self, connection: Connection, made: Invitation, now: datetime) -> None:
        """Queue the mail. `now` is the product's: the outbox and its jobs go by that clock."""
        person = made.user
        words = Wording(person.locale, self.translate(person.locale))
        subject, body = self.paper.write(
            Letter(
                say("Choose your password for Tindak"),
                (
                    say("For your account {username} a link was made.", username=person.username),
                    LASTS,
                    self.paper.link(invitations.path(made.key)),
                ),
            ),
            words,
        )
        new = NewMail("account", person.username, person.email, person.locale, subject, body)
        mail_id = mail_rows.insert_mail(connection, new, self.domain, now)
        mail_rows.queue(connection, mail_id, now)
