"""What a page says of a command: that it was done, or that a step behind it waits for repair.

Owns the choice between the two, so that no page says that a case has ended or goes on while the
command is kept as an incident.
"""

from __future__ import annotations

from typing import Protocol
from uuid import UUID

from flask import flash

from engine.sentences.sentence import Sentence
from web.words.i18n import render


class Received(Protocol):
    """What came of a command. `incident`: a step behind it failed and waits for repair."""

    @property
    def incident(self) -> UUID | None: ...


def say_what_came(of: Received, done: Sentence, kept: Sentence) -> None:
    """Tell the reader on the next page. `kept`: what is so while a step is being repaired."""
    flash(render(kept if of.incident else done), "soon" if of.incident else "done")
