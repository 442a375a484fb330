"""`tindak check` and `tindak deploy` look at the same files: the model, and what it uses."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from tests.engine.models.building import bpmn, end, node, process, start, user_task
from web.cli import main
from web.composition import service_from_environment

MODEL = bpmn(
    process(
        "ask",
        start(),
        user_task("answer", camunda_formRef="answers"),
        node("businessRuleTask", "judge", camunda_decisionRef="verdict"),
        end(),
    )
)
FORM = json.dumps(
    {"id": "answers", "type": "default", "components": [{"type": "textfield", "key": "said"}]}
).encode()
TABLE = b"""<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" id="d" name="d"
 namespace="n"><decision id="verdict" name="Verdict"><decisionTable id="t">
 <output id="o" name="verdict" typeRef="string"/>
 <rule id="r"><outputEntry id="e"><text>"fine"</text></outputEntry></rule>
 </decisionTable></decision></definitions>"""


@pytest.fixture
def model(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A model with its form beside it, its table in the shared folder, and files of others."""
    monkeypatch.setenv("TINDAK_DATA_DIR", str(tmp_path / "data"))
    for folder in ("ask", "lifecycle"):
        (tmp_path / folder).mkdir()
    (tmp_path / "lifecycle" / "verdict.dmn").write_bytes(TABLE)
    (tmp_path / "ask" / "answers.form").write_bytes(FORM)
    (tmp_path / "ask" / "of_others.form").write_bytes(b"no form at all")
    (tmp_path / "ask" / "of_others.dmn").write_bytes(TABLE.replace(b'"verdict"', b'"other"'))
    file = tmp_path / "ask" / "ask.bpmn"
    file.write_bytes(MODEL)
    return file


def run(*words: object) -> Result:
    return CliRunner().invoke(main, [str(word) for word in words])


def deployed() -> set[str]:
    """The files of the newest version of the model."""
    with service_from_environment() as service:
        [version] = service.engine.versions("ask")
        return set(service.engine.files(version.id))


def test_what_passes_the_check_is_deployed_with_what_it_uses(model: Path) -> None:
    assert run("check", model).exit_code == 0
    answer = run("deploy", model)
    assert (answer.exit_code, "ask: version 1" in answer.output) == (0, True)
    assert deployed() == {"ask.bpmn", "answers.form", "verdict.dmn"}


def test_so_it_is_from_inside_the_folder(model: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(model.parent)
    assert run("check", "ask.bpmn").exit_code == 0
    assert run("deploy", "ask.bpmn").exit_code == 0
    assert deployed() == {"ask.bpmn", "answers.form", "verdict.dmn"}


@pytest.mark.parametrize("name", ["ask/answers.form", "lifecycle/verdict.dmn"])
def test_a_fault_in_what_it_uses_is_one_for_both(model: Path, name: str) -> None:
    file = model.parent.parent / name
    content = file.read_bytes()
    file.write_bytes(content[: content.index(b"answers" if b"answers" in content else b"</") + 12])
    checked, answer = run("check", model), run("deploy", model)
    assert (checked.exit_code, answer.exit_code) == (1, 1)
    assert file.name in checked.output
    assert file.name in answer.output


def test_a_table_beside_the_model_goes_before_the_shared_one(model: Path) -> None:
    nearer = TABLE.replace(b'"fine"', b'"nearer"')
    (model.parent / "verdict.dmn").write_bytes(nearer)
    assert run("check", model).exit_code == 0
    assert run("deploy", model).exit_code == 0
    with service_from_environment() as service:
        [version] = service.engine.versions("ask")
        assert service.engine.files(version.id)["verdict.dmn"] == nearer


def test_two_files_of_one_name_in_a_folder_are_refused_by_both(model: Path) -> None:
    (model.parent / "verdict.dmn").write_bytes(TABLE)
    folder = model.parent.parent
    for command in ("check", "deploy"):
        answer = run(command, folder)
        assert answer.exit_code == 1
        assert "give each file a name of its own" in answer.output


def test_a_group_that_is_not_there_is_told_by_both(model: Path) -> None:
    model.write_bytes(
        MODEL.replace(b"camunda:formRef", b'camunda:candidateGroups="boss" camunda:formRef')
    )
    for command in ("check", "deploy"):
        answer = run(command, model)
        assert "There is no group boss" in answer.output
        assert "admin, coordinator, process-owner, supervisor, institution" in answer.output
