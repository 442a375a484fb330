"""The content of a BPMN element, read once from the XML: plain values, no XML, no SpiffWorkflow."""

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
"""Number of characters of an id or name that serves as a key: a longer one is not stored."""

TimerKind = Literal["date", "duration", "cycle"]
Binding = Literal["latest", "deployment", "version"]
Mapped = tuple[tuple[str, Expression], ...]
"""(name, expression) of each parameter, in document order: the name is written, the expression is
read."""


def is_priority(value: object) -> bool:
    """Whether `value` can order tasks: a whole number of at most nine digits."""
    return not isinstance(value, bool) and WHOLE.fullmatch(str(value)) is not None


@dataclass(frozen=True, slots=True)
class TimerDefinition:
    """A timer: a bare ISO 8601 text (`literal`), or an expression that gives one or a date.

    `ladder` is the decision that gives the next look if the expression is `next_look("table")`.
    """

    kind: TimerKind
    literal: str | None = None
    expression: Expression | None = None
    ladder: str | None = None


@dataclass(frozen=True, slots=True)
class MessageDefinition:
    """A message to throw or catch. `key` None: the correlation key is the business key of the
    instance."""

    name: str
    key: Expression | None = None


WRITES = frozenset({"create", "update", "delete"})
"""The kinds of write, in the words of camunda:variableEvents."""


@dataclass(frozen=True, slots=True)
class Condition:
    """The condition of a conditional event. It is evaluated after each write whose kind is in
    `writes`, to `variable`, or to any variable if that is None."""

    expression: Expression
    variable: str | None = None
    writes: frozenset[str] = WRITES


@dataclass(frozen=True, slots=True)
class EventDefinition:
    """The event that an element waits for or throws. `kind` is the BPMN local name without
    `EventDefinition` (timer, message, error, escalation, terminate, signal, cancel, compensate,
    link, conditional, none).

    `code`: of an error or escalation, None: any; of a link or signal its name; of a thrown
    compensation the activity it undoes, None: all. `several`: the definitions of a `multiple`
    event. All of them are thrown; a waiting event needs the first to come, or all of them with
    `all_of`. `name`: for a name of a message or signal, or a code, that holds `${...}`: the
    expression, evaluated when the event begins to wait or is thrown; `code` and `message.name` are
    then the text as written. `code_variable` and `message_variable`: the variables for the code and
    message of a caught error or escalation. `inputs`, `passes_all` and `business_key`: the payload
    of a thrown signal (camunda:in): named values, all variables, and the business key of the
    instances that it starts.
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
        """Its definitions: several, or only itself."""
        return self.several or (self,)


@dataclass(frozen=True, slots=True)
class MultiInstance:
    """Loop characteristics: `items` is the collection expression, `item` the name of one entry.

    `output_items` and `output_item` (loopDataOutputRef, outputDataItem) name the list of the
    results and the variable of one round's result. `until`: evaluated after each entry; if it
    holds, the whole ends.
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
    """The loop marker: the activity repeats while `condition` holds, at `most` so often; `before`:
    the condition is also evaluated before the first round."""

    condition: Expression | None
    before: bool = False
    most: int | None = None


@dataclass(frozen=True, slots=True)
class AdHoc:
    """The order and end of an ad-hoc sub-process. `sequential`: one activity at a time; `until`:
    evaluated after each activity; if it holds, the whole ends, and with `cancels` its running
    activities end too."""

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

    `process`: id of the process or sub-process that directly holds it. `model`: key of the process
    that draws it, whichever process calls that. `line`: from 1. `lane`: id of the innermost lane.
    Send and receive tasks carry their message as `event`. Expressions are compiled; a constant such
    as `camunda:assignee="demo"` is an expression too. `fills`: names of data objects that its data
    associations would fill in another engine.

    `inputs` and `outputs`: camunda:inputOutput. A call activity passes `passed_in` (or with
    `passes_all_in` everything) to the process it calls, takes `passed_out` back, and gives it
    `business_key`. It calls `called_process`, or the value of `called_by` when a case arrives, in
    the version that `binding` names (`version` is a number from 1 if it is "version").
    `task_priority`: priority of an external task. `asked_anew`: fields that are shown empty
    whatever their variable holds. `initiator`: the variable for the starter, at a start event.
    `expression`: the expression of a service task. `ad_hoc`: of an ad-hoc sub-process. `handler`:
    at a compensation boundary event, the activity that undoes, which is one `for_compensation`.
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
        """Whether a handler, an external worker or an expression does its work; for an element that
        could send a message: instead of the message."""
        return self.topic is not None or self.expression is not None


@dataclass(frozen=True, slots=True)
class Flow:
    """A sequence flow; `condition` None: always taken (or the default of its gateway)."""

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
        """The name of a flow node; without a name its id."""
        element = self.elements.get(element_id)
        return (element.name if element else "") or element_id or "?"

    def human_tasks(self) -> list[Element]:
        """User and manual tasks, in document order."""
        return [e for e in self.elements.values() if e.kind in ("userTask", "manualTask")]
