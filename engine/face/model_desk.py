"""The part of `Engine` for models: deploying, shipping and releasing, with their long checks."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TypeVar

from sqlalchemy import Connection

from engine.deployment import deploying, drafting
from engine.deployment.deploying import Deployment
from engine.face.transactions import Transactions
from engine.models.checks import Known
from engine.storage.models.definitions import Overtaken, Version

P = TypeVar("P")
T = TypeVar("T")

PLANS = 3
"""Number of attempts to release a draft while other releases come in between."""


class ModelDesk(Transactions):
    """What a process owner does with models."""

    def deploy(
        self, files: Mapping[str, bytes], by: str, note: str = "", *, shipped: bool = False
    ) -> list[Version]:
        """Deploy `.bpmn`, `.dmn` and `.form` files. Raises ModelError and stores nothing if a
        finding is an error."""
        wanted = Deployment(dict(files), by, note, shipped)
        return self.planned(
            lambda connection, known: deploying.plan(connection, wanted.files, known, self.examine),
            lambda plan: self.act(lambda act: act.deploy(plan, wanted)),
        )

    def ship(self, files: Mapping[str, bytes], by: str) -> list[Version]:
        """Deploy the models of the product; an owner's own release is never replaced."""
        return self.planned(
            lambda connection, known: drafting.plan_shipment(connection, files, known),
            lambda plan: self.act(lambda act: act.ship(plan, by)),
        )

    def release(self, key: str, note: str, by: str) -> list[Version]:
        """Make the draft the newest version. Raises ModelError, BadInput without a note, Conflict
        if somebody else changed the draft or a file that it replaces."""
        return self.planned(
            lambda connection, known: drafting.plan(connection, key, known, self.examine),
            lambda plan: self.act(lambda act: act.release(plan, note, by)),
        )

    def planned(self, plan: Callable[[Connection, Known], P], carry_out: Callable[[P], T]) -> T:
        """Plan in a reading transaction, then carry out the plan as an act. Reading and checking
        models takes long and holds no lock. Both are repeated if another release came in
        between."""
        for _ in range(1, PLANS):
            try:
                return self._planned_once(plan, carry_out)
            except Overtaken:
                continue
        return self._planned_once(plan, carry_out)

    def _planned_once(
        self, plan: Callable[[Connection, Known], P], carry_out: Callable[[P], T]
    ) -> T:
        with self.reading() as connection:
            found = plan(connection, self.on(connection).known)
        return carry_out(found)
