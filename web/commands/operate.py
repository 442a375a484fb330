"""`tindak migrate`, `tindak doctor` and `tindak demo`: for long-term operators of the product."""

from __future__ import annotations

import sys
import time

import click

from processes.acts.reading import opened
from processes.composition import migrate as bring_up
from processes.demo.crowd import LARGE
from processes.demo.pace import now_of, run_at
from processes.operation import doctor as checks
from processes.operation import verification as records
from processes.rights.access import operator
from web import demo as example
from web.commands import answering
from web.composition import (
    naming_the_demand,
    open_as_it_is,
    prepare_folder,
    service_from_environment,
    settings_or_exit,
)

FAST = 86_400.0
"""Speed of `--fast`: a day in a second."""


@click.command()
def migrate() -> None:
    """Bring the tables of the database to this version."""
    settings = settings_or_exit()
    prepare_folder(settings)
    with naming_the_demand(settings):
        for name, version in bring_up(settings.engine_url):
            click.echo(f"{name}: {version}")


@click.command()
def doctor() -> None:
    """Say in words whether everything is well. The exit status is 1 when something is not. Nothing
    is created or changed."""
    port = answering.finding(settings_or_exit())
    with (
        service_from_environment(open_as_it_is) as service,
        opened(service, operator()) as at,
    ):
        findings = [*checks.examine(at, service.options), port]
    for finding in findings:
        click.echo(f"{'ok ' if finding.well else '!! '} {finding.subject}: {finding.words}")
    sys.exit(0 if all(finding.well for finding in findings) else 1)


@click.command()
def verify() -> None:
    """Verify the hash chains of histories and of the audit. The exit status is 1 when one does not
    hold. Write the last line down elsewhere: it tells later whether the audit was made anew."""
    with service_from_environment() as service:
        found = records.verify(service.engine)
    assert found is not None, "nobody tells a command to stop"
    for sentence in records.sentences(found):
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
    """Fill an empty database with the demo. In a filled one --fast lets time go on."""
    if fast and large:
        raise click.UsageError("--fast goes on in a filled database, --large fills an empty one.")
    settings = settings_or_exit()
    if not fast:
        example.ensure(settings, click.echo, LARGE if large else None)
        return
    with service_from_environment() as service:
        run_at(service, FAST)
        click.echo(f"The clock runs at a day a second, for {days} days. Watch /escalations.")
        try:
            for _ in range(days):
                time.sleep(1.0)
                click.echo(f"  {now_of(service).astimezone(settings.zone):%d.%m.%Y}")
        finally:
            run_at(service, 1.0)
