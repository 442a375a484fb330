"""The refusals of the engine's API, in Camunda's words and never in ours or Python's."""

from __future__ import annotations

import io
import re

import pytest

from tests.engine.models.building import (
    bpmn,
    end,
    event,
    flow,
    process,
    service_task,
    start,
    user_task,
)
from tests.web.api.conftest import Api
from tests.web.api.models import REVIEW

CREATE = "/engine-rest/deployment/create"
PYTHON = re.compile(r"\b\w+Error\b|Traceback|File \"")


def test_a_model_that_cannot_run_is_a_parse_exception_with_its_findings(still_api: Api) -> None:
    content = bpmn(process("p", start(), service_task("pay", None), end()))
    answer = still_api.deploy("owner", {"pay.bpmn": content})
    assert answer.status_code == 400
    body = answer.get_json()
    assert set(body) == {"type", "message", "code", "details"}
    assert body["type"] == "ParseException"
    assert body["message"].startswith("ENGINE-09005 Could not parse BPMN process.")
    (error,) = body["details"]["pay.bpmn"]["errors"]
    assert error["mainElementId"] == "pay"
    assert error["elementIds"] == ["pay"]
    assert error["line"] > 1
    assert isinstance(error["column"], int)
    assert error["message"]
    assert set(error) == {"message", "line", "column", "mainElementId", "elementIds"}


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"<bad",
        b"not xml at all",
        b'<!DOCTYPE a [<!ENTITY b "bb">]><a>&b;</a>',
        b"<definitions xmlns='http://www.omg.org/spec/BPMN/20100524/MODEL'/>",
    ],
)
def test_a_file_that_cannot_be_read_is_answered_like_one(still_api: Api, content: bytes) -> None:
    answer = still_api.deploy("owner", {"bad.bpmn": content})
    assert answer.status_code == 400
    body = answer.get_json()
    assert (
        body["message"].startswith("ENGINE-09005 Could not parse BPMN process.")
        or body["type"] == "InvalidRequestException"
    )
    assert not PYTHON.search(answer.get_data(as_text=True))


def test_nothing_of_a_refused_deployment_is_kept(still_api: Api) -> None:
    before = still_api.get("owner", "/engine-rest/deployment/count")
    still_api.deploy("owner", {**REVIEW, "bad.bpmn": b"<bad"})
    assert still_api.get("owner", "/engine-rest/deployment/count") == before


def test_a_deployment_without_a_file_or_with_a_nameless_part_is_refused(still_api: Api) -> None:
    for data in ({"deployment-name": "x"}, {"deployment-name": "x", "data": "<definitions/>"}):
        answer = still_api.call("owner", "POST", CREATE, data=data)
        assert answer.status_code == 400
        assert answer.get_json()["type"] == "InvalidRequestException"


def test_a_process_that_fails_at_its_start_stores_nothing(small_api: Api) -> None:
    task = user_task("write", camunda_dueDate="${missing}")
    small_api.deploy("owner", {"p.bpmn": bpmn(process("p", start(), task, end()))})
    answer = small_api.post("owner", "/engine-rest/process-definition/key/p/start")
    assert answer.status_code == 400
    assert answer.get_json()["type"] == "ProcessEngineException"
    assert answer.get_json()["code"] == 0
    assert not PYTHON.search(answer.get_data(as_text=True))
    assert small_api.get("owner", "/engine-rest/process-instance/count") == {"count": 0}


def test_a_process_that_begins_by_one_of_two_messages_is_not_started_by_its_key(
    small_api: Api,
) -> None:
    starts = [start(name, event("message", name)) for name in ("ordered", "hurried")]
    flows = [flow(name, "end") for name in ("ordered", "hurried")]
    small_api.deploy("owner", {"two.bpmn": bpmn(process("two", *starts, end(), *flows))})
    answer = small_api.post("owner", "/engine-rest/process-definition/key/two/start")
    assert answer.status_code == 400
    assert "ordered, hurried" in answer.get_json()["message"]
    assert small_api.get("owner", "/engine-rest/process-instance/count") == {"count": 0}


