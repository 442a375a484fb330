"""For each word of Camunda 7 that is read, a model that runs differently without it."""

from __future__ import annotations

import json
from collections.abc import Mapping

from tests.engine.execution.border.tables import table
from tests.engine.models.bpmn.observing import Row
from tests.engine.models.bpmn.read_of_bpmn import (
    LATE,
    fails_into,
    once,
    p,
    raises_into,
)
from tests.engine.models.building import (
    Part,
    bpmn,
    catch,
    condition,
    end,
    event,
    extensions,
    node,
    process,
    properties,
    script_task,
    service_task,
    start,
    user_task,
)

FORM = {
    "f.form": json.dumps(
        {
            "type": "default",
            "id": "f",
            "components": [{"type": "textfield", "id": "c", "key": "n", "label": "Name"}],
        }
    ).encode()
}
TABLES = table("d", ("n",), ("level",), (("> 1",), ('"high"',)), (("-",), ('"low"',))) | table(
    "e", ("n",), ("level",), (("-",), ('"other"',))
)


def decided(**attributes: object) -> bytes:
    """A business rule task."""
    said = {"camunda_decisionRef": "d", "camunda_resultVariable": "found", **attributes}
    return p(start(), node("businessRuleTask", "decide", **said), user_task("z"), end())


def waits_for(**attributes: str) -> bytes:
    """A condition that does not interrupt, beside a script that changes `n` and `m`."""
    waiting = node(
        "boundaryEvent",
        "seen",
        condition("n > 0", **attributes),
        attachedToRef="sub",
        cancelActivity=False,
    )
    inside = (start("s"), user_task("a"), script_task("change", "n = n + 1\nm = 1"), end("e"))
    from tests.engine.models.building import flow, sub_process

    return p(
        *(start(), sub_process("sub", *inside), end(), waiting, user_task("x")),
        *(flow("start", "sub"), flow("sub", "end"), flow("seen", "x")),
    )


def asked(*fields: str, **attributes: object) -> bytes:
    """A task with an embedded form."""
    data = Part(f"<camunda:formData>{''.join(fields)}</camunda:formData>")
    return once(extensions(data), **attributes)


def required(config: str = "") -> str:
    return (
        '<camunda:formField id="n" label="Name" type="string"><camunda:validation>'
        f'<camunda:constraint name="required"{config}/></camunda:validation></camunda:formField>'
    )


CHOICE = (
    '<camunda:formField id="n" label="Name" type="enum"><camunda:value id="one" name="One"/>'
    '<camunda:value id="two" name="Two"/></camunda:formField>'
)


def mapped(*parameters: str) -> bytes:
    """A task whose handler is called with these parameters, and another behind it."""
    block = Part(f"<camunda:inputOutput>{''.join(parameters)}</camunda:inputOutput>")
    return p(start(), service_task("work", "note", extensions(block)), user_task("z"), end())


def put(content: str, kind: str = "inputParameter") -> str:
    return f'<camunda:{kind} name="i">{content}</camunda:{kind}>'


def called(*passed: str) -> bytes:
    """A call of a process with a task and a message that it waits for."""
    inside = (start("qs"), user_task("qa"), catch("hear", event("message", "m")), end("qe"))
    go = node("callActivity", "go", extensions(Part("".join(passed))), calledElement="q")
    return bpmn(process("p", start(), go, user_task("z"), end()), process("q", *inside))


def version(task: str) -> dict[str, bytes]:
    """A version of the process `v`."""
    return {"v.bpmn": bpmn(process("v", start("s"), user_task(task), end("e")))}


CALLING = p(
    start(),
    node(
        "callActivity",
        "go",
        calledElement="v",
        camunda_calledElementBinding="version",
        camunda_calledElementVersion=1,
    ),
    end(),
)
VERSIONS = (version("first"), version("second"))
LIST = (
    "<camunda:list><camunda:value>1</camunda:value><camunda:value>2</camunda:value></camunda:list>"
)
MAP = '<camunda:map><camunda:entry key="k">1</camunda:entry></camunda:map>'
NESTED = f'<camunda:map><camunda:entry key="k">{LIST}</camunda:entry></camunda:map>'
ANEW = once(properties(askAnew="n"), camunda_formRef="f")
COMPUTED = p(
    start(),
    node("serviceTask", "c", camunda_expression="${n + 1}", camunda_resultVariable="more"),
    user_task("z"),
    end(),
)
ERRORS = 'camunda:errorCodeVariable="code" camunda:errorMessageVariable="why"'
CAUGHT = fails_into(Part(f"<errorEventDefinition {ERRORS}/>"))
ESCALATED = raises_into(
    LATE,
    Part(
        '<escalationEventDefinition escalationRef="escalation_late"'
        ' camunda:escalationCodeVariable="code"/>'
    ),
)
COLLECTED = p(
    *(
        start(),
        user_task(
            "a",
            Part(
                '<multiInstanceLoopCharacteristics camunda:collection="xs"'
                ' camunda:elementVariable="entry"/>'
            ),
        ),
    ),
    *(user_task("z"), end()),
)

