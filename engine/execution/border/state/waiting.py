"""Everything that an instance waits for, as plain values: the step makes table rows from them.

Owns the view of live tokens from outside. Reading the values changes nothing.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from types import MappingProxyType
from uuid import UUID

from engine.execution.border.events import timers
from engine.execution.border.events.on_flow import Catch, Catching
from engine.execution.border.events.several import Part
from engine.execution.border.flow.people import candidates
from engine.execution.border.tree.kernel import READY, WAITING, Instance, Token
from engine.execution.border.tree.records import MessageRecord, TaskRecord
from engine.execution.border.tree.scopes import enclosing
from engine.language import Expression
from engine.models.elements import Element
from engine.models.forms import Form


@dataclass(frozen=True, slots=True)
class HumanTask:
    """An open human task. `due_at` and `follow_up_at` are aware; a date deadline is 24.00 of it.

    `path`: ids of the sub-process and call activities around it, "/" between; `round`: 1 for the
    first opening of this element in the instance; `item`: the entry of a multi-instance task;
    `form`: the form of its own process; `definition`: the version of the called process that draws
    it, None for the instance's own.
    """

    token: UUID
    row_id: UUID
    element: Element
    name: str
    path: str
    round: int
    created: datetime
    due_at: datetime | None
    follow_up_at: datetime | None
    priority: str | int | None
    assignee: str | None
    candidate_users: tuple[str, ...]
    candidate_groups: tuple[str, ...]
    item: object = None
    form: Form | None = None
    definition: UUID | None = None


@dataclass(frozen=True, slots=True)
class WaitingTimer:
    """An armed timer. `kind`: date, duration or cycle; `ladder`: its decision table; `attached_to`:
    the activity that it guards, or the event sub-process that it starts."""

    token: UUID
    element_id: str
    due_at: datetime
    kind: str
    ladder: str | None
    attached_to: str | None


@dataclass(frozen=True, slots=True)
class Subscription:
    """A wait for a message under (message, key). `begins`: the event sub-process that the message
    would start; `number` grows with each token of the instance that begins to wait."""

    token: UUID
    element_id: str
    message: str
    key: str
    begins: str | None = None
    number: int = 0


@dataclass(frozen=True, slots=True)
class ExternalTask:
    """Work for an external worker; `definition` as in a human task."""

    token: UUID
    element_id: str
    topic: str
    priority: int = 0
    definition: UUID | None = None


@dataclass(frozen=True, slots=True)
class Waiting:
    """Everything an instance waits for, by token."""

    tasks: Mapping[UUID, HumanTask]
    timers: Mapping[UUID, WaitingTimer]
    subscriptions: Mapping[UUID, Subscription]
    """In the order of waiting, the first to wait first."""
    externals: Mapping[UUID, ExternalTask]
    conditions: Mapping[UUID, str] = field(default_factory=dict)
    """Element ids of catch events whose condition does not hold yet, or that wait for several
    events."""

    def elements(self) -> Iterator[str]:
        """Ids of the elements at which tokens stand, once for each token; armed boundary events do
        not count."""
        for task in self.tasks.values():
            yield task.element.id
        for external in self.externals.values():
            yield external.element_id
        for timer in self.timers.values():
            if timer.attached_to is None:
                yield timer.element_id
        for subscription in self.subscriptions.values():
            if subscription.begins is None:
                yield subscription.element_id
        yield from self.conditions.values()


NOTHING = Waiting(*(MappingProxyType({}) for _ in range(4)))


def waiting_of(top: Instance) -> Waiting:
    """Everything that the instance waits for now."""
    tasks: dict[UUID, HumanTask] = {}
    armed: dict[UUID, WaitingTimer] = {}
    subscriptions: dict[UUID, Subscription] = {}
    externals: dict[UUID, ExternalTask] = {}
    conditions: dict[UUID, str] = {}
    for token in live_tokens(top):
        record = token.record
        if token._state == READY:
            if record.task is not None:
                tasks[token.id] = _human(token, record.task)
        elif token._state != WAITING:
            continue
        elif record.external is not None:
            externals[token.id] = _external(token, record.external)
        elif record.message is not None:
            subscriptions[token.id] = _subscription(token, record.message)
        elif (due_at := timers.due_at(token)) is not None:
            armed[token.id] = _timer(token, due_at)
        elif _waits_by_itself(token):
            conditions[token.id] = token.task_spec.element.id
    if len(subscriptions) > 1:
        subscriptions = dict(sorted(subscriptions.items(), key=lambda one: one[1].number))
    return Waiting(tasks, armed, subscriptions, externals, conditions)


def live_tokens(top: Instance) -> Iterator[Token]:
    """Every unfinished token of every scope."""
    for scope in top.scopes():
        yield from scope.live_tokens()


def _human(token: Token, record: TaskRecord) -> HumanTask:
    element = token.task_spec.element
    return HumanTask(
        token=token.id,
        row_id=UUID(record.row),
        element=element,
        name=element.name or element.id if record.name is None else record.name,
        path=path_of(token),
        round=record.round,
        created=datetime.fromisoformat(record.created),
        due_at=_moment(record.due),
        follow_up_at=_moment(record.follow_up),
        priority=_one(record.priority, element.priority),
        assignee=_text(_one(record.assignee, element.assignee)),
        candidate_users=candidates(record.users, element.candidate_users),
        candidate_groups=candidates(record.groups, element.candidate_groups),
        item=token.record.item,
        form=token.task_spec.form,
        definition=definition_of(token),
    )


def _one(fixed: str | int | None, expression: Expression | None) -> str | int | None:
    """The value that was fixed, or the model's value if it is a constant."""
    if fixed is not None or expression is None or not expression.is_constant:
        return fixed
    constant = expression.evaluate({})
    return constant if isinstance(constant, str | int) and constant != "" else None


def _text(value: str | int | None) -> str | None:
    return None if value is None else str(value)


def _moment(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None


def path_of(token: Token) -> str:
    """Ids of the activities around the token, outermost first."""
    ids = [activity.task_spec.element.id for activity in enclosing(token)]
    return "/".join(reversed(ids))


def definition_of(token: Token) -> UUID | None:
    """The version that the nearest call around the token began with; None: the instance's own."""
    called = (activity.record.version for activity in enclosing(token))
    return next((version for version in called if version is not None), None)


def _waits_by_itself(token: Token) -> bool:
    """Whether the token stands at a catch event without its own timer or message."""
    node = token.task_spec
    return isinstance(node, Catch) and bool(token.record.armed or node.parts)


def _timer(token: Token, due_at: datetime) -> WaitingTimer:
    node = token.task_spec
    assert isinstance(node, Catching) and node.timer is not None
    timer = node.timer
    attached = node.belongs_to
    return WaitingTimer(token.id, node.element.id, due_at, timer.kind, timer.ladder, attached)


def _subscription(token: Token, waits: MessageRecord) -> Subscription:
    node = token.task_spec
    begins = node.belongs_to if node.body or isinstance(node, Part) else None
    message, key, number = waits
    return Subscription(token.id, node.element.id, message, key, begins, number)


def _external(token: Token, priority: int) -> ExternalTask:
    element = token.task_spec.element
    topic = element.topic or ""
    return ExternalTask(token.id, element.id, topic, priority, definition_of(token))
