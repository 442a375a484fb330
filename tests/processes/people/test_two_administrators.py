"""Acts that one administrator may not do alone: every way to them, and who approves."""

from __future__ import annotations

import ast
import re
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import pytest
from sqlalchemy import update

from engine.sentences.errors import BadInput, Conflict, Forbidden
from processes.acts.service import Service
from processes.authentication import tokens
from processes.authentication.confirming import vouched
from processes.authentication.credentials import digest, hash_password
from processes.people import account_desk, accounts, approvals, leaving, service_accounts
from processes.people.accounts import NewUser
from processes.people.links import account_links, invitations
from processes.people.links.account_links import Outcome
from processes.people.service_accounts import Made
from processes.rights import audit
from processes.rights.access import Scope, operator, scope_of
from processes.rights.grants import granted
from processes.storage.authentication import passwords
from processes.storage.authentication.sessions import open_invitation
from processes.storage.notices import mail_rows
from processes.storage.notices.mail_rows import Mail
from processes.storage.people import approvals as table
from processes.storage.people import users
from processes.storage.people.approvals import Request
from processes.storage.people.users import Grants, User
from tests.processes.conftest import Data, confirmed, person, scope
from tests.processes.stories.world import World

ROOT = Path(__file__).parents[3]
DAY = timedelta(days=1)


@dataclass
class Office:
    """The product, `first` and `second`, who are administrators, and everybody else by name."""

    service: Service

    def scope(self, username: str) -> Scope:
        """Somebody who has just given the password once more."""
        with self.service.transaction() as connection:
            return vouched(connection, scope_of(connection, self.user(username).id))

    def user(self, username: str) -> User:
        with self.service.reading() as connection:
            found = users.by_username(connection, username)
        assert found is not None
        return found

    def grants(self, username: str) -> Grants:
        id = self.user(username).id
        with self.service.reading() as connection:
            return users.grants(connection, id)

    def add(self, username: str, grants: Grants, clearance: str = "ordinary") -> UUID:
        new = NewUser(username, username.title(), "", f"{username}@contoh.go.id", clearance, grants)
        return accounts.create(self.service, operator(), new)

    def enters(self, username: str) -> None:
        """Somebody has chosen a password."""
        with self.service.transaction() as connection:
            passwords.set_password_hash(connection, self.user(username).id, hash_password("x" * 12))

    def waiting(self, username: str) -> list[Request]:
        id, now = self.user(username).id, self.service.engine.real_now()
        with self.service.reading() as connection:
            return table.waiting_about(connection, id, now)

    def mails(self, to: str) -> list[Mail]:
        with self.service.reading() as connection:
            found = mail_rows.page(connection, limit=100)
        return [one for one in reversed(found) if one.to_user == to]

    def acts(self, username: str) -> list[tuple[str, str]]:
        """What the audit has about an account: act and by whom, oldest first."""
        with self.service.reading() as connection:
            found = audit.read(connection, operator(), subject=f"user:{username}")
        return [(one.act, one.by) for one in reversed(found)]

    def opens(self, url: str) -> bool:
        """Whether a link works."""
        with self.service.reading() as connection:
            now = self.service.engine.on(connection).real_now()
            return open_invitation(connection, digest(url.rsplit("/", 1)[1]), now) is not None

    def approve(self, who: str, request: Request) -> Outcome:
        return account_desk.approve(self.service, self.scope(who), request.id)

    def with_mail(self) -> Office:
        """The same with a mail server."""
        options = replace(self.service.options, smtp_url="smtp://mail.example")
        return Office(replace(self.service, options=options))


@pytest.fixture
def office(small_world: World) -> Iterator[Office]:
    found = Office(small_world.services[0])
    leaving.close_account(found.service, operator(), found.add("spare", granted()))
    for name in ("first", "second"):
        found.add(name, granted("admin"))
    leaving.close_account(found.service, operator(), small_world.person("admin").user_id)
    yield found


def raise_clearance(office: Office, by: Scope, id: UUID) -> object:
    grants = office.grants("rina")
    return account_desk.change_rights(office.service, by, id, grants=grants, clearance="top_secret")


def add_a_role(office: Office, by: Scope, id: UUID) -> object:
    grants = granted("coordinator", contact_of="kemhan")
    return account_desk.change_rights(office.service, by, id, grants=grants, clearance="restricted")


def make_an_administrator(office: Office, by: Scope, id: UUID) -> object:
    grants = replace(office.grants("rina"), roles={"admin": None})
    return account_desk.change_rights(office.service, by, id, grants=grants, clearance="ordinary")


