"""The people and groups whom an application knows, for the checks of models.

The engine keeps neither accounts nor groups: whoever opens it may say which there are.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from sqlalchemy import Connection


@dataclass(frozen=True, slots=True)
class Performers:
    """`groups`: the names of all groups; `users`: those of all who can sign in (None: unknown).
    `families`: beginnings of names of groups whose members only a database knows."""

    groups: frozenset[str]
    users: frozenset[str] | None = None
    families: tuple[str, ...] = ()

    def has_group(self, name: str) -> bool:
        """Whether there is such a group, as far as is known."""
        return name in self.groups or name.startswith(self.families)

    def has_user(self, name: str) -> bool:
        """Whether somebody can sign in under this name, as far as is known."""
        return self.users is None or name in self.users


PerformerReader = Callable[[Connection], Performers | None]
"""Who there is now; None: unknown."""


def nobody_said(_connection: Connection) -> None:
    """An engine that was not told of people and groups takes every name."""
