"""docs/workers.md shows the programs that `tests.world.test_own_worker` runs, and names every
argument of a worker."""

from __future__ import annotations

import inspect
from pathlib import Path

import pytest

from web.worker import Worker

DOCS = Path(__file__).parents[3] / "docs"
PAGES = ("workers.md", "workers.en.md")


def text(page: str) -> str:
    return (DOCS / page).read_text("utf-8")


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("program", ["worker.py", "worker.mjs"])
def test_it_shows_the_programs_as_they_are(page: str, program: str) -> None:
    whole = (DOCS / "examples" / program).read_text("utf-8")

    assert f"\n{whole}```\n" in text(page)


@pytest.mark.parametrize("page", PAGES)
def test_the_model_it_shows_is_the_one_they_work_for(page: str) -> None:
    shown = text(page).partition("```xml\n")[2].partition("```")[0]
    model = (DOCS / "examples" / "render.bpmn").read_text("utf-8")

    assert shown.count("\n") > 3
    assert all(line.strip() in model for line in shown.splitlines())


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("takes", [Worker, Worker.task])
def test_it_names_each_argument(page: str, takes: object) -> None:
    assert callable(takes)
    names = [name for name in inspect.signature(takes).parameters if name != "self"]

    assert len(names) > 4
    assert [name for name in names if f"`{name}" not in text(page)] == []