def change_the_address(office: Office, by: Scope, id: UUID) -> object:
    person = office.user("rina")
    return account_desk.change_details(
        office.service, by, id, name=person.name, post=person.post, email="lain@contoh.go.id"
    )


def make_a_link(office: Office, by: Scope, id: UUID) -> object:
    return account_links.make(office.service, by, id).waiting


def open_again(office: Office, by: Scope, id: UUID) -> object:
    leaving.close_account(office.service, operator(), id)
    return account_desk.reopen(office.service, by, id)


Door = Callable[[Office, Scope, UUID], object]
DOORS: dict[Door, tuple[str, Callable[[Office], object]]] = {
    raise_clearance: ("rights", lambda office: office.user("rina").clearance),
    add_a_role: ("rights", lambda office: office.grants("rina")),
    make_an_administrator: ("rights", lambda office: office.grants("rina")),
    change_the_address: ("mail", lambda office: office.user("rina").email),
    make_a_link: ("link", lambda office: ("link_reset", "second") in office.acts("rina")),
    open_again: ("reopen", lambda office: office.user("rina").active),
}
"""What one administrator may try -> the kind of request, and what must stay as it is."""
OF_PROGRAMS = "topics"
"""What is asked for no person."""


def test_every_kind_of_request_has_a_door_here() -> None:
    assert {kind for kind, _ in DOORS.values()} | {OF_PROGRAMS} == set(table.ACTS)


@pytest.mark.parametrize("door", DOORS, ids=lambda door: door.__name__)
def test_one_administrator_opens_no_door_and_a_second_one_does(office: Office, door: Door) -> None:
    id = office.add("rina", granted(contact_of="kemhan"), "restricted")
    office.enters("rina")
    kind, looks = DOORS[door]
    before = None if door is open_again else looks(office)

    asked = door(office, office.scope("first"), id)

    assert isinstance(asked, Request)
    assert [one.act for one in office.waiting("rina")] == [kind] == [asked.act]
    assert looks(office) == (False if door is open_again else before), "nothing has happened"
    assert office.mails("second")[-1].body.count(f"/approvals/{asked.id}") == 1
    with pytest.raises(Forbidden):
        office.approve("first", asked)
    assert office.mails("rina") == [], "nobody is told of what has not happened"

    outcome = office.approve("second", asked)

    assert looks(office) != (False if door is open_again else before)
    assert (outcome.link is not None) is (kind == "link")
    assert office.mails("rina"), "the person is told"
    assert "First, Second" in office.mails("rina")[-1].body
    assert f"/approvals/{asked.id}" in office.mails("first")[-1].body
    assert {("ask_approval", "first"), ("approve_request", "second")} <= set(office.acts("rina"))


@pytest.mark.parametrize("door", DOORS, ids=lambda door: door.__name__)
def test_who_gains_does_not_approve_and_who_asked_must_still_be_an_administrator(
    office: Office, door: Door
) -> None:
    id = office.add("rina", granted("admin", contact_of="kemhan"), "restricted")
    office.enters("rina")
    gains, by = office.scope("rina"), office.scope("first")
    if door is make_an_administrator:
        door = add_a_role
    asked = door(office, by, id)
    assert isinstance(asked, Request)
    with pytest.raises(Forbidden):
        account_desk.approve(office.service, gains, asked.id)

    leaving.close_account(office.service, operator(), by.user_id)
    with pytest.raises(Conflict, match="no administrator any more"):
        office.approve("second", asked)


def test_work_in_real_cases_is_asked_of_a_second_one_and_no_program_gets_a_mail(
    office: Office,
) -> None:
    first, second = office.scope("first"), office.scope("second")
    made = service_accounts.create(office.service, first, username="rates", name="Rates")

    def make(by: Scope) -> Made:
        return account_desk.make_service_token(
            office.service, by, made.id, name="host 7", topics=["invoice", "send"],
            case_topics=["invoice"], lasts=DAY,
        )  # fmt: skip

    def allowed() -> list[str] | None:
        with office.service.reading() as connection:
            return service_accounts.token(connection, first, made.id, asked.token.id).case_topics

    asked = make(first)
    assert [one.act for one in office.waiting("rates")] == [OF_PROGRAMS]
    assert asked.waiting is not None
    assert allowed() == []
    assert office.mails("second")[-1].body.count(f"/approvals/{asked.waiting.id}") == 1
    with pytest.raises(Forbidden):
        account_desk.approve(office.service, first, asked.waiting.id)

    assert account_desk.approve(office.service, second, asked.waiting.id).link is None
    assert allowed() == ["invoice"]
    assert f"/approvals/{asked.waiting.id}" in office.mails("first")[-1].body

    more = account_desk.allow_topics(
        office.service, office.scope("second"), made.id, asked.token.id, ["invoice", "send"]
    )
    assert more is not None
    assert f"/approvals/{more.id}" in office.mails("first")[-1].body
    less = account_desk.allow_topics(
        office.service, office.scope("second"), made.id, asked.token.id, []
    )
    assert (less, allowed()) == (None, [])
    leaving.close_account(office.service, operator(), made.id)
    assert account_desk.reopen(office.service, office.scope("first"), made.id) is None
    assert office.mails("rates") == []


