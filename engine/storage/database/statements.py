"""Statements that one pool of connections has compiled are known to all pools of the process.

SQLAlchemy keeps them for each pool, and a database has two or three: it would compile what is both
read by pages and read by acts twice, which takes longer than to run it.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import Compiled
from sqlalchemy.util import LRUCache


class _OfAllPools(LRUCache[Any, Compiled]):
    """Known by the name of the dialect instead of its object, of which each pool has one."""

    def get(self, key: Any, default: Any = None) -> Any:
        return super().get(_named(key), default)

    def __setitem__(self, key: Any, value: Compiled) -> None:
        super().__setitem__(_named(key), value)


def _named(key: Any) -> Any:
    dialect, *rest = key
    return dialect.name, *rest


COMPILED = {"compiled_cache": _OfAllPools(capacity=1500)}
"""Execution options of every pool."""
