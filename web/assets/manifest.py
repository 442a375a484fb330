"""From the name of an entry to the addresses of its built files, by Vite's manifest.

Owns reading web/static/dist/manifest.json. Knows no Flask: the composition passes the folder and
its address, and gives the result to the templates.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import NotRequired, TypedDict

import orjson


class AssetsMissing(Exception):
    """The front end was not built, or an entry of that name does not exist."""


class Chunk(TypedDict):
    """One entry of Vite's manifest (the keys read here)."""

    file: str
    name: NotRequired[str]
    isEntry: NotRequired[bool]
    css: NotRequired[list[str]]
    imports: NotRequired[list[str]]


@dataclass(frozen=True)
class Asset:
    """Addresses of one entry: module, style sheets, chunks that a browser may fetch ahead."""

    js: str
    css: tuple[str, ...]
    preload: tuple[str, ...]


def asset_reader(dist: Path, prefix: str) -> Callable[[str], Asset]:
    """A function from an entry's name ("user", "diagram", ...) to its Asset.

    `prefix` is the address of `dist` and ends in a slash. The manifest is read once, for the first
    page. Then raises AssetsMissing if `dist` was not built or lacks the entry.
    """

    @cache
    def assets() -> Mapping[str, Asset]:
        return read_manifest(dist, prefix)

    def asset(name: str) -> Asset:
        try:
            return assets()[name]
        except KeyError:
            raise AssetsMissing(f"The front end has no entry called {name!r}.") from None

    return asset


def read_manifest(dist: Path, prefix: str) -> dict[str, Asset]:
    """All entries of the manifest in `dist`, by name. Raises AssetsMissing without a manifest."""
    try:
        content = (dist / "manifest.json").read_bytes()
    except FileNotFoundError:
        raise AssetsMissing(
            "The front end is not built: run `make setup` or `python -m web.assets.build`."
        ) from None
    chunks: dict[str, Chunk] = orjson.loads(content)
    return {
        chunk["name"]: _asset(chunks, key, prefix)
        for key, chunk in chunks.items()
        if chunk.get("isEntry")
    }


def _asset(chunks: Mapping[str, Chunk], key: str, prefix: str) -> Asset:
    shared = [chunks[name] for name in _imported(chunks, key)]
    css = [sheet for chunk in [*shared, chunks[key]] for sheet in chunk.get("css", [])]
    return Asset(
        js=prefix + chunks[key]["file"],
        css=tuple(prefix + sheet for sheet in dict.fromkeys(css)),
        preload=tuple(prefix + chunk["file"] for chunk in shared),
    )


def _imported(chunks: Mapping[str, Chunk], key: str) -> list[str]:
    """Keys of all chunks that `key` imports, directly or not; each after its own imports."""
    found: dict[str, None] = {}

    def visit(current: str) -> None:
        for name in chunks[current].get("imports", []):
            if name not in found:
                visit(name)
                found[name] = None

    visit(key)
    return list(found)
