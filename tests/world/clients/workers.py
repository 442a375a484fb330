"""Starts workers of foreign client libraries, and reads their output.

`python -m tests.world.clients.workers` fetches the npm packages before the tests.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import Any

from web.assets.build import BuildFailed, find_node, install_packages

JAVASCRIPT = Path(__file__).parent / "javascript"
ROOT = Path(__file__).parents[3]
LONG_MS, SHORT_MS = 600_000, 4_000
"""A lease that outlasts a test, and one whose end a test waits for."""
HANDS = "by-hand"
"""A model whose topic no worker asks for."""
HEARTBEAT = "operaton.tasks.heartbeat"
"""operaton-tasks asks for this topic besides its own."""


def javascript() -> list[str]:
    """The worker in JavaScript."""
    install_packages(find_node(), JAVASCRIPT)
    return [str(find_node()), str(JAVASCRIPT / "worker.js")]


def python(name: str) -> Callable[[], list[str]]:
    """One of the workers in Python."""
    return lambda: [sys.executable, "-m", f"tests.world.clients.programs.{name}"]


@dataclass(frozen=True)
class Client:
    """A client library: how its worker is started; whether it extends a lease when told so, by
    itself while it works, or not at all."""

    command: Callable[[], list[str]]
    extends: str = "when told"


CLIENTS: Mapping[str, Client] = MappingProxyType(
    {
        "camunda-external-task-client-js": Client(javascript),
        "camunda-external-task-client-python3": Client(python("of_python3"), "never"),
        "operaton-tasks": Client(python("of_operaton"), "by itself"),
        "pycamunda": Client(python("of_pycamunda")),
        "generic-camunda-client": Client(python("of_generic")),
    }
)


@dataclass
class Worker:
    """A running worker. `said`: its lines so far."""

    process: subprocess.Popen[str]
    errors: Path
    said: list[dict[str, Any]] = field(default_factory=list)

    def hear(self) -> None:
        """Take in every line, until it ends."""
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self.said.append(json.loads(line))

    def fetched(self) -> list[dict[str, Any]]:
        """The variables of each task it was given."""
        return [line["variables"] for line in self.said if "fetched" in line]

    def has_said(self, name: str) -> bool:
        """Whether a line tells this."""
        return any(name in line for line in self.said)

    def kill(self) -> None:
        """End it at once, as a machine that stops does."""
        self.process.kill()
        self.process.wait(60)

    def trouble(self) -> str:
        """What it complained of, for a test that fails."""
        return f"{self.said[-5:]}\n{self.errors.read_text()[-3000:]}"


@contextmanager
def working(client: Client, folder: Path, name: str, settings: dict[str, str]) -> Iterator[Worker]:
    """A worker of that name while the block runs."""
    errors = folder / f"{name}.errors"
    with errors.open("w") as stream:
        process = subprocess.Popen(
            client.command(),
            cwd=ROOT,
            env={**os.environ, **settings, "WORKER_NAME": name, "PYTHONWARNINGS": "ignore"},
            stdout=subprocess.PIPE,
            stderr=stream,
            text=True,
        )
    worker = Worker(process, errors)
    ear = threading.Thread(target=worker.hear, daemon=True)
    ear.start()
    try:
        yield worker
    finally:
        worker.kill()
        ear.join(60)


def main() -> int:
    """Fetches the npm packages; 1 when that fails."""
    try:
        install_packages(find_node(), JAVASCRIPT)
    except BuildFailed as failure:
        sys.stderr.write(f"{failure}\n")
        return 1
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
