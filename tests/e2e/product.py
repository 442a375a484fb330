"""The product as its operator runs it: `tindak serve` in its own process, with a mail server.

Time passes only when a test moves the stored clock; timers then fire through the product's own
scheduler.
"""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, time
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path
from typing import Any, TypeVar
from urllib.error import URLError
from urllib.request import urlopen

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from engine.storage.clock_time import read_time
from engine.storage.settings import write_setting
from engine.time.calendar import DEFAULT_ZONE
from engine.time.clock import SETTING, ManualClock, VirtualTime
from processes.acts.service import Options, Service
from processes.authentication.credentials import chosen
from processes.composition import open_service
from processes.people import accounts
from processes.people.accounts import NewUser
from processes.people.seed import seed_institutions
from processes.rights.scope import operator, scope_of
from processes.storage.people import users
from processes.storage.people.users import Grants
from tests.processes.stories.world import World
from web.addresses import ADDRESSES

PASSWORD = "kopi-tubruk-pagi-7"
MONDAY = datetime(2026, 1, 5, 9, 0, tzinfo=DEFAULT_ZONE)
START_SECONDS, WAIT_SECONDS, STOP_SECONDS = 180, 180, 120
"""Generous, for what waits is waiting no longer than it must: on a busy machine a mail fails
once or twice before it goes out, and each time the product waits half a minute (`BACK_OFF`)."""
LOOK_SECONDS = 0.05
AFTER_LOOKING = time(9, 30)
"""Deadlines are looked at in the morning, at nine."""
LINK = re.compile(r"https?://\S+")

Found = TypeVar("Found")


class NotYet(Exception):
    """What was waited for has not come; the text says what."""


class Mails:
    """A mail server that keeps what it is given."""

    def __init__(self) -> None:
        self.received: list[EmailMessage] = []
        self._server = Controller(self, hostname="127.0.0.1", port=free_port())

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:
        """Called by aiosmtpd for each mail."""
        content = envelope.original_content or b""
        mail = message_from_bytes(content, _class=EmailMessage, policy=default)
        self.received.append(mail)
        return "250 OK"

    def to(self, username: str) -> list[EmailMessage]:
        """What somebody was sent, oldest first."""
        return [one for one in self.received if one["To"] == address_of(username)]

    @property
    def url(self) -> str:
        return f"smtp://127.0.0.1:{self._server.port}"

    def __enter__(self) -> Mails:
        self._server.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.stop()


def text_of(mail: EmailMessage) -> str:
    """Subject and body of a mail."""
    return f"{mail['Subject']}\n{mail.get_content()}"


def link_in(mail: EmailMessage) -> str:
    """The address a mail leads to."""
    found = LINK.search(mail.get_content())
    assert found, text_of(mail)
    return found[0].rstrip(".")


@dataclass
class Product:
    """A running product. `url`: the address people use; `log`: what its processes said."""

    url: str
    service: Service
    process: subprocess.Popen[bytes]
    mails: Mails
    log: Path

    def go_to(self, day: str, at: time = AFTER_LOOKING) -> None:
        """Let time pass until then (`2026-01-09`, in Jakarta), and what is due be done."""
        moment = datetime.combine(datetime.fromisoformat(day), at, DEFAULT_ZONE)
        set_clock(self.service, moment)
        self.settle()

    def settle(self) -> None:
        """Let what is due be done."""
        self.wait("end of the work that is due", self._nothing_is_due)

    def _nothing_is_due(self) -> bool:
        seconds = self.service.engine.seconds_to_next_job()
        return seconds is None or seconds > 0

    def mail(self, to: str, *words: str) -> EmailMessage:
        """The newest mail to somebody with these words in it, once it has come."""
        return self.wait(f"a mail to {to} with {words}", lambda: self._mail(to, words))

    def _mail(self, to: str, words: tuple[str, ...]) -> EmailMessage | None:
        found = [one for one in self.mails.to(to) if all(word in text_of(one) for word in words)]
        return found[-1] if found else None

    def wait(
        self, what: str, look: Callable[[], Found | None], within: int = WAIT_SECONDS
    ) -> Found:
        """What `look` finds as soon as it finds something."""
        for _ in range(round(within / LOOK_SECONDS)):
            if found := look():
                return found
            self._is_running_after(LOOK_SECONDS)
        told = [f"{one['To']}: {one['Subject']}" for one in self.mails.received]
        raise NotYet(f"no {what} after {within} s; mails: {told}\n{self.said()}")

    def _is_running_after(self, seconds: float) -> None:
        try:
            status = self.process.wait(seconds)
        except subprocess.TimeoutExpired:
            return
        raise NotYet(f"the product ended with status {status}\n{self.said()}")

    def said(self) -> str:
        """What the processes wrote last."""
        return self.log.read_text()[-6000:]

    def answers(self) -> bool:
        """Whether it is ready for people."""
        try:
            with urlopen(f"{self.url}/readyz", timeout=5) as answer:
                return bool(answer.status == 200)
        except (URLError, ConnectionError, TimeoutError):
            return False


