# ruff: noqa: UP031 - a kind is a line, and its braces are places to fill
"""Large numbers of the parts of any XML file."""

from __future__ import annotations

from benchmarks.scaled.making import SIMPLE, Kinds, bpmn, many

KINDS: Kinds = {
    "attributes": (50_000, lambda n: bpmn(SIMPLE, process=many(n, 'a{0}="1"', " "))),
    "foreign attributes": (
        50_000,
        lambda n: bpmn(SIMPLE, process=many(n, 'camunda:a{0}="1"', " ")),
    ),
    "attributes in all": (
        100_000,
        lambda n: bpmn(
            SIMPLE,
            before=f"<x:e xmlns:x='u' {many(100, 'a{0}=%s1%s' % (chr(34), chr(34)), ' ')}/>"
            * (n // 100),
        ),
    ),
    "prefixes": (15_000, lambda n: bpmn(SIMPLE, root=many(n, 'xmlns:a{0}="u{0}"', " "))),
    "nested prefixes": (
        15_000,
        lambda n: bpmn(
            SIMPLE,
            before="".join(
                f"<x{i} {many(n // 50, f'xmlns:a{i}x{{0}}=%su{{0}}%s' % (chr(34), chr(34)), ' ')}>"
                for i in range(50)
            )
            + "".join(f"</x{i}>" for i in reversed(range(50))),
        ),
    ),
    "prefixes of siblings": (
        50_000,
        lambda n: bpmn(SIMPLE, before=many(n, '<a{0}:x xmlns:a{0}="u"/>')),
    ),
    "elements": (100_000, lambda n: bpmn(SIMPLE, before=many(n, '<bpmndi:x id="a{0}"/>'))),
    "elements in text": (
        25_000,
        lambda n: bpmn(SIMPLE, before="<documentation>" + many(n, "<b/>t") + "</documentation>"),
    ),
    "comments": (200_000, lambda n: bpmn(SIMPLE, before=many(n, "<!--x-->"))),
    "entities": (
        200_000,
        lambda n: bpmn(SIMPLE, before=f"<documentation>{'&lt;' * n}</documentation>"),
    ),
    "depth": (25, lambda n: bpmn(SIMPLE, before="<a>" * n + "</a>" * n)),
    "deep depth": (2_500, lambda n: bpmn(SIMPLE, before="<a>" * n + "</a>" * n)),
    "long text": (2_000_000, lambda n: bpmn(f"<documentation>{'x' * n}</documentation>" + SIMPLE)),
    "long name": (2_000_000, lambda n: bpmn(SIMPLE + f'<task id="{"x" * n}"/>')),
}
