"""Mail goes over a real SMTP connection, or is only shown."""

from __future__ import annotations

import email
import socket
import ssl
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from email import policy
from email.message import EmailMessage
from pathlib import Path
from smtplib import SMTPAuthenticationError
from uuid import UUID

import pytest
import trustme
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session
from sqlalchemy import Connection
from uuid_utils.compat import uuid7

from engine.storage import tables as engine_tables
from engine.storage.database.unit_of_work import Database
from processes.ground.letter_language import untranslated
from processes.notices.mail import MailSender
from processes.notices.texts.letters import Stationery
from processes.storage.notices import mail_rows
from processes.storage.notices.mail_rows import Mail, NewMail
from processes.storage.tree import TREE
from web.addresses import ADDRESSES

NOW = datetime(2026, 1, 5, 2, tzinfo=UTC)
PAPER = Stationery("https://tindak.example", ADDRESSES, demo=False)
NEW = NewMail(
    "notice", "kemhan", "rina@kemhan.example", "en", "Pengingat: kapasitas – REK-2026-0001",
    "Isi surel.\n",
)  # fmt: skip


@dataclass
class Postbox:
    """What a mail server received; `refuse` makes it say no."""

    received: list[EmailMessage] = field(default_factory=list)
    refuse: bool = False

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:
        if self.refuse:
            return "451 try again later"
        content = envelope.content
        assert isinstance(content, bytes)
        message = email.message_from_bytes(content, policy=policy.default)
        assert isinstance(message, EmailMessage)
        self.received.append(message)
        return "250 ok"


@pytest.fixture
def postbox() -> Iterator[tuple[Postbox, str]]:
    """A mail server of the test's own, and its URL."""
    box = Postbox()
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    controller = Controller(box, hostname="127.0.0.1", port=port)
    controller.start()
    yield box, f"smtp://127.0.0.1:{port}"
    controller.stop()


@pytest.fixture
def database(sqlite_url: str) -> Iterator[Database]:
    """Tables only."""
    opened = Database(sqlite_url)
    with opened.write() as connection:
        engine_tables.metadata.create_all(connection)
    TREE.prepare(opened)
    yield opened
    opened.dispose()


def sender(url: str) -> MailSender:
    return MailSender(url, "Tindak <tindak@tindak.example>", PAPER, untranslated)


def queued(database: Database, new: NewMail = NEW) -> dict[str, str]:
    """A mail in the outbox; the payload of its job."""
    with database.write() as connection:
        id = mail_rows.insert_mail(connection, new, "tindak.example", NOW)
    return {"mail_id": str(id)}


def stored(connection: Connection, payload: dict[str, str]) -> Mail:
    found = mail_rows.find(connection, UUID(payload["mail_id"]))
    assert found is not None
    return found


def send(database: Database, by: MailSender, payload: dict[str, str]) -> None:
    """What the loop does with a mail job."""
    with database.read() as connection:
        prepared = by.prepare(connection, payload)
    assert prepared is not None
    by.send(prepared)
    with database.write() as connection:
        by.sent(connection, payload, prepared, NOW)


def test_a_mail_arrives_with_its_id_and_says_that_a_machine_wrote_it(
    database: Database, postbox: tuple[Postbox, str]
) -> None:
    box, url = postbox
    payload = queued(database)
    send(database, sender(url), payload)
    (message,) = box.received
    assert message["To"] == "rina@kemhan.example"
    assert message["Subject"] == NEW.subject
    assert message["Message-ID"] == f"<outbox-{payload['mail_id']}@tindak.example>"
    assert message["Auto-Submitted"] == "auto-generated"
    assert message.get_content().replace("\r\n", "\n") == NEW.body
    with database.read() as connection:
        mail = stored(connection, payload)
    assert (mail.state, mail.sent_at, mail.tries) == ("sent", NOW, 1)


def test_a_mail_that_went_out_is_not_prepared_again(
    database: Database, postbox: tuple[Postbox, str]
) -> None:
    _, url = postbox
    payload = queued(database)
    send(database, sender(url), payload)
    with database.read() as connection:
        assert sender(url).prepare(connection, payload) is None
        assert sender(url).prepare(connection, {"mail_id": str(uuid7())}) is None


def test_without_a_mail_server_the_text_is_only_shown(database: Database) -> None:
    payload = queued(database)
    send(database, sender(""), payload)
    with database.read() as connection:
        mail = stored(connection, payload)
    assert (mail.state, mail.sent_at, mail.body) == ("shown", None, NEW.body)


def test_a_person_without_an_address_is_never_mailed(
    database: Database, postbox: tuple[Postbox, str]
) -> None:
    box, url = postbox
    payload = queued(database, NewMail("notice", "kemhan", "", "id", "Subjek", "Isi"))
    send(database, sender(url), payload)
    assert box.received == []
    with database.read() as connection:
        assert stored(connection, payload).state == "shown"


