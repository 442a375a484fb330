"""A link reaches a person: on one page, and by mail that does not keep it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest

from engine.errors import Conflict, Forbidden
from processes import account_links, outbox
from processes.access import operator
from processes.accounts import NewUser
from processes.credentials import digest
from processes.mail import MailSender, Outgoing
from processes.service import Service
from processes.storage import mail_rows, users
from processes.storage.mail_rows import Mail
from processes.storage.sign_in import open_invitation
from processes.throttle import NETWORK
from tests.processes.stories.conftest import founded_sqlite as founded_sqlite
from tests.processes.stories.conftest import small_world as small_world
from tests.processes.stories.world import World

ADMIN = operator("admin")
ADDRESS = "10.0.0.1"


@pytest.fixture
def service(small_world: World) -> Iterator[Service]:
    """The product with a mail server."""
    plain = small_world.services[0]
    yield replace(plain, options=replace(plain.options, smtp_url="smtp://mail.example"))


def only_mail(service: Service) -> Mail:
    with service.reading() as connection:
        (found,) = mail_rows.page(connection, state=None, limit=10)
    return found


def key_of(url: str) -> str:
    return url.rsplit("/", 1)[1]


def works(service: Service, key: str) -> bool:
    with service.reading() as connection:
        now = service.engine.real_now_on(connection)
        return open_invitation(connection, digest(key), now) is not None


def sender(service: Service) -> MailSender:
    paper, translate = service.notifier.paper, service.options.translate
    return MailSender(service.options.smtp_url, "tindak@example.go.id", paper, translate)


def prepared(service: Service, mail: Mail) -> Outgoing:
    with service.reading() as connection:
        outgoing = sender(service).prepare(connection, {"mail_id": str(mail.id)})
    assert outgoing is not None
    return outgoing


def key_in(service: Service, mail: Mail) -> str:
    found = re.search(r"/link/([\w-]+)", prepared(service, mail).body)
    assert found
    return found[1]


def test_a_new_account_gets_its_link_by_mail_and_nobody_else_sees_it(service: Service) -> None:
    new = NewUser("rina", "Rina", email="rina@contoh.go.id")
    link = account_links.invite_new(service, ADMIN, new).link

    assert link is not None
    assert (link.url, link.purpose) == (None, "invite")
    mail = only_mail(service)
    assert (mail.kind, mail.state, mail.to_address) == ("account", "queued", "rina@contoh.go.id")
    assert works(service, key_in(service, mail))


def test_without_a_mail_server_or_an_address_the_link_is_only_shown(small_world: World) -> None:
    plain = small_world.services[0]
    served = replace(plain, options=replace(plain.options, smtp_url="smtp://mail.example"))
    with_address = NewUser("rina", "Rina", email="rina@contoh.go.id")
    for found in (
        account_links.invite_new(plain, ADMIN, with_address),
        account_links.invite_new(served, ADMIN, NewUser("budi", "Budi")),
    ):
        assert found.link is not None
        assert found.link.url is not None
        assert works(plain, key_of(found.link.url))
    with plain.reading() as connection:
        assert mail_rows.page(connection, state=None, limit=10) == []


@pytest.mark.parametrize("ends", ["sent", "failed"])
def test_the_outbox_never_shows_the_link_and_keeps_it_only_until_the_mail_is_out(
    service: Service, ends: str
) -> None:
    new = NewUser("rina", "Rina", email="rina@contoh.go.id")
    account_links.invite_new(service, ADMIN, new)
    mail = only_mail(service)
    key = key_in(service, mail)
    with service.reading() as connection:
        assert key not in outbox.one(connection, ADMIN, mail.id).body
        (row,) = outbox.page(connection, ADMIN).items
        assert key not in row.body

    outgoing, payload = prepared(service, mail), {"mail_id": str(mail.id)}
    with service.transaction() as connection:
        now = service.engine.now_on(connection)
        if ends == "sent":
            sender(service).sent(connection, payload, outgoing, now)
        else:
            sender(service).failed(connection, payload, "550", now, final=False)
            (waiting,) = mail_rows.page(connection, state=None, limit=10)
            assert key in waiting.body, "it will be tried again"
            sender(service).failed(connection, payload, "550", now, final=True)

    assert key not in only_mail(service).body
    with pytest.raises(Conflict):
        outbox.resend(service, ADMIN, mail.id)


def test_who_forgot_the_password_gets_a_mail_and_an_unknown_name_gets_none(
    service: Service,
) -> None:
    now = service.engine.real_now()
    for name in ("nobody", " Kemhan "):
        assert account_links.forgotten(service, name, address=ADDRESS, now=now) == timedelta(0)
    assert only_mail(service).to_user == "kemhan"


def test_asking_again_and_again_is_slowed_down_for_any_name_and_counts_for_itself(
    service: Service,
) -> None:
    now = service.engine.real_now()
    waits = {
        name: [
            account_links.forgotten(service, name, address=ADDRESS, now=now)
            for _ in range(NETWORK.free + 1)
        ]
        for name in ("kemhan", "nobody")
    }
    assert waits["kemhan"][0] == timedelta(0) < waits["kemhan"][-1]
    assert all(waits["nobody"]), "the network waits, whatever the name"


def test_without_a_mail_server_a_forgotten_password_makes_no_link(small_world: World) -> None:
    plain = small_world.services[0]
    account_links.forgotten(plain, "kemhan", address=ADDRESS, now=plain.engine.real_now())
    with plain.reading() as connection:
        person = users.by_username(connection, "kemhan")
        assert person is not None
        assert mail_rows.page(connection, state=None, limit=10) == []


def test_only_administrators_make_links_for_others(service: Service, small_world: World) -> None:
    boss = small_world.person("asdep")
    with pytest.raises(Forbidden):
        account_links.make(service, boss, small_world.person("kemhan").user_id)
