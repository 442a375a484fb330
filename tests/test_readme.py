"""What the README says can be done and be seen is so: commands, accounts, labels, its example."""

from __future__ import annotations

import re
import tomllib
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from engine import Engine
from processes.demo.crowd import LARGE
from processes.demo.people import CONTACTS, HEADS, STAFF
from processes.demo.script import STORY
from tests.engine.models.building import bpmn, end, flow, process, start, user_task
from tests.test_docs import CODE, LABEL, labels, plain
from web.commands.operate import FAST

ROOT = Path(__file__).parents[1]
TEXT = (ROOT / "README.md").read_text("utf-8")
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
MAKEFILE = (ROOT / "Makefile").read_text("utf-8")
LINK = re.compile(r"\]\(([^)#]+)[^)]*\)")
TYPED = re.compile(r"^    make ([a-z]+)", re.MULTILINE)
ACCOUNT = re.compile(r"^\| (`.+`.*) \| .+ \|$", re.MULTILINE)
WORDS = {"nine": 9}
WORKING_DAYS_A_WEEK = 5
MODEL = {
    "review.bpmn": bpmn(
        process(
            "review",
            start(),
            user_task("judge"),
            end(),
            flow("start", "judge"),
            flow("judge", "end"),
        )
    )
}


def section(heading: str) -> str:
    """What stands below a heading, up to the next of its kind."""
    return TEXT.partition(f"\n## {heading}\n")[2].partition("\n## ")[0]


@pytest.mark.parametrize("target", LINK.findall(TEXT))
def test_a_link_leads_to_a_file(target: str) -> None:
    assert (ROOT / target).exists()


def test_a_newcomer_types_two_commands_and_both_set_up_what_they_need() -> None:
    typed = TYPED.findall(section("Start"))
    assert typed == ["run", "test"]
    assert re.search(r"^run: setup ## ", MAKEFILE, re.MULTILINE)
    assert re.search(r"^test: \$\(VENV\)/stamp-dev ", MAKEFILE, re.MULTILINE)


def test_what_changes_where_and_what_make_run_serves() -> None:
    run = re.findall(r"^run: export (\w+) \?= (.*)$", MAKEFILE, re.MULTILINE)
    known = {name for setting in run for name in re.findall(r"[A-Z_]{4,}", " ".join(setting))}
    named = re.search(r"((?:`[A-Z_=0-9]+`,? (?:and )?)+)change\s+where and what", section("Start"))
    assert named
    assert set(re.findall(r"[A-Z_]{4,}", named[1])) <= known


def test_it_asks_for_the_python_that_is_needed() -> None:
    (wanted,) = re.findall(r"^Python (\S+) or newer", section("Start"), re.MULTILINE)
    assert PROJECT["project"]["requires-python"] == f">={wanted}"


def test_each_account_of_the_table_is_one_of_the_demo() -> None:
    rows = [
        re.findall(r"`([\w-]+)`", row) for row in ACCOUNT.findall(section("Accounts of the demo"))
    ]
    named = {name for row in rows for name in row}
    heads = {f"{code}-head" for code in HEADS}
    assert rows
    assert named <= {*STAFF, *CONTACTS, *heads, "kemhan-2"}


def test_the_demo_is_as_long_and_as_fast_as_it_says() -> None:
    (weeks,) = re.findall(r"over (\w+) weeks", TEXT)
    assert max(one.begins for one in STORY) // WORKING_DAYS_A_WEEK == WORDS[weeks]
    assert timedelta(seconds=FAST) == timedelta(days=1)


def test_the_large_demo_is_as_large_as_it_says() -> None:
    told = re.search(
        r"([\d,]+) recommendations, ([\d,]+) institutions and ([\d,]+) follow-ups", TEXT
    )
    assert told
    numbers = [int(number.replace(",", "")) for number in told.groups()]
    assert numbers == [LARGE.recommendations, LARGE.institutions, LARGE.follow_ups]


def test_words_in_italics_are_labels_of_the_indonesian_pages() -> None:
    named = {plain(label) for label in LABEL.findall(CODE.sub("", TEXT))}
    assert named - labels("id") == set()


def test_the_example_of_the_engine_runs_as_it_stands(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (example,) = re.findall(r"```python\n(.*?)```", section("The engine alone"), re.DOTALL)
    names: dict[str, Any] = {"model": MODEL["review.bpmn"]}
    exec(compile(example, "README.md", "exec"), names)
    engine: Engine = names["engine"]
    assert engine.instance(names["case"]).status == "completed"
    assert [event.kind for event in engine.history(names["case"])] == ["start", "complete"]


def test_the_layers_are_those_that_imports_keep() -> None:
    (layers,) = re.findall(r"Imports run one way, `([\w >-]+)`", TEXT)
    contracts = PROJECT["tool"]["importlinter"]["contracts"]
    (contract,) = (one for one in contracts if one["type"] == "layers" and "containers" not in one)
    assert layers.split(" -> ") == contract["layers"]


def test_the_licence_is_that_of_the_package() -> None:
    (licence,) = re.findall(r"SPDX-License-Identifier: ([\w.-]+)", TEXT)
    assert PROJECT["project"]["license"] == licence
