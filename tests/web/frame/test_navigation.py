"""The top bar offers a user exactly the pages that the policy table allows."""

from __future__ import annotations

import pytest

from engine.sentences.sentence import Sentence
from processes.rights.access import ACTS, Scope, scope_of
from processes.storage.people import users
from tests.web.conftest import Office, text
from tests.web.gate.test_policy import PEOPLE
from web.frame import navigation
from web.gate.policy import OPEN, POLICY

ELSEWHERE = {
    "home.first": "leads to the first link",
    "account.show": "stands in the menu of the account",
    "tokens.listed": "stands on the page of the account",
    "late_acts.show": "stands on the board",
    "inventory.as_excel": "stands on the matrix",
    "compilation_orders.show": "stands on the matrix",
    "help.licences": "stands on the page of the help",
    "taken_part.show": "stands beside the tabs of the inbox",
    "requests.new": "stands on the list of reports asked for",
    "incidents.given_up": "stands on the list of incidents",
    "recommendations.new": "stands on the list of recommendations",
    "meetings.new": "stands on the list of rakor",
    "users.new": "stands on the list of accounts",
    "service_accounts.new": "stands on the list of accounts",
    "institutions.new": "stands on the list of institutions",
    "deployments.new": "stands on the list of processes",
    "calendar.moves": "stands on the calendar",
    "calendar.change": "stands on the calendar",
    "health.alive": "is for machines",
    "health.ready": "is for machines",
    "login.show": "is for strangers",
    "forgotten.show": "is for strangers",
}
"""Pages without an id in their address that need no link in the top bar: why."""


def scope_of_person(office: Office, username: str) -> Scope:
    with office.service.reading() as connection:
        user = users.by_username(connection, username)
        assert user is not None
        return scope_of(connection, user.id)


def offered(office: Office, username: str) -> list[str]:
    found = navigation.menu(office.app, scope_of_person(office, username), "/")
    return [link.url for link in found.bar + found.more]


@pytest.mark.parametrize("username", PEOPLE)
def test_every_page_that_is_open_to_somebody_is_in_their_menu(
    office: Office, username: str
) -> None:
    standing = scope_of_person(office, username).standing
    may_open = set()
    for rule in office.app.url_map.iter_rules():
        program = rule.rule.startswith(("/api/", "/engine-rest"))
        if program or rule.arguments or "GET" not in (rule.methods or ()):
            continue
        act = POLICY[rule.endpoint]
        admitted = act == OPEN or not ACTS[act].who.isdisjoint(standing)
        if admitted and rule.endpoint not in ELSEWHERE:
            may_open.add(rule.rule)
    assert set(offered(office, username)) == may_open


@pytest.mark.parametrize("username", PEOPLE)
def test_every_link_of_the_menu_opens(office: Office, username: str) -> None:
    person = office.enter(username)
    for url in offered(office, username):
        assert person.get(url).status_code == 200, url
        assert f'<a href="{url}"' in text(person.get("/account")), url


@pytest.mark.parametrize(
    ("username", "path", "link"),
    [
        ("kemhan", "/inbox", "/inbox"),
        ("kemhan", "/tasks/1", "/inbox"),
        ("kemhan", "/follow-ups/1/extension", "/follow-ups"),
        ("kemhan", "/receipts/TT-2026-0001", "/follow-ups"),
        ("kemhan", "/recommendations/1", "/follow-ups"),
        ("kemhan", "/help/contact", "/help"),
        ("kemhan-head", "/reminder-letters/1", "/escalations"),
        ("coordinator", "/recommendations/1", "/recommendations"),
        ("owner", "/deployments/new", "/processes"),
        ("owner", "/processes/follow_up/draft", "/processes"),
        ("admin", "/users/1", "/users"),
        ("kemhan", "/account", None),
    ],
)
def test_the_menu_marks_what_a_page_belongs_to(
    office: Office, username: str, path: str, link: str | None
) -> None:
    found = navigation.menu(office.app, scope_of_person(office, username), path)
    marked = {one.url: one.current for one in found.bar + found.more if one.current}
    assert marked == ({link: "page" if link == path else "true"} if link else {})


def test_the_page_of_a_task_marks_the_inbox_in_its_menu(office: Office) -> None:
    page = text(office.enter("kemhan").get(office.task("acknowledge")))
    assert '<a href="/inbox" aria-current="true">' in page


def test_the_language_is_changed_on_any_page_and_one_stays_there(office: Office) -> None:
    person = office.enter("kemhan")
    page = text(person.get("/follow-ups?time=late"))
    assert 'name="next" value="/follow-ups?time=late"' in page
    sent = {"_chosen": "en", "next": "/follow-ups?time=late"}
    answer = person.post("/language", sent)
    assert (answer.status_code, answer.location) == (302, "/follow-ups?time=late")
    assert '<html lang="en"' in text(person.get("/inbox"))
    assert '<html lang="en"' in text(office.enter("kemhan").get("/inbox")), "kept with the account"


@pytest.mark.parametrize(
    "elsewhere", ["https://evil.example/", "//evil.example", "/\\evil", "", "x"]
)
def test_changing_the_language_leads_nowhere_else(office: Office, elsewhere: str) -> None:
    answer = office.enter("kemhan").post("/language", {"_chosen": "en", "next": elsewhere})
    assert answer.location == "/"


def test_a_language_nobody_offers_and_a_forged_switch_change_nothing(office: Office) -> None:
    person = office.enter("kemhan")
    assert person.post("/language", {"_chosen": "xx", "next": "/inbox"}).status_code == 422
    assert person.client.post("/language", data={"_chosen": "en"}).status_code == 400
    assert '<html lang="id"' in text(person.get("/inbox"))


@pytest.mark.parametrize("username", PEOPLE)
def test_five_links_at_most_are_in_sight(office: Office, username: str) -> None:
    found = navigation.menu(office.app, scope_of_person(office, username), "/")
    assert 3 <= len(found.bar) <= navigation.IN_THE_BAR
    assert all(isinstance(link.words, Sentence) for link in found.bar + found.more)


def test_leadership_of_an_institution_finds_its_escalations(office: Office) -> None:
    found = navigation.menu(office.app, scope_of_person(office, "kemhan-head"), "/")
    assert "/escalations" in [link.url for link in found.bar]
