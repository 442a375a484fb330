"""Evaluating authors' expressions with the names and functions of the running step.

Owns the names that an expression can read: the variables of its token's scopes, `case`, `task`,
`business_key`, and `due_at` (of the task) if no variable has this name. Turns an error of the
language into a `Fault` that names the element.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from types import MappingProxyType
from typing import Any

from engine.execution.border.tree.faults import Fault, short
from engine.execution.border.tree.kernel import Token
from engine.execution.border.tree.scopes import enclosing
from engine.execution.border.tree.values import Data, NotStorable, kept, same, size_of
from engine.execution.border.tree.variables import UNSET, Variables
from engine.language import Expression, LanguageError, Namespace, Script, Template
from engine.language.values import FLAT, measure, show
from engine.models.elements import Element
from engine.models.reserved import ANOTHER_NAME, RESERVED, no_variable
from engine.ports.cases import OutOfReach
from engine.sentences.sentence import say

NO_NAMES: Mapping[str, object] = MappingProxyType({})
FACTS = RESERVED | {"due_at"}
"""Names with a meaning if no variable has the same name."""


def value_of(
    token: Token,
    expression: Expression,
    extra: Mapping[str, object] = NO_NAMES,
    *,
    unset: Mapping[str, object] = NO_NAMES,
) -> object:
    """The value of an expression for this token, small enough to be copied or written. Names of
    `extra` come before all others; `unset` gives values for names that nothing else defines."""
    with blaming(token.task_spec.element):
        if expression.is_constant:
            value = expression.evaluate({})
        else:
            names = names_for(token, extra)
            value = expression.evaluate({**unset, **names} if unset else names, token.top.functions)
        if type(value) not in FLAT:
            measure(value)
        return value


def is_true(token: Token, condition: Expression, extra: Mapping[str, object] = NO_NAMES) -> bool:
    """Whether a condition holds. Raises Fault for text: "False" would count as true."""
    value = value_of(token, condition, extra)
    if isinstance(value, str):
        raise Fault(
            token.task_spec.element,
            say("The condition gives the text {value}, not yes or no.", value=show(value)),
            say("Compare it, for instance with == 'yes'."),
        )
    return bool(value)


def is_answerable(token: Token, condition: Expression) -> bool:
    """Whether every variable that a condition reads is set."""
    return token.variables.visible().keys() >= condition.names - FACTS


def text_of(token: Token, template: Template) -> str:
    """A text with its `${...}` filled in."""
    with blaming(token.task_spec.element):
        return template.render(names_for(token), token.top.functions)


def run_script(token: Token, script: Script) -> None:
    """Run a script; its variables are written together at its end."""
    element, inside = token.task_spec.element, token.variables
    before = inside.visible()
    with blaming(element):
        after = script.run(before, token.top.functions, facts_for(token))
    made = {
        name: value
        for name, value in after.items()
        if name not in before or not same(value, before[name])
    }
    with blaming_value(element):
        token.top.grow(element, size_of(made))
    write(token, made)
    for name in before.keys() - after.keys():
        token.top.writes.put(inside.holder(name), name, UNSET)


def write(token: Token, values: Mapping[str, object], inside: Variables | None = None) -> None:
    """Write variables as seen from the token, or from another scope around it. Raises Fault for a
    name that no variable may have."""
    refuse_facts(token, values)
    token.top.writes.write(inside or token.variables, values)


def refuse_facts(token: Token, values: Mapping[str, object]) -> None:
    """Raises Fault if a value has the name of a fact, because no expression could read it."""
    if not RESERVED.isdisjoint(values):
        taken = ", ".join(sorted(RESERVED.intersection(values)))
        raise Fault(token.task_spec.element, no_variable(taken), ANOTHER_NAME)


def names_for(token: Token, extra: Mapping[str, object] = NO_NAMES) -> dict[str, object]:
    """Every name an expression of this token may read."""
    facts = facts_for(token)
    return {"due_at": facts["task"]["due_at"], **token.variables.visible(), **facts, **extra}


def facts_for(token: Token) -> dict[str, Any]:
    """The names that are no variables."""
    case = token.top.host.case
    return {
        "case": case if isinstance(case, Namespace) else Namespace(case),
        "task": Namespace(task_facts(token)),
        "business_key": business_key_of(token),
    }


def business_key_of(token: Token) -> str | None:
    """The business key of the token's process: the call's own key, else the key of the instance."""
    for activity in enclosing(token):
        if activity.record.business_key is not None:
            return activity.record.business_key
    return token.top.host.business_key


def key_given(token: Token, expression: Expression | None) -> str | None:
    """A business key from camunda:in; None if it gives none. Raises Fault."""
    key = None if expression is None else value_of(token, expression)
    return None if key is None else short(token.task_spec.element, str(key))


def task_facts(token: Token) -> dict[str, object]:
    """The value of `task.*`: the human task that the token is at or attached to, else only the
    time."""
    human = token.task_spec.task_record(token)
    zone = token.top.host.calendar.zone
    if human is None:
        return {"created": token.top.host.now.astimezone(zone), "due_at": None}
    due = human.due
    return {
        "id": human.row,
        "created": datetime.fromisoformat(human.created).astimezone(zone),
        "due_at": token.top.host.calendar.deadline(datetime.fromisoformat(due)) if due else None,
    }


def stored(token: Token, values: Mapping[str, object]) -> Data:
    """The result of an element, as data. Raises Fault naming the value that is no JSON, is too
    large, or has the name of a fact."""
    refuse_facts(token, values)
    element = token.task_spec.element
    with blaming_value(element):
        data = kept(values)
        token.top.grow(element, size_of(data))
        return data


@contextmanager
def blaming_value(element: Element) -> Iterator[None]:
    """Turn a value that cannot be stored into a fault at this element."""
    try:
        yield
    except NotStorable as error:
        what = say("The value of {name} cannot be stored.", name=error.field)
        raise Fault(element, what, error.advice) from error


@contextmanager
def blaming(element: Element) -> Iterator[None]:
    """Turn an error in an author's text, or a value out of its reach, into a fault at this
    element."""
    try:
        yield
    except (LanguageError, OutOfReach) as error:
        raise Fault(element, error.what, error.advice) from error
