"""The calls on values and on `execution` that models for Camunda write in JUEL.

Owns `.size() .isEmpty() .contains(x) .equals(x)`, the advice for other methods, and the meaning of
`execution.`: variables by their name, and the business key. Every text of the language reads them,
so that authors need not remember where they are allowed.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Mapping
from datetime import date, time, timedelta

from engine.language.budget import Run
from engine.language.closures.builder import Builder, Code
from engine.language.errors import LanguageError
from engine.language.operators import contains, equal
from engine.language.spans import Months
from engine.sentences.sentence import Sentence, say
from engine.time.calendar import EndOfDay

Method = Callable[..., object]

ANY: Mapping[str, Method] = {"equals": equal}
SIZED: Mapping[str, Method] = {
    **ANY,
    "size": lambda run, group: len(group),
    "isEmpty": lambda run, group: not group,
}
HOLDING: Mapping[str, Method] = {
    **SIZED,
    "contains": lambda run, group, member: contains(run, member, group),
}
METHODS: Mapping[type, Mapping[str, Method]] = {
    **dict.fromkeys((int, float, date, EndOfDay, time, timedelta, Months), ANY),
    **dict.fromkeys((str, list, tuple, set), HOLDING),
    Mapping: SIZED,
}

# The spelling of Java or JavaScript -> the spelling of this language.
ELSEWHERE: Mapping[str, Sentence] = {
    "format": say('Put values into text with f"... {{name}} ...".'),
    "includes": say("Write: part in whole."),
    "indexOf": say("Write: text.find(part)."),
    "length": say("Write: len(x)."),
    "push": say("Write: list.append(x)."),
    "toLowerCase": say("Write: text.lower()."),
    "toString": say("Write: str(x)."),
    "toUpperCase": say("Write: text.upper()."),
    "trim": say("Write: text.strip()."),
}

EXECUTION = "execution"
BUSINESS_KEY = frozenset({"processBusinessKey", "businessKey"})
GETTERS = frozenset({"getProcessBusinessKey", "getBusinessKey"})
VARIABLES: Mapping[str, Callable[[Run, str], object]] = {
    "getVariable": lambda run, name: run.names.get(name),
    "hasVariable": lambda run, name: name in run.names,
}


def is_execution(builder: Builder, node: ast.expr) -> bool:
    """Whether a text means Camunda's `execution`, and no variable of a comprehension."""
    return isinstance(node, ast.Name) and node.id == EXECUTION and not builder.slot_of(EXECUTION)


def execution_part(builder: Builder, node: ast.Attribute) -> Code:
    """`execution.processBusinessKey`. Raises LanguageError for anything else."""
    if node.attr in BUSINESS_KEY:
        return _business_key(builder, node)
    raise _not_read(node.attr)


def execution_call(builder: Builder, node: ast.Call, name: str) -> Code:
    """`execution.getVariable("x")` reads x, and gives null if there is none.

    Raises LanguageError for a computed name: the names that a model reads must be known beforehand.
    """
    if name in GETTERS and not node.args and not node.keywords:
        return _business_key(builder, node)
    if name not in VARIABLES:
        raise _not_read(name)
    wanted = node.args[0] if len(node.args) == 1 and not node.keywords else None
    if not isinstance(wanted, ast.Constant) or not isinstance(wanted.value, str):
        raise LanguageError(
            say("execution.{name}() names no variable that is known beforehand.", name=name),
            say('Write the name itself, in quotes: execution.{name}("amount").', name=name),
        )
    variable, look = wanted.value, VARIABLES[name]
    builder.names.add(variable)
    return lambda run: look(run, variable)


def _business_key(builder: Builder, node: ast.expr) -> Code:
    return builder.build(ast.copy_location(ast.Name("business_key", ast.Load()), node))


def _not_read(name: str) -> LanguageError:
    return LanguageError(
        say("execution.{name} is not read here.", name=name),
        say(
            'Write execution.getVariable("name") or only the name of the variable, and for the'
            " business key execution.processBusinessKey."
        ),
    )
