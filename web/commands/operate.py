"""`tindak migrate`, `tindak doctor` and `tindak demo`: for those who run the product for years."""

from __future__ import annotations

import sys
import time
from datetime import UTC

import click

from engine.clock import SETTING, VirtualTime
from engine.storage import schema
from engine.storage.clock_time import read_time
from engine.storage.settings import remove_setting, write_setting
from engine.storage.unit_of_work import Database
from processes import doctor as checks
from processes import verification as records
from processes.access import operator
from processes.demo.crowd import LARGE
from processes.storage.tree import TREE
from web import demo as example
from web.composition import (
    naming_the_demand,
    prepare_folder,
    service_from_environment,
    settings_or_exit,
)

FAST = 86_400.0
"""A day a second."""


@click.command()
def migrate() -> None:
    """Bring the tables of the database to this version."""
    settings = settings_or_exit()
    prepare_folder(settings)
    database = Database(settings.engine_url)
    with naming_the_demand(settings):
        for tree in (schema.TREE, TREE):
            tree.upgrade(database)
            click.echo(f"{tree.name}: {tree.head()}")
    database.dispose()


@click.command()
def doctor() -> None:
    """Say in words whether everything is well; exit status 1 when something is not."""
    with service_from_environment() as service:
        findings = checks.examine(service, operator())
    for finding in findings:
        click.echo(f"{'ok ' if finding.well else '!! '} {finding.subject}: {finding.words}")
    sys.exit(0 if all(finding.well for finding in findings) else 1)


@click.command()
def verify() -> None:
    """Verify the hash chains of all histories and of the audit; exit status 1 when one does not
    hold. Write the last line down elsewhere: it tells later whether the audit was made anew."""
    with service_from_environment() as service:
        found = records.verify(service.engine)
    assert found is not None, "nobody tells a command to stop"
    for sentence in records.told(found):
        click.echo(f"!!  {sentence}")
    click.echo(
        f"{found.events} events of {found.cases} cases, {found.entries} entries of the audit; "
        f"the last one is {found.last_hash.hex()}"
    )
    sys.exit(0 if found.holds else 1)


@click.command()
@click.option("--fast", is_flag=True, help="Let the clock run on at a day a second.")
@click.option("--days", default=30, type=click.IntRange(1, 365), help="How far --fast goes on.")
@click.option(
    "--large", is_flag=True, help="300 recommendations, 100 institutions, 2,000 follow-ups."
)
def demo(fast: bool, days: int, large: bool) -> None:
    """Fill an empty database with the demo; with --fast let time go on in a filled one."""
    if fast and large:
        raise click.UsageError("--fast goes on in a filled database, --large fills an empty one.")
    settings = settings_or_exit()
    if not fast:
        example.ensure(settings, click.echo, LARGE if large else None)
        return
    with service_from_environment() as service:
        speed(service.engine.database, FAST)
        click.echo(f"The clock runs at a day a second, for {days} days. Watch /escalations.")
        try:
            for _ in range(days):
                time.sleep(1.0)
                click.echo(f"  {service.engine.now().astimezone(settings.zone):%d.%m.%Y}")
        finally:
            speed(service.engine.database, 1.0)


def speed(database: Database, factor: float) -> None:
    """Let the stored clock go on from where it is at another speed; it never goes back."""
    with database.write() as connection:
        database_now, stored = read_time(connection)
        now = checks.clock_at(database_now, stored)
        value = VirtualTime(now.astimezone(UTC), database_now, factor)
        if factor == 1.0 and now == database_now:
            remove_setting(connection, SETTING)
        else:
            write_setting(connection, SETTING, value.dump())
