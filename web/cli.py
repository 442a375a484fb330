"""The command `tindak`: it only gathers the groups of commands."""

from __future__ import annotations

from typing import Any

import click

from engine.sentences.errors import BadInput, TindakError
from web.commands import models, operate, people, serve


class Commands(click.Group):
    """The border of the command line: an error that somebody can act on becomes one sentence and
    status 1, whichever command it stopped."""

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except TindakError as error:
            click.echo(_told(error), err=True)
            ctx.exit(1)


def _told(error: TindakError) -> str:
    """Nothing is marked on a console: what is wrong with each entry stands in a line of its own."""
    fields = error.fields if isinstance(error, BadInput) else {}
    lines = [f"{name}: {what}" for name, what in fields.items() if str(what) != str(error)]
    return "\n".join(lines) or str(error)


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="tindak")
def main() -> None:
    """Tindak: following up policy recommendations. Settings are environment variables TINDAK_*."""


for command in (
    serve.run,
    serve.serve,
    serve.worker,
    models.check,
    models.deploy,
    models.retire,
    operate.migrate,
    operate.doctor,
    operate.verify,
    operate.demo,
    people.user,
    people.token,
    people.service_account,
):
    main.add_command(command)

if __name__ == "__main__":
    main()
