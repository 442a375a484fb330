"""Reserved names: no element of a model writes a variable with the name of a fact."""

from __future__ import annotations

import json

import pytest

from tests.engine.models.building import (
    Part,
    boundary,
    decision_task,
    end,
    extensions,
    multi_instance,
    node,
    script_task,
    service_task,
    start,
    throw,
    user_task,
)
from tests.engine.models.checks.checking import errors

FACTS = ("business_key", "case", "execution", "task")


def parameter(kind: str, name: str) -> Part:
    return extensions(
        Part(
            f'<camunda:inputOutput><camunda:{kind} name="{name}">1</camunda:{kind}>'
            "</camunda:inputOutput>"
        )
    )


def mapping(kind: str, name: str) -> Part:
    return extensions(Part(f'<camunda:{kind} source="x" target="{name}"/>'))


def script(kind: str, name: str) -> Part:
    return extensions(Part(f"<spiffworkflow:{kind}>{name} = 1</spiffworkflow:{kind}>"))


def field(name: str) -> Part:
    return extensions(
        Part(f'<camunda:formData><camunda:formField id="{name}" type="string"/></camunda:formData>')
    )


def collected(name: str) -> Part:
    return Part(
        '<multiInstanceLoopCharacteristics camunda:collection="${xs}">'
        f"<loopDataOutputRef>{name}</loopDataOutputRef>"
        '<outputDataItem name="x"/></multiInstanceLoopCharacteristics>'
    )


def each(name: str) -> Part:
    return Part(
        '<multiInstanceLoopCharacteristics camunda:collection="${xs}">'
        "<loopDataOutputRef>ys</loopDataOutputRef>"
        f'<outputDataItem name="{name}"/></multiInstanceLoopCharacteristics>'
    )


def signal(*inner: Part) -> Part:
    carried = "".join(part.xml for part in inner)
    return Part(f'<signalEventDefinition signalRef="signal_s">{carried}</signalEventDefinition>')


def caught(attribute: str, name: str) -> Part:
    definition = f'<errorEventDefinition camunda:{attribute}="{name}"/>'
    return boundary("a", "t", Part(definition))


def called(*inner: Part) -> Part:
    return node("callActivity", "a", *inner, calledElement="p")


WRITERS = {
    "a script": lambda name: script_task("a", f"{name} = 1"),
    "a script that loops": lambda name: script_task("a", f"for {name} in xs:\n  x = 1"),
    "a script before": lambda name: user_task("a", script("preScript", name)),
    "a script after": lambda name: user_task("a", script("postScript", name)),
    "a result": lambda name: service_task("a", "t", camunda_resultVariable=name),
    "a decision": lambda name: decision_task("a", "d", name),
    "a decision without a result variable": lambda name: decision_task("a", name, None),
    "an input parameter": lambda name: user_task("a", parameter("inputParameter", name)),
    "an output parameter": lambda name: user_task("a", parameter("outputParameter", name)),
    "what a call is given": lambda name: called(mapping("in", name)),
    "what a call gives back": lambda name: called(mapping("out", name)),
    "what a signal carries": lambda name: throw("a", signal(mapping("in", name))),
    "an entry of a list": lambda name: user_task("a", multi_instance("${xs}", name)),
    "a collected list": lambda name: user_task("a", collected(name)),
    "an entry of a collected list": lambda name: user_task("a", each(name)),
    "who starts it": lambda name: start("a", camunda_initiator=name),
    "the code of an error": lambda name: caught("errorCodeVariable", name),
    "the message of an error": lambda name: caught("errorMessageVariable", name),
    "a field": lambda name: user_task("a", field(name)),
    "a field of a start form": lambda name: start("a", field(name)),
}


@pytest.mark.parametrize("name", FACTS)
@pytest.mark.parametrize("writer", WRITERS)
def test_whoever_writes_such_a_name_is_told_at_deployment(writer: str, name: str) -> None:
    assert ("a", "reserved-name") in errors(*around(WRITERS[writer](name)))
    assert ("a", "reserved-name") not in errors(*around(WRITERS[writer](f"{name}s")))


def around(part: Part) -> tuple[Part, ...]:
    if "boundaryEvent" in part.xml:
        return (start(), user_task("t"), part, end())
    return (part, end()) if "startEvent" in part.xml else (start(), part, end())


@pytest.mark.parametrize(("name", "fits"), [*((name, False) for name in FACTS), ("cases", True)])
def test_a_form_asks_for_no_such_name(name: str, fits: bool) -> None:
    component = {"type": "textfield", "id": "f", "key": name, "label": "F"}
    form = {"type": "default", "id": "asked", "schemaVersion": 17, "components": [component]}
    parts = start(), user_task("a", camunda_formRef="asked"), end()
    found = errors(*parts, files={"asked.form": json.dumps(form).encode()})
    assert (("f", "form") in found) is (name in FACTS)
