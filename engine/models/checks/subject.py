"""The input of a check: one process with its graph, the bundle around it, and the known names.

Owns the form of a finding. A check is a function from a Subject to problems.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field

from engine.models.bundle import Bundle
from engine.models.checks.graph import Graph
from engine.models.elements import Element, Flow, ProcessModel
from engine.ports.performers import Performers
from engine.sentences.problems import Problem, Severity
from engine.sentences.sentence import Sentence


@dataclass(frozen=True, slots=True)
class Known:
    """The names that models may refer to besides their own files.

    `topics`: topic of a handler -> keys of the processes that may call it (empty: every process);
    `heard`: topics that workers have asked for lately (None: unknown); `performers`: people and
    groups (None: unknown); `processes`: keys already deployed (None: unknown); `cases`: keys of the
    processes whose instances are cases; `case_names`: their own messages and signals;
    `translated`: texts of models that have English elsewhere (None: English is not asked for).
    """

    topics: Mapping[str, frozenset[str]] = field(default_factory=dict)
    heard: frozenset[str] | None = None
    performers: Performers | None = None
    processes: frozenset[str] | None = None
    cases: frozenset[str] = frozenset()
    case_names: frozenset[str] = frozenset()
    translated: frozenset[str] | None = None


@dataclass(frozen=True, slots=True)
class Subject:
    """One process under examination."""

    process: ProcessModel
    graph: Graph
    bundle: Bundle
    known: Known

    @property
    def elements(self) -> Iterator[Element]:
        """All flow nodes, those of sub-processes included, in document order."""
        return iter(self.process.elements.values())

    def of_kind(self, *kinds: str) -> Iterator[Element]:
        """The flow nodes of these kinds."""
        return (element for element in self.elements if element.kind in kinds)

    def error(
        self, at: Element | Flow | None, code: str, what: Sentence, advice: Sentence
    ) -> Problem:
        """An error stops the deployment. `at` None: it concerns the process as a whole."""
        return self._problem(at, "error", code, what, advice)

    def warning(
        self, at: Element | Flow | None, code: str, what: Sentence, advice: Sentence
    ) -> Problem:
        """A finding that the author should know of."""
        return self._problem(at, "warning", code, what, advice)

    def _problem(
        self,
        at: Element | Flow | None,
        severity: Severity,
        code: str,
        what: Sentence,
        advice: Sentence,
    ) -> Problem:
        process = self.process
        if at is None:
            place = (process.key, process.name, process.line)
        else:
            place = (at.id, at.name, at.line)
        return Problem(process.file, *place, severity, code, what, advice)


Check = Callable[[Subject], Iterator[Problem]]
