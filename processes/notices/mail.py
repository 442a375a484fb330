"""Sending the mails of the outbox: the sender of the job kind "mail".

Owns SMTP. A digest is written when it is sent (`processes.notices.digests`). No transaction is open
while the network is used. Without a mail server the outbox only shows the mails. Every mail keeps
its Message-ID, so that the receiver drops one sent twice after a crash.
"""

from __future__ import annotations

import smtplib
import ssl
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from typing import Any
from urllib.parse import SplitResult, unquote, urlsplit
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from engine.sentences.sentence import say
from engine.time.calendar import DEFAULT_ZONE
from processes.ground.letter_language import Translate, Wording
from processes.ground.payloads import SendMail
from processes.notices import digests
from processes.notices.texts import letters
from processes.notices.texts.letters import Letter, Stationery
from processes.register.states import MailState
from processes.storage.notices import mail_rows
from processes.storage.notices.mail_rows import Mail

TIMEOUT_SECONDS = 20
"""Seconds for connecting, and for each answer of the mail server."""
EMPTY = Letter(say("Nothing to tell"), ())
"""A digest of which nothing stands any more; it is dropped."""
FINISHED = (MailState.SENT, MailState.SHOWN, MailState.DROPPED)


@dataclass(frozen=True, slots=True)
class Outgoing:
    """A mail ready to send. `goes` False: it is only shown, or none of its escalations remains."""

    mail: Mail
    subject: str
    body: str
    goes: bool
    empty: bool = False


@dataclass(frozen=True, slots=True)
class MailSender:
    """`smtp_url`: smtp://[user:password@]host[:port] (STARTTLS when offered) or smtps://...; empty:
    no mail is sent, the outbox shows the text. `tls`: the server must offer STARTTLS, because an
    attacker on the way could remove the offer."""

    smtp_url: str
    sender: str
    paper: Stationery
    translate: Translate
    zone: ZoneInfo = DEFAULT_ZONE
    tls: bool = False

    def prepare(self, connection: Connection, payload: Mapping[str, Any]) -> Outgoing | None:
        """The text of a mail that has not been sent yet; None if it has, or does not exist."""
        found = mail_rows.find(connection, SendMail.decode(payload).mail_id)
        if found is None or found.state in FINISHED:
            return None
        goes = bool(self.smtp_url and found.to_address)
        if found.kind != "digest":
            return Outgoing(found, found.subject, found.body, goes)
        letter = digests.compose(connection, found, self.paper)
        words = Wording(found.locale, self.translate(found.locale, connection))
        subject, body = self.paper.write(letter or EMPTY, words)
        return Outgoing(found, subject, body, goes and letter is not None, empty=letter is None)

    def send(self, prepared: Outgoing) -> None:
        """Pass it to the mail server. Raises OSError (`smtplib.SMTPException` is one)."""
        if prepared.goes:
            deliver(self.smtp_url, self.message(prepared), tls=self.tls)

    def message(self, prepared: Outgoing) -> EmailMessage:
        """The mail in the form of the network."""
        message = EmailMessage(policy=SMTP)
        message["From"] = self.sender
        message["To"] = prepared.mail.to_address or ""
        message["Subject"] = " ".join(prepared.subject.split())
        message["Date"] = format_datetime(prepared.mail.created_at.astimezone(self.zone))
        message["Message-ID"] = prepared.mail.message_id
        # RFC 3834: no absence note answers this mail.
        message["Auto-Submitted"] = "auto-generated"
        message.set_content(prepared.body)
        return message

    def sent(
        self,
        connection: Connection,
        payload: Mapping[str, Any],
        prepared: Outgoing,
        now: datetime,
    ) -> None:
        """Keep the text as sent, without the link of an account, and the state of the mail."""
        mail, body = prepared.mail, prepared.body
        done = MailState.SENT if prepared.goes else MailState.SHOWN
        state = MailState.DROPPED if prepared.empty else done
        mail_rows.change(
            connection,
            mail.id,
            state=state,
            subject=prepared.subject,
            body=self._kept(body) if mail.kind == "account" else body,
            tries=mail.tries + prepared.goes,
            error=None,
            sent_at=now if prepared.goes else None,
        )

    def failed(
        self,
        connection: Connection,
        payload: Mapping[str, Any],
        error: str,
        now: datetime,
        final: bool,
    ) -> None:
        """Show the error in the outbox; a mail that will be tried again stays queued."""
        found = mail_rows.find(connection, SendMail.decode(payload).mail_id)
        if found is None:
            return
        state = MailState.FAILED if final else MailState.QUEUED
        mail_rows.change(connection, found.id, state=state, tries=found.tries + 1, error=error)
        if final and found.kind == "account":
            # A link that went nowhere must not lie about; a new one is made instead.
            mail_rows.change(connection, found.id, body=self._kept(found.body))

    def _kept(self, body: str) -> str:
        return letters.without_key(body, self.paper.addresses)


def deliver(url: str, message: EmailMessage, *, tls: bool = False) -> None:
    """Send one mail over one connection: a kill in between repeats at most this one."""
    parts = urlsplit(url)
    with _connect(parts, tls) as server:
        if parts.username:
            server.login(unquote(parts.username), unquote(parts.password or ""))
        server.send_message(message)


def _connect(parts: SplitResult, tls: bool) -> smtplib.SMTP:
    host = parts.hostname or "localhost"
    context = ssl.create_default_context()
    if parts.scheme == "smtps":
        return smtplib.SMTP_SSL(host, parts.port or 465, timeout=TIMEOUT_SECONDS, context=context)
    server = smtplib.SMTP(host, parts.port or 25, timeout=TIMEOUT_SECONDS)
    server.ehlo()
    if server.has_extn("starttls"):
        server.starttls(context=context)
        server.ehlo()
    elif tls:
        server.close()
        raise smtplib.SMTPNotSupportedError(
            "the mail server offers no STARTTLS, and SMTP_TLS is on"
        )
    return server
