"""Whether who acts in a step may read what it is about.

Owns this one refusal, for every handler that decides on something above its case.
"""

from __future__ import annotations

from typing import Final

from engine.ports.handlers import Refusal, Step
from engine.sentences.sentence import say
from processes.register.vocabulary import CLASSIFICATIONS
from processes.rights.scope import cleared
from processes.storage.people import users

UNREAD: Final = say(
    "The newest report is classified above your clearance: you cannot decide on it."
)


def refuse_above(step: Step, classification: str) -> None:
    """Raises `Refusal` if the author of this step is not cleared for a report of this
    classification."""
    if classification == CLASSIFICATIONS[0]:
        return
    author = users.by_username(step.connection, step.by or "")
    if author is not None and not cleared(author, classification):
        raise Refusal(UNREAD)
