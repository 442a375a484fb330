"""What a BPMN element says, read once from the XML: plain values, no XML, no SpiffWorkflow."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from engine.language import Expression, Script, Template
from engine.sentences.sentence import say

PRIORITY_ADVICE = say("Write a whole number: the higher, the earlier a worker is given the task.")
WHOLE = re.compile(r"-?[0-9]{1,9}")
MAX_NAME = 200
"""Characters of an id, or of a name that something is found by: more is not kept as one."""

TimerKind = Literal["date", "duration", "cycle"]
Binding = Literal["latest", "deployment", "version"]
Mapped = tuple[tuple[str, Expression], ...]
"""(name written, expression read) of each parameter, in document order."""


def is_priority(value: object) -> bool:
    """Whether tasks can be put into order by this: a whole number of at most nine figures."""
    return not isinstance(value, bool) and WHOLE.fullmatch(str(value)) is not None


@dataclass(frozen=True, slots=True)
class TimerDefinition:
    """A timer: a bare ISO 8601 text (`literal`) or an expression that gives one, or a date.

    `ladder` is the decision asked for the next look when the expression is `next_look("table")`.
    """

    kind: TimerKind
    literal: str | None = None
    expression: Expression | None = None
    ladder: str | None = None


@dataclass(frozen=True, slots=True)
class MessageDefinition:
    """A message thrown or caught. `key` None: correlated by the business key of the instance."""

    name: str
    key: Expression | None = None


WRITES = frozenset({"create", "update", "delete"})
"""What can be done to a variable, in the words of camunda:variableEvents."""


@dataclass(frozen=True, slots=True)
class Condition:
    """What a conditional event waits for: that `expression` holds. It is asked after each write
    that is one of `writes`, of `variable` or, None, of any."""

    expression: Expression
    variable: str | None = None
    writes: frozenset[str] = WRITES


@dataclass(frozen=True, slots=True)
class EventDefinition:
    """What an event waits for or throws; `kind` is the BPMN local name without `EventDefinition`
    (timer, message, error, escalation, terminate, signal, cancel, compensate, link, conditional,
    none). `code` of error or escalation, None: any; of a link or a signal its name; of a thrown
    compensation the activity it undoes, None: all.

    A `multiple` one has `several` definitions: all are thrown; of those waited for the first to
    come counts, or with `all_of` all have to come.
    `name`: where the name of a message or signal, or the code, holds `${...}`: what it becomes when
    the event begins to wait or is thrown; `code` and `message.name` are then the text as written.
    `code_variable` and `message_variable`: what the code and message of a caught error or
    escalation are written to. `inputs`, `passes_all` and `business_key`: what a thrown signal
    carries (camunda:in), named, everything, and as the business key of what it starts.
    """

    kind: str
    timer: TimerDefinition | None = None
    message: MessageDefinition | None = None
    condition: Condition | None = None
    code: str | None = None
    name: Template | None = None
    code_variable: str | None = None
    message_variable: str | None = None
    inputs: Mapped = ()
    passes_all: bool = False
    business_key: Expression | None = None
    several: tuple[EventDefinition, ...] = ()
    all_of: bool = False

    @property
    def each(self) -> tuple[EventDefinition, ...]:
        """Its definitions: several, or itself alone."""
        return self.several or (self,)


@dataclass(frozen=True, slots=True)
class MultiInstance:
    """Loop characteristics: `items` is the collection expression, `item` the name of one entry.

    `output_items` and `output_item` (loopDataOutputRef, outputDataItem) name the list that collects
    the results and the variable each round leaves one in. `until`: asked after each entry, ends the
    whole when it holds.
    """

    parallel: bool
    items: Expression | None
    item: str | None
    cardinality: Expression | None = None
    output_items: str | None = None
    output_item: str | None = None
    until: Expression | None = None


@dataclass(frozen=True, slots=True)
class StandardLoop:
    """The loop marker: the activity goes on again as long as `condition` holds, at `most` so often;
    `before`: it is asked before the first time too."""

    condition: Expression | None
    before: bool = False
    most: int | None = None


@dataclass(frozen=True, slots=True)
class AdHoc:
    """How an ad-hoc sub-process is done. `sequential`: one activity at a time; `until`: asked after
    each activity, ends the whole when it holds, with what goes on in it if it `cancels`."""

    sequential: bool = False
    until: Expression | None = None
    cancels: bool = True


@dataclass(frozen=True, slots=True)
class FormField:
    """A field of an embedded `camunda:formData` form."""

    id: str
    label: str
    type: str
    required: bool = False
    values: Mapping[str, str] = field(default_factory=dict)
    line: int = 0


@dataclass(frozen=True, slots=True)
class Element:
    """A flow node as its author drew it. `kind` is the BPMN local name (userTask, endEvent, ...).

    `process` is the id of the process or sub-process that directly holds it, `model` the key of the
    process it is drawn in, whichever calls that; `line` is 1-based.
    `lane` is the id of the innermost lane. Send and receive tasks carry their message as `event`.
    Expressions are compiled; a constant such as `camunda:assignee="demo"` is an expression too.
    `fills`: names of data objects that its data associations would fill in another engine.

    `inputs` and `outputs` are those of camunda:inputOutput. A call activity passes `passed_in` (or
    with `passes_all_in` everything) to the process it calls, takes `passed_out` back, and gives it
    `business_key`; it calls `called_process`, or what `called_by` gives when a case comes there, in
    the version that `binding` says (`version` is a number from 1 when it is "version").
    `task_priority`: of the work that a program outside is to do.
    `asked_anew`: fields that are shown empty whatever their variable holds. `initiator`: the
    variable a start event writes the starter to. `expression`: what a service task computes.
    `ad_hoc`: of an ad-hoc sub-process.
    `handler`: of a compensation event on a border the activity that undoes, which is one
    `for_compensation`.
    """

    id: str
    name: str
    kind: str
    line: int
    process: str
    model: str = ""
    lane: str | None = None
    documentation: str = ""
    attached_to: str | None = None
    interrupting: bool = True
    event: EventDefinition | None = None
    multi_instance: MultiInstance | None = None
    assignee: Expression | None = None
    candidate_users: tuple[Expression, ...] = ()
    candidate_groups: tuple[Expression, ...] = ()
    due_date: Expression | None = None
    follow_up_date: Expression | None = None
    priority: Expression | None = None
    form_ref: str | None = None
    form_fields: tuple[FormField, ...] = ()
    instructions: str = ""
    topic: str | None = None
    task_priority: Expression | None = None
    on_complete: str | None = None
    asked_anew: frozenset[str] = frozenset()
    initiator: str | None = None
    expression: Expression | None = None
    decision_ref: str | None = None
    result_variable: str | None = None
    map_result: str = "resultList"
    script: Script | None = None
    pre_script: Script | None = None
    post_script: Script | None = None
    called_process: str | None = None
    called_by: Expression | None = None
    binding: Binding = "latest"
    version: int | None = None
    inputs: Mapped = ()
    outputs: Mapped = ()
    passed_in: Mapped = ()
    passed_out: Mapped = ()
    passes_all_in: bool = False
    passes_all_out: bool = False
    business_key: Expression | None = None
    properties: Mapping[str, str] = field(default_factory=dict)
    default_flow: str | None = None
    triggered_by_event: bool = False
    standard_loop: StandardLoop | None = None
    ad_hoc: AdHoc | None = None
    for_compensation: bool = False
    handler: str | None = None
    fills: frozenset[str] = frozenset()

    @property
    def is_service(self) -> bool:
        """Whether a handler, a worker outside or an expression does its work; of what could send a
        message: instead of that."""
        return self.topic is not None or self.expression is not None


@dataclass(frozen=True, slots=True)
class Flow:
    """A sequence flow; `condition` None: taken always (or the default of its gateway)."""

    id: str
    name: str
    source: str
    target: str
    line: int
    condition: Expression | None = None


@dataclass(frozen=True, slots=True)
class ProcessModel:
    """One `<process>` of a file with everything inside it, sub-processes included.

    `lanes`: id -> name.
    """

    key: str
    name: str
    file: str
    executable: bool
    line: int
    elements: Mapping[str, Element]
    flows: Mapping[str, Flow]
    lanes: Mapping[str, str] = field(default_factory=dict)
    has_diagram: bool = True
    documentation: str = ""

    def called(self, element_id: str) -> str:
        """The name of a flow node; of one without a name its id."""
        element = self.elements.get(element_id)
        return (element.name if element else "") or element_id or "?"

    def human_tasks(self) -> list[Element]:
        """User and manual tasks, in document order."""
        return [e for e in self.elements.values() if e.kind in ("userTask", "manualTask")]
