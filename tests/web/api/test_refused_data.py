"""Variables that programs may not send, in any call: numbers and nesting that cannot be stored, and
reserved names."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from werkzeug.test import TestResponse

from engine.deployment.apart import Apart
from engine.sentences.errors import BadInput
from tests.web.api.conftest import Api
from tests.web.api.models import NESTED, PAID
from web.api.json_parsing import read_json

FACTS = ("business_key", "case", "execution", "task")

Send = Callable[[Api, str], TestResponse]


def sent(api: Api, path: str, body: str) -> TestResponse:
    return api.call("owner", "POST", path, data=body, content_type="application/json")


def start(api: Api, variables: str) -> TestResponse:
    path = "/engine-rest/process-definition/key/nested/start"
    return sent(api, path, f'{{"variables": {variables}}}')


def complete(api: Api, variables: str) -> TestResponse:
    task = api.task("owner", api.start("owner", "nested"))
    return sent(api, f"/engine-rest/task/{task['id']}/complete", f'{{"variables": {variables}}}')


def message(api: Api, variables: str) -> TestResponse:
    api.start("owner", "paid", "A-17")
    body = f'{{"messageName": "paid", "businessKey": "A-17", "processVariables": {variables}}}'
    return sent(api, "/engine-rest/message", body)


@pytest.fixture
def api(small_api: Api) -> Api:
    small_api.deploy("owner", NESTED)
    small_api.deploy("owner", PAID)
    return small_api


@pytest.mark.parametrize(
    "value",
    [
        '{"value": 9223372036854775808}',
        '{"value": -9223372036854775809}',
        '{"value": 18446744073709551616}',
        '{"value": [{"a": 1180591620717411303424}]}',
        '{"value": "9223372036854775808", "type": "Long"}',
        '{"value": "[18446744073709551616]", "type": "Json"}',
        '{"value": ' + "9" * 5000 + "}",
        '{"value": ' + "[" * 120 + "]" * 120 + "}",
        '{"value": "' + "[" * 120 + "]" * 120 + '", "type": "Json"}',
    ],
    ids=lambda text: text[:40],
)
@pytest.mark.parametrize("send", [start, complete, message])
def test_what_cannot_be_kept_as_it_is_is_refused(api: Api, send: Send, value: str) -> None:
    answer = send(api, f'{{"x": {value}}}')
    assert answer.status_code == 400, answer.get_data(as_text=True)
    assert "large" in answer.text or "x" in answer.text


@pytest.mark.parametrize(
    "body",
    ["[" * 50_000, '{"revises": 99999999999999999999}', "{", "null"],
    ids=["nested", "large", "cut", "nothing"],
)
@pytest.mark.parametrize("act", ["plan", "report-replacement"])
def test_a_body_for_the_register_that_cannot_be_read_is_refused(
    api: Api, act: str, body: str
) -> None:
    path = f"/api/v1/follow-ups/01a231ad-3708-72ae-a1ea-8782b733ec92/{act}"
    answer = api.call("kemhan", "POST", path, data=body, content_type="application/json")
    assert answer.status_code in (400, 422), answer.get_data(as_text=True)


@pytest.mark.parametrize(
    "value", ["9223372036854775807", "-9223372036854775808", "1e30", '"18446744073709551616"']
)
@pytest.mark.parametrize("send", [start, complete, message])
def test_what_just_fits_is_taken(api: Api, send: Send, value: str) -> None:
    assert send(api, f'{{"x": {{"value": {value}}}}}').status_code in (200, 204)


@pytest.mark.parametrize("name", FACTS)
@pytest.mark.parametrize("send", [start, complete, message])
def test_a_variable_called_as_a_fact_is_refused_by_its_name(
    api: Api, send: Send, name: str
) -> None:
    answer = send(api, f'{{"{name}": {{"value": 1}}}}')
    assert answer.status_code == 400
    assert f"No variable can be called {name}." in answer.get_json()["message"]


@pytest.mark.parametrize(
    ("content", "value"),
    [
        (b"9223372036854775807", 2**63 - 1), (b"-9223372036854775808", -(2**63)),
        (b"100000000000000000000.5", 1e20), (b"100000000000000000000e2", 1e22),
        (b'"99999999999999999999"', "9" * 20), (b'"\\"99999999999999999999"', '"' + "9" * 20),
        (b"0.30000000000000000000", 0.3), (b"-1.99999999999999999999e1", -20.0),
        (b'{"99999999999999999999": 1}', {"9" * 20: 1}),
    ],
)  # fmt: skip
def test_only_whole_numbers_outside_texts_are_looked_at(content: bytes, value: object) -> None:
    assert read_json(content) == value


@pytest.mark.parametrize(
    "content",
    [b"99999999999999999999", b"[1, -99999999999999999999]", b'["\\\\", 18446744073709551616]'],
)
def test_a_whole_number_that_would_become_a_fraction_is_refused(content: bytes) -> None:
    with pytest.raises(BadInput, match="too large"):
        read_json(content)


@pytest.mark.parametrize(
    "content",
    [b'"' + b'\\"' * 400_000 + b"\\", b"9" * 800_000 + b".", b"-" * 800_000, b'"' * 800_000],
    ids=["a text without an end", "a number without an end", "signs", "texts"],
)
def test_a_large_body_is_looked_at_once(content: bytes) -> None:
    """Whoever looks again from each character on takes hours, and is ended by the bound."""
    apart = Apart(seconds=5)
    try:
        with pytest.raises(RuntimeError, match="JSONDecodeError"):
            apart.call(read_json, content)
    finally:
        apart.close()
