"""Names with a fixed meaning in the texts of a model: no variable may have them.

A value under such a name would be stored and never be read: `case` means the case, and `execution`
means Camunda's object.
"""

from __future__ import annotations

from collections.abc import Iterable

from engine.sentences.errors import BadInput
from engine.sentences.sentence import Sentence, say

RESERVED = frozenset({"business_key", "case", "execution", "task"})
ANOTHER_NAME = say("Choose another name: in conditions and texts this one is no variable.")


def refuse_reserved(names: Iterable[str]) -> None:
    """Raises BadInput naming every variable with a reserved name."""
    taken = sorted(RESERVED.intersection(names))
    if taken:
        raise BadInput(no_variable(", ".join(taken)), dict.fromkeys(taken, ANOTHER_NAME))


def no_variable(name: str) -> Sentence:
    """The error for a variable of this name."""
    return say("No variable can be called {name}.", name=name)
