"""The stored form of an instance: one version byte, then zstd over JSON.

Owns the bytes. `v` are the scopes of variables, each [kind, place, outer, values, run], where outer
is the index of an earlier scope; the first is the scope of the instance. Each scope of tokens is a
list of rows in the order its tokens were made; a row is [parent, state, node, id, record,
variables]: `parent` the index of an earlier row, `id` the token's hex (0 for a finished one, which
nobody names), `variables` the index of its scope of variables. Empty values at the end of a row are
cut off. Values are user data: this module interprets none of their keys. An ended instance keeps
its variables only.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from threading import local
from typing import Any, TypeAlias
from uuid import UUID

import orjson
import zstandard

from engine.execution.border.state.folding import fold, token_of
from engine.execution.border.state.letters import TOKEN
from engine.execution.border.tree.faults import Fault
from engine.execution.border.tree.kernel import FINISHED, Instance, Scope, SubScope, Token
from engine.execution.border.tree.node import ProcessSpec
from engine.execution.border.tree.port import CalledProcess
from engine.execution.border.tree.values import Data
from engine.execution.border.tree.variables import Kind, Variables
from engine.language import LanguageError
from engine.language.values import measure
from engine.models.elements import Element
from engine.sentences.sentence import say

VERSION = b"\x02"
FORMER = b"\x01"
"""The version byte of states whose tokens carried data; `folding` reads them."""


ZSTD_LEVEL = 3
MAX_DATA_BYTES = 5_000_000
"""Bytes of a state as JSON, with the data of all its tokens: the limit for writing."""

MAX_READ_BYTES = 64_000_000
"""Bytes of a state as JSON: the limit for reading, since older programs stored larger states."""

MAX_NESTED = 100
"""Nested scopes."""

UNREADABLE = (zstandard.ZstdError, ValueError, LookupError, TypeError, AttributeError)
"""Exceptions that reading damaged bytes raises."""

Find: TypeAlias = Callable[[UUID], CalledProcess]

KINDS: tuple[Kind, ...] = ("process", "activity", "whole", "run", "firing")
"""Token states by the number that stands for them in the stored form."""

_thread = local()


def pack(content: object) -> bytes:
    """A JSON value as stored bytes."""
    if not hasattr(_thread, "compressor"):
        # Compressors are costly to make, and threads may not share them.
        _thread.compressor = zstandard.ZstdCompressor(level=ZSTD_LEVEL)
    packed: bytes = _thread.compressor.compress(orjson.dumps(content))
    return VERSION + packed


def unpack(body: bytes) -> Any:
    """The JSON value in stored bytes. Raises Fault for bytes of an unknown version."""
    if body[:1] not in (VERSION, FORMER):
        raise Fault(
            None,
            say("The stored state has the form {version}, which is not known.", version=body[:1]),
            say("Run the version of the program that wrote it, or a newer one."),
        )
    if not hasattr(_thread, "decompressor"):
        _thread.decompressor = zstandard.ZstdDecompressor()
    # The decompressor allocates the size in the frame's head, whatever limit it gets below.
    if zstandard.frame_content_size(body[1:]) > MAX_READ_BYTES:
        raise ValueError(MAX_READ_BYTES)
    return orjson.loads(_thread.decompressor.decompress(body[1:], MAX_READ_BYTES))


def encode(top: Instance) -> bytes:
    """The whole state of an instance. Raises Fault for a state that could not be read again: too
    large, nested too deeply, or with values that are no JSON. The fault names the largest value and
    its element."""
    written = _Written(top)
    if top.completed:
        return pack({"end": written.part(top.variables.values)})
    content = {**_scope(top, written), "v": written.scopes}
    if top.rounds:
        content["n"] = top.rounds
    if top.arrivals:
        content["o"] = top.arrivals
    return pack(content)


class _Written:
    """The parts of a state, written one by one, so that a state that is too large is never whole in
    memory. `scopes`: the scopes of variables of the tokens."""

    def __init__(self, top: Instance) -> None:
        self.top = top
        self.size = 0
        self.scopes: list[list[Any]] = []
        self._numbers: dict[int, int] = {}
        if not top.completed:
            self.number(top.variables)

    def part(self, content: object) -> orjson.Fragment:
        """The part as JSON. Raises Fault."""
        try:
            written = orjson.dumps(content)
        except (TypeError, RecursionError) as error:
            raise _not_storable(self.top) from error
        self.size += len(written)
        if self.size > MAX_DATA_BYTES:
            raise _too_large(self.top)
        return orjson.Fragment(written)

    def number(self, variables: Variables) -> int:
        """The index of a scope of variables; the scopes around it have smaller ones."""
        found = self._numbers.get(id(variables))
        if found is not None:
            return found
        outer = -1 if variables.outer is None else self.number(variables.outer)
        number = self._numbers[id(variables)] = len(self.scopes)
        values = self.part(variables.values)
        scope = [KINDS.index(variables.kind), variables.place, outer, values]
        self.scopes.append([*scope, variables.run] if variables.run else scope)
        return number


def _scope(scope: Scope, written: _Written, depth: int = 0) -> dict[str, Any]:
    """A scope with the scopes inside it, by row number of the token that holds them."""
    if depth > MAX_NESTED:
        raise _not_storable(scope.top_workflow)
    rows: list[orjson.Fragment] = []
    inside: dict[str, Any] = {}
    numbers: dict[UUID | None, int] = {None: -1}
    opened = scope.top_workflow.subprocesses
    for number, (id, token) in enumerate(scope.tasks.items()):
        numbers[id] = number
        rows.append(written.part(_row(token, numbers[token._parent], written)))
        if opened and id in opened:
            inside[str(number)] = _scope(opened[id], written, depth + 1)
    content: dict[str, Any] = {"t": rows}
    if inside:
        content["s"] = inside
    if depth:
        content["r"] = written.number(scope.variables)
    return content


def _row(token: Token, parent: int, written: _Written) -> list[Any]:
    row = [
        parent,
        token._state,
        token.task_spec.name,
        0 if token._state & FINISHED else token.id.hex,
        TOKEN.write(token.record) or 0,
        written.number(token.variables),
    ]
    while row[-1] == 0:
        row.pop()
    return row


def _too_large(top: Instance) -> Fault:
    element, name = _largest(top)
    return Fault(
        element,
        say(
            "The data of this case would be larger than {limit} MB; most of it is {name}.",
            limit=MAX_DATA_BYTES // 10**6,
            name=name,
        ),
        say("Keep long texts and lists in files, and remove from the data what is not read again."),
    )


def _not_storable(top: Instance) -> Fault:
    element, name = _largest(top)
    return Fault(
        element,
        say("The data of this case could not be read back; look at {name}.", name=name),
        say("Nest lists, groups and called processes less deeply."),
    )


def _largest(top: Instance) -> tuple[Element | None, str]:
    """The variable with the largest share of a state, and the element whose token holds it."""
    held = [
        (_size(value), name, element)
        for scope in top.scopes()
        for element, variables in [
            (None, scope.variables),
            *((token.task_spec.element, token.variables) for token in scope.tasks.values()),
        ]
        for name, value in variables.values.items()
    ]
    _, name, element = max(held, key=lambda one: one[0], default=(0, "", None))
    return element, name


def _size(value: object) -> int:
    try:
        return measure(value)
    except LanguageError:
        return MAX_READ_BYTES  # larger than every limit


def decode(
    body: bytes,
    spec: ProcessSpec,
    specs: Mapping[str, ProcessSpec],
    step_limit: int,
    find: Find,
) -> Instance:
    """The instance of a stored state. `find` gives the versions that its calls began with. Raises
    Fault if the state is unreadable or does not fit the model."""
    top = Instance(spec, specs, step_limit)
    try:
        content = unpack(body)
        if "end" in content:
            top.variables.values, top.completed = content["end"], True
            return top
        top.rounds, top.arrivals = content.get("n", {}), content.get("o", 0)
        if body[:1] == FORMER:
            fold(top, content)
        else:
            _restore(top, content, _variables(top, content["v"]), find)
        return top
    except UNREADABLE as error:
        raise Fault(
            None,
            say("The stored state of this case is damaged. Its bytes are kept as they are."),
            say("Restore the state of this case from a backup, then retry: nothing sent is lost."),
        ) from error


def data_of(body: bytes) -> Data | None:
    """The end data in the state of an ended instance; None for a running one."""
    end: Data | None = unpack(body).get("end")
    return end


def _variables(top: Instance, rows: list[list[Any]]) -> list[Variables]:
    """The scopes of variables; the first is the scope of the instance."""
    found: list[Variables] = []
    for kind, place, outer, values, *run in rows:
        around = found[outer] if outer >= 0 else None
        found.append(Variables(KINDS[kind], place, around, values, *run))
    top.variables = found[0]
    return found


def _restore(
    scope: Scope, content: Mapping[str, Any], variables: list[Variables], find: Find
) -> None:
    """Fill a scope from its rows, then the scopes inside it."""
    tokens: list[Token] = []
    for row in content["t"]:
        parent, state, name, hex_id, record, number = row + [0] * (6 - len(row))
        token = token_of(scope, tokens, (parent, state, name, hex_id))
        if record:
            TOKEN.fill(token.record, record)
        token.variables = variables[number]
        tokens.append(token)
    scope.task_tree = tokens[0]
    for row_number, inner in content.get("s", {}).items():
        token = tokens[int(row_number)]
        name, specs = token.task_spec.inside, scope.specs
        if token.record.version is not None:
            called = find(token.record.version)
            name, specs = called.scope, called.specs
        inside = SubScope(name, specs, token.id, token.top, variables[inner["r"]])
        token.top.subprocesses[token.id] = inside
        _restore(inside, inner, variables, find)