@dataclass
class Starting:
    """What a start of the product is told."""

    folder: Path
    database_url: str
    mails: Mails
    settings: Mapping[str, str] = field(default_factory=dict)

    def environment(self, port: int) -> dict[str, str]:
        """The environment of its processes."""
        others = {key: value for key, value in os.environ.items() if not key.startswith("TINDAK_")}
        return {
            **others,
            "TINDAK_DATA_DIR": str(self.folder),
            "TINDAK_DATABASE_URL": self.database_url,
            "TINDAK_SECRET_KEY": "of the tests only",
            "TINDAK_PORT": str(port),
            "TINDAK_BASE_URL": f"http://localhost:{port}",
            "TINDAK_SMTP_URL": self.mails.url,
            "TINDAK_MAIL_FROM": "Tindak <tindak@kemenko.example>",
            **self.settings,
        }


def found(
    starting: Starting,
    people: Mapping[str, tuple[str, Grants]],
    before: Callable[[World], None] | None = None,
) -> None:
    """Fill an empty database as an operator would: institutions and accounts, on a Monday.
    `before`: what has happened before the product is served."""
    clock = ManualClock(MONDAY)
    service = _open(starting, clock)
    seed_institutions(service, operator())
    password = chosen(PASSWORD)
    for username, (name, grants) in people.items():
        new = NewUser(username, name, "", address_of(username), "top_secret", grants, password)
        accounts.create(service, operator(), new)
    if before:
        world = World((service, service), clock, starting.folder)
        with service.reading() as connection:
            for username in people:
                person = users.by_username(connection, username)
                assert person is not None
                world.scopes[username] = scope_of(connection, person.id)
        before(world)
    set_clock(service, clock.now)
    service.close()


def start(starting: Starting) -> Product:
    """Start it and wait until it answers."""
    port, log = free_port(), starting.folder / "log"
    with log.open("wb") as stream:
        process = subprocess.Popen(
            [sys.executable, "-m", "web.cli", "serve"],
            env=starting.environment(port),
            stdout=stream,
            stderr=stream,
            start_new_session=True,
        )
    product = Product(
        f"http://localhost:{port}", _open(starting, None), process, starting.mails, log
    )
    product.wait("answer", product.answers, START_SECONDS)
    return product


def stop(product: Product) -> None:
    """End it as its operator would, with everything it started."""
    product.service.close()
    product.process.send_signal(signal.SIGTERM)
    try:
        product.process.wait(STOP_SECONDS)
    except subprocess.TimeoutExpired:
        os.killpg(product.process.pid, signal.SIGKILL)
        raise


def set_clock(service: Service, moment: datetime) -> None:
    """The product's clock goes on from this moment, as fast as any other."""
    with service.engine.database.write() as connection:
        database_now, _ = read_time(connection)
        write_setting(connection, SETTING, VirtualTime(moment, database_now, 1.0).dump())


def _open(starting: Starting, clock: Any) -> Service:
    options = Options(starting.folder, "http://localhost", ADDRESSES)
    return open_service(starting.database_url, options, clock)


def address_of(username: str) -> str:
    """Where mails for somebody go."""
    return f"{username}@example.go.id"


def free_port() -> int:
    """A port of this machine that nobody listens on."""
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])
