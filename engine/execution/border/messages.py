"""Messages and signals thrown, and the keys they are sent and awaited under.

Owns correlation: a message goes to whoever awaits its name under its key, by default the business
key; a signal to all who await its name. Who they are, is not known here.
"""

from __future__ import annotations

from engine.execution.border.expressions import blaming, stored, value_of
from engine.execution.border.faults import Fault, short
from engine.execution.border.kernel import Token
from engine.execution.border.node import inputs_of
from engine.execution.border.values import Data, deep_copy
from engine.language.values import show
from engine.models.elements import EventDefinition, MessageDefinition
from engine.words import say

ANYBODY = "*"
"""The key signals are awaited under."""


def subscribe(token: Token, event: EventDefinition) -> None:
    """Let a token wait for a message or signal: its record `m` is name, key, and its number among
    all that began to wait."""
    name, key = event.code or "", ANYBODY
    if event.message is not None:
        name, key = event.message.name, correlation_key(token, event.message)
    token.internal_data["m"] = [name, key, token.top.arrival()]


def payload_of(token: Token) -> Data:
    """What a throwing event sends: its input parameters."""
    return stored(token, inputs_of(token, token.task_spec.element))


def send_signal(token: Token, name: str) -> None:
    """Hand a signal out to those who wait for it now, not to who comes to wait afterwards."""
    hearing = [
        one.id
        for scope in token.top.scopes()
        for one in scope.live_tokens()
        if one.internal_data.get("m", ())[:2] == [name, ANYBODY]
    ]
    token.top.host.signal(name, payload_of(token), hearing)


def send_message(token: Token, message: MessageDefinition | None, payload: Data) -> None:
    """Hand a message out."""
    if message is None:
        return
    element, host = token.task_spec.element, token.top.host
    key = correlation_key(token, message)
    with blaming(element):
        host.send(message.name, key, deep_copy(payload), element)


def correlation_key(token: Token, message: MessageDefinition) -> str:
    """The key a message is sent or awaited under: its own, else the business key."""
    host, element = token.top.host, token.task_spec.element
    key = host.business_key or "" if message.key is None else value_of(token, message.key)
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
