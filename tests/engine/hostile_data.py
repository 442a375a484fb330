"""`python -m tests.engine.hostile_data`: models and data that need more memory than there is.

Each is deployed and run in this process, whose address space is limited: data that is not refused
before it is made ends the process. Prints a line for each: its name, its result, and whether the
stored data can be read; `test_sizes` runs it.
"""

from __future__ import annotations

import json
import resource
import sys
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from engine import Engine
from engine.ports.handlers import Step
from engine.sentences.errors import BadInput, Conflict, ModelError
from tests.engine.models.building import (
    Part,
    bpmn,
    decision_task,
    end,
    exclusive,
    extensions,
    flow,
    multi_instance,
    node,
    process,
    script_task,
    service_task,
    start,
    timer,
    user_task,
)
from tests.engine.models.building import catch as catch_event

MOST_BYTES = 700 * 1024 * 1024
"""Address space beyond what the imports took."""

ALIASES = '["x" * 100000] * 10000'
"""A gigabyte, written out."""

DOUBLED = "a = ['x']\nfor i in range(40):\n  a = [a, a]\n"

SCRIPTS = {
    "aliases": f"a = {ALIASES}",
    "one more": 'a = ["x" * 100000] * 10000 + ["y"]',
    "mapping of aliases": f'a = {{"k": {ALIASES}}}',
    "doublings": DOUBLED,
    "doublings of texts": 'a = "x" * 100000\nfor i in range(15):\n  a = [a, a]',
    "long keys": 'a = {("k" * 99990) + str(i): 1 for i in range(12)}\na = [a] * 1000',
    "keys again": 'k = "k" * 100000\nb = {k: 1}\na = [b] * 10000',
    "many variables": "\n".join(f"a{i} = ['x' * 100000] * 15" for i in range(10)),
    "joined": 'a = ["".join(["x"] * 10000)] * 10000',
    "formatted": 'b = "x" * 99999\na = [f"{b}"] * 10000',
    "text of a list": f"b = {ALIASES}\na = str(b)",
    "compared": f"b = {ALIASES}\na = b == b",
    "sorted": f"b = {ALIASES}\na = sorted(b)",
    "contained": f'b = {ALIASES}\na = "y" in b',
    "pairs": f"b = {ALIASES}\na = list(zip(b, b, b))",
    "numbered": f"b = {ALIASES}\na = list(enumerate(b))",
    "entries": 'b = {str(i): "x" * 100 for i in range(100)}\na = [b] * 10000',
    "padded": 'a = ["x".ljust(100000)] * 10000',
    "filled": 'a = ["1".zfill(100000)] * 10000',
    "replaced": 'a = [("x" * 1000).replace("x", "y" * 100)] * 10000',
    "added": "a = []\nb = ['x' * 100000] * 9\nfor i in range(999):\n  a = a + b",
    "extended": "a = []\nb = ['x' * 100000] * 9\nfor i in range(999):\n  a.extend(b)",
    "itself": "a = []\na.append(a)",
    "sliced": f"b = {ALIASES}\na = b[0:9999]",
    "copied": f"b = {ALIASES}\na = [b.copy(), b.copy(), b.copy()]",
    "split": 'a = [("x," * 5000).split(",")] * 9999',
    "powers": "a = [10 ** 17] * 10000\na = [a] * 10000",
    "control signs": 'a = "\\x01" * 100000\na = [a] * 19',
    "wide signs": "a = '\U0001f600' * 100000\na = [a] * 19",
}

EXPRESSION = f"${{{ALIASES}}}"
LATE = "${[1 / (i - 9990) for i in range(9999)]}"
"""A constant that takes too long to be tried out, and fails in the end."""

NESTED = "${[[[1] * 10000] * 10000] * 10000}"


def with_input(text: str, *, kind: str = "callActivity") -> Part:
    """A call activity that is given this value."""
    inputs = Part(
        f'<camunda:inputOutput><camunda:inputParameter name="a">{text}</camunda:inputParameter>'
        "</camunda:inputOutput>"
    )
    return node(kind, "inner", extensions(inputs), calledElement="callee")


def with_output(text: str) -> Part:
    """A user task that leaves this value."""
    return user_task(
        "more",
        extensions(
            Part(
                f'<camunda:inputOutput><camunda:outputParameter name="a">{text}'
                "</camunda:outputParameter></camunda:inputOutput>"
            )
        ),
    )


def decided(cell: str) -> bytes:
    """A decision table that answers with this cell, fifty times."""
    rules = "".join(
        f'<rule id="r{i}"><inputEntry><text>-</text></inputEntry>'
        f"<outputEntry><text>{cell}</text></outputEntry></rule>"
        for i in range(50)
    )
    return (
        '<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" id="d" name="d"'
        ' namespace="t"><decision id="t" name="t"><decisionTable hitPolicy="COLLECT">'
        '<input id="i" label="n"><inputExpression><text>n</text></inputExpression></input>'
        f'<output id="o" name="a"/>{rules}</decisionTable></decision></definitions>'
    ).encode()


CALLEE = process("callee", start("s2"), user_task("wait"), end("e2"))