def test_an_administrator_gives_nothing_to_oneself(office: Office) -> None:
    me = office.scope("first")
    with pytest.raises(Forbidden):
        account_desk.change_rights(
            office.service, me, me.user_id, grants=granted("admin"), clearance="secret"
        )
    office.enters("first")
    assert account_links.make(office.service, office.scope("first"), me.user_id).link is None


def test_a_new_account_begins_with_what_one_administrator_may_give(office: Office) -> None:
    wanted = granted("admin", "coordinator", contact_of="kemhan")
    new = NewUser("rina", "Rina", "", "rina@contoh.go.id", "secret", wanted)

    outcome = account_links.invite_new(office.service, office.scope("first"), new)

    assert outcome.link is None, "without a mail server it would be shown to one administrator"
    assert office.user("rina").clearance == "ordinary"
    assert office.grants("rina") == granted("coordinator", contact_of="kemhan")
    (asked,) = office.waiting("rina")
    made = office.approve("second", asked)
    assert (office.user("rina").clearance, office.grants("rina")) == ("secret", wanted)
    assert made.link is not None
    assert made.link.url is not None
    assert office.opens(made.link.url), "the second one hands it over"


def test_a_link_that_one_administrator_saw_opens_nothing_that_sees_more(office: Office) -> None:
    by = office.scope("first")
    shown = account_links.invite_new(office.service, by, NewUser("rina", "Rina")).link
    assert shown is not None
    assert shown.url is not None, "an account that sees nothing is nobody's yet"
    id = office.user("rina").id
    account_desk.change_rights(
        office.service, by, id, grants=granted("coordinator"), clearance="secret"
    )
    assert office.opens(shown.url)
    assert account_links.make(office.service, by, id).link is None, "rights wait: no other one"

    (asked, _) = office.waiting("rina")
    office.approve("second", asked)

    assert not office.opens(shown.url)


def test_rights_that_see_more_end_a_link_from_before_whoever_gives_them(office: Office) -> None:
    shown = account_links.invite_new(
        office.service, office.scope("first"), NewUser("rina", "Rina")
    ).link
    assert shown is not None
    assert shown.url is not None
    for clearance, opens in (("ordinary", True), ("secret", False)):
        account_desk.change_rights(
            office.service,
            operator(),
            office.user("rina").id,
            grants=granted("coordinator"),
            clearance=clearance,
        )
        assert office.opens(shown.url) is opens


def test_another_address_ends_a_link_on_its_way_to_the_old_one(office: Office) -> None:
    id, by = office.add("rina", granted()), office.scope("first")
    mailing = office.with_mail()
    account_links.make(mailing.service, by, id)
    found = re.search(r"\S+/link/[\w-]+", office.mails("rina")[-1].body)
    assert found
    assert office.opens(found[0])
    change_the_address(office, by, id)
    assert not office.opens(found[0])


def test_with_a_mail_server_a_link_goes_to_the_person_and_is_shown_to_nobody(
    office: Office,
) -> None:
    mailing, id = office.with_mail(), office.add("rina", granted("supervisor"), "top_secret")
    office.enters("rina")
    found = account_links.make(mailing.service, office.scope("first"), id)

    assert found.waiting is None
    assert found.link is not None
    assert found.link.url is None
    (mail,) = office.mails("rina")
    assert mail.to_address == "rina@contoh.go.id"
    assert re.search(r"/link/[\w-]{20}", mail.body)


def test_a_link_of_a_used_account_is_never_made_to_be_shown_to_one_alone(office: Office) -> None:
    id, by = office.add("rina", granted()), office.scope("first")
    invitations.invite(office.service, by, id)
    office.enters("rina")
    with pytest.raises(Forbidden):
        invitations.invite(office.service, by, id)


