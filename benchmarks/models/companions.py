"""The files that a file needs from its own folder: the tables, forms and called processes that it
names.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

from engine.models.bundle import KINDS, kind_of, read_bundle

PROCESS = re.compile(rb"<(?:\w+:)?process\s[^>]*?\bid=[\"']([^\"']+)")
NAMED = re.compile(
    rb"(?:decisionRef|formRef)=[\"']([^\"']+)|calledDecisionId>\s*([^<\s]+)"
    rb"|next_look\((?:[\"']|&quot;)([\w-]+)|name=[\"']form[\"'] value=[\"']([^\"']+)"
)
"""The places where a BPMN file names a table or a form."""
CALLED = re.compile(rb"\bcalledElement=[\"']([^\"']+)")


def with_companions(file: Path) -> dict[str, bytes]:
    """The file and the files it needs, by name; of two files with the same id the first."""
    files = {file.name: file.read_bytes()}
    files |= _called_beside(file.parent, files[file.name])
    texts = files.values()
    named = {name.decode() for text in texts for found in NAMED.findall(text) for name in found}
    have: set[str] = set()
    for other, ids in _held_beside(file.parent).items():
        if have.isdisjoint(ids) and named & ids:
            files[other] = (file.parent / other).read_bytes()
            have |= ids
    return files


def tables_beside(folder: Path) -> frozenset[str]:
    """Ids of the decision tables of a folder."""
    held = _held_beside(folder)
    return frozenset(name for file, ids in held.items() if kind_of(file) == "dmn" for name in ids)


def _called_beside(folder: Path, content: bytes) -> dict[str, bytes]:
    """The files of called processes, and of those that they call, unless the file itself has
    them."""
    found: dict[str, bytes] = {}
    here, pending = set(PROCESS.findall(content)), CALLED.findall(content)
    while pending:
        key = pending.pop()
        name = _processes_of(folder).get(key)
        if name is None or key in here:
            continue
        companion = (folder / name).read_bytes()
        if here.isdisjoint(keys := PROCESS.findall(companion)):
            found[name] = companion
            here |= set(keys)
            pending += CALLED.findall(companion)
    return found


@lru_cache(maxsize=1)
def _processes_of(folder: Path) -> dict[bytes, str]:
    """Process id -> name of the first file of a folder with it."""
    found: dict[bytes, str] = {}
    for file in _files(folder, "bpmn"):
        for key in PROCESS.findall(file.read_bytes()):
            found.setdefault(key, file.name)
    return found


@lru_cache(maxsize=1)
def _held_beside(folder: Path) -> dict[str, frozenset[str]]:
    """File of tables or forms -> its ids."""
    found: dict[str, frozenset[str]] = {}
    for file in _files(folder, *(KINDS.keys() - {"bpmn"})):
        bundle = read_bundle({file.name: file.read_bytes()})
        found[file.name] = frozenset(
            {*bundle.decisions, *bundle.forms, *map(bytes.decode, bundle.unread_ids)}
        )
    return found


def _files(folder: Path, *kinds: str) -> Iterator[Path]:
    files = sorted(path for path in folder.iterdir() if path.is_file())
    return (file for file in files if kind_of(file.name) in kinds)
