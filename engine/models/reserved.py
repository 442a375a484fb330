"""Names that texts of a model read as facts of the instance: no variable is called like them.

What somebody sent under one of them would be kept and never be read: `case` means the case, and
`execution` what Camunda's expressions call on it.
"""

from __future__ import annotations

from collections.abc import Iterable

from engine.sentences.errors import BadInput
from engine.sentences.sentence import Sentence, say

RESERVED = frozenset({"business_key", "case", "execution", "task"})
ANOTHER_NAME = say("Choose another name: in conditions and texts this one is no variable.")


def refuse_reserved(names: Iterable[str]) -> None:
    """Raises BadInput naming every variable whose name is taken."""
    taken = sorted(RESERVED.intersection(names))
    if taken:
        raise BadInput(no_variable(", ".join(taken)), dict.fromkeys(taken, ANOTHER_NAME))


def no_variable(name: str) -> Sentence:
    """What is wrong with a variable of this name."""
    return say("No variable can be called {name}.", name=name)
