"""Scripts: statements that work on a copy of the variables and return it on success.

Owns `Script`. Stores nothing and does not change its input.
"""

from __future__ import annotations

from collections import ChainMap
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import cast

from engine.language.budget import Function, Run
from engine.language.closures.statements import Action, ScriptBuilder
from engine.language.expressions import BUILDERS, NO_FUNCTIONS, NOTHING, guarded
from engine.language.syntax import parse_script
from engine.language.values import copied, measure, stored


@dataclass(frozen=True, slots=True)
class Script:
    """A compiled script. `names`: the names it reads; `calls`: the functions it calls; `assigned`:
    the variables it sets."""

    source: str
    names: frozenset[str] = field(compare=False)
    calls: frozenset[str] = field(compare=False)
    assigned: frozenset[str] = field(compare=False)
    action: Action = field(compare=False, repr=False)

    def run(
        self,
        data: Mapping[str, object],
        functions: Mapping[str, Function] = NO_FUNCTIONS,
        facts: Mapping[str, object] = NOTHING,
    ) -> dict[str, object]:
        """The data after the script, as a new dict of JSON; `data` itself stays unchanged.

        `facts` are names that can be read and are no data, such as `case` and `task`. Raises
        LanguageError; then the script has no effect.
        """
        changing = guarded(_copy, data)
        run = Run(ChainMap(changing, dict(facts)), functions, changing)
        guarded(self.action, run)
        return guarded(stored, changing)


def _copy(data: Mapping[str, object]) -> dict[str, object]:
    measure(data)
    return cast("dict[str, object]", copied(data))


def compile_script(source: str) -> Script:
    """Compile a script. Raises LanguageError with the line for a text that cannot be read or is not
    allowed."""
    builder = ScriptBuilder(BUILDERS)
    action = guarded(builder.block, parse_script(source))
    return Script(
        source,
        frozenset(builder.names),
        frozenset(builder.calls),
        frozenset(builder.assigned),
        action,
    )
