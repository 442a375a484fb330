"""The stored form of an instance: one version byte, then zstd over JSON.

Owns the bytes. Each scope is a list of rows in the order its tokens were made; a row is
[parent, state, node, id, record, set, dropped] with trailing nothings cut off. `parent` is the
index of an earlier row, `id` the token's hex (0 for a finished one, which nobody names), `set` and
`dropped` the data that differs from the parent's. Data is user data: no key of it means anything
here. An ended instance keeps its data only.
"""

from __future__ import annotations

from collections.abc import Mapping
from threading import local
from typing import Any
from uuid import UUID

import orjson
import zstandard

from engine.execution.border.faults import Fault
from engine.execution.border.kernel import (
    FINISHED,
    Instance,
    ProcessSpec,
    Scope,
    SubScope,
    Token,
)
from engine.execution.border.values import Data, same
from engine.language import LanguageError
from engine.language.values import measure
from engine.models.elements import Element
from engine.words import say

VERSION = b"\x01"
ZSTD_LEVEL = 3
MAX_DATA_BYTES = 5_000_000
"""Of a state written out as JSON, with the data of all its tokens: more is never stored."""

MAX_READ_BYTES = 64_000_000
"""Of a state that is read: older programs stored larger ones."""

MAX_NESTED = 100
"""Scopes inside each other."""

UNREADABLE = (zstandard.ZstdError, ValueError, LookupError, TypeError, AttributeError)
"""What reading damaged bytes runs into."""

_thread = local()


def pack(content: object) -> bytes:
    """A JSON value as stored bytes."""
    if not hasattr(_thread, "compressor"):
        # Compressors are costly to make and may not be shared between threads.
        _thread.compressor = zstandard.ZstdCompressor(level=ZSTD_LEVEL)
    packed: bytes = _thread.compressor.compress(orjson.dumps(content))
    return VERSION + packed


def unpack(body: bytes) -> Any:
    """The JSON value in stored bytes. Raises Fault for bytes of an unknown version."""
    if body[:1] != VERSION:
        raise Fault(
            None,
            say("The stored state has the form {version}, which is not known.", version=body[:1]),
            say("Run the version of the program that wrote it, or a newer one."),
        )
    if not hasattr(_thread, "decompressor"):
        _thread.decompressor = zstandard.ZstdDecompressor()
    # The size in the head of the frame is what would be allocated, whatever limit is given below.
    if zstandard.frame_content_size(body[1:]) > MAX_READ_BYTES:
        raise ValueError(MAX_READ_BYTES)
    return orjson.loads(_thread.decompressor.decompress(body[1:], MAX_READ_BYTES))


def encode(top: Instance) -> bytes:
    """The whole state of an instance. Raises Fault for one that could not be read back: too large,
    nested too deeply, or holding what JSON does not; it names the largest value and its element."""
    written = _Written(top)
    if top.completed:
        return pack({"end": written.part(top.data)})
    content = _scope(top, written)
    if top.rounds:
        content["n"] = top.rounds
    if top.arrivals:
        content["o"] = top.arrivals
    return pack(content)


class _Written:
    """The parts of a state as they are written out, one by one, so that a state too large is never
    a whole in memory."""

    def __init__(self, top: Instance) -> None:
        self.top = top
        self.size = 0

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


def _scope(scope: Scope, written: _Written, depth: int = 0) -> dict[str, Any]:
    """A scope with the scopes inside it, by row number of the token they belong to."""
    if depth > MAX_NESTED:
        raise _not_storable(scope.top_workflow)
    rows: list[orjson.Fragment] = []
    inside: dict[str, Any] = {}
    numbers: dict[UUID | None, int] = {None: -1}
    tasks, opened = scope.tasks, scope.top_workflow.subprocesses
    for number, token in enumerate(tasks.values()):
        numbers[token.id] = number
        above = tasks[token._parent].data if number else {}
        rows.append(written.part(_row(token, numbers[token._parent], above)))
        if token.id in opened:
            inside[str(number)] = _scope(opened[token.id], written, depth + 1)
    content: dict[str, Any] = {"t": rows}
    if inside:
        content["s"] = inside
    if scope.ended:
        content["e"] = written.part(scope.ended)
    return content


def _row(token: Token, parent: int, base: Data) -> list[Any]:
    data = token.data
    changed = {
        key: value for key, value in data.items() if key not in base or not same(value, base[key])
    }
    row = [
        parent,
        token._state,
        token.task_spec.name,
        0 if token._state & FINISHED else token.id.hex,
        token.internal_data or 0,
        changed or 0,
        [key for key in base if key not in data] or 0,
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
    """The variable that takes most of a state, and the element whose token holds it."""
    held = [
        (_size(value), name, element)
        for scope in top.scopes()
        for element, data in [
            (None, scope.data),
            *((token.task_spec.element, token.data) for token in scope.tasks.values()),
        ]
        for name, value in data.items()
    ]
    _, name, element = max(held, key=lambda one: one[0], default=(0, "", None))
    return element, name


def _size(value: object) -> int:
    try:
        return measure(value)
    except LanguageError:
        return MAX_READ_BYTES  # beyond all limits


def decode(
    body: bytes, spec: ProcessSpec, specs: Mapping[str, ProcessSpec], step_limit: int
) -> Instance:
    """The instance of a stored state. Raises Fault if the state cannot be read, or does not fit
    the model."""
    try:
        return _decoded(unpack(body), spec, specs, step_limit)
    except UNREADABLE as error:
        raise Fault(
            None,
            say("The stored state of this case is damaged. Its bytes are kept as they are."),
            say("Restore the state of this case from a backup, then retry: nothing sent is lost."),
        ) from error


def _decoded(
    content: Mapping[str, Any],
    spec: ProcessSpec,
    specs: Mapping[str, ProcessSpec],
    step_limit: int,
) -> Instance:
    top = Instance(spec, specs, step_limit)
    if "end" in content:
        top.data, top.completed = content["end"], True
        return top
    top.rounds, top.arrivals = content.get("n", {}), content.get("o", 0)
    _restore(top, content)
    return top


def data_of(body: bytes) -> Data | None:
    """The end data in the state of an ended instance; None while it runs."""
    end: Data | None = unpack(body).get("end")
    return end


def _restore(scope: Scope, content: Mapping[str, Any]) -> None:
    """Fill a scope from its rows, then the scopes inside it."""
    tokens: list[Token] = []
    for row in content["t"]:
        tokens.append(_token(scope, tokens, row))
    scope.task_tree = tokens[0]
    scope.ended = content.get("e", {})
    top = scope.top_workflow
    for number, inner in content.get("s", {}).items():
        token = tokens[int(number)]
        inside = SubScope(top.subprocess_specs[token.task_spec.inside], token.id, top)
        top.subprocesses[token.id] = inside
        _restore(inside, inner)


def _token(scope: Scope, tokens: list[Token], row: list[Any]) -> Token:
    parent, state, name, hex_id, record, changed, dropped = row + [0] * (7 - len(row))
    node = scope.spec.task_specs.get(name)
    if node is None:
        raise Fault(
            None,
            say("The case stands at {element}, which this version does not have.", element=name),
            say("Move it to a version that has this element, or add the element again."),
        )
    above = tokens[parent] if parent >= 0 else None
    token = Token(scope, node, above, state, UUID(hex=hex_id) if hex_id else None)
    token.internal_data = record or {}
    token.data = {**(above.data if above is not None else {}), **(changed or {})}
    for key in dropped or ():
        del token.data[key]
    return token
