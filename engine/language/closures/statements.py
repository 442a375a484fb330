"""Building each kind of statement: assignments, if, for, while, del, calls.

A statement's closure returns None, or an order for the loop around it: `BREAK` or `CONTINUE`.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Mapping
from enum import Enum
from typing import Any

from engine.language.budget import Run
from engine.language.closures.access import pick
from engine.language.closures.builder import Builder, Code, refused
from engine.language.closures.builtins import text_key
from engine.language.closures.calls import Assign, unpacked
from engine.language.closures.names import checked_name, unknown_name
from engine.language.closures.nodes import CONSTANTS
from engine.language.errors import LanguageError
from engine.language.operators import BINARY, truth
from engine.language.values import check_count, entries_of, show
from engine.sentences.sentence import say

Signal = Enum("Signal", ["BREAK", "CONTINUE"])
Action = Callable[[Run], "Signal | None"]


class ScriptBuilder(Builder):
    """Builds statements; collects the names that are assigned."""

    def __init__(self, builders: Mapping[type[ast.expr], Any]) -> None:
        super().__init__(builders, changing=True)
        self.assigned: set[str] = set()
        self.loops = 0

    def block(self, statements: list[ast.stmt]) -> Action:
        """Run the statements one after the other, until one asks for break or continue."""
        actions = [self.statement(statement) for statement in statements]

        def run_block(run: Run) -> Signal | None:
            for action in actions:
                signal = action(run)
                if signal is not None:
                    return signal
            return None

        return run_block

    def loop_block(self, statements: list[ast.stmt]) -> Action:
        """A block in which break and continue are allowed."""
        self.loops += 1
        action = self.block(statements)
        self.loops -= 1
        return action

    def statement(self, node: ast.stmt) -> Action:
        """The closure of one statement. Raises LanguageError for a statement that the language
        lacks."""
        build = STATEMENTS.get(type(node))
        if build is None:
            raise refused(node)
        try:
            action = build(self, node)
        except LanguageError as error:
            error.at(node.lineno)
            raise
        return _paid(action, node.lineno)


def _paid(action: Action, line: int) -> Action:
    def act(run: Run) -> Signal | None:
        try:
            run.spend(1)
            return action(run)
        except LanguageError as error:
            error.at(line)
            raise

    return act


def _assign(builder: ScriptBuilder, node: ast.Assign) -> Action:
    value = builder.build(node.value)
    targets = [_target(builder, target) for target in node.targets]

    def assign(run: Run) -> None:
        result = value(run)
        for target in targets:
            target(run, result)

    return assign


def _target(builder: ScriptBuilder, node: ast.expr) -> Assign:
    """A target of an assignment: a name, an entry, several of these."""
    if isinstance(node, ast.Name):
        return _name_target(builder, node.id)
    if isinstance(node, ast.Subscript) and not isinstance(node.slice, ast.Slice):
        group, key = builder.build(node.value), builder.build(node.slice)
        return lambda run, value: put(group(run), key(run), value)
    if isinstance(node, ast.Tuple | ast.List):
        return unpacked([_target(builder, part) for part in node.elts])
    raise refused(node, say('Assign to a name or to an entry: x = 1, x["key"] = 1.'))


def _name_target(builder: ScriptBuilder, name: str) -> Assign:
    if name in CONSTANTS:
        raise LanguageError(say("{name} is a constant.", name=name), say("Assign to another name."))
    builder.assigned.add(checked_name(name))
    return lambda run, value: run.changing.__setitem__(name, value)


def put(group: object, key: object, value: object) -> None:
    """`group[key] = value` for mappings and lists."""
    if isinstance(group, dict):
        check_count(len(group) + 1)
        group[text_key(key)] = value
        return
    if isinstance(group, list) and isinstance(key, int):
        pick(group, key)  # raises the error that there is no such entry
        group[key] = value
        return
    raise LanguageError(
        say("{group} cannot be changed at {key}.", group=show(group), key=show(key)),
        say("Only lists and mappings of the process data can be changed."),
    )


def _augmented(builder: ScriptBuilder, node: ast.AugAssign) -> Action:
    """x += 1: the value is replaced, never changed in place."""
    operate = BINARY.get(type(node.op))
    if operate is None:
        raise refused(node.op)
    amount = builder.build(node.value)
    if isinstance(node.target, ast.Name):
        current = builder.build(node.target)
        assign = _name_target(builder, node.target.id)
        return lambda run: assign(run, operate(run, current(run), amount(run)))
    if not isinstance(node.target, ast.Subscript) or isinstance(node.target.slice, ast.Slice):
        raise refused(node, say('Write x += 1 or x["key"] += 1.'))
    group, key = builder.build(node.target.value), builder.build(node.target.slice)

    def change(run: Run) -> None:
        owner, place = group(run), key(run)
        put(owner, place, operate(run, pick(owner, place), amount(run)))

    return change


def _annotated(builder: ScriptBuilder, node: ast.AnnAssign) -> Action:
    raise refused(node, say("Write: name = value, without a type."))


def _if(builder: ScriptBuilder, node: ast.If) -> Action:
    condition = builder.build(node.test)
    yes, no = builder.block(node.body), builder.block(node.orelse)
    return lambda run: yes(run) if truth(condition(run)) else no(run)


def _while(builder: ScriptBuilder, node: ast.While) -> Action:
    condition = builder.build(node.test)
    body, otherwise = builder.loop_block(node.body), builder.block(node.orelse)

    def repeat(run: Run) -> Signal | None:
        while truth(condition(run)):
            run.spend(1)
            if body(run) is Signal.BREAK:
                return None
        return otherwise(run)

    return repeat


def _for(builder: ScriptBuilder, node: ast.For) -> Action:
    source, assign = builder.build(node.iter), _target(builder, node.target)
    body, otherwise = builder.loop_block(node.body), builder.block(node.orelse)

    def walk(run: Run) -> Signal | None:
        for entry in entries_of(run, source(run)):
            run.spend(1)
            assign(run, entry)
            if body(run) is Signal.BREAK:
                return None
        return otherwise(run)

    return walk


def _expression(builder: ScriptBuilder, node: ast.Expr) -> Action:
    code: Code = builder.build(node.value)

    def evaluate(run: Run) -> None:
        code(run)

    return evaluate


def _delete(builder: ScriptBuilder, node: ast.Delete) -> Action:
    removals = [_removal(builder, target) for target in node.targets]

    def delete(run: Run) -> None:
        for remove in removals:
            remove(run)

    return delete


def _removal(builder: ScriptBuilder, node: ast.expr) -> Callable[[Run], None]:
    if isinstance(node, ast.Name):
        return _name_removal(node.id)
    if not isinstance(node, ast.Subscript) or isinstance(node.slice, ast.Slice):
        raise refused(node, say('Write: del name, or del x["key"].'))
    group, key = builder.build(node.value), builder.build(node.slice)

    def remove(run: Run) -> None:
        owner, place = group(run), key(run)
        pick(owner, place)  # raises the error that there is no such entry
        if not isinstance(owner, dict | list):
            raise LanguageError(
                say("{group} cannot be changed.", group=show(owner)),
                say("Only lists and mappings of the process data can be changed."),
            )
        run.spend_size(len(owner))
        del owner[place]  # type: ignore[arg-type]  # `pick` has checked the key

    return remove


def _name_removal(name: str) -> Callable[[Run], None]:
    def remove(run: Run) -> None:
        if name not in run.changing:
            raise unknown_name(run, name)
        del run.changing[name]

    return remove


def _jump(signal: Signal, word: str) -> Callable[[ScriptBuilder, Any], Action]:
    def build(builder: ScriptBuilder, node: ast.stmt) -> Action:
        if not builder.loops:
            raise LanguageError(
                say("`{word}` stands outside of a loop.", word=word),
                say("Use it inside for or while."),
            )
        return lambda run: signal

    return build


STATEMENTS: Mapping[type[ast.stmt], Callable[[ScriptBuilder, Any], Action]] = {
    ast.AnnAssign: _annotated,
    ast.Assign: _assign,
    ast.AugAssign: _augmented,
    ast.Break: _jump(Signal.BREAK, "break"),
    ast.Continue: _jump(Signal.CONTINUE, "continue"),
    ast.Delete: _delete,
    ast.Expr: _expression,
    ast.For: _for,
    ast.If: _if,
    ast.Pass: lambda builder, node: lambda run: None,
    ast.While: _while,
}
