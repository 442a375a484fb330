"""A step without an engine: a live instance that only records its calls."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

import orjson

from engine.execution.border import NOTHING, Activities, HumanTask, Subscription, Waiting
from engine.execution.running import Running
from engine.models.elements import Element
from engine.models.forms import Form, read_form
from engine.records import history
from engine.records.commands import Command
from engine.storage.cases.steps import Head
from engine.time.calendar import Calendar

NOW = datetime(2026, 3, 2, 2, 0, tzinfo=UTC)


def a_task(
    element_id: str = "write", on_complete: str | None = None, form: Form | None = None
) -> HumanTask:
    element = Element(element_id, "", "userTask", 1, "review", on_complete=on_complete)
    return HumanTask(
        uuid4(), uuid4(), element, element_id, "", 1, NOW, None, None, None, None, (), (), form=form
    )


def a_form(*components: Mapping[str, Any]) -> Form:
    content = {"id": "page", "type": "default", "schemaVersion": 16, "components": components}
    return read_form(orjson.dumps(content), "page.form")


def waits(*tasks: HumanTask, timers: Any = (), subscriptions: Any = ()) -> Waiting:
    by_token = ({one.token: one for one in some} for some in (tasks, timers, subscriptions))
    return Waiting(*by_token, externals={})


class FakeLive:
    """Says what it waits for, and keeps what it was told in `told`."""

    def __init__(self, waiting: Waiting = NOTHING, data: Mapping[str, Any] | None = None) -> None:
        self.now_waiting = waiting
        self.data = dict(data or {})
        self.told: list[tuple[Any, ...]] = []
        self.ended = False

    def waiting(self) -> Waiting:
        return self.now_waiting

    def data_of(self, token: UUID) -> dict[str, Any]:
        return {"of": token}

    def read_again(self, token: UUID, values: Mapping[str, Any]) -> dict[str, Any]:
        return {name: value for name, value in values.items() if name == "verdict"}

    def is_recorded(self, token: UUID, host: object) -> bool:
        return False

    def take_folded(self) -> dict[str, list[str]]:
        return {}

    def changed(self) -> dict[str, Any]:
        return {}

    def form_data_of(self, token: UUID) -> dict[str, Any]:
        return self.data_of(token)

    def snapshot(self) -> object:
        return None

    def activities(self, since: object) -> Activities:
        return Activities((), (), ())

    def compact(self) -> None:
        self.told.append(("compact",))

    def dump(self) -> bytes:
        return b"state"

    def __getattr__(self, name: str) -> Any:
        def tell(*values: Any) -> None:
            self.told.append((name, *(v for v in values if not isinstance(v, FakeHost))))

        return tell


class FakeHost:
    """The step around the live instance; `call` is the handler behind every topic."""

    def __init__(self, call: Any = None, by: str | None = "ani") -> None:
        self.now, self.by, self.connection = NOW, by, None
        self.calendar = Calendar()
        self.answers: dict[str, Any] = {}
        self.jobs: list[dict[str, Any]] = []
        self.deadlines: list[Any] = []
        self.calls: list[tuple[Any, ...]] = []
        self._call = call

    def call(self, topic: str, element: Element, *rest: Any) -> Any:
        self.calls.append((topic, element.id, dict(self.answers), *rest))
        return self._call() if self._call else {}

    def options_for(self, form: Form) -> dict[str, Any]:
        return {}


def a_head(**values: Any) -> Head:
    usual: dict[str, Any] = {
        "id": uuid4(), "definition_id": uuid4(), "key": "review", "business_key": "A-1",
        "status": "active", "version": 3, "last_seq": 4, "last_hash": history.NO_HASH,
        "started_at": NOW, "database_now": NOW, "clock": None,
    }  # fmt: skip
    return Head(**{**usual, **values})


def running(command: Command, live: Any, host: Any = None, **head: Any) -> Running:
    return Running(command, a_head(**head), live, host or FakeHost())


def awaited(message: str, key: str, element_id: str = "heard") -> Subscription:
    return Subscription(uuid4(), element_id, message, key)
