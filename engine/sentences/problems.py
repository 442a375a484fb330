"""Problems of a model, in its author's words."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from engine.sentences.sentence import Sentence, say

Severity = Literal["error", "warning"]


@dataclass(frozen=True, slots=True)
class MakeTopic:
    """A correction for tools: the element becomes an external task of `topic`. A worker does the
    work of `code`, which cannot run here."""

    element_id: str
    topic: str
    code: str


@dataclass(frozen=True, slots=True)
class Problem:
    """One finding of the deployment checks.

    `element_id` and `element_name` are empty for a finding about the whole file; `line` is 1-based,
    0 if unknown. `what` says what is wrong, `advice` what to write or draw instead. `ends`: for a
    sequence flow, the names of its two ends. `fix`: a correction for tools.
    """

    file: str
    element_id: str
    element_name: str
    line: int
    severity: Severity
    code: str
    what: Sentence
    advice: Sentence
    ends: tuple[str, str] | None = None
    fix: MakeTopic | None = None


def words_of_flow(name: str, source: str, target: str) -> Sentence:
    """The name of a sequence flow for its author: few have a name, and nobody knows their ids."""
    if name:
        return say(
            "flow “{name}” from {source} to {target}", name=name, source=source, target=target
        )
    return say("flow from {source} to {target}", source=source, target=target)


def errors_of(problems: Iterable[Problem]) -> list[Problem]:
    """Only the findings that stop a deployment."""
    return [problem for problem in problems if problem.severity == "error"]
