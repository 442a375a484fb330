"""Faults of a running model, in words for its author.

Owns the two exceptions of the border. The model causes a `Fault`, the Python handler of an element
a `HandlerFailed`. The step turns both into an incident. Neither text contains a class name.
"""

from __future__ import annotations

from engine.language.values import show
from engine.models.elements import MAX_NAME, Element
from engine.sentences.sentence import Sentence, say


class Fault(Exception):
    """The model cannot go on at this element. `what` says why; `advice` says what to change."""

    def __init__(self, element: Element | None, what: Sentence, advice: Sentence) -> None:
        super().__init__(str(what))
        self.element_id = element.id if element else ""
        self.element_name = (element.name or element.id) if element else ""
        self.what = what
        self.advice = advice


class StepLimit(Fault):
    """One step passed too many elements: most likely a loop that never waits."""

    def __init__(self, element: Element | None, limit: int) -> None:
        super().__init__(
            element,
            say("The process went through {limit} elements without waiting.", limit=limit),
            say("Look for a loop that nothing ends, and let it wait or leave."),
        )


class HandlerFailed(Exception):
    """The handler of an element failed; `cause` is the exception that it raised."""

    def __init__(self, element: Element, cause: Exception) -> None:
        super().__init__(element.id)
        self.element_id = element.id
        self.element_name = element.name or element.id
        self.cause = cause


def short(element: Element, name: str) -> str:
    """A name or key that the element computed. Raises Fault if it is too long to be stored."""
    if len(name) <= MAX_NAME:
        return shown(name)
    raise Fault(
        element,
        say("{name} is longer than {limit} characters.", name=show(name), limit=MAX_NAME),
        say("Use a shorter name."),
    )


def shown(text: str) -> str:
    """The text without the character 0, which data may hold but no text column can store."""
    return text.replace("\0", "\ufffd")