def models() -> Iterator[tuple[str, Mapping[str, bytes]]]:
    """Name -> files; every process is `hostile`, and asks a person first."""

    def of(*parts: Part, **more: bytes) -> Mapping[str, bytes]:
        first = user_task("first")
        whole = process("hostile", start(), first, *parts, user_task("after"), end())
        return {"hostile.bpmn": bpmn(whole, CALLEE), **more}

    for name, text in SCRIPTS.items():
        yield f"script: {name}", of(script_task("make", text))
    for name, text in (("aliases", EXPRESSION), ("nested", NESTED)):
        yield f"input: {name}", of(with_input(text))
        yield f"input of a handler: {name}", of(with_handler(text))
        yield f"output: {name}", of(with_output(text))
        yield f"collection: {name}", of(user_task("each", multi_instance(text)))
        yield f"cardinality: {name}", of(user_task("each", cardinality(text)))
        yield f"assignee: {name}", of(user_task("who", camunda_assignee=text))
        yield f"groups: {name}", of(user_task("who", camunda_candidateGroups=text))
        yield f"due date: {name}", of(user_task("who", camunda_dueDate=text))
        yield f"priority: {name}", of(user_task("who", camunda_priority=text))
        yield f"name: {name}", of(user_task("who", name=f"Look at {text}"))
        yield f"timer: {name}", of(catch_event("later", timer(text, "timeDate")))
        yield f"condition: {name}", of(*branching(text))
        yield (
            f"decision: {name}",
            {**of(decision_task("ask", "t")), "t.dmn": decided(text[2:-1].replace('"', "&quot;"))},
        )
    yield "figures of a cardinality", of(user_task("each", cardinality('${"9" * 9000}')))
    for name in ("candidateGroups", "assignee", "priority"):
        yield f"late failure of {name}", of(user_task("who", **{f"camunda_{name}": LATE}))
    yield "a returned mapping", of(service_task("serve", "generous"))
    yield "a loop that makes texts", of(*texts_without_end())


def with_handler(text: str) -> Part:
    """A service task that is given this value."""
    return service_task(
        "serve",
        "modest",
        extensions(
            Part(
                f'<camunda:inputOutput><camunda:inputParameter name="a">{text}'
                "</camunda:inputParameter></camunda:inputOutput>"
            )
        ),
    )


def cardinality(text: str) -> Part:
    """A multi-instance marker with a number of rounds."""
    inner = f"<loopCardinality>{text}</loopCardinality>"
    return Part(f"<multiInstanceLoopCharacteristics>{inner}</multiInstanceLoopCharacteristics>")


def branching(condition: str) -> tuple[Part, ...]:
    """A gateway that decides by this value."""
    return (
        exclusive("split", default="b"),
        flow("start", "first"),
        flow("first", "split"),
        flow("split", "after", condition, id="a"),
        flow("split", "end", id="b"),
        flow("after", "end"),
    )


def texts_without_end() -> tuple[Part, ...]:
    """A loop in which a script makes other texts each time."""
    made = "n = n + 1\na = [str(n) + 'x' * 99000, str(n) + 'y' * 99000]"
    return (
        script_task("zero", "n = 0"),
        exclusive("again"),
        script_task("make", made),
        exclusive("split", default="b"),
        flow("start", "first"),
        flow("first", "zero"),
        flow("zero", "again"),
        flow("again", "make"),
        flow("make", "split"),
        flow("split", "again", "${n < 5000}", id="a"),
        flow("split", "after", id="b"),
        flow("after", "end"),
    )


def generous(step: Step) -> dict[str, Any]:
    """A handler whose answer is a gigabyte, written out."""
    return {"a": ["x" * 100_000] * 10_000}


def modest(step: Step) -> dict[str, Any]:
    """A handler that answers nothing."""
    return {}


def run(engine: Engine, files: Mapping[str, bytes]) -> tuple[str, str]:
    """What came of it, and whether it can be read."""
    try:
        engine.deploy(files, "owner")
    except ModelError as error:
        return f"refused at deployment: {error.sentence}", "nothing stored"
    case = engine.start("hostile", {})
    for _ in range(2):
        received = engine.complete(engine.tasks(case)[0].id, {"n": 1}, "ani")
        if received.incident is not None:
            break
    else:
        return "went on", readable(engine, case)
    found = next(one for one in engine.incidents() if one.id == received.incident)
    return f"incident: {found.what}", readable(engine, case)


def readable(engine: Engine, case: Any) -> str:
    """Whether the data of a case load, and how many variables there are."""
    try:
        return f"{len(engine.data(case))} variables"
    except Conflict as error:
        return f"UNREADABLE: {error}"


GIVEN: Mapping[str, Mapping[str, object]] = {
    "aliases": {"a": ["x" * 100_000] * 10_000},
    "nested": {"a": [[[1] * 1_000] * 1_000] * 1_000},
    "keys": {"a": [{"k" * 100_000: 1}] * 10_000},
    "numbers": {"a": list(range(60_000))},
    "names": {f"n{i}": i for i in range(60_000)},
    "deep": {"a": json.loads("[" * 120 + "]" * 120)},
}


def given(engine: Engine, data: Mapping[str, object]) -> str:
    """What is said of data sent with a start."""
    try:
        case = engine.start("hostile", data)
    except BadInput as error:
        return f"refused: {error.sentence} {' '.join(map(str, error.fields.values()))}"
    return f"taken: {readable(engine, case)}"


def main() -> None:
    """Run everything and print."""
    used = int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
    resource.setrlimit(resource.RLIMIT_AS, (used + MOST_BYTES, used + MOST_BYTES))
    with tempfile.TemporaryDirectory() as folder:
        handlers = {"generous": generous, "modest": modest}
        engine = Engine.open(f"sqlite:///{folder}/hostile.db", handlers=handlers)
        for name, files in models():
            came, read = run(engine, files)
            sys.stdout.write(f"{name}\t{came[:200]}\t{read}\n")
            sys.stdout.flush()
        for name, data in GIVEN.items():
            sys.stdout.write(f"given: {name}\t{given(engine, data)[:200]}\t-\n")
        engine.close()


if __name__ == "__main__":
    main()
