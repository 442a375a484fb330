"""The budget of a reading call: one transaction together with its caller, a second one to note that
the token is in use, and twenty statements, none of them twice.

Every user whom the policy table admits calls every GET of both APIs, on lists longer than those of
pages.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from werkzeug.routing import Rule

from engine.time.clock import ManualClock
from processes.authentication.tokens import Bearer
from processes.composition import open_service
from tests.processes.stories.world import MONDAY, options
from tests.web.api.conftest import Api, api_over
from tests.web.gate.test_page_budget import Cost, Sent, sending
from tests.web.gate.test_policy import PEOPLE
from tests.web.large_office import founded

ALTERNATIVES = {
    "/engine-rest/process-definition/key/<key>": "/engine-rest/process-definition",
    "/engine-rest/process-definition/key/<key>/xml": "/engine-rest/process-definition",
}
"""Addresses whose name is not that of the list before it: where it stands."""
OF_INSTANCE = "/engine-rest/history/activity-instance"
"""Asks for one instance by a parameter."""
MOST = 12
"""So many of each list are called one by one."""


def test_no_call_that_reads_costs_more_than_its_budget(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    founded(f"sqlite:///{tmp_path / 'tindak.db'}", tmp_path)
    monkeypatch.setattr(Bearer, "needs_touch", True)
    with sending() as sent:
        clock = ManualClock(MONDAY + timedelta(days=25))
        service = open_service(f"sqlite:///{tmp_path / 'tindak.db'}", options(tmp_path), clock)
        api = api_over(service, tmp_path)
        rules, answered, dear = [*_reading(api)], set(), dict[str, list[str]]()
        for who in PEOPLE:
            for rule in rules:
                for address in _addresses(api, who, rule):
                    status, cost = _called(api, sent, who, address)
                    answered |= {rule.rule} if status < 300 else set()
                    if not cost.held:
                        dear.setdefault(rule.rule, [f"{who} {address} {cost}", *sent.statements])
        service.close()
    assert dear == {}
    assert {rule.rule for rule in rules} - answered == set()


def _reading(api: Api) -> Iterator[Rule]:
    for rule in api.app.url_map.iter_rules():
        if "GET" in (rule.methods or ()) and rule.rule.startswith(("/api/", "/engine-rest")):
            yield rule


def _called(api: Api, sent: Sent, who: str, address: str) -> tuple[int, Cost]:
    """Once more where that was too dear, for a model is parsed only once."""
    api.token(who)
    for _ in range(2):
        sent.clear(apart=False)
        status = api.call(who, "GET", address).status_code
        assert status in (200, 204, 403, 404), (who, address, status)
        if sent.cost.held:
            break
    return status, sent.cost


def _addresses(api: Api, who: str, rule: Rule) -> Iterator[str]:
    if rule.rule == OF_INSTANCE or rule.rule == f"{OF_INSTANCE}/count":
        for id in _names(api, who, "/engine-rest/history/process-instance", "id"):
            yield f"{rule.rule}?processInstanceId={id}"
        return
    if not rule.arguments:
        yield rule.rule
        return
    [name] = rule.arguments
    before, _, behind = rule.rule.partition("/<")
    listed = ALTERNATIVES.get(rule.rule, before)
    for value in _names(api, who, listed, name):
        yield f"{before}/{value}{behind.partition('>')[2]}"


def _names(api: Api, who: str, listed: str, name: str) -> list[str]:
    """The first of a list, told apart as widely as it can be."""
    answer = api.call(who, "GET", listed)
    found = answer.get_json() if answer.status_code == 200 else []
    items = found["items"] if isinstance(found, dict) else found
    kinds = {
        str(one.get("processDefinitionId") or one.get("stage") or one[name]): one for one in items
    }
    return [one[name] for one in [*kinds.values()][:MOST]]