@pytest.mark.parametrize(
    ("variables", "said"),
    [
        ({"a": {"value": "x", "type": "Integer"}}, "a"),
        ({"a": {"value": 2**31, "type": "Integer"}}, "Integer"),
        ({"a": {"value": "yes", "type": "Boolean"}}, "Boolean"),
        ({"a": {"value": "{", "type": "Json"}}, "Json"),
        ({"a": {"value": "aGk=", "type": "Bytes"}}, "Bytes"),
        ({"a": {"value": "NaN", "type": "Double"}}, "Double"),
        ({"a": {"value": "[" * 100 + "]" * 100, "type": "Json"}}, "nested"),
        ({"a": 1}, "variables.a"),
        ([], "variables"),
    ],
)
def test_variables_that_are_none_are_named(still_api: Api, variables: object, said: str) -> None:
    path = "/engine-rest/process-definition/key/asked/start"
    answer = still_api.post("owner", path, {"variables": variables})
    assert answer.status_code == 400
    assert said in answer.get_json()["message"]


def test_a_body_that_is_no_json_is_refused_by_kind(still_api: Api) -> None:
    path = "/engine-rest/message"
    assert (
        still_api.call("owner", "POST", path, data="{", content_type="text/plain").status_code
        == 415
    )
    broken = still_api.call("owner", "POST", path, data="{", content_type="application/json")
    assert broken.status_code == 400
    assert set(broken.get_json()) == {"type", "message", "code"}


def test_texts_no_database_can_keep_are_refused_before_one_is_asked(api: Api) -> None:
    for body in (
        r'{"businessKey": "a\u0000b"}',
        r'{"businessKey": "\ud800"}',
        '{"businessKey": NaN}',
    ):
        path = "/engine-rest/process-definition/key/review/start"
        answer = api.call("owner", "POST", path, data=body, content_type="application/json")
        assert answer.status_code == 400, body
    for path in ("/engine-rest/task?name=%00", "/engine-rest/process-definition/key/%00"):
        assert api.call("owner", "GET", path).status_code == 400, path
    assert api.call("owner", "GET", "/api/v1/follow-ups?institution=%00").status_code == 400


def test_two_files_of_one_name_are_refused(still_api: Api) -> None:
    parts = [(io.BytesIO(content), "review.bpmn") for content in (b"<a/>", b"<b/>")]
    data = {"first": parts[0], "second": parts[1]}
    assert still_api.call("owner", "POST", CREATE, data=data).status_code == 400


def test_an_unknown_address_and_a_wrong_method_keep_the_shape(still_api: Api) -> None:
    unknown = still_api.call("owner", "GET", "/engine-rest/nothing")
    assert (unknown.status_code, unknown.get_json()["type"]) == (404, "RestException")
    wrong = still_api.call("owner", "PUT", "/engine-rest/version")
    assert wrong.status_code == 405
    assert "GET" in wrong.headers["Allow"]
    assert wrong.get_json()["type"] == "RestException"


def test_cases_cannot_be_started_by_the_key_of_their_process(still_api: Api) -> None:
    for key in ("recommendation", "follow_up"):
        answer = still_api.post("owner", f"/engine-rest/process-definition/key/{key}/start")
        assert answer.status_code == 400
        assert answer.get_json()["type"] == "InvalidRequestException"


def test_a_process_nobody_deployed_is_404(still_api: Api) -> None:
    for path in ("key/unknown", "key/unknown/xml", "unknown:1:x", "unknown:1:x/xml"):
        answer = still_api.call("owner", "GET", f"/engine-rest/process-definition/{path}")
        assert answer.status_code == 404, path
    for path in ("key/unknown/start", "unknown:1:x/start"):
        assert still_api.post("owner", f"/engine-rest/process-definition/{path}").status_code == 404
