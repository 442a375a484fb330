"""A process version ready to run: built once, shared by all its instances and threads.

Owns `Program`. A program does not change after `build`, so a cache of programs needs no lock.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from uuid import UUID

from engine.decisions import Decision
from engine.execution.border.specs import build_specs, scope_name
from engine.execution.border.tree.node import Library, ProcessSpec
from engine.execution.border.tree.port import CalledProcess
from engine.language import Template, compile_template
from engine.models.bundle import MESSAGE_FORM, Bundle
from engine.models.elements import Element, ProcessModel
from engine.models.forms import Form, form_of
from engine.models.variables import names_read, passes_everything
from engine.sentences.errors import ModelError
from engine.sentences.problems import Problem
from engine.sentences.sentence import say


def no_other(id: UUID) -> CalledProcess:
    """Raises LookupError: no other versions are at hand."""
    raise LookupError(id)


STEP_LIMIT = 1_000
"""Elements that one step may pass; real models have tens of them between two waits."""

NO_BUNDLES: Mapping[str, Bundle] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Program:
    """One version of a process with everything it refers to, called processes included.

    `specs`: scope name -> specification.
    """

    model: ProcessModel
    decisions: Mapping[str, Decision]
    forms: Mapping[str, Form]
    step_limit: int
    specs: Mapping[str, ProcessSpec] = field(repr=False)
    elements: Mapping[str, Element] = field(repr=False)

    @classmethod
    def build(
        cls,
        bundle: Bundle,
        key: str,
        *,
        called: Mapping[str, Bundle] = NO_BUNDLES,
        closed: frozenset[str] = frozenset(),
        step_limit: int = STEP_LIMIT,
    ) -> Program:
        """The program of process `key`. `called`: process key -> bundle, for called processes that
        `bundle` lacks; `closed`: keys whose call is a fault. Raises ModelError for a process that
        cannot run."""
        if key not in bundle.processes:
            raise ModelError([_no_process(key)])
        sources = sources_of(bundle, key, called)
        specs: dict[str, ProcessSpec] = {}
        elements: dict[str, Element] = {}
        for process, source in reversed(sources.items()):
            model = source.processes[process]
            specs |= build_specs(model, library_of(source, model, closed))
            elements |= model.elements
        return cls(
            model=bundle.processes[key],
            decisions=bundle.decisions,
            forms=_merged([source.forms for source in sources.values()]),
            step_limit=step_limit,
            specs=specs,
            elements=elements,
        )

    @property
    def starts(self) -> list[Element]:
        """The start events of the process itself."""
        inside = (e for e in self.model.elements.values() if e.process == self.model.key)
        return [element for element in inside if element.kind == "startEvent"]

    @property
    def usual_start(self) -> Element:
        """The start event for a start by hand."""
        return self.spec.start.exits[0].node.element

    def start_form(self, at: str | None = None) -> Form | None:
        """The form of what a start is given, at the start event `at` or the usual one."""
        begun = next((one for one in self.starts if one.id == at), self.usual_start)
        return self.form_of(begun) or self.forms.get(begun.properties.get(MESSAGE_FORM, ""))

    @property
    def timed_starts(self) -> list[tuple[Element, int]]:
        """The start events with a timer, each with the number of its definition, from 0."""
        return [
            (start, number)
            for start in self.starts
            for number, event in enumerate(start.event.each if start.event is not None else ())
            if event.timer is not None
        ]

    @property
    def started_by(self) -> dict[tuple[str, str], str]:
        """(message or signal, its name) -> the start event that it starts the process at."""
        starts = [(start.event, start.id) for start in self.starts if start.event is not None]
        events = [(event, id) for whole, id in starts for event in whole.each]
        return {
            (event.kind, event.message.name if event.message else event.code or ""): id
            for event, id in events
            if event.kind in ("message", "signal")
        }

    @property
    def spec(self) -> ProcessSpec:
        """The specification of the process itself."""
        return self.specs[scope_name(self.model.key, self.model.key)]

    @property
    def calls(self) -> bool:
        """Whether another process runs as a part of this one."""
        return any(element.called_process for element in self.elements.values())

    def element(self, element_id: str) -> Element:
        """An element of the process or of one it calls. Raises KeyError."""
        return self.elements[element_id]

    def form_of(self, element: Element) -> Form | None:
        """The form of a task: the form it refers to, else its embedded form."""
        return form_of(element, self.forms)

    @property
    def as_called(self) -> CalledProcess:
        """The process as a call from its own version sees it; without the id."""
        return CalledProcess(None, scope_name(self.model.key, self.model.key), self.specs)


def sources_of(bundle: Bundle, key: str, called: Mapping[str, Bundle]) -> dict[str, Bundle]:
    """The bundle of each process that runs with `key`, itself first. A called process that does not
    exist is left out; its call activity is then a fault."""
    sources: dict[str, Bundle] = {}
    pending = [key]
    while pending:
        process = pending.pop()
        source = bundle if process in bundle.processes else called.get(process)
        if source is None or process in sources or process not in source.processes:
            continue
        sources[process] = source
        elements = source.processes[process].elements.values()
        pending += [element.called_process for element in elements if element.called_process]
    return sources


def library_of(
    bundle: Bundle, model: ProcessModel, closed: frozenset[str] = frozenset()
) -> Library:
    """The things that the elements of a process refer to."""
    return Library(
        decisions=bundle.decisions,
        forms=bundle.forms,
        names={
            element.id: compile_template(element.name)
            for element in model.human_tasks()
            if _varies(element.name)
        },
        closed=closed,
        reads=names_read(model, bundle.decisions) | _names_of_texts(model),
        passes_all=passes_everything(model),
    )


def _names_of_texts(model: ProcessModel) -> frozenset[str]:
    """The names of data in the names and instructions of human tasks."""
    texts = [text for one in model.human_tasks() for text in (one.name, one.instructions)]
    templates: list[Template] = [compile_template(text) for text in texts if _varies(text)]
    return frozenset().union(*(template.names for template in templates))


def _varies(text: str) -> bool:
    return "${" in text or "#{" in text


def _merged(several: list[Mapping[str, Form]]) -> dict[str, Form]:
    """All forms; of forms with the same id the first one wins, so the process itself wins."""
    return {form_id: form for forms in reversed(several) for form_id, form in forms.items()}


def _no_process(key: str) -> Problem:
    return Problem(
        "",
        key,
        "",
        0,
        "error",
        "process-missing",
        say("There is no process {key} in these files.", key=key),
        say("Give the process this id, or deploy the file that holds it."),
    )
