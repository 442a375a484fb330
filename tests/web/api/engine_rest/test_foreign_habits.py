"""Habits of foreign clients: slashes, nulls and empty lists."""

from __future__ import annotations

from tests.web.api.conftest import Api
from tests.web.api.models import LEAVE


def test_an_address_may_end_with_a_slash(still_api: Api) -> None:
    rules = [rule for rule in still_api.app.url_map.iter_rules() if "/engine-rest" in rule.rule]
    assert rules
    for rule in rules:
        path = rule.rule.replace("<", "").replace(">", "")
        for method in rule.methods or ():
            plain, slashed = (still_api.call("owner", method, one) for one in (path, f"{path}/"))
            assert slashed.status_code == plain.status_code, (method, path)
            assert slashed.status_code not in (301, 308, 405), (method, path)


def test_pages_keep_their_one_address(still_api: Api) -> None:
    assert still_api.app.test_client().get("/login/").status_code == 404


def test_a_start_may_come_with_an_empty_list_of_instructions(small_api: Api) -> None:
    assert small_api.deploy("owner", LEAVE).status_code == 200
    start = "/engine-rest/process-definition/key/leave/start"
    assert small_api.post("owner", start, {"startInstructions": []}).status_code == 200
    begin = {"type": "startBeforeActivity", "activityId": "decide"}
    refused = small_api.post("owner", start, {"startInstructions": [begin]})
    assert refused.status_code == 400
    assert "startInstructions" in refused.get_json()["message"]


def test_a_member_that_is_null_counts_as_not_sent(small_api: Api) -> None:
    assert small_api.deploy("owner", LEAVE).status_code == 200
    nulls = dict.fromkeys(("variables", "businessKey", "withVariablesInReturn", "caseInstanceId"))
    start = "/engine-rest/process-definition/key/leave/start"
    assert small_api.post("owner", start, nulls).status_code == 200