def test_a_refused_mail_shows_the_error_and_stays_queued_until_it_is_given_up(
    database: Database, postbox: tuple[Postbox, str]
) -> None:
    box, url = postbox
    box.refuse = True
    payload, by = queued(database), sender(url)
    with database.read() as connection:
        prepared = by.prepare(connection, payload)
    assert prepared is not None
    with pytest.raises(OSError, match="try again later"):
        by.send(prepared)
    for final, state in ((False, "queued"), (True, "failed")):
        with database.write() as connection:
            by.failed(connection, payload, "451 try again later", NOW, final)
            mail = stored(connection, payload)
        assert (mail.state, mail.error) == (state, "451 try again later")


def test_a_mail_server_may_ask_for_name_and_password(database: Database) -> None:
    box, seen = Postbox(), []

    def accepts(_server: SMTP, _session: Session, _envelope: Envelope, kind: str, data: object):  # type: ignore[no-untyped-def]  # aiosmtpd's callback
        assert isinstance(data, LoginPassword)
        seen.append((kind, data.login, data.password))
        return AuthResult(success=data.password == b"p@ss", handled=False)

    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    controller = Controller(
        box,
        hostname="127.0.0.1",
        port=port,
        authenticator=accepts,
        auth_required=True,
        auth_require_tls=False,
    )
    controller.start()
    try:
        send(database, sender(f"smtp://tindak:p%40ss@127.0.0.1:{port}"), queued(database))
        assert len(box.received) == 1
        with pytest.raises(SMTPAuthenticationError):
            send(database, sender(f"smtp://tindak:wrong@127.0.0.1:{port}"), queued(database))
    finally:
        controller.stop()
    assert seen[0][1:] == (b"tindak", b"p@ss")


@pytest.fixture(scope="module")
def authority() -> trustme.CA:
    return trustme.CA()


def encrypting(box: Postbox, authority: trustme.CA, *, directly: bool) -> Controller:
    """A mail server that speaks TLS from the start, or takes no mail before STARTTLS."""
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    authority.issue_cert("localhost").configure_cert(context)
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    if directly:
        return Controller(box, hostname="localhost", port=port, ssl_context=context)
    return Controller(
        box, hostname="localhost", port=port, tls_context=context, require_starttls=True
    )


@pytest.mark.parametrize("scheme", ["smtp", "smtps"])
def test_a_server_that_proves_its_name_gets_mail_encrypted_only(
    database: Database,
    authority: trustme.CA,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    scheme: str,
) -> None:
    box = Postbox()
    controller = encrypting(box, authority, directly=scheme == "smtps")
    authority.cert_pem.write_to_path(str(tmp_path / "ca.pem"))
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "ca.pem"))
    controller.start()
    try:
        by = replace(sender(f"{scheme}://localhost:{controller.port}"), tls=True)
        send(database, by, queued(database))
        monkeypatch.delenv("SSL_CERT_FILE")
        with pytest.raises(ssl.SSLCertVerificationError):
            send(database, by, queued(database))
    finally:
        controller.stop()
    assert len(box.received) == 1


def test_no_mail_goes_to_a_server_that_offers_no_encryption_where_it_is_demanded(
    database: Database, postbox: tuple[Postbox, str]
) -> None:
    box, url = postbox
    with pytest.raises(OSError, match="offers no STARTTLS"):
        send(database, replace(sender(url), tls=True), queued(database))
    assert box.received == []

    send(database, sender(url), queued(database))
    assert len(box.received) == 1


def test_nobody_listening_is_an_error_that_is_tried_again(database: Database) -> None:
    by = sender("smtp://127.0.0.1:1")
    payload = queued(database)
    with database.read() as connection:
        prepared = by.prepare(connection, payload)
    assert prepared is not None
    with pytest.raises(OSError):
        by.send(prepared)


def test_a_digest_of_which_nothing_stands_any_more_is_dropped(
    database: Database, postbox: tuple[Postbox, str]
) -> None:
    box, url = postbox
    new = NewMail("digest", "menko", "menko@x.example", "en", digest_day=date(2026, 1, 6))
    payload = queued(database, new)
    send(database, sender(url), payload)
    assert box.received == []
    with database.read() as connection:
        assert stored(connection, payload).state == "dropped"


def test_a_subject_never_breaks_into_a_second_header(
    database: Database, postbox: tuple[Postbox, str]
) -> None:
    box, url = postbox
    new = NewMail("notice", "kemhan", "a@b.example", "en", "Judul\r\nBcc: x@y.example", "Isi")
    send(database, sender(url), queued(database, new))
    (message,) = box.received
    assert message["Bcc"] is None
    assert message["Subject"] == "Judul Bcc: x@y.example"
