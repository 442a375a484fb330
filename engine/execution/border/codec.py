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
from engine.words import say

VERSION = b"\x01"
ZSTD_LEVEL = 3
MAX_STATE_BYTES = 64_000_000

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
    return orjson.loads(_thread.decompressor.decompress(body[1:], MAX_STATE_BYTES))


def encode(top: Instance) -> bytes:
    """The whole state of an instance."""
    if top.completed:
        return pack({"end": top.data})
    content = _scope(top)
    if top.rounds:
        content["n"] = top.rounds
    if top.arrivals:
        content["o"] = top.arrivals
    return pack(content)


def _scope(scope: Scope) -> dict[str, Any]:
    """A scope with the scopes inside it, by row number of the token they belong to."""
    rows: list[list[Any]] = []
    inside: dict[str, Any] = {}
    numbers: dict[UUID | None, int] = {None: -1}
    tasks, opened = scope.tasks, scope.top_workflow.subprocesses
    for number, token in enumerate(tasks.values()):
        numbers[token.id] = number
        above = tasks[token._parent].data if number else {}
        rows.append(_row(token, numbers[token._parent], above))
        if token.id in opened:
            inside[str(number)] = _scope(opened[token.id])
    content: dict[str, Any] = {"t": rows}
    if inside:
        content["s"] = inside
    if scope.ended:
        content["e"] = scope.ended
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
