"""Decisions in a running process: every policy, formulas and required decisions are evaluated."""

from __future__ import annotations

import pytest

from engine import Engine, ModelError
from tests.engine.decisions.drawings import (
    decision,
    drawing,
    formula,
    input_data,
    knowledge,
    rules,
)
from tests.engine.models.building import (
    boundary,
    bpmn,
    end,
    flow,
    node,
    process,
    start,
    timer,
    user_task,
)
from tests.engine.models_of_tests import only_task

CHANNELS = (
    '<decision id="channel" name="Channel"><decisionTable hitPolicy="{policy}">'
    "<input><inputExpression><text>late</text></inputExpression></input>"
    '<output name="channel"><outputValues><text>"letter","inbox"</text></outputValues></output>'
    "<rule><inputEntry><text>&gt; 0</text></inputEntry>"
    '<outputEntry><text>"inbox"</text></outputEntry></rule>'
    "<rule><inputEntry><text>&gt; 5</text></inputEntry>"
    '<outputEntry><text>"letter"</text></outputEntry></rule>'
    "</decisionTable></decision>"
)

FEES = drawing(
    input_data("amount_data", "Amount Asked"),
    decision("share", formula("part(Amount Asked, 0.07)"), "input:amount_data", "knowledge:part"),
    decision(
        "fee",
        rules(
            ["share"], ["fee", "by"], ["< 10", "0", '"post"'], [">= 10", "share + 0.1", '"bank"']
        ),
        "decision:share",
    ),
    knowledge("part", ["whole", "rate"], "whole * rate"),
)


def asking(reference: str, how: str, dmn: bytes) -> dict[str, bytes]:
    """A process that asks the decision and waits, so that its data can be looked at."""
    ask = node(
        "businessRuleTask",
        "ask",
        camunda_decisionRef=reference,
        camunda_resultVariable="answer",
        camunda_mapDecisionResult=how,
    )
    return {
        "asking.bpmn": bpmn(process("asking", start(), ask, user_task("read"), end())),
        "asked.dmn": dmn,
    }


def answer(engine: Engine, files: dict[str, bytes], data: dict[str, object]) -> object:
    engine.deploy(files, "ani")
    case = engine.start("asking", data)
    assert only_task(engine, case).element_id == "read"
    return engine.data(case)["answer"]


@pytest.mark.parametrize(
    ("policy", "how", "result"),
    [
        ("FIRST", "singleEntry", "inbox"),
        ("PRIORITY", "singleEntry", "letter"),
        ("COLLECT", "collectEntries", ["inbox", "letter"]),
        ("RULE ORDER", "resultList", [{"channel": "inbox"}, {"channel": "letter"}]),
        ("OUTPUT ORDER", "collectEntries", ["letter", "inbox"]),
    ],
)
def test_a_process_gets_what_the_policy_of_its_table_says(
    engine: Engine, policy: str, how: str, result: object
) -> None:
    files = asking("channel", how, drawing(CHANNELS.format(policy=policy)))
    assert answer(engine, files, {"late": 9}) == result


def test_a_process_that_asks_a_decision_gets_those_it_needs_worked_out(engine: Engine) -> None:
    files = asking("fee", "singleResult", FEES)
    assert answer(engine, files, {"Amount Asked": 310}) == {"fee": 21.8, "by": "bank"}


def test_a_process_may_ask_a_formula(engine: Engine) -> None:
    assert answer(engine, asking("share", "singleEntry", FEES), {"Amount Asked": 100}) == 7


def test_a_wrong_decision_stops_the_deployment_with_its_place_and_what_to_write(
    engine: Engine,
) -> None:
    circle = drawing(
        decision("a", formula("b"), "decision:b"), decision("b", formula("a"), "decision:a")
    )
    with pytest.raises(ModelError) as refused:
        engine.deploy(asking("a", "singleEntry", circle), "ani")
    [problem] = [found for found in refused.value.problems if found.file == "asked.dmn"]
    assert problem.element_id in {"a", "b"}
    assert problem.line
    assert "arrows" in str(problem.advice)


def test_a_formula_is_no_ladder(engine: Engine) -> None:
    ladder = decision("steps", formula("overdue + 5"))
    with pytest.raises(ModelError, match="no decision table steps"):
        engine.deploy({"a.bpmn": escalated("steps"), "steps.dmn": drawing(ladder)}, "ani")


def escalated(table: str) -> bytes:
    """A task whose timer asks the table when to look next."""
    return bpmn(
        process(
            "escalated",
            start(),
            user_task("answer", camunda_dueDate="${working_days(5, task.created)}"),
            end("answered"),
            boundary(
                "late",
                "answer",
                timer(f'${{next_look("{table}")}}', "timeCycle"),
                interrupting=False,
            ),
            end("told"),
            flow("start", "answer"),
            flow("answer", "answered"),
            flow("late", "told"),
        )
    )
