"""The shipped models follow the rules for models that run, can be read and can be edited by their
owners.
"""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

import pytest

from processes.files.file_types import EXTENSIONS
from tests.processes.lifecycle.models.drawn import (
    BPMN,
    CONDITION,
    KEYS,
    PROCESSES,
    Drawn,
    attribute,
    camunda_property,
    canonical,
    fields_of,
    model_files,
    name_of,
)

WORDS = re.compile(r"[a-z]+(_[a-z]+)*")
HIDDEN_BY = re.compile(r'=(?P<asked>\w+) !?= "(?P<value>\w+)"')


@pytest.fixture(scope="module", params=KEYS)
def drawn(request: pytest.FixtureRequest) -> Drawn:
    return Drawn(request.param)


@pytest.mark.parametrize("path", model_files(".bpmn", ".dmn", ".form"), ids=lambda p: p.name)
def test_a_model_is_written_as_the_editors_write_it_so_that_changes_read(path: Path) -> None:
    assert path.read_text(encoding="utf-8") == canonical(path)


def test_every_bpmn_file_is_a_process_these_tests_know() -> None:
    assert [path.stem for path in model_files(".bpmn")] == sorted(KEYS)
    assert [path.parent.name for path in model_files(".bpmn")] == sorted(KEYS)


def test_ids_are_words_and_not_what_an_editor_made_up(drawn: Drawn) -> None:
    ids = [node.get("id") for node in drawn.root.iter() if isinstance(node.tag, str)]
    wrong = [id for id in ids if id and not WORDS.fullmatch(id)]
    assert wrong == []
    assert [id for id, n in Counter(filter(None, ids)).items() if n > 1] == []


def test_a_flow_is_called_after_its_two_ends(drawn: Drawn) -> None:
    for id, flow in drawn.flows.items():
        assert id == f"{flow.get('sourceRef')}_to_{flow.get('targetRef')}"


def test_what_people_do_and_see_has_a_name_of_its_own(drawn: Drawn) -> None:
    named = [
        (id, node)
        for id, node in drawn.nodes.items()
        if name_of(node) not in ("boundaryEvent", "parallelGateway", "eventBasedGateway")
        and not id.startswith("notified_")
    ]
    assert [id for id, node in named if not node.get("name")] == []
    pair = ("level_", "notify_coordinator", "notify_institution")
    names = Counter(node.get("name") for id, node in named if not id.startswith(pair))
    assert [name for name, n in names.items() if n > 1] == []


def test_every_human_task_says_who_until_when_with_which_form_and_what_is_recorded(
    drawn: Drawn,
) -> None:
    groups = {
        "supervisor": ("supervisor",),
        "coordinator": ("coordinator",),
        "institution": ("${'institution:' + case.institution}", "${'institution:' + institution}"),
    }
    heads = "${'institution-head:' + case.institution}"
    for task in drawn.human_tasks():
        id = task.get("id")
        asked = (heads,) if id.startswith("release_") else groups[drawn.lane_of(id)]
        assert attribute(task, "candidateGroups") in asked, id
        assert attribute(task, "dueDate").startswith("${"), id
        assert attribute(task, "formRef") == id
        assert camunda_property(task, "onComplete").startswith("record_"), id
        assert task.findtext(f"{BPMN}documentation", "").endswith("."), id


def test_every_human_task_has_one_ladder_that_interrupts_nothing(drawn: Drawn) -> None:
    for task in drawn.human_tasks():
        [timer] = drawn.ladders_of(task.get("id"))
        assert timer.get("id") == f"escalate_{task.get('id')}"
        assert timer.get("cancelActivity") == "false"
        assert timer.findtext(f".//{BPMN}timeCycle") == '${next_look("escalation")}'


def test_the_ladders_of_a_lane_share_one_pair_of_table_and_notice(drawn: Drawn) -> None:
    pairs: dict[str, set[str]] = {}
    for task in drawn.human_tasks():
        [level] = drawn.after(f"escalate_{task.get('id')}")
        [notify] = drawn.after(level.get("id"))
        [end] = drawn.after(notify.get("id"))
        assert attribute(level, "decisionRef") == attribute(level, "resultVariable") == "escalation"
        assert attribute(level, "mapDecisionResult") == "singleResult"
        assert attribute(notify, "topic") == "notify"
        assert "escalation" in [part.text for part in notify.iter()]
        assert name_of(end) == "endEvent"
        assert list(end.findall(f"{BPMN}terminateEventDefinition")) == []
        pairs.setdefault(drawn.lane_of(task.get("id")), set()).add(level.get("id"))
    assert all(len(levels) == 1 for levels in pairs.values())


def test_the_process_ends_whatever_its_waiting_tracks_do(drawn: Drawn) -> None:
    ends = [
        node
        for id, node in drawn.nodes.items()
        if name_of(node) == "endEvent" and not id.startswith("notified_")
    ]
    ends_of = {
        "agreement": 3,
        "follow_up": 3,
        "recommendation": 2,
        "rakor": 2,
        "written_report": 2,
    }
    assert len(ends) == ends_of[drawn.key]
    assert all(end.find(f"{BPMN}terminateEventDefinition") is not None for end in ends)


def test_every_form_is_that_of_a_task_or_of_a_message(drawn: Drawn) -> None:
    wanted = {task.get("id") for task in drawn.human_tasks()}
    wanted |= {camunda_property(n, "form") for n in drawn.nodes.values()} - {""}
    files = {path.stem for path in drawn.folder.glob("*.form")}
    assert files == wanted
    assert all(drawn.form(id)["id"] == id for id in files)


