"""The command `tindak`: it only gathers the groups of commands."""

from __future__ import annotations

import click

from web.commands import models, operate, people, serve


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="tindak")
def main() -> None:
    """Tindak: following up policy recommendations. Settings are environment variables TINDAK_*."""


for command in (
    serve.run,
    serve.serve,
    serve.worker,
    models.check,
    models.deploy,
    operate.migrate,
    operate.doctor,
    operate.demo,
    people.user,
    people.token,
):
    main.add_command(command)

if __name__ == "__main__":
    main()
