"""Large forms."""

from __future__ import annotations

from benchmarks.scaled.making import Kinds, form, grouped

KINDS: Kinds = {
    "fields": (
        150,
        lambda n: form(
            [{"type": "textfield", "id": f"f{i}", "key": f"k{i}", "label": "x"} for i in range(n)]
        ),
    ),
    "fields with findings": (
        2000,
        lambda n: form(
            [{"type": "textfield", "id": f"f{i}", "key": "for", "label": "x"} for i in range(n)]
        ),
    ),
    "unknown components": (
        5000,
        lambda n: form([{"type": "zzz", "id": f"f{i}"} for i in range(n)]),
    ),
    "components that are none": (50_000, lambda n: form([0] * n)),
    "choices": (
        5000,
        lambda n: form(
            [
                {
                    "type": "select",
                    "id": "f",
                    "key": "k",
                    "values": [{"value": str(i), "label": "x"} for i in range(n)],
                }
            ]
        ),
    ),
    "default choices": (
        5000,
        lambda n: form(
            [
                {
                    "type": "checklist",
                    "id": "f",
                    "key": "k",
                    "defaultValue": [str(i) for i in range(n)],
                    "values": [{"value": str(i), "label": "x"} for i in range(n)],
                }
            ]
        ),
    ),
    "groups": (4, lambda n: grouped(n)),
    "deep groups": (50, lambda n: grouped(n)),
    "conditions of fields": (
        150,
        lambda n: form(
            [
                {
                    "type": "textfield",
                    "id": f"f{i}",
                    "key": f"k{i}",
                    "conditional": {"hide": "=" + " and ".join(f"k{j} = 1" for j in range(100))},
                }
                for i in range(n)
            ]
        ),
    ),
    "long condition": (
        10_000,
        lambda n: form(
            [
                {
                    "type": "textfield",
                    "id": "f",
                    "key": "k",
                    "conditional": {"hide": "=" + " and ".join(["k = 1"] * n)},
                }
            ]
        ),
    ),
    "condition brackets": (
        1000,
        lambda n: form(
            [
                {
                    "type": "textfield",
                    "id": "f",
                    "key": "k",
                    "conditional": {"hide": "=" + "(" * n + "k = 1" + ")" * n},
                }
            ]
        ),
    ),
    "long pattern": (
        10_000,
        lambda n: form(
            [{"type": "textfield", "id": "f", "key": "k", "validate": {"pattern": "(a|b)*" * n}}]
        ),
    ),
    "nested pattern": (
        250,
        lambda n: form(
            [
                {
                    "type": "textfield",
                    "id": "f",
                    "key": "k",
                    "validate": {"pattern": "((a{1,10}){1,10}){1,9}" * n},
                }
            ]
        ),
    ),
    "long form text": (
        100_000,
        lambda n: form([{"type": "text", "id": "f", "text": "${x}" * (n // 4)}]),
    ),
    "deep JSON": (250, lambda n: {"scaled.form": b"[" * n + b"]" * n}),
}
