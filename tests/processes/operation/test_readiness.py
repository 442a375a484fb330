"""Ready means that a scheduler looks at the clock, whether or not there is work."""

from __future__ import annotations

from datetime import timedelta

from engine.storage.settings import read_setting, replace_setting
from engine.storage.upkeep import HEARTBEAT
from processes.acts.service import Service
from processes.operation.readiness import missing
from tests.processes.stories.world import World


def found(service: Service) -> list[str]:
    """What is missing now."""
    with service.reading() as connection:
        return missing(connection, service.engine.on(connection), service.options)


def test_without_a_fresh_heartbeat_the_product_is_not_ready(world: World) -> None:
    service = world.service
    assert found(service) == ["scheduler"], "none has ever looked"
    service.engine.maintain()
    assert found(service) == []
    with service.transaction() as connection:
        long_ago = service.engine.on(connection).real_now() - timedelta(minutes=2)
        beat = read_setting(connection, HEARTBEAT)
        replace_setting(connection, HEARTBEAT, beat, long_ago.isoformat())
    assert found(service) == ["scheduler"], "even though no work is overdue"
