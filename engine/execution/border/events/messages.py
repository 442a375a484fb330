"""Thrown messages and signals, and the names and keys of sending and waiting.

Owns correlation. A message goes to the token that waits for its name under its key (default: the
business key); a signal goes to all tokens that wait for its name. The host finds these tokens.
"""

from __future__ import annotations

from engine.execution.border.flow.flow_node import inputs_of, passed
from engine.execution.border.tree.expressions import (
    blaming,
    business_key_of,
    key_given,
    stored,
    text_of,
    value_of,
)
from engine.execution.border.tree.faults import Fault, short
from engine.execution.border.tree.kernel import Token
from engine.execution.border.tree.port import Signal
from engine.execution.border.tree.records import MessageRecord
from engine.execution.border.tree.values import Data, deep_copy
from engine.execution.border.tree.variables import Rung
from engine.language.values import show
from engine.models.elements import EventDefinition, MessageDefinition
from engine.sentences.sentence import say

ANYBODY = "*"
"""The key under which tokens wait for signals."""

UNNAMED = ""
"""The name under which a receive task without a message waits, with the id of its token as key. A
caller signals the token itself."""


def subscribe(token: Token, event: EventDefinition) -> None:
    """Let a token wait for a message or signal."""
    if event.message is not None:
        key = correlation_key(token, event.message)
    else:
        key = ANYBODY if event.kind == "signal" else str(token.id)
    token.record.message = MessageRecord(name_of(token, event), key, token.top.arrival())


def name_of(token: Token, event: EventDefinition) -> str:
    """The name of a message or signal, or a code, as this token evaluates it now; empty for none.
    Raises Fault if an expression gives an empty one."""
    if event.name is None:
        return (event.message.name if event.message else event.code) or ""
    element, name = token.task_spec.element, text_of(token, event.name).strip()
    if not name:
        raise Fault(
            element,
            say("The name of this event comes out empty, so nobody could be found by it."),
            say("Make sure that what it reads is set before."),
        )
    return short(element, name)


def payload_of(token: Token) -> Data:
    """The payload of a throwing event: its input parameters."""
    return stored(token, inputs_of(token, token.task_spec.element))


def send_signal(token: Token, event: EventDefinition) -> None:
    """Throw a signal to the tokens that wait for it now: in this instance the first to wait first,
    and in other instances. Its payload is the values of camunda:in and the input parameters of its
    event."""
    name = name_of(token, event)
    carried = token.variables.visible() if event.passes_all else {}
    carried |= stored(token, passed(token, event.inputs)) | payload_of(token)
    hearing = {
        one: message.number
        for scope in token.top.scopes()
        for one in scope.live_tokens()
        if (message := one.record.message) is not None and message[:2] == (name, ANYBODY)
    }
    token.top.writes.news.append(Rung(sorted(hearing, key=hearing.__getitem__), carried))
    started = key_given(token, event.business_key)
    token.top.host.signal(Signal(name, deep_copy(carried), started))


def send_message(token: Token, event: EventDefinition | None, payload: Data) -> None:
    """Throw a message."""
    if event is None or event.message is None:
        return
    element, host = token.task_spec.element, token.top.host
    name, key = name_of(token, event), correlation_key(token, event.message)
    with blaming(element):
        host.send(name, key, deep_copy(payload), element)


def correlation_key(token: Token, message: MessageDefinition) -> str:
    """The key for sending or awaiting a message: its own, else the business key."""
    element = token.task_spec.element
    key = business_key_of(token) or "" if message.key is None else value_of(token, message.key)
    if key is None or isinstance(key, bool | list | dict) or key == ANYBODY:
        raise Fault(
            element,
            say(
                "The correlation key is {value}, so nobody could be found by it.",
                value=show(key),
            ),
            say("Let the property correlationKey give a text or a number."),
        )
    return short(element, str(key)) if message.key is not None else str(key)
