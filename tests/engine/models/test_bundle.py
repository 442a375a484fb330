"""Files of a deployment: told apart, read together, and recognised as unchanged."""

from __future__ import annotations

import json

from engine.models.bundle import Bundle, digest_of, files_of, read_bundle
from engine.sentences.problems import errors_of
from tests.engine.models.building import (
    boundary,
    bpmn,
    call,
    decision_task,
    end,
    process,
    start,
    timer,
    user_task,
)

FORM = json.dumps({"id": "plan", "components": [{"type": "textfield", "key": "unit"}]}).encode()
MODEL = bpmn(
    process(
        "order",
        start(),
        user_task("a", camunda_formRef="plan", camunda_dueDate="2026-12-01"),
        decision_task("d", "rollup"),
        call("c", "payment"),
        end(),
        boundary("b", "a", timer('${next_look("escalation")}', "timeCycle"), interrupting=False),
    )
)


def table(name: str) -> bytes:
    return f"""<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" id="d" name="d"
namespace="x"><decision id="{name}" name="{name}"><decisionTable id="t_{name}">
<input id="i"><inputExpression id="e"><text>overdue</text></inputExpression></input>
<output id="o" name="next_look"/><rule id="r"><inputEntry id="ie"><text>-</text></inputEntry>
<outputEntry id="oe"><text></text></outputEntry></rule></decisionTable></decision>
</definitions>""".encode()


FILES = {
    "order.bpmn": MODEL,
    "payment.bpmn": bpmn(process("payment", start(), end())),
    "rollup.dmn": table("rollup"),
    "ladder.dmn": table("escalation"),
    "other.dmn": table("other"),
    "plan.form": FORM,
}


def codes(bundle: Bundle) -> set[tuple[str, str]]:
    return {(problem.file, problem.code) for problem in errors_of(bundle.problems)}


def test_processes_tables_and_forms_are_found_by_id() -> None:
    bundle = read_bundle(FILES)
    assert codes(bundle) == set()
    assert set(bundle.processes) == {"order", "payment"}
    assert set(bundle.decisions) == {"rollup", "escalation", "other"}
    assert set(bundle.forms) == {"plan"}
    assert set(bundle.xml) == set(FILES) - {"plan.form"}


def test_a_process_uses_its_own_file_its_tables_ladders_and_forms() -> None:
    used = files_of(read_bundle(FILES), "order")
    assert used == {"order.bpmn", "rollup.dmn", "ladder.dmn", "plan.form"}
    assert files_of(read_bundle(FILES), "payment") == {"payment.bpmn"}


def test_the_form_of_a_task_is_the_one_it_refers_to() -> None:
    bundle = read_bundle(FILES)
    elements = bundle.processes["order"].elements
    assert bundle.form_of(elements["a"]) is bundle.forms["plan"]
    assert bundle.form_of(elements["d"]) is None


def test_one_bad_file_leaves_the_others_readable() -> None:
    bundle = read_bundle({**FILES, "plan.form": b"{", "rollup.dmn": b"<x", "bad.bpmn": b""})
    assert set(bundle.processes) == {"order", "payment"}
    assert {file for file, _ in codes(bundle)} == {"plan.form", "rollup.dmn", "bad.bpmn"}


def test_ids_that_stand_in_two_files_are_refused() -> None:
    bundle = read_bundle({**FILES, "z.bpmn": MODEL, "z.form": FORM, "z.dmn": table("rollup")})
    assert codes(bundle) == {("z.bpmn", "id"), ("z.form", "id"), ("z.dmn", "id")}


def test_files_that_are_no_models_are_left_out_with_a_warning() -> None:
    bundle = read_bundle({"a.bpmn": FILES["payment.bpmn"], "README.md": b"hello"})
    [problem] = bundle.problems
    assert (problem.file, problem.severity) == ("README.md", "warning")


def test_nothing_at_all_is_an_error() -> None:
    assert codes(read_bundle({})) == {("", "empty")}


def test_endings_of_names_are_read_without_regard_to_case() -> None:
    assert set(read_bundle({"A.BPMN20.XML": MODEL}).processes) == {"order"}


class TestDigest:
    def test_layout_of_the_text_does_not_count(self) -> None:
        indented = json.dumps(json.loads(FORM), indent=3, sort_keys=True).encode()
        spread = MODEL.replace(b"><", b">\n  <")
        same = {"order.bpmn": spread, "plan.form": indented}
        assert digest_of(same) == digest_of({"order.bpmn": MODEL, "plan.form": FORM})

    def test_every_change_of_content_or_name_does(self) -> None:
        original = {"order.bpmn": MODEL, "plan.form": FORM}
        changes = [
            {"order.bpmn": MODEL.replace(b"2026-12-01", b"2026-12-02"), "plan.form": FORM},
            {"order.bpmn": MODEL, "plan.form": FORM.replace(b"unit", b"team")},
            {"order.bpmn": MODEL, "plan2.form": FORM},
            {"order.bpmn": MODEL},
        ]
        digests = {digest_of(files) for files in [original, *changes]}
        assert len(digests) == 5

    def test_content_that_cannot_be_read_counts_as_it_stands(self) -> None:
        assert digest_of({"a.bpmn": b"<", "a.form": b"{"}) != digest_of(
            {"a.bpmn": b"<<", "a.form": b"{"}
        )
