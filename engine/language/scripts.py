"""Scripts: statements that work on a copy of the process data and give it back when all went well.

Owns `Script`. Stores nothing and changes nothing it is given.
"""

from __future__ import annotations

from collections import ChainMap
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import cast

from engine.language.budget import Function, Run
from engine.language.errors import LanguageError
from engine.language.expressions import BUILDERS, NO_FUNCTIONS, NOTHING
from engine.language.statements import Action, ScriptBuilder
from engine.language.syntax import parse_script, too_deep
from engine.language.values import copied, measure, to_json


@dataclass(frozen=True, slots=True)
class Script:
    """A compiled script. `names`: what it reads, `calls`: the functions it calls, `assigned`: the
    variables it sets."""

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
        """The data after the script, as a new dict of JSON; `data` itself stays as it is.

        `facts` are names that can be read and are no data, such as `case` and `task`. Raises
        LanguageError; then nothing has happened.
        """
        measure(data)
        changing = cast("dict[str, object]", copied(data))
        run = Run(ChainMap(changing, dict(facts)), functions, changing)
        try:
            self.action(run)
        except RecursionError:
            raise too_deep() from None
        except LanguageError as error:
            error.at(1)
            raise
        measure(changing)
        return {name: to_json(value, name) for name, value in changing.items()}


def compile_script(source: str) -> Script:
    """Compiles a script. Raises LanguageError with the line for what cannot be read or is not
    allowed."""
    builder = ScriptBuilder(BUILDERS)
    action = builder.block(parse_script(source))
    return Script(
        source,
        frozenset(builder.names),
        frozenset(builder.calls),
        frozenset(builder.assigned),
        action,
    )
