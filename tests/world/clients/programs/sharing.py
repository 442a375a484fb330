"""The common part of the worker programs: their arguments, their output, their work on a task."""

from __future__ import annotations

import json
import os
import sys
from base64 import b64encode
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

URL = os.environ["WORKER_URL"]
USER, TOKEN = os.environ["WORKER_USER"], os.environ["WORKER_TOKEN"]
NAME, TOPIC = os.environ["WORKER_NAME"], os.environ["WORKER_TOPIC"]
LEASE_MS, WAIT_MS = int(os.environ["WORKER_LEASE_MS"]), int(os.environ["WORKER_WAIT_MS"])
EXTENSION_MS = int(os.environ["WORKER_EXTENSION_MS"])
"""How long a task is held from when it is in hand; 0: none is kept in hand."""
BASIC = "Basic " + b64encode(f"{USER}:{TOKEN}".encode()).decode()

OBJECT = {"objectTypeName": "java.util.HashMap", "serializationDataFormat": "application/json"}
RESULT: tuple[tuple[str, Any, str, dict[str, str]], ...] = (
    ("text", "Ya – baik", "String", {}),
    ("truth", True, "Boolean", {}),
    ("short", 7, "Short", {}),
    ("whole", 70_000, "Integer", {}),
    ("long", 2**40, "Long", {}),
    ("number", 2.5, "Double", {}),
    ("day", "2026-03-02T09:00:00.000+0700", "Date", {}),
    ("json", '{"a": [1, null]}', "Json", {}),
    ("object", '{"b": {"c": "d"}}', "Object", OBJECT),
    ("nothing", None, "Null", {}),
)
"""A result with every type: name, value, type, valueInfo."""
MESSAGE, DETAILS = "The scale is out of order.", "No answer on port 7."
CODE = "REFUSED"


@dataclass
class Plans:
    """What is done at each task. One that is to fail three times is completed afterwards."""

    failures: Counter[str] = field(default_factory=Counter)

    def of(self, task_id: str, variables: dict[str, Any]) -> str:
        """What to do with a task that was fetched."""
        say(fetched=task_id, variables=variables)
        plan: str = variables["plan"]
        if plan == "hold":
            return plan if EXTENSION_MS else "complete"
        if plan != "fail":
            return plan
        self.failures[task_id] += 1
        return "fail" if self.failures[task_id] <= 3 else "complete"


def left(retries: int | None) -> int:
    """How often a task that fails now may be tried again: three times in all."""
    return 2 if retries is None else max(retries - 1, 0)


def say(**facts: Any) -> None:
    """A line for whoever started this program."""
    sys.stdout.write(json.dumps(facts, default=str) + "\n")
    sys.stdout.flush()
