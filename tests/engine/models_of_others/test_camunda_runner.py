"""`python -m benchmarks.camunda` on a folder of three models and its own table."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from benchmarks.camunda import __main__ as runner
from benchmarks.camunda import table
from benchmarks.camunda.playing import Play, acts_of
from tests.engine.models.building import (
    boundary,
    bpmn,
    catch,
    end,
    event,
    flow,
    node,
    process,
    service_task,
    start,
    timer,
    user_task,
)

ASKED = bpmn(
    process(
        "asked",
        start(),
        user_task("look"),
        boundary("late", "look", timer("PT1H")),
        user_task("hurry"),
        end(),
        flow("start", "look"),
        flow("look", "end"),
        flow("late", "hurry"),
        flow("hurry", "end"),
    )
)
CALLED = bpmn(process("called", start(), service_task("call", topic="x"), end())).replace(
    b'camunda:type="external" camunda:topic="x"', b'camunda:class="org.example.Paying"'
)
TOLD = bpmn(
    process("told", start(), catch("ear", event("signal", "alarm")), node("receiveTask", "wait"))
)
TABLE = """
[TaskTest]
asked = 'start amount=3; at Look; has amount=3; after 1h; at hurry; do hurry; ended'
[TaskTest.done]
files = ["TaskTest.asked"]
play = 'start; do look; at hurry'
[TaskTest.untouched]
files = ["TaskTest.asked"]
play = 'start; refuses message unknown; at look'
differs = "Said so."
[TaskTest.called]
play = 'start; ended; has paid=true'
does.Paying = { set = { paid = true } }
[TaskTest.failing]
files = ["TaskTest.called"]
play = 'refuses start'
does.Paying = { fails = "no money" }
[TaskTest.told]
play = 'start; signal alarm floor=2; has floor=2; waits wait; message wait; none'
told = ["wait"]
[left_out]
"*Rest*" = "Not ours."
"""


@pytest.fixture
def root(tmp_path: Path) -> Path:
    (tmp_path / "event/user").mkdir(parents=True)
    for name, content in {"asked": ASKED, "called": CALLED, "told": TOLD, "more": TOLD}.items():
        (tmp_path / f"event/user/TaskTest.{name}.bpmn20.xml").write_bytes(content)
    (tmp_path / "event/user/Rest.bpmn").write_bytes(ASKED)
    (tmp_path / "tables").mkdir()
    (tmp_path / "tables/event.user.toml").write_text(TABLE)
    return tmp_path


def test_each_case_is_right_adapted_different_or_wrong(root: Path, tmp_path: Path) -> None:
    folders = list(table.read(root, root / "tables"))
    results = list(runner.play_all(folders, tmp_path))
    assert {one.case.name.partition(".")[2]: one.kind for one in results} == {
        "asked": "right",
        "done": "wrong",
        "untouched": "differs",
        "called": "adapted",
        "failing": "adapted",
        "told": "adapted",
    }


def test_what_is_wrong_is_told_with_what_was_expected_and_found(root: Path, tmp_path: Path) -> None:
    folders = list(table.read(root, root / "tables"))
    printed = runner.printed(folders, list(runner.play_all(folders, tmp_path)), root).splitlines()
    assert printed[2] == "| event/user | 6 | 1 | 3 | 1 | 1 | 1 |"
    assert "- event/user/TaskTest.done: `at hurry`: expected ['hurry'], found []" in printed
    assert printed[-1] == "- event/user/TaskTest.untouched: Said so."


def test_a_worker_outside_does_what_code_in_the_step_does(root: Path, tmp_path: Path) -> None:
    folders = list(table.read(root, root / "tables"))
    results = list(runner.play_all(folders, tmp_path, outside=True))
    assert {one.case.name.partition(".")[2]: one.kind for one in results} == {
        "called": "adapted",
        "failing": "adapted",
    }


def test_a_model_is_in_a_case_or_left_out_for_a_reason(root: Path) -> None:
    (folder,) = table.read(root, root / "tables")
    assert folder.unnamed(root) == ["TaskTest.more.bpmn20.xml"]
    assert folder.reason("Rest.bpmn") == "Not ours."


def test_a_folder_without_models_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "argv", ["camunda", str(tmp_path / "nowhere")])
    with pytest.raises(SystemExit, match="There are no models in"):
        runner.main()


def test_every_play_of_the_tables_can_be_read(tmp_path: Path) -> None:
    verbs = {
        act.words[0] if act.verb == "refuses" else act.verb
        for folder in table.read(tmp_path)
        for case in folder.cases
        for act in acts_of(case.play)
    }
    assert {verb for verb in verbs if not hasattr(Play, f"_{verb}")} <= {"refused"}


def test_every_difference_on_purpose_stands_in_the_documents(tmp_path: Path) -> None:
    docs = Path(__file__).parents[3] / "docs"
    rows = {
        language: [line for line in (docs / f"semantics{language}.md").read_text().splitlines()
                   if line.startswith("- ")]
        for language in ("", ".en")
    }  # fmt: skip
    reasons = {case.differs for one in table.read(tmp_path) for case in one.cases} - {""}
    assert set(rows[".en"]) == {f"- {reason}" for reason in reasons}
    assert len(rows[""]) == len(rows[".en"])
