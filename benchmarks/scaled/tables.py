# ruff: noqa: E501 - a kind is a line, and its braces are places to fill
"""Large decision tables and many decisions."""

from __future__ import annotations

from benchmarks.scaled.making import START, Kinds, bpmn, dmn, many, required, rules, table

KINDS: Kinds = {
    "rules UNIQUE apart": (1000, lambda n: dmn(table(rules(n, lambda r, c: str(r))))),
    "rules UNIQUE of text": (
        1000,
        lambda n: dmn(table(rules(n, lambda r, c: f'"k{r}"'), of="string")),
    ),
    "rules UNIQUE ranges": (1000, lambda n: dmn(table(rules(n, lambda r, c: f"[{r}..{r}]")))),
    "rules UNIQUE overlapping": (1000, lambda n: dmn(table(rules(n, lambda r, c: f"> {r}")))),
    "rules UNIQUE all same": (1000, lambda n: dmn(table(rules(n, lambda r, c: "-")))),
    "rules UNIQUE almost": (
        500,
        lambda n: dmn(table(rules(n, lambda r, c: f"> {r}" if c == 0 else str(r), 2), 2)),
    ),
    "rules UNIQUE of dates": (
        500,
        lambda n: dmn(
            table(rules(n, lambda r, c: f'date("2026-01-01") + duration("P{r}D")'), of="date")
        ),
    ),
    "rules UNIQUE not": (1000, lambda n: dmn(table(rules(n, lambda r, c: f"not({r})")))),
    "rules UNIQUE by another column": (
        1000,
        lambda n: dmn(table(rules(n, lambda r, c: f"> a1 + {r}", 2), 2)),
    ),
    "rules FIRST": (1000, lambda n: dmn(table(rules(n, lambda r, c: f"> {r}"), policy="FIRST"))),
    "rules with wrong cells": (1000, lambda n: dmn(table(rules(n, lambda r, c: "???")))),
    "columns": (500, lambda n: dmn(table(rules(4, lambda r, c: str(r), n), n))),
    "wide rules": (50, lambda n: dmn(table(rules(90, lambda r, c: f"> {r}", n), n))),
    "outputs": (
        1000,
        lambda n: dmn(
            table("").replace(
                '<output id="o" name="r" typeRef="string"/>',
                many(n, '<output id="o{0}" name="r{0}"/>'),
            )
        ),
    ),
    "listed values": (
        1000,
        lambda n: dmn(table(rules(1, lambda r, c: ",".join(map(str, range(n)))))),
    ),
    "lists of values": (
        20,
        lambda n: dmn(
            table(rules(50, lambda r, c: ",".join(f"{r + 1}{i}" for i in range(n * 10))))
        ),
    ),
    "long cell": (1000, lambda n: dmn(table(rules(1, lambda r, c: "> 1" + " + 1" * n)))),
    "allowed values": (
        1000,
        lambda n: dmn(
            table(rules(10, lambda r, c: f'"v{r}"'), of="string").replace(
                "</inputExpression>",
                "</inputExpression><inputValues><text>"
                + many(n, '"v{0}"', ",")
                + "</text></inputValues>",
            )
        ),
    ),
    "decisions": (50, lambda n: required(n, fan=False)),
    "chain of decisions": (50, lambda n: required(n, fan=False)),
    "decisions that need all": (50, lambda n: required(n, fan=True)),
    "required inputs": (
        1000,
        lambda n: dmn(
            many(
                n,
                '<inputData id="i{0}" name="i{0}"><variable name="i{0}" typeRef="number"/></inputData>',
            )
            + '<decision id="d"><variable name="d"/>'
            + many(
                n, '<informationRequirement><requiredInput href="#i{0}"/></informationRequirement>'
            )
            + "<literalExpression><text>i1</text></literalExpression></decision>"
        ),
    ),
    "knowledge": (
        500,
        lambda n: dmn(
            many(
                n,
                '<businessKnowledgeModel id="k{0}" name="k{0}"><variable name="k{0}"/><encapsulatedLogic><formalParameter name="x"/><literalExpression><text>x + 1</text></literalExpression></encapsulatedLogic><knowledgeRequirement><requiredKnowledge href="#k{2}"/></knowledgeRequirement></businessKnowledgeModel>',
            )
            + '<decision id="d"><variable name="d"/><knowledgeRequirement><requiredKnowledge href="#k0"/></knowledgeRequirement><literalExpression><text>k0(1)</text></literalExpression></decision>'
        ),
    ),
    "types": (
        1000,
        lambda n: dmn(
            many(n, '<itemDefinition name="t{0}"><typeRef>t{2}</typeRef></itemDefinition>')
            + table(rules(1, lambda r, c: "1"), of="t0")
        ),
    ),
    "type components": (
        1000,
        lambda n: dmn(
            '<itemDefinition name="t">'
            + many(n, '<itemComponent name="c{0}"><typeRef>string</typeRef></itemComponent>')
            + "</itemDefinition>"
            + table(rules(1, lambda r, c: "1"), of="t")
        ),
    ),
    "long formula": (
        1000,
        lambda n: dmn(
            f'<decision id="d"><variable name="d"/><literalExpression><text>1{" + 1" * n}</text></literalExpression></decision>'
        ),
    ),
    "formula brackets": (
        25,
        lambda n: dmn(
            f'<decision id="d"><variable name="d"/><literalExpression><text>{"(" * n}1{")" * n}</text></literalExpression></decision>'
        ),
    ),
    "formula ifs": (
        500,
        lambda n: dmn(
            f'<decision id="d"><variable name="d"/><literalExpression><text>{"if x then 1 else " * n}1</text></literalExpression></decision>'
        ),
    ),
    "formula quotes": (
        2000,
        lambda n: dmn(
            f'<decision id="d"><variable name="d"/><literalExpression><text>{chr(34) * n}</text></literalExpression></decision>'
        ),
    ),
    "ladder rows": (
        100,
        lambda n: {
            **bpmn(
                START
                + '<userTask id="t" camunda:dueDate="${{now()}}"/><boundaryEvent id="b" attachedToRef="t" cancelActivity="false"><timerEventDefinition><timeCycle>${next_look("t")}</timeCycle></timerEventDefinition></boundaryEvent>'
            ),
            **dmn(
                table(rules(n, lambda r, c: f"< {r * 3}"), policy="FIRST")
                .replace("a0", "overdue")
                .replace('name="r" typeRef="string"', 'name="next_look"')
                .replace("&quot;x&quot;", "overdue + 1")
            ),
        },
    ),
}
