"""Commands survive as JSON; the cache keeps a bounded number of live instances, never of another
version.
"""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any
from uuid import uuid4

import orjson
import pytest

from engine.execution.cache import CAPACITY, LiveCache
from engine.records.commands import (
    Command,
    Complete,
    Deliver,
    Extend,
    Fire,
    StartActivity,
    Withdraw,
    load,
)
from tests.engine.execution.stepping import FakeLive

AT = datetime(2026, 3, 2, 2, 0, 7, 123456, tzinfo=UTC)
WHO: dict[str, Any] = {"by": "ani", "request_id": "r-1", "received_at": AT}
COMMANDS = [
    Complete(task_id=uuid4(), data={"sum": [1, {"a": None}]}, **WHO),
    Fire(token=uuid4(), planned=AT, **WHO),
    Deliver(message="payment", key="A-1", payload={"n": 1}, token=uuid4(), **WHO),
    Extend(task_id=uuid4(), due=date(2026, 4, 1), reason="letter 12", **WHO),
    Withdraw(reason="mistake", **WHO),
    StartActivity(activity="visit", data={"n": 1}, token=uuid4(), **WHO),
    Complete(task_id=uuid4(), data={}),
    Deliver(message="payment", key="A-1"),
    Withdraw(),
]


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: command.kind)
def test_a_command_comes_back_from_json_as_it_went(command: Command) -> None:
    stored = orjson.loads(orjson.dumps(command.dump()))
    assert stored["kind"] == command.kind
    assert load(stored) == command
    assert type(load(stored)) is type(command)


def test_each_kind_has_a_name_of_its_own_that_stored_commands_know() -> None:
    assert [one.kind for one in COMMANDS[:6]] == [
        "complete", "timer", "message", "extend", "withdraw", "activity",
    ]  # fmt: skip


def test_a_command_that_says_no_more_is_nobodys_and_not_repeatable() -> None:
    bare = Withdraw()
    assert (bare.by, bare.request_id, bare.received_at, bare.reason) == (None, None, None, "")
    plain = Deliver(message="payment", key="A-1")
    assert (plain.payload, plain.token) == ({}, None)
    assert Extend(task_id=uuid4(), due=date(2026, 4, 1)).reason == ""


def live() -> Any:
    return FakeLive()


def test_what_is_taken_out_is_gone_until_it_is_put_back() -> None:
    cache, id, kept = LiveCache(), uuid4(), live()
    cache.put(id, 3, kept)
    assert cache.take(id, 3) is kept
    assert cache.take(id, 3) is None
    assert len(cache) == 0


@pytest.mark.parametrize("version", [2, 4])
def test_another_version_is_neither_given_nor_kept(version: int) -> None:
    cache, id = LiveCache(), uuid4()
    cache.put(id, 3, live())
    assert cache.take(id, version) is None
    assert cache.take(id, 3) is None


def test_what_was_never_put_is_not_there() -> None:
    assert LiveCache().take(uuid4(), 1) is None


def test_the_one_put_longest_ago_gives_way() -> None:
    cache, ids = LiveCache(capacity=2), [uuid4() for _ in range(3)]
    cache.put(ids[0], 1, live())
    cache.put(ids[1], 1, live())
    cache.put(ids[0], 2, live())
    cache.put(ids[2], 1, live())
    assert len(cache) == 2
    assert cache.take(ids[1], 1) is None
    assert cache.take(ids[0], 2) is not None
    assert cache.take(ids[2], 1) is not None


def test_hundreds_of_instances_are_kept() -> None:
    cache = LiveCache()
    for _ in range(CAPACITY + 5):
        cache.put(uuid4(), 1, live())
    assert len(cache) == CAPACITY >= 100