ROWS: Mapping[str, Row] = {
    "Assignable.assignee": Row(once(camunda_assignee="ani")),
    "Assignable.candidateGroups": Row(once(camunda_candidateGroups="g")),
    "Assignable.candidateUsers": Row(once(camunda_candidateUsers="ani")),
    "Assignable.dueDate": Row(once(camunda_dueDate="P3D")),
    "Assignable.followUpDate": Row(once(camunda_followUpDate="P3D")),
    "Assignable.priority": Row(once(camunda_priority="70")),
    "CallActivity.calledElementBinding": Row(CALLING, before=VERSIONS),
    "CallActivity.calledElementVersion": Row(
        CALLING, less=('Version="1"', 'Version="2"'), before=VERSIONS
    ),
    "Collectable.collection": Row(COLLECTED, less=('"xs"', '"ys"'), data={"xs": [1, 2], "ys": [3]}),
    "Collectable.elementVariable": Row(COLLECTED, data={"xs": [1, 2]}),
    "ConditionalEventDefinitionExtension.variableEvents": Row(
        waits_for(camunda_variableName="n", camunda_variableEvents="create"), data={"n": 0}
    ),
    "ConditionalEventDefinitionExtension.variableName": Row(
        waits_for(camunda_variableName="m"), data={"n": 0}
    ),
    "Constraint.config": Row(asked(required(' config="false"'))),
    "Constraint.name": Row(asked(required()), less=('"required"', '"notblank"')),
    "DmnCapable.decisionRef": Row(
        decided(), less=('decisionRef="d"', 'decisionRef="e"'), files=TABLES, data={"n": 5}
    ),
    "DmnCapable.mapDecisionResult": Row(
        decided(camunda_mapDecisionResult="singleEntry"), files=TABLES, data={"n": 5}
    ),
    "Entry.definition": Row(mapped(put(NESTED))),
    "Entry.key": Row(mapped(put(MAP)), less=('key="k"', 'key="j"')),
    "Entry.value": Row(mapped(put(MAP))),
    "ErrorEventDefinitionExtension.errorCodeVariable": Row(CAUGHT),
    "ErrorEventDefinitionExtension.errorMessageVariable": Row(CAUGHT),
    "EscalationEventDefinitionExtension.escalationCodeVariable": Row(ESCALATED),
    "ExternalCapable.topic": Row(
        p(start(), service_task("work", "note"), user_task("z"), end()), less=('"note"', '"fail"')
    ),
    "TaskPriorized.taskPriority": Row(
        p(start(), service_task("work", "far", camunda_taskPriority="7"), end())
    ),
    "FormData.fields": Row(asked(required())),
    "FormField.id": Row(asked(required()), less=('id="n"', 'id="m"')),
    "FormField.label": Row(asked(required())),
    "FormField.type": Row(asked(required()), less=('type="string"', 'type="long"')),
    "FormField.validation": Row(asked(required())),
    "FormField.values": Row(asked(CHOICE), less=('<camunda:value id="two" name="Two"/>', "")),
    "FormSupported.formRef": Row(once(camunda_formRef="f"), files=FORM),
    "InOutBinding.businessKey": Row(called('<camunda:in businessKey="${x}"/>'), data={"x": "own"}),
    "InOutBinding.source": Row(called('<camunda:in source="x" target="y"/>'), data={"x": 1}),
    "InOutBinding.sourceExpression": Row(
        called('<camunda:in sourceExpression="${x + 1}" target="y"/>'), data={"x": 1}
    ),
    "InOutBinding.target": Row(
        called('<camunda:in source="x" target="y"/>'),
        less=('target="y"', 'target="w"'),
        data={"x": 1},
    ),
    "InOutBinding.variables": Row(called('<camunda:in variables="all"/>'), data={"x": 1}),
    "Initiator.initiator": Row(p(start(camunda_initiator="starter"), user_task("a"), end())),
    "InputOutput.inputParameters": Row(mapped(put("1"))),
    "InputOutput.outputParameters": Row(mapped(put("1", "outputParameter"))),
    "InputOutputParameter.definition": Row(mapped(put(LIST))),
    "InputOutputParameter.name": Row(mapped(put("1")), less=('name="i"', 'name="j"')),
    "InputOutputParameter.value": Row(mapped(put("1"))),
    "List.items": Row(mapped(put(LIST))),
    "Map.entries": Row(mapped(put(MAP))),
    "Properties.values": Row(ANEW, files=FORM, data={"n": 1}),
    "Property.name": Row(ANEW, files=FORM, data={"n": 1}),
    "Property.value": Row(ANEW, files=FORM, data={"n": 1}),
    "ServiceTaskLike.expression": Row(COMPUTED, less=("n + 1", "n + 2"), data={"n": 1}),
    "ServiceTaskLike.resultVariable": Row(COMPUTED, data={"n": 1}),
    "Validation.constraints": Row(asked(required())),
    "Value.id": Row(asked(CHOICE), less=('id="two"', 'id="three"')),
    "Value.name": Row(asked(CHOICE)),
    "Value.value": Row(mapped(put(LIST))),
}
