"""Camunda's notation of values and times, both ways."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from flask import Flask

from engine.models.elements import Element, EventDefinition
from engine.time.calendar import DEFAULT_ZONE
from web.api.engine_rest.cases.activities import type_of
from web.api.engine_rest.shapes.bodies import Variable
from web.api.engine_rest.shapes.values import NOBODY, plain, read_id, read_time, time_text, typed


@pytest.fixture(autouse=True)
def jakarta() -> Iterator[None]:
    """A request in the zone of Jakarta."""
    app = Flask(__name__)
    app.config["TINDAK_ZONE"] = DEFAULT_ZONE
    with app.app_context():
        yield


@pytest.mark.parametrize(
    ("value", "type", "shown"),
    [
        ("text", "String", "text"),
        ("", "String", ""),
        (True, "Boolean", True),
        (0, "Integer", 0),
        (2**31 - 1, "Integer", 2**31 - 1),
        (-(2**31) + 1, "Integer", -(2**31) + 1),
        (2**31, "Long", 2**31),
        (1.5, "Double", 1.5),
        (None, "Null", None),
        ([1, "a"], "Json", '[1,"a"]'),
        ({"a": {"b": None}}, "Json", '{"a":{"b":null}}'),
    ],
)
def test_every_value_of_the_process_data_has_a_type(value: Any, type: str, shown: Any) -> None:
    assert typed(value) == {"value": shown, "type": type, "valueInfo": {}}
    assert plain({"x": Variable(value=shown, type=type)}) == {"x": value}


@pytest.mark.parametrize(
    ("value", "type", "kept"),
    [
        ("7", "Integer", 7),
        ("7", "Long", 7),
        ("1.5", "Double", 1.5),
        (3, "Double", 3.0),
        ("TRUE", "Boolean", True),
        ('{"a": 1}', "Object", {"a": 1}),
        ([1, 2], "Json", [1, 2]),
        ([1, 2], None, [1, 2]),
        (None, "Integer", None),
        ("2026-03-02T09:00:00.000+0700", "Date", "2026-03-02T09:00:00+07:00"),
    ],
)
def test_what_camunda_clients_send_is_taken(value: Any, type: str | None, kept: Any) -> None:
    assert plain({"x": Variable(value=value, type=type)}) == {"x": kept}


def test_times_have_three_decimals_and_an_offset_without_colon() -> None:
    at = datetime(2026, 3, 2, 2, 0, 0, 5999, tzinfo=UTC)
    assert time_text(at) == "2026-03-02T09:00:00.005+0700"
    assert time_text(None) is None


def test_times_are_read_with_offset_with_a_lost_plus_and_without() -> None:
    nine = datetime(2026, 3, 2, 2, 0, tzinfo=UTC)
    for text in ("2026-03-02T09:00:00.000+0700", "2026-03-02T09:00:00.000 0700",
                 "2026-03-02T09:00:00+07:00", "2026-03-02T09:00:00"):  # fmt: skip
        assert read_time(text) == nine


def test_an_id_is_the_last_part_and_nonsense_the_id_of_nothing() -> None:
    assert str(read_id("a:b:3:01a2051c-f971-77c7-ad9d-c8587adcdb8a")).startswith("01a2051c")
    assert read_id("nonsense") == NOBODY


@pytest.mark.parametrize(
    ("kind", "event", "name"),
    [
        ("startEvent", None, "startEvent"),
        ("startEvent", "timer", "startTimerEvent"),
        ("startEvent", "message", "messageStartEvent"),
        ("endEvent", "none", "noneEndEvent"),
        ("endEvent", "terminate", "terminateEndEvent"),
        ("boundaryEvent", "timer", "boundaryTimer"),
        ("intermediateCatchEvent", "timer", "intermediateTimer"),
        ("intermediateCatchEvent", "message", "intermediateMessageCatch"),
        ("intermediateThrowEvent", None, "intermediateNoneThrowEvent"),
        ("intermediateThrowEvent", "message", "intermediateMessageThrowEvent"),
        ("businessRuleTask", None, "businessRuleTask"),
    ],
)
def test_elements_have_camundas_names(kind: str, event: str | None, name: str) -> None:
    definition = EventDefinition(event) if event else None
    assert type_of(Element("e", "E", kind, 1, "p", event=definition)) == name
