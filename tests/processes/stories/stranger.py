"""A process owner with models of their own, for the stories about the limits of such models.

An engine without cases deploys the models, as in a database older than the rule, so only the step
is tested, not the deployment.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import select

from engine import Engine
from engine.storage import tables as engine_tables
from processes.composition import known_topics
from processes.lifecycle.case import case_of
from processes.lifecycle.options import options_of
from processes.storage.schema import metadata
from tests.engine.models.building import Part, bpmn, process
from tests.processes.stories.world import World

SECRET = "secret"


@dataclass
class Stranger:
    """A process owner with models of their own, and a real case that they know the ids of."""

    world: World
    careless: Engine
    recommendation: UUID
    follow_up: UUID
    started: int = 0

    def deploy(self, key: str, *parts: Part) -> None:
        self.careless.deploy({f"{key}.bpmn": bpmn(process(key, *parts))}, "owner")

    def run(self, *parts: Part, key: object, data: Any = None) -> UUID:
        """A process of their own under a key of their choice, up to its first wait."""
        self.started += 1
        name = f"own_{self.started}"
        self.deploy(name, *parts)
        return self.world.service.engine.start(name, data or {}, str(key), "owner")

    def press_on(self, instance: UUID) -> str:
        """Complete the open task as the owner may; what the incident says that comes of it."""
        engine = self.world.service.engine
        (task,) = engine.tasks(instance_id=instance)
        engine.complete(task.id, {}, "owner")
        self.world.run()
        return self.incident(instance)

    def incident(self, instance: UUID) -> str:
        found = [
            str(one.what)
            for one in self.world.service.engine.incidents()
            if one.instance_id == instance
        ]
        return found[0] if found else ""

    def stored(self) -> dict[str, Any]:
        """The whole register, and how far the instances of real cases have come."""
        with self.world.service.reading() as connection:
            rows: dict[str, Any] = {
                table.name: sorted(map(repr, connection.execute(select(table))))
                for table in metadata.sorted_tables
            }
            columns = engine_tables.instance.c
            real = [self.world.instance(id) for id in (self.recommendation, self.follow_up)]
            rows["steps"] = sorted(
                map(repr, connection.execute(
                    select(columns.id, columns.status, columns.last_seq)
                    .where(columns.id.in_(real))
                ))
            )  # fmt: skip
        return rows

    @contextmanager
    def harmless(self, what: object) -> Iterator[None]:
        """Whatever is tried inside leaves the register and the real cases as they were."""
        before = self.stored()
        yield
        self.world.run()
        after = self.stored()
        changed = [name for name in before if before[name] != after[name]]
        assert changed == [], f"{what} changed {changed}"


def meet(world: World) -> Stranger:
    url = world.service.engine.database.url.render_as_string(hide_password=False)
    nothing = dict.fromkeys(known_topics(), lambda _step: None)
    recommendation = world.issued(classification=SECRET)
    follow_up = world.follow_up(recommendation, "kemhan")
    careless = Engine.open(url, nothing, world.clock, case_of, options=options_of)
    return Stranger(world, careless, recommendation, follow_up)