def test_the_address_of_a_used_account_is_not_one_administrators_business(office: Office) -> None:
    """A link to a changed address would be a way in."""
    id, by = office.add("rina", granted()), office.scope("first")
    assert change_the_address(office, by, id) is None, "nobody uses it yet: a slip is mended"
    office.enters("rina")
    account_desk.change_details(
        office.service, by, id, name="Rina", post="", email=office.user("rina").email
    )
    assert office.waiting("rina") == []
    asked = account_desk.change_details(
        office.service, by, id, name="Rina B.", post="", email="first@contoh.go.id"
    )
    assert asked is not None
    assert (office.user("rina").name, office.user("rina").email) == ("Rina B.", "lain@contoh.go.id")
    office.approve("second", asked)
    told = [one.to_address for one in office.mails("rina")][-2:]
    assert told == ["first@contoh.go.id", "lain@contoh.go.id"], "the old address, too"


def test_ones_own_address_is_changed_alone_with_the_password(office: Office) -> None:
    office.add("rina", granted("supervisor"), "top_secret")
    me = office.scope("rina")
    with pytest.raises(BadInput):
        account_desk.change_own_mail(office.service, replace(me, confirmed=None), "b@contoh.go.id")
    with pytest.raises(BadInput) as refused:
        account_desk.change_own_mail(office.service, me, "bukan alamat")
    assert list(refused.value.fields) == ["email"]
    account_desk.change_own_mail(office.service, me, "b@contoh.go.id")
    told = [one.to_address for one in office.mails("rina")]
    assert told == ["b@contoh.go.id", "rina@contoh.go.id"]


def test_what_is_taken_away_needs_nobody_and_ends_what_waits(office: Office) -> None:
    id, by = office.add("rina", granted("coordinator"), "secret"), office.scope("first")
    raise_clearance(office, by, id)
    done = account_desk.change_rights(
        office.service, by, id, grants=granted("coordinator"), clearance="ordinary"
    )
    assert done is None
    assert office.user("rina").clearance == "ordinary"
    assert office.waiting("rina") == [], "it would bring back what was taken away"


def test_closing_an_account_ends_what_waits_for_it(office: Office) -> None:
    id, by = office.add("rina", granted()), office.scope("first")
    asked = raise_clearance(office, by, id)
    leaving.close_account(office.service, by, id)
    assert isinstance(asked, Request)
    with pytest.raises(Conflict, match="decided or withdrawn"):
        office.approve("second", asked)


def test_a_request_is_decided_once_and_within_a_week(office: Office) -> None:
    id, by = office.add("rina", granted()), office.scope("first")
    asked = raise_clearance(office, by, id)
    assert isinstance(asked, Request)
    office.approve("second", asked)
    with pytest.raises(Conflict, match="second has decided"):
        office.approve("second", asked)
    late = add_a_role(office, by, id)
    assert isinstance(late, Request)
    with office.service.transaction() as connection:
        old = {"expires_at": office.service.engine.on(connection).real_now() - DAY}
        connection.execute(update(table.approval).values(**old))
    assert office.waiting("rina") == []
    with pytest.raises(Conflict, match="more than a week"):
        office.approve("second", late)


def test_a_request_is_refused_with_a_reason_and_withdrawn_by_whoever_asked(
    office: Office,
) -> None:
    id, by = office.add("rina", granted()), office.scope("first")
    asked = raise_clearance(office, by, id)
    assert isinstance(asked, Request)
    with pytest.raises(BadInput):
        account_desk.refuse(office.service, office.scope("second"), asked.id, " \u200b")
    account_desk.refuse(office.service, office.scope("second"), asked.id, "Tidak perlu.")
    again = raise_clearance(office, by, id)
    assert isinstance(again, Request)
    account_desk.refuse(office.service, by, again.id, "")

    with office.service.reading() as connection:
        found = approvals.page(connection, by).items
    assert [(one.state, one.decided_by) for one in found] == [
        ("withdrawn", "first"),
        ("refused", "second"),
    ]
    assert office.user("rina").clearance == "ordinary"
    assert [act for act, _ in office.acts("rina")][-3:] == [
        "refuse_request",
        "ask_approval",
        "withdraw_request",
    ]


