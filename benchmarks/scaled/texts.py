# ruff: noqa: E501 - a kind is a line, and its braces are places to fill
"""Long expressions and scripts, and many of them."""

from __future__ import annotations

from benchmarks.scaled.making import Kinds, bpmn, condition, many, script, split

KINDS: Kinds = {
    "sum": (1_200, lambda n: condition("1" + "+1" * n)),
    "names": (1_200, lambda n: condition(" and ".join(["x > 1"] * n))),
    "brackets": (25, lambda n: condition("(" * n + "1" + ")" * n)),
    "juel": (1_200, lambda n: condition("${" + " && ".join(["x"] * n) + "}")),
    "juel not": (4_000, lambda n: condition("${" + "!" * n + "x}")),
    "juel questions": (1_200, lambda n: condition("${" + "a ? " * n + "b" + " : c" * n + "}")),
    "juel quotes": (2_000, lambda n: condition("${" + "'\\\"" * n + "}")),
    "juel parts": (1_200, lambda n: condition("${1}" * n)),
    "juel open": (4_000, lambda n: condition("${" * n)),
    "wrong text": (4_000, lambda n: condition("x ? " * n)),
    "wrong quotes": (4_000, lambda n: condition("'" + '"' * n + "x")),
    "conditions": (
        500,
        lambda n: bpmn(
            split(1, "exclusiveGateway")
            + many(
                n,
                '<sequenceFlow id="c{0}" sourceRef="g" targetRef="n0"><conditionExpression>x%s</conditionExpression></sequenceFlow>'
                % (" + 1" * 2000),
            )
        ),
    ),
    "script lines": (1_200, lambda n: script("x = 1\n" * n)),
    "script names": (1_200, lambda n: script(many(n, "x{0} = y{0}\n"))),
    "script calls": (1_200, lambda n: script("x = f(y)\n" * n)),
    "script blocks": (
        25,
        lambda n: script("".join("  " * i + "if x:\n" for i in range(n)) + "  " * n + "y = 1\n"),
    ),
    "script blank lines": (4_000, lambda n: script("\n" * n + "x = 1")),
    "script comprehension": (500, lambda n: script("x = [i " + "for i in y " * n + "]")),
    "script list": (2_000, lambda n: script("x = [" + "1," * n + "]")),
    "script constants": (
        300,
        lambda n: script(many(n, "x = sum(range(9999)) + sorted(range(9999))[{0}]\n")),
    ),
}
