"""Every route has a row, and the rows are true for all routes and all users."""

from __future__ import annotations

from uuid import UUID, uuid4

import pytest
from flask import Flask
from werkzeug.routing import IntegerConverter, Rule, UUIDConverter

from processes.rights.access import ACTS, scope_of
from processes.storage.people import users
from tests.web.conftest import Office, text
from web.gate.policy import OPEN, POLICY

PEOPLE = ("kemhan", "kemenkeu", "kemhan-head", "coordinator", "asdep", "owner", "admin")
SAFE = {403, 404, 405, 409, 415, 422}
"""What a refused or senseless call may be answered; never an error of ours."""


def rules(app: Flask) -> list[Rule]:
    return [rule for rule in app.url_map.iter_rules() if rule.endpoint != "static"]


def address(app: Flask, rule: Rule) -> str:
    """The address of a rule with ids nobody ever gave."""
    given = {UUIDConverter: uuid4(), IntegerConverter: 1999}
    values = {name: given.get(type(rule._converters[name]), "unknown") for name in rule.arguments}
    with app.test_request_context():
        return app.url_map.bind("localhost").build(rule.endpoint, values)


def test_every_route_has_a_row_and_every_row_a_route(office: Office) -> None:
    endpoints = {rule.endpoint for rule in office.app.url_map.iter_rules()}
    assert endpoints - set(POLICY) == set(), "these routes would be refused to everybody"
    assert set(POLICY) - endpoints == set(), "these rows are about no route"


def test_every_row_names_an_act_that_the_rights_know() -> None:
    assert {act for act in POLICY.values() if act != OPEN} <= set(ACTS)


def test_a_route_without_a_row_is_refused(office: Office) -> None:
    office.app.add_url_rule("/forgotten", "forgotten", lambda: "secret")
    answer = office.enter("admin").get("/forgotten")
    assert answer.status_code == 403
    assert "secret" not in text(answer)


def test_a_stranger_reads_nothing_but_the_open_routes(office: Office) -> None:
    for rule in rules(office.app):
        if POLICY[rule.endpoint] == OPEN or "GET" not in (rule.methods or ()):
            continue
        answer = office.stranger().get(address(office.app, rule))
        signed_out = answer.status_code == 302 and answer.location.startswith("/login?next=")
        assert signed_out or answer.status_code == 401, rule


@pytest.mark.parametrize("username", PEOPLE)
def test_every_route_answers_everybody_as_its_row_says(office: Office, username: str) -> None:
    with office.service.reading() as connection:
        user = users.by_username(connection, username)
        assert user is not None
        standing = scope_of(connection, user.id).standing
    person = office.enter(username)
    for rule in rules(office.app):
        if rule.rule.startswith(("/api/", "/engine-rest")) or "GET" not in (rule.methods or ()):
            continue
        act = POLICY[rule.endpoint]
        answer = person.get(address(office.app, rule))
        if act != OPEN and not ACTS[act].about_thing and ACTS[act].who.isdisjoint(standing):
            assert answer.status_code == 403, rule
        elif rule.arguments - {"year"}:
            assert answer.status_code == 404, rule
        else:
            assert answer.status_code in (200, 302, 503), rule


@pytest.mark.parametrize("username", PEOPLE)
def test_no_form_of_any_route_does_anything_with_an_unknown_id(
    office: Office, username: str
) -> None:
    for rule in rules(office.app):
        if "POST" not in (rule.methods or ()) or not rule.arguments:
            continue
        if rule.rule.startswith(("/api/", "/engine-rest")):
            continue
        answer = office.enter(username).post(address(office.app, rule), {"password": "x" * 14})
        assert answer.status_code in SAFE, rule


def test_the_things_of_another_institution_do_not_exist(office: Office) -> None:
    theirs = [office.task("acknowledge"), f"/receipts/{office.cases.receipt}", evidence(office)]
    other = office.enter("kemenperin")
    for url in theirs:
        assert other.get(url).status_code == 404, url
        assert "kemhan" not in text(other.get(url)).lower()
    assert other.get(f"{theirs[0]}/deadline").status_code == 404
    for act in ("complete", "check", "draft", "claim", "unclaim", "pass-on"):
        assert other.post(f"{theirs[0]}/{act}").status_code == 404, act


def test_who_may_read_but_not_act_is_told_so(office: Office) -> None:
    task, supervisor = office.task("acknowledge"), office.enter("asdep")
    assert "Anda dapat membacanya" in text(supervisor.get(task))
    assert supervisor.post(f"{task}/complete", {"response": "accepted"}).status_code == 403


def test_whoever_keeps_the_machine_reads_no_case(office: Office) -> None:
    for username in ("owner", "admin"):
        assert office.enter(username).get(office.task("acknowledge")).status_code == 404


def evidence(office: Office) -> str:
    """Address of a file of kemenkeu's report."""
    from processes.cases.follow_up import receipts

    with office.service.reading() as connection:
        user = users.by_username(connection, "coordinator")
        assert user is not None
        scope = scope_of(connection, user.id)
        receipt = receipts.receipt(connection, scope, office.cases.receipt)
    found: UUID = receipt.evidence[0].id
    return f"/evidence/{found}"