def test_approving_asks_for_the_password_and_for_an_administrator(office: Office) -> None:
    id = office.add("rina", granted())
    asked = raise_clearance(office, office.scope("first"), id)
    assert isinstance(asked, Request)
    for who, refusal in (
        (replace(office.scope("second"), confirmed=None), BadInput),
        (replace(office.scope("second"), confirmed=99), BadInput),
        (office.scope("asdep"), Forbidden),
        (replace(office.scope("kemhan"), roles=frozenset({"admin"})), Forbidden),
    ):
        with pytest.raises(refusal):
            account_desk.approve(office.service, who, asked.id)
    assert office.user("rina").clearance == "ordinary"


def test_with_one_administrator_the_operator_is_the_second(office: Office) -> None:
    leaving.close_account(office.service, operator(), office.user("second").id)
    asked = raise_clearance(office, office.scope("first"), office.add("rina", granted()))
    assert isinstance(asked, Request)
    with office.service.reading() as connection:
        assert approvals.deciders(connection, asked) == []

    account_desk.approve(office.service, operator("console:root"), asked.id)

    assert office.user("rina").clearance == "top_secret"
    assert ("approve_request", "console:root") in office.acts("rina")
    assert ("change_rights", "console:root") in office.acts("rina")


def test_only_who_can_decide_is_counted_and_told(office: Office) -> None:
    office.add("third", granted("admin"))
    third, by = office.user("third"), office.scope("first")
    asked = account_desk.change_rights(
        office.service, by, third.id, grants=granted("admin"), clearance="secret"
    )
    assert asked is not None
    with office.service.reading() as connection:
        now = office.service.engine.on(connection).real_now()
        counted = {
            name: approvals.to_decide(connection, scope_of(connection, office.user(name).id), now)
            for name in ("first", "second", "third")
        }
        with pytest.raises(Forbidden):
            approvals.to_decide(connection, scope_of(connection, office.user("asdep").id), now)
    assert counted == {"first": 0, "second": 1, "third": 0}
    assert [name for name in counted if office.mails(name)] == ["second"]


def test_new_rights_end_the_sessions_and_a_token_sees_no_more_than_its_user(
    office: Office,
) -> None:
    """A token is read with the rights of that moment; a closed account has none."""
    id = office.add("rina", granted("coordinator"))
    key = tokens.create(office.service, office.scope("rina"), name="x", kind="read", lasts=DAY)
    account_desk.change_rights(
        office.service, office.scope("first"), id, grants=granted(), clearance="ordinary"
    )
    with office.service.reading() as connection:
        bearer = tokens.verify(connection, key)
        assert bearer is not None
        assert scope_of(connection, bearer.user.id).roles == frozenset()


def test_of_two_who_decide_at_once_one_decides(data: Data) -> None:
    """As two administrators press their buttons at the same moment."""
    first = person(data, "first", granted("admin"))
    deciders = [confirmed(data, person(data, f"other-{n}", granted("admin"))) for n in range(4)]
    subject = person(data, "rina")
    asked = account_desk.change_rights(
        data, scope(data, first), subject, grants=granted("coordinator"), clearance="secret"
    )
    assert asked is not None
    begin = threading.Barrier(len(deciders))

    def decide(who: Scope) -> bool:
        begin.wait()
        try:
            account_desk.approve(data, who, asked.id)
        except Conflict:
            return False
        return True

    with ThreadPoolExecutor(len(deciders)) as pool:
        assert sorted(pool.map(decide, deciders)) == [False, False, False, True]


WRITERS = {
    "replace_grants": {"accounts", "account_rights"},
    "insert_user": {"accounts"},
    "insert_token": {"tokens", "service_accounts"},
    "allow_in_cases": {"service_accounts"},
    "set_password_hash": {"accounts"},
    "change": {"accounts", "account_rights", "account_details"},
    "insert_invitation": {"invitations"},
}
"""What writes rights, addresses and ways in -> the modules that may call it."""


def test_rights_addresses_and_ways_in_are_written_in_the_modules_that_hold_the_rule() -> None:
    found: dict[str, set[str]] = {name: set() for name in WRITERS}
    for file in [*ROOT.glob("processes/**/*.py"), *ROOT.glob("web/**/*.py")]:
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)):
                continue
            of, name = node.func.value, node.func.attr
            written = isinstance(of, ast.Name) and of.id in (
                "users",
                "passwords",
                "table",
                "sign_in",
            )
            if written and name in WRITERS and (name != "change" or of.id == "users"):
                found[name].add(file.stem)
    assert found == WRITERS