def test_forms_ask_in_words_and_hide_only_by_what_they_ask(drawn: Drawn) -> None:
    for path in drawn.folder.glob("*.form"):
        fields = fields_of(drawn.form(path.stem))
        for key, field in fields.items():
            assert field.get("label") or field.get("dateLabel"), (path.name, key)
            assert WORDS.fullmatch(key), (path.name, key)
            if hide := field.get("conditional", {}).get("hide"):
                match = HIDDEN_BY.fullmatch(hide)
                assert match, (path.name, key)
                assert match["value"] in _values(fields[match["asked"]]), (path.name, key)
                assert fields[match["asked"]]["validate"]["required"], (path.name, key)


def _values(field: dict[str, object]) -> set[str]:
    values = field["values"]
    assert isinstance(values, list)
    return {choice["value"] for choice in values}


def test_forms_offer_exactly_the_kinds_of_files_that_are_let_in(drawn: Drawn) -> None:
    let_in = set().union(*EXTENSIONS.values())
    for path in drawn.folder.glob("*.form"):
        for field in fields_of(drawn.form(path.stem)).values():
            if field["type"] == "filepicker":
                assert set(field["accept"].split(",")) == let_in, path.name
                assert field["multiple"] is True


def test_a_gateway_behind_a_form_reads_a_required_answer_and_has_a_way_for_each(
    drawn: Drawn,
) -> None:
    """Else the gateway would follow the answer of an earlier round, or a word nobody can give."""
    read = {}
    for id, node in drawn.nodes.items():
        tests = [flow.findtext(f"{BPMN}conditionExpression") for flow in drawn.leaving(id)]
        matches = [CONDITION.fullmatch(test) for test in tests if test]
        if name_of(node) == "exclusiveGateway" and all(matches):
            read[id] = {(m[1], m[2]) for m in matches if m}
            assert node.get("default") in [flow.get("id") for flow in drawn.leaving(id)]
            assert tests.count(None) == 1
    asked = {}
    for task in drawn.human_tasks():
        for key, field in fields_of(drawn.form(task.get("id"))).items():
            if key in {name for pairs in read.values() for name, _ in pairs}:
                asked.setdefault(_gateway_after(drawn, task.get("id")), []).append((key, field))
    for id, pairs in read.items():
        [name] = {name for name, _ in pairs}
        [field] = [field for key, field in asked[id] if key == name]
        assert field["validate"]["required"] and "conditional" not in field
        words = {word for _, word in pairs}
        assert words < _values(field), id
        assert len(_values(field) - words) == 1, f"{id}: one answer is left for the default way"


def _gateway_after(drawn: Drawn, task: str) -> str:
    [node] = drawn.after(task)
    while name_of(node) in ("serviceTask", "userTask"):
        [node] = drawn.after(node.get("id"))
    return str(node.get("id"))


def test_a_round_of_comments_is_one_task_for_each_institution_and_ends_at_its_date() -> None:
    drawn = Drawn("recommendation")
    loop = drawn.nodes["comment"].find(f"{BPMN}multiInstanceLoopCharacteristics")
    assert (attribute(loop, "collection"), attribute(loop, "elementVariable")) == (
        "institutions",
        "institution",
    )
    assert loop.get("isSequential") is None
    closing = drawn.nodes["comment_deadline"]
    assert closing.get("cancelActivity") != "false"
    assert closing.findtext(f".//{BPMN}timeDate") == "${case.comment_deadline}"


def test_watching_on_counts_anew_before_it_waits() -> None:
    drawn = Drawn("recommendation")
    monitor = drawn.flows["decision_to_count_closed"]
    assert monitor.findtext(f"{BPMN}conditionExpression") == '${decision == "monitor"}'
    new = fields_of(drawn.form("evaluate_overall"))["new_deadline"]
    assert new["validate"]["required"]
    assert new["conditional"]["hide"] == '=decision != "monitor"'


def test_what_one_process_throws_the_other_catches_under_the_same_name() -> None:
    thrown, caught = set(), set()
    for drawn in map(Drawn, KEYS):
        names = {m.get("id"): m.get("name") for m in drawn.root.iter(f"{BPMN}message")}
        assert all(id == f"message_{name}" for id, name in names.items())
        for node in drawn.nodes.values():
            for definition in node.iter(f"{BPMN}messageEventDefinition"):
                caught.add(names[definition.get("messageRef")])
            if node.get("messageRef"):
                thrown.add(names[node.get("messageRef")])
                assert camunda_property(node, "correlationKey") == "${case.recommendation_id}"
    assert thrown == {"follow_up_closed"}
    by_web_and_handlers = {
        "extension_requested",
        "report_replaced",
        "withdrawal_proposed",
        "recommendation_withdrawn",
        "recipients_changed",
        "agreement_withdrawn",
        "meeting_changed",
        "request_dropped",
    }
    assert caught == thrown | by_web_and_handlers


@pytest.mark.parametrize("key", KEYS)
def test_a_readme_tells_of_every_message_and_end(key: str) -> None:
    text = (PROCESSES / key / "README.md").read_text(encoding="utf-8")
    drawn = Drawn(key)
    ends = [id for id, n in drawn.nodes.items() if name_of(n) == "endEvent" and n.get("name")]
    messages = [message.get("name") for message in drawn.root.iter(f"{BPMN}message")]
    assert [word for word in ends + messages if f"`{word}`" not in text] == []
