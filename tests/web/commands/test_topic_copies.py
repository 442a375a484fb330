"""`tindak check --fix-topics`: copies beside the models, in which workers do the work of code."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from engine.models.bpmn import read_bpmn
from tests.engine.models.building import bpmn, end, node, process, service_task, start
from web.cli import main

MAIL = bpmn(
    process(
        "mail",
        start(),
        node("serviceTask", "send", camunda_class="org.x.SendInvoiceDelegate", name="Send"),
        node("sendTask", "tell", camunda_delegateExpression="${courier}"),
        end(),
    )
)
PLAIN = bpmn(process("plain", start(), service_task("a", "t"), end()))


@pytest.fixture
def model(tmp_path: Path) -> Path:
    file = tmp_path / "mail.bpmn"
    file.write_bytes(MAIL)
    return file


def check(*words: object) -> Result:
    return CliRunner().invoke(main, ["check", *map(str, words)])


def test_the_check_says_that_there_is_a_correction(model: Path) -> None:
    answer = check(model)
    assert answer.exit_code == 1
    assert "Its topic could be send-invoice." in answer.output
    assert "With --fix-topics copies are written" in answer.output
    assert list(model.parent.iterdir()) == [model], "a check alone writes nothing"
    model.write_bytes(PLAIN)
    assert "--fix-topics" not in check(model).output


def test_programs_are_told_the_correction_with_the_finding(model: Path) -> None:
    found = [one["fix"] for one in json.loads(check("--json", model).output) if one["fix"]]
    assert {
        "kind": "make-topic",
        "element_id": "tell",
        "topic": "courier",
        "code": "${courier}",
    } in (found)


def test_a_copy_is_written_beside_the_original_and_passes_the_check(model: Path) -> None:
    answer = check("--fix-topics", model)
    copy = model.with_name("mail.topics.bpmn")
    assert answer.exit_code == 0, answer.output
    assert "mail.bpmn: Send (send): org.x.SendInvoiceDelegate -> send-invoice" in answer.output
    assert "mail.bpmn: Tell (tell): ${courier} -> courier" in answer.output
    assert f"mail.bpmn: written as {copy}" in answer.output
    assert "0 errors" in answer.output
    assert model.read_bytes() == MAIL
    [made] = read_bpmn(copy.read_bytes(), copy.name).processes
    assert [made.elements[id].topic for id in ("send", "tell")] == ["send-invoice", "courier"]
    assert check(copy).exit_code == 0


def test_what_remains_wrong_is_told_of_the_copy(model: Path) -> None:
    listener = b'<extensionElements><camunda:executionListener class="x.L"/></extensionElements>'
    model.write_bytes(MAIL.replace(b"</serviceTask>", listener + b"</serviceTask>"))
    answer = check("--fix-topics", model)
    assert answer.exit_code == 1
    assert "mail.topics.bpmn" in answer.output
    assert "executionListener cannot run here." in answer.output
    assert "1 errors" in answer.output


def test_a_folder_is_corrected_again_and_again_with_the_same_result(model: Path) -> None:
    plain = model.with_name("plain.bpmn")
    plain.write_bytes(PLAIN)
    first = check("--fix-topics", model.parent)
    assert check("--fix-topics", model.parent).output == first.output
    names = {file.name for file in model.parent.iterdir()}
    assert names == {"mail.bpmn", "mail.topics.bpmn", "plain.bpmn"}


def test_another_file_of_that_name_stays(model: Path) -> None:
    copy = model.with_name("mail.topics.bpmn")
    copy.write_bytes(PLAIN)
    answer = check("--fix-topics", model)
    assert answer.exit_code == 1
    assert "mail.topics.bpmn is there already and holds something else: it stays." in answer.output
    assert copy.read_bytes() == PLAIN


def test_a_model_without_foreign_code_is_only_checked(model: Path) -> None:
    model.write_bytes(PLAIN)
    answer = check("--fix-topics", model)
    assert answer.exit_code == 0
    assert "No code of another engine stands where a topic could." in answer.output
    assert list(model.parent.iterdir()) == [model]


def test_a_program_reads_the_findings_alone(model: Path) -> None:
    answer = check("--fix-topics", "--json", model)
    assert {one["file"] for one in json.loads(answer.stdout)} <= {"mail.topics.bpmn"}
