"""A call for work that finds none: the application's answer, with and without a front."""

from __future__ import annotations

from typing import Any

import pytest
from werkzeug.test import TestResponse

from tests.web.api.conftest import Api
from web.front.waiting import ASKING, Asking, crowded
from web.gate.bodies import ARRIVAL

WANTED = {
    "workerId": "w",
    "maxTasks": 1,
    "topics": [{"topicName": "weigh", "lockDuration": 60_000}],
    "asyncResponseTimeout": 30_000,
}


def fetch(api: Api, token: str, body: object = None, **environ: object) -> TestResponse:
    return api.app.test_client().post(
        "/engine-rest/external-task/fetchAndLock", json=body or WANTED,
        headers={"Authorization": f"Bearer {token}"}, environ_overrides=environ,
    )  # fmt: skip


def test_who_would_wait_is_answered_as_if_the_time_were_over(small_api: Api) -> None:
    token = small_api.worker_token("weigh")
    asking = Asking()
    answers = [fetch(small_api, token), fetch(small_api, token, **{ASKING: asking})]
    for answer in answers:
        assert (answer.status_code, answer.get_json()) == (200, [])
        assert answer.headers["Content-Type"] == "application/json"
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["Cache-Control"] == "no-store"
    assert asking.wait is not None
    assert (asking.wait.topics, asking.wait.seconds) == (frozenset({"weigh"}), 30)


@pytest.mark.parametrize("changed", [{"asyncResponseTimeout": 0}, {"workerId": ""}])
def test_who_would_not_wait_or_may_not_ask_does_not_wait(
    small_api: Api, changed: dict[str, Any]
) -> None:
    asking = Asking()
    fetch(small_api, small_api.worker_token("weigh"), WANTED | changed, **{ASKING: asking})
    fetch(small_api, "a token of nobody", **{ASKING: asking})
    assert asking.wait is None


def test_where_no_more_may_wait_one_is_told_to_come_back(small_api: Api) -> None:
    answer = fetch(small_api, small_api.worker_token("weigh"), **{ARRIVAL: crowded})
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "10")
    assert "Too many workers wait here already." in answer.get_json()["message"]
