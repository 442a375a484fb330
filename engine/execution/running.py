"""A step under way: its command, its instance, and its results so far."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from engine.execution.border import Live
from engine.execution.step_host import StepHost
from engine.records.commands import Command
from engine.storage.cases.steps import Head


@dataclass(slots=True)
class Running:
    """A step under way. `alone`: no caller waits for its answer."""

    command: Command
    head: Head
    live: Live
    host: StepHost
    state: bytes = b""
    completed: UUID | None = None
    details: dict[str, Any] = field(default_factory=dict)
    withdrawn: bool = False
    alone: bool = False
