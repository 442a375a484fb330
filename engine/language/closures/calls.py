"""Building calls, comprehensions and f-strings."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Collection
from typing import Any

from engine.language.budget import MAX_DAYS, Run
from engine.language.closures.builder import Builder, Code, refused
from engine.language.closures.builtins import BUILTINS, make_set, text_key, text_of
from engine.language.closures.methods import find_method, known_methods, methods_of
from engine.language.closures.names import checked_attribute, checked_name, near
from engine.language.closures.unified import ELSEWHERE, execution_call, is_execution
from engine.language.errors import LanguageError
from engine.language.operators import truth
from engine.language.values import check_count, checked_text, entries_of, show
from engine.sentences.sentence import say

Assign = Callable[[Run, object], None]
# Widths and digits of at most two figures, so that a format cannot make a long text.
FORMAT = re.compile(r"[<>^]?\+?0?\d{0,2},?(\.\d{1,2})?[df%s]?")
PLAIN_CONVERSIONS = (-1, ord("s"))
COUNTING = "working_days"
"""The function that counts days one by one; the budget takes one step for so many days."""
DAYS_PER_STEP = 4


def call(builder: Builder, node: ast.Call) -> Code:
    """A function by its name, or a method on the whitelist."""
    if isinstance(node.func, ast.Attribute) and is_execution(builder, node.func.value):
        return execution_call(builder, node, node.func.attr)
    if any(keyword.arg is None for keyword in node.keywords):
        raise refused(node, say("Write every argument by itself."))
    arguments = builder.build_all(node.args)
    named = [(str(k.arg), builder.build(k.value)) for k in node.keywords]
    if isinstance(node.func, ast.Name):
        return _function(builder, node.func.id, arguments, named)
    if isinstance(node.func, ast.Attribute):
        return _method(builder, node.func, arguments, named)
    raise refused(node, say("Call functions by their name."))


def _function(
    builder: Builder, name: str, arguments: list[Code], named: list[tuple[str, Code]]
) -> Code:
    builder.calls.add(checked_name(name))
    builtin = BUILTINS.get(name)

    def run_function(run: Run) -> object:
        values = [argument(run) for argument in arguments]
        options = {key: value(run) for key, value in named}
        function = run.functions.get(name)
        if function is None and builtin is None:
            raise _unknown_function(run, name)
        if name == COUNTING:
            run.spend(_counting([*values, *options.values()]))
        try:
            return function(*values, **options) if function else builtin(run, *values, **options)  # type: ignore[misc]  # one of them is there
        except (TypeError, ValueError, ArithmeticError, LookupError) as error:
            raise _unusable(name, values) from error

    return run_function


def _counting(values: list[object]) -> int:
    """The steps for counting the days of these values."""
    days = [abs(value) for value in values if isinstance(value, int)]
    return sum(count for count in days if count <= MAX_DAYS) // DAYS_PER_STEP


def _unknown_function(run: Run, name: str) -> LanguageError:
    return LanguageError(
        say("There is no function called {name}.", name=name),
        near(name, {*run.functions, *BUILTINS}),
    )


def _unusable(name: str, values: list[object]) -> LanguageError:
    shown = ", ".join(map(show, values))
    return LanguageError(
        say("{name}({values}) has no result.", name=name, values=shown),
        say("Check how many values it is given and of what kind."),
    )


def _method(
    builder: Builder, node: ast.Attribute, arguments: list[Code], named: list[tuple[str, Code]]
) -> Code:
    name = checked_attribute(node.attr)
    changing = builder.changing
    if name not in known_methods(changing=changing):
        raise _unknown_method(name, known_methods(changing=changing), changing=changing)
    owner = builder.build(node.value)

    def run_method(run: Run) -> object:
        receiver = owner(run)
        values = [argument(run) for argument in arguments]
        options = {key: value(run) for key, value in named}
        method = find_method(receiver, name, changing=changing)
        if method is None:
            raise _unknown_method(name, methods_of(receiver, changing=changing), changing=changing)
        try:
            return method(run, receiver, *values, **options)
        except (TypeError, ValueError, LookupError) as error:
            raise _unusable(f"{show(receiver)}.{name}", values) from error

    return run_method


def _unknown_method(name: str, has: Collection[str], *, changing: bool) -> LanguageError:
    """The error for a method that the value lacks."""
    what = say(".{name}() cannot be used on this value here.", name=name)
    if not changing and name in known_methods(changing=True) - known_methods(changing=False):
        return LanguageError(what, say("Change lists and mappings in a script task."))
    if not has:
        return LanguageError(what, say("Ask first whether there is a value: x is not None."))
    return LanguageError(what, ELSEWHERE.get(name) or near(name, has))


def list_comprehension(builder: Builder, node: ast.ListComp | ast.GeneratorExp) -> Code:
    """[f(x) for x in xs if c]; a generator is evaluated at once, like a list."""
    return _collected(builder, node.generators, [node.elt], lambda row: row[0], list)


def set_comprehension(builder: Builder, node: ast.SetComp) -> Code:
    """{f(x) for x in xs}"""
    return _collected(builder, node.generators, [node.elt], lambda row: row[0], make_set)


def mapping_comprehension(builder: Builder, node: ast.DictComp) -> Code:
    """{k: v for k, v in pairs}"""
    return _collected(
        builder,
        node.generators,
        [node.key, node.value],
        lambda row: (text_key(row[0]), row[1]),
        dict,
    )


def _collected(
    builder: Builder,
    generators: list[ast.comprehension],
    elements: list[ast.expr],
    shape: Callable[[list[object]], object],
    finish: Callable[[list[Any]], object],
) -> Code:
    """Run the loops inside out: the innermost adds one shaped row to the result."""
    builder.scopes.append({})
    loops = [_loop(builder, generator) for generator in generators]
    codes = builder.build_all(elements)
    builder.scopes.pop()

    def add(run: Run, found: list[object]) -> None:
        check_count(len(found) + 1)
        found.append(shape([code(run) for code in codes]))

    body: Body = add
    for loop in reversed(loops):
        body = loop(body)

    def collect(run: Run) -> object:
        found: list[object] = []
        body(run, found)
        return finish(found)

    return collect


Body = Callable[[Run, "list[object]"], None]


def _loop(builder: Builder, generator: ast.comprehension) -> Callable[[Body], Body]:
    """One `for ... in ... if ...`, to be wrapped around the loops inside it."""
    if generator.is_async:
        raise refused(generator, say("Write for without async."))
    source = builder.build(generator.iter)
    assign = _slot_target(builder, generator.target)
    conditions = builder.build_all(generator.ifs)

    def around(body: Body) -> Body:
        def go(run: Run, found: list[object]) -> None:
            for entry in entries_of(run, source(run)):
                run.spend(1)
                assign(run, entry)
                if all(truth(condition(run)) for condition in conditions):
                    body(run, found)

        return go

    return around


def _slot_target(builder: Builder, target: ast.expr) -> Assign:
    if isinstance(target, ast.Name):
        slot = builder.new_slot(checked_name(target.id))
        return lambda run, value: run.slots.__setitem__(slot, value)
    if isinstance(target, ast.Tuple | ast.List):
        return unpacked([_slot_target(builder, part) for part in target.elts])
    raise refused(target, say("Loop with a plain name: for x in xs."))


def unpacked(targets: list[Assign]) -> Assign:
    """Assigns the entries of a list to several targets, one each."""

    def assign(run: Run, value: object) -> None:
        entries = entries_of(run, value)
        if len(entries) != len(targets):
            raise LanguageError(
                say(
                    "{value} does not have {count} entries.", value=show(value), count=len(targets)
                ),
                say("Give as many names as there are entries."),
            )
        for target, entry in zip(targets, entries, strict=True):
            target(run, entry)

    return assign


def formatted_text(builder: Builder, node: ast.JoinedStr) -> Code:
    """f"... {name} ..." """
    parts = builder.build_all(node.values)

    def render(run: Run) -> str:
        pieces = [text_of(run, part(run)) for part in parts]
        run.spend_size(sum(map(len, pieces)))
        return checked_text("".join(pieces))

    return render


def formatted_value(builder: Builder, node: ast.FormattedValue) -> Code:
    """{name} or {name:.2f} inside an f-string."""
    value = builder.build(node.value)
    pattern = _format_of(node)
    if not pattern:
        return lambda run: text_of(run, value(run))

    def render(run: Run) -> str:
        shown = value(run)
        try:
            return format(shown if isinstance(shown, int | float) else text_of(run, shown), pattern)
        except ValueError as error:
            raise _unusable("format", [shown]) from error

    return render


def _format_of(node: ast.FormattedValue) -> str:
    """The format after the colon, if it is one of the plain ones."""
    if node.conversion not in PLAIN_CONVERSIONS:
        raise refused(node, say("Write {{name}} without !r or !a."))
    pieces = node.format_spec.values if isinstance(node.format_spec, ast.JoinedStr) else []
    if not all(isinstance(piece, ast.Constant) for piece in pieces):
        raise refused(node, say("Write a fixed format such as {{amount:.2f}}."))
    pattern = "".join(str(piece.value) for piece in pieces if isinstance(piece, ast.Constant))
    if not FORMAT.fullmatch(pattern):
        raise refused(node, say("Write a fixed format such as {{amount:.2f}}."))
    return pattern
