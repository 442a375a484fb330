"""The OpenAPI document describes `/api/v1` correctly, checked by calls generated from it."""

from __future__ import annotations

from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from schemathesis.core.result import Ok

from processes.register.states import RecommendationState, Stage
from processes.register.verdicts import VERDICTS
from tests.web.api.conftest import Api

DOCUMENT = "/api/v1/openapi.json"


def document(api: Api) -> dict[str, Any]:
    answer = api.call(None, "GET", DOCUMENT)
    assert answer.status_code == 200
    found: dict[str, Any] = answer.get_json()
    return found


def test_the_document_is_open_to_everybody_and_names_every_route(still_api: Api) -> None:
    found = document(still_api)
    assert found["openapi"].startswith("3.1")
    routes = {
        str(rule.rule).replace("<uuid:id>", "{id}")
        for rule in still_api.app.url_map.iter_rules()
        if rule.rule.startswith("/api/v1")
    }
    assert set(found["paths"]) == routes - {DOCUMENT}


def test_every_call_names_its_answer_and_its_refusals(still_api: Api) -> None:
    for path, item in document(still_api)["paths"].items():
        for operation in item.values():
            assert set(operation["responses"]) >= {"200", "401", "403", "404", "422"}, path
            assert operation["summary"], path
            refusal = operation["responses"]["422"]["content"]
            assert list(refusal) == ["application/problem+json"], path


def test_every_schema_that_is_referred_to_is_there(still_api: Api) -> None:
    found = document(still_api)
    named = set(found["components"]["schemas"])
    assert set(references(found)) <= named


def test_the_document_lists_the_states_and_verdicts_that_there_are(still_api: Api) -> None:
    found = document(still_api)
    schemas, parameters = found["components"]["schemas"], {}
    for path in ("/api/v1/follow-ups", "/api/v1/recommendations"):
        for one in found["paths"][path]["get"]["parameters"]:
            parameters[path, one["name"]] = listed_in(one["schema"], schemas)
    assert parameters["/api/v1/follow-ups", "stage"] == list(Stage)
    assert parameters["/api/v1/recommendations", "status"] == list(RecommendationState)
    assert parameters["/api/v1/follow-ups", "verdict"] == list(VERDICTS)
    answers = {
        ("FollowUpListed", "status"): list(Stage),
        ("RecommendationListed", "status"): list(RecommendationState),
        ("FollowUpListed", "verdict"): list(VERDICTS),
        ("Report", "claimed_status"): list(VERDICTS),
    }
    for (shape, member), values in answers.items():
        assert listed_in(schemas[shape]["properties"][member], schemas) == values


def listed_in(schema: Any, schemas: dict[str, Any]) -> list[str]:
    """The values that a schema offers, itself or one that it refers to."""
    if "$ref" in schema:
        return listed_in(schemas[schema["$ref"].rsplit("/", 1)[-1]], schemas)
    for part in schema.get("anyOf", schema.get("allOf", [])):
        if found := listed_in(part, schemas):
            return found
    return list(schema.get("enum", []))


def references(part: object) -> list[str]:
    """Names of the schemas a part of the document refers to."""
    if isinstance(part, dict):
        own = [part["$ref"].rsplit("/", 1)[-1]] if "$ref" in part else []
        return own + [name for value in part.values() for name in references(value)]
    if isinstance(part, list):
        return [name for value in part for name in references(value)]
    return []


@pytest.mark.parametrize("who", ["asdep", "kemhan"])
def test_calls_made_up_from_the_document_are_answered_as_it_says(still_api: Api, who: str) -> None:
    schema = schemathesis.openapi.from_dict(document(still_api))
    schema.app = still_api.app
    headers = {"Authorization": f"Bearer {still_api.token(who)}"}
    for found in schema.get_all_operations():
        assert isinstance(found, Ok)

        @given(case=found.ok().as_strategy())
        @settings(max_examples=10, database=None, suppress_health_check=list(HealthCheck))
        def run(case: Any) -> None:
            case.call_and_validate(headers=headers)

        run()
