"""The form of a value in a text for people: null is empty, true and false are written as in
JUEL.
"""

from __future__ import annotations

from engine.language.budget import Run
from engine.language.closures.builtins import text_of
from engine.language.values import checked_text, entries_of, measure


def worded(run: Run, value: object) -> str:
    """`value` as part of a text; commas separate the entries of a list."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list | tuple | set):
        run.spend_size(measure(value))  # the text is as long as all entries together
        return checked_text(", ".join(text_of(run, entry) for entry in entries_of(run, value)))
    return text_of(run, value)
