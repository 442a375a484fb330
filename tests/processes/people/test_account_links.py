"""A link reaches a person: on one page, and by mail that does not keep it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

import pytest
from sqlalchemy import Engine, event

from engine.sentences.errors import Conflict, Forbidden
from engine.storage.later import jobs
from processes.acts.service import Service
from processes.authentication.credentials import digest
from processes.authentication.throttle import NETWORK, TooManyAttempts
from processes.ground.payloads import SendResetLink
from processes.notices.mail import MailSender, Outgoing
from processes.operation import outbox
from processes.people.accounts import NewUser
from processes.people.links import account_links, invitations
from processes.people.links.invitations import RESETS
from processes.people.links.reset_links import ResetLinks
from processes.rights.access import operator
from processes.storage.authentication.sessions import open_invitation
from processes.storage.notices import mail_rows
from processes.storage.notices.mail_rows import Mail
from processes.storage.people import users
from tests.processes.stories.world import World
from web.addresses import ADDRESSES

ADMIN = operator("admin")
ADDRESS = "10.0.0.1"
KEY = re.compile(r"/link/([\w-]+)")


@pytest.fixture
def service(small_world: World) -> Iterator[Service]:
    """The product with a mail server."""
    plain = small_world.services[0]
    yield replace(plain, options=replace(plain.options, smtp_url="smtp://mail.example"))


def only_mail(service: Service) -> Mail:
    with service.reading() as connection:
        (found,) = mail_rows.page(connection, limit=10)
    return found


def key_of(url: str) -> str:
    return url.rsplit("/", 1)[1]


def works(service: Service, key: str) -> bool:
    with service.reading() as connection:
        now = service.engine.on(connection).real_now()
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
        assert mail_rows.page(connection, limit=10) == []


@pytest.mark.parametrize("ends", ["sent", "failed"])
def test_the_outbox_never_shows_the_link_and_keeps_it_only_until_the_mail_is_out(
    service: Service, ends: str
) -> None:
    new = NewUser("rina", "Rina", email="rina@contoh.go.id")
    account_links.invite_new(service, ADMIN, new)
    mail = only_mail(service)
    key = key_in(service, mail)
    with service.reading() as connection:
        assert key not in outbox.one(connection, ADMIN, ADDRESSES, mail.id).body
        (row,) = outbox.page(connection, ADMIN, ADDRESSES).items
        assert key not in row.body

    outgoing, payload = prepared(service, mail), {"mail_id": str(mail.id)}
    with service.transaction() as connection:
        now = service.engine.on(connection).now()
        if ends == "sent":
            sender(service).sent(connection, payload, outgoing, now)
        else:
            sender(service).failed(connection, payload, "550", now, final=False)
            (waiting,) = mail_rows.page(connection, limit=10)
            assert key in waiting.body, "it will be tried again"
            sender(service).failed(connection, payload, "550", now, final=True)

    assert key not in only_mail(service).body
    with pytest.raises(Conflict):
        outbox.resend(service, ADMIN, mail.id)


def ask(service: Service, username: str, address: str = ADDRESS) -> None:
    """Somebody writes a name into the page for a forgotten password."""
    account_links.forgotten(service, username, address=address)


def answered(service: Service) -> int:
    """The wishes become links: what the loop does when it is time. Mails are not sent."""
    with service.transaction() as connection:
        now = service.engine.on(connection).now() + account_links.ANSWER_FIRST
        wishes = [one for one in jobs.due(connection, now, 1000) if one.kind == SendResetLink.kind]
        work = ResetLinks(service)
        for wish in wishes:
            assert jobs.take(connection, wish.id)
            work.sent(connection, wish.payload, work.prepare(connection, wish.payload), now)
    return len(wishes)


def keys_in_mails(service: Service) -> list[str]:
    with service.reading() as connection:
        mails = mail_rows.page(connection, limit=100)
    return [match[1] for mail in mails for match in [KEY.search(mail.body)] if match]


def test_who_forgot_the_password_gets_a_mail_and_an_unknown_name_gets_none(
    service: Service,
) -> None:
    for name in ("nobody", " Kemhan ", "x" * 5000, ""):
        ask(service, name)
    assert keys_in_mails(service) == [], "nothing is done while the answer is on its way"
    assert answered(service) == 4
    assert only_mail(service).to_user == "kemhan"


def test_an_account_that_is_closed_or_has_no_address_gets_none(
    service: Service, small_world: World
) -> None:
    for username, change in (("kemhan", {"active": False}), ("kemenkeu", {"email": ""})):
        with service.transaction() as connection:
            users.change(connection, small_world.person(username).user_id, change)
        ask(service, username)
    assert answered(service) == 2
    assert keys_in_mails(service) == []


@contextmanager
def statements() -> Iterator[list[str]]:
    """What is said to the database meanwhile, apart from what it is about."""
    said: list[str] = []

    def hear(_c: object, _cursor: object, statement: str, *_: object) -> None:
        said.append(statement)

    event.listen(Engine, "before_cursor_execute", hear)
    yield said
    event.remove(Engine, "before_cursor_execute", hear)


def test_a_wish_says_the_same_to_the_database_for_any_name(service: Service) -> None:
    said = {}
    for name in ("warm", "kemhan", "nobody", "kemhan"):
        with statements() as heard:
            ask(service, name)
        said.setdefault(name, []).append(list(heard))
    assert len(said["nobody"][0]) >= 5
    assert said["kemhan"] == 2 * said["nobody"]
    with service.reading() as connection:
        now = service.engine.on(connection).now() + account_links.ANSWER_FIRST
        wishes = [one for one in jobs.due(connection, now, 100) if one.kind == SendResetLink.kind]
    assert len({len(str(wish.payload)) for wish in wishes}) == 1, "and rows of one size"


def test_the_questions_asked_afterwards_are_the_same_for_nobody(service: Service) -> None:
    for _ in range(RESETS.free):
        ask(service, "kemhan")
        ask(service, "nobody")
    answered(service)
    said = []
    for name in ("kemhan", "nobody"):
        ask(service, name)
        with statements() as heard:
            answered(service)
        said.append(list(heard))
    assert said[0] == said[1]


def test_one_person_gets_three_links_an_hour_however_many_are_asked_for(service: Service) -> None:
    for number in range(7):
        ask(service, "kemhan", f"10.0.{number}.1")
    answered(service)
    assert len(keys_in_mails(service)) == RESETS.free == 3
    ask(service, "kemenkeu")
    answered(service)
    assert len(keys_in_mails(service)) == RESETS.free + 1, "another person is not held back"


def test_a_network_that_asks_for_very_many_waits_whatever_the_name(service: Service) -> None:
    for number in range(NETWORK.free):
        ask(service, f"nama-{number}")
    for name in ("kemhan", "nobody"):
        with pytest.raises(TooManyAttempts):
            ask(service, name)
    ask(service, "kemhan", "10.0.0.2")


def test_every_link_sent_works_until_a_password_is_chosen_by_one_of_them(service: Service) -> None:
    ask(service, "kemhan")
    ask(service, "kemhan")
    answered(service)
    first, second = keys_in_mails(service)
    assert works(service, first)
    assert works(service, second)

    invitations.accept(service, first, "kuda lumping di pasar", address=ADDRESS)

    assert not works(service, first)
    assert not works(service, second)


def test_without_a_mail_server_a_forgotten_password_makes_no_link(small_world: World) -> None:
    plain = small_world.services[0]
    ask(plain, "kemhan")
    assert answered(plain) == 0
    with plain.reading() as connection:
        person = users.by_username(connection, "kemhan")
        assert person is not None
        assert mail_rows.page(connection, limit=10) == []


def test_only_administrators_make_links_for_others(service: Service, small_world: World) -> None:
    boss = small_world.person("asdep")
    with pytest.raises(Forbidden):
        account_links.make(service, boss, small_world.person("kemhan").user_id)
