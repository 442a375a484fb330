"""What is wrong with a model, in its author's words."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from engine.words import Sentence

Severity = Literal["error", "warning"]


@dataclass(frozen=True, slots=True)
class Problem:
    """One finding of the deployment checks.

    `element_id` and `element_name` are empty for a finding about the whole file; `line` is 1-based,
    0 when unknown. `what` says what is wrong, `advice` what to write or draw instead.
    """

    file: str
    element_id: str
    element_name: str
    line: int
    severity: Severity
    code: str
    what: Sentence
    advice: Sentence


def errors_of(problems: Iterable[Problem]) -> list[Problem]:
    """Only the findings that stop a deployment."""
    return [problem for problem in problems if problem.severity == "error"]
