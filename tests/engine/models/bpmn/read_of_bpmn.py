"""For each word of BPMN that is read, a model that runs differently without it."""

from __future__ import annotations

from collections.abc import Mapping

from tests.engine.models.bpmn.observing import Row
from tests.engine.models.building import (
    Part,
    boundary,
    bpmn,
    call,
    catch,
    compensate,
    condition,
    end,
    event,
    exclusive,
    flow,
    node,
    process,
    script_task,
    service_task,
    start,
    sub_process,
    throw,
    timer,
    user_task,
)


def p(*parts: Part, **attributes: object) -> bytes:
    """A file with the process `p`."""
    return bpmn(process("p", *parts, **attributes))


def declaring(declared: str, model: bytes) -> bytes:
    """A file that declares something besides."""
    return model.replace(b"<process ", declared.encode() + b"<process ", 1)


def once(*inner: Part, **attributes: object) -> bytes:
    """One task between start and end."""
    return p(start(), user_task("a", *inner, **attributes), end())


def twice(*inner: Part, **attributes: object) -> bytes:
    """One task and another behind it."""
    return p(start(), user_task("a", *inner, **attributes), user_task("z"), end())


def ways(gateway: Part, *conditions: str | None) -> bytes:
    """A way to a task of its own for each condition: x0, x1, ..."""
    names = [f"x{number}" for number in range(len(conditions))]
    return p(
        *(start(), gateway, *(user_task(name) for name in names)),
        flow("start", gateway.id),
        *(flow(gateway.id, n, c) for n, c in zip(names, conditions, strict=True)),
    )


def repeated(marker: str, *, one: str = "MI") -> bytes:
    """A task with a loop marker: attributes and content of it."""
    kinds = {"MI": "multiInstanceLoopCharacteristics", "loop": "standardLoopCharacteristics"}
    attributes, _, content = marker.partition(">")
    kind = kinds[one]
    return twice(Part(f"<{kind} {attributes}>{content}</{kind}>"))


def beside(*begun: Part, **attributes: object) -> bytes:
    """A task with an event sub-process beside it."""
    inside = sub_process("w", *begun, user_task("extra"), end("w_end"), triggeredByEvent=True)
    parts = (start(), user_task("a"), end(), inside)
    return p(*parts, flow("start", "a"), flow("a", "end"), **attributes)


def chosen(attributes: str, *inner: Part) -> bytes:
    """An ad-hoc sub-process with two tasks to choose from."""
    tasks = "".join(part.xml for part in (*inner, user_task("a"), user_task("b")))
    inside = Part(
        f'<adHocSubProcess id="w" {attributes}>{tasks}</adHocSubProcess>', "w", joins=True
    )
    return p(start(), inside, user_task("z"), end())


UNTIL_DONE = Part("<completionCondition>done</completionCondition>")
DONE: Mapping[str, Mapping[str, object]] = {"a": {"done": True}}


def fails_into(definition: Part, *declared: str) -> bytes:
    """A task whose handler raises the error `bad`, and a way from the error event on it."""
    parts = (
        *(start(), service_task("work", "fail"), user_task("fine")),
        *(boundary("caught", "work", definition), user_task("repair")),
        *(flow("start", "work"), flow("work", "fine"), flow("caught", "repair")),
    )
    return declaring("".join(declared), p(*parts))


def raises_into(thrown: Part, caught: Part) -> bytes:
    """A sub-process that escalates, and a way from the escalation event on it."""
    inside = (start("s"), throw("up", thrown), user_task("in"), end("e"))
    return p(
        *(start(), sub_process("sub", *inside), user_task("fine")),
        *(boundary("caught", "sub", caught), user_task("repair")),
        *(flow("start", "sub"), flow("sub", "fine"), flow("caught", "repair")),
    )


def handler(id: str) -> Part:
    return Part(user_task(id, isForCompensation=True).xml)


OTHER = '<error id="E" errorCode="other"/>'
LATE, EARLY = event("escalation", "late"), event("escalation", "early")
LANES = Part(
    '<laneSet id="ls"><lane id="outer" name="Outer"><flowNodeRef>a</flowNodeRef>'
    '<childLaneSet id="cls"><lane id="inner" name="Inner"><flowNodeRef>a</flowNodeRef></lane>'
    "</childLaneSet></lane></laneSet>"
)
LANED = p(LANES, start(), user_task("a"), end())
OWNED = once(
    Part(
        '<potentialOwner id="o"><resourceAssignmentExpression id="r"><formalExpression>group(g)'
        "</formalExpression></resourceAssignmentExpression></potentialOwner>"
    )
)
UNDONE = (
    '<association id="f" sourceRef="a_undoable" targetRef="undo_a"/>'
    '<association id="g" sourceRef="b_undoable" targetRef="undo_b"/>'
)
TRIP = p(
    *(start(), user_task("a"), boundary("a_undoable", "a", event("compensate"))),
    *(user_task("b"), boundary("b_undoable", "b", event("compensate"))),
    *(throw("back", compensate("a")), user_task("z"), end(), Part(UNDONE)),
    *(handler("undo_a"), handler("undo_b")),
)
NAMED_TWICE = declaring(
    '<message id="M" name="paid"/><message id="N" name="sent"/>'
    '<signal id="S" name="all"/><signal id="T" name="some"/>',
    p(
        *(start(), throw("tell", Part('<messageEventDefinition messageRef="M"/>'))),
        *(throw("shout", Part('<signalEventDefinition signalRef="S"/>')), user_task("z")),
        catch("hear", Part('<messageEventDefinition messageRef="M"/>')),
        catch("heed", Part('<signalEventDefinition signalRef="S"/>')),
    ),
)
SENT = declaring(
    '<message id="M" name="paid"/><message id="N" name="sent"/>',
    p(
        start(),
        node("sendTask", "tell", messageRef="M"),
        node("receiveTask", "hear", messageRef="M"),
    ),
)
SECOND = process("q", start("qs"), user_task("qa"), end("qe"))
THIRD = process("r", start("rs"), user_task("ra"), end("re"))
DOCUMENTED = once(Part("<documentation>Why it is done.</documentation>"))
BOTH = node(
    "intermediateCatchEvent",
    "both",
    Part(event("message", "m").xml + timer("P1D").xml),
    parallelMultiple=True,
)
LINKS = tuple(Part(f'<linkEventDefinition name="{name}"/>') for name in "AB")
LINKED = p(
    *(start(), user_task("a"), throw("to_a", LINKS[0]), throw("to_b", LINKS[1])),
    *(catch("from_a", LINKS[0]), user_task("x"), catch("from_b", LINKS[1]), user_task("y")),
    *(flow("start", "a"), flow("a", "to_a"), flow("a", "to_b", "n > 1")),
    *(flow("from_a", "x"), flow("from_b", "y")),
)
HELD = frozenset({"a"})

ROWS: Mapping[str, Row] = {
    "Activity.default": Row(ways(user_task("a", default="a_to_x1"), "n > 1", None), data={"n": 5}),
    "Activity.isForCompensation": Row(TRIP, refused="compensation"),
    "Activity.loopCharacteristics": Row(repeated("><loopCardinality>2</loopCardinality>")),
    "Activity.resources": Row(OWNED),
    "AdHocSubProcess.cancelRemainingInstances": Row(
        chosen('cancelRemainingInstances="false"', UNTIL_DONE), answers=DONE
    ),
    "AdHocSubProcess.completionCondition": Row(chosen("", UNTIL_DONE), answers=DONE),
    "AdHocSubProcess.ordering": Row(chosen('ordering="Sequential"')),
    "Association.sourceRef": Row(
        TRIP,
        less=(UNDONE, UNDONE.replace("a_u", "c_u").replace("b_u", "a_u").replace("c_u", "b_u")),
    ),
    "Association.targetRef": Row(TRIP, less=('targetRef="undo_a"', 'targetRef="undo_b"')),
    "BaseElement.documentation": Row(DOCUMENTED),
    "BaseElement.extensionElements": Row(
        once(
            Part(
                "<extensionElements><camunda:properties><camunda:property "
                'name="askAnew" value="n"/></camunda:properties></extensionElements>'
            )
        ),
        data={"n": 1},
    ),
    "BaseElement.id": Row(once(), less=('"a"', '"b"')),
    "BoundaryEvent.attachedToRef": Row(
        p(
            *(start(), user_task("a"), user_task("z"), end(), boundary("late", "a", timer("P1D"))),
            *(
                user_task("x"),
                flow("start", "a"),
                flow("a", "z"),
                flow("z", "end"),
                flow("late", "x"),
            ),
        ),
        less=('attachedToRef="a"', 'attachedToRef="z"'),
    ),
    "BoundaryEvent.cancelActivity": Row(
        p(
            start(),
            user_task("a"),
            boundary("late", "a", timer("P1D"), interrupting=False),
            user_task("x"),
            flow("start", "a"),
            flow("late", "x"),
        ),
        open=HELD,
    ),
    "CallActivity.calledElement": Row(
        bpmn(process("p", start(), call("go", "q"), end()), SECOND, THIRD),
        less=('calledElement="q"', 'calledElement="r"'),
    ),
    "CallableElement.name": Row(once()),
    "CatchEvent.eventDefinitions": Row(
        p(start(), catch("wait", timer("P1D")), end()),
        less=(timer("P1D").xml, condition("n > 1").xml),
        data={"n": 1},
    ),
    "CatchEvent.parallelMultiple": Row(p(start(), BOTH, user_task("z"), end())),
    "CompensateEventDefinition.activityRef": Row(TRIP),
    "ConditionalEventDefinition.condition": Row(
        p(start(), catch("wait", condition("n > 1")), end()),
        less=("n &gt; 1", "n &gt; 0"),
        data={"n": 1},
    ),
    "Definitions.diagrams": Row(once(), warned=True),
    "Definitions.rootElements": Row(
        bpmn(process("p", start(), user_task("a"), end()), SECOND), less=(SECOND.xml, "")
    ),
    "Documentation.text": Row(DOCUMENTED),
    "Error.errorCode": Row(
        fails_into(event("error", "bad")), less=('errorCode="bad"', 'errorCode="other"')
    ),
    "ErrorEventDefinition.errorRef": Row(
        fails_into(Part('<errorEventDefinition errorRef="E"/>'), OTHER)
    ),
    "Escalation.escalationCode": Row(
        raises_into(LATE, EARLY), less=('Code="early"', 'Code="late"')
    ),
    "EscalationEventDefinition.escalationRef": Row(raises_into(LATE, EARLY)),
    "ExclusiveGateway.default": Row(
        ways(exclusive("x", default="x_to_x1"), "n > 1", "n > 3"), data={"n": 0}
    ),
    "Expression.body": Row(
        ways(exclusive("x", default="x_to_x1"), "n > 1", None),
        less=("n &gt; 1", "n &gt; 3"),
        data={"n": 2},
    ),
    "ExtensionElements.values": Row(
        once(
            Part(
                "<extensionElements><camunda:properties><camunda:property "
                'name="askAnew" value="n"/></camunda:properties></extensionElements>'
            )
        ),
        data={"n": 1},
    ),
    "FlowElement.name": Row(once(name="Answer")),
    "FlowElementsContainer.flowElements": Row(
        p(
            start(),
            sub_process(
                "sub", start("s"), user_task("in"), end("e"), boundary("late", "in", timer("P1D"))
            ),
            end(),
        ),
        less=(boundary("late", "in", timer("P1D")).xml, ""),
        open=frozenset({"in"}),
    ),
    "FlowElementsContainer.laneSets": Row(LANED, warned=True),
    "InclusiveGateway.default": Row(
        ways(node("inclusiveGateway", "x", default="x_to_x1"), "n > 1", None), data={"n": 5}
    ),
    "Lane.childLaneSet": Row(LANED, warned=True),
    "Lane.flowNodeRef": Row(LANED, warned=True),
    "Lane.name": Row(LANED, warned=True),
    "LaneSet.lanes": Row(LANED, warned=True),
    "LinkEventDefinition.name": Row(
        LINKED,
        less=(
            '<intermediateThrowEvent id="to_a" name="To a"><linkEventDefinition name="A"/>',
            '<intermediateThrowEvent id="to_a" name="To a"><linkEventDefinition name="B"/>',
        ),
        data={"n": 0},
    ),
    "Message.name": Row(NAMED_TWICE, less=('name="paid"', 'name="billed"')),
    "MessageEventDefinition.messageRef": Row(
        NAMED_TWICE, less=('messageRef="M"', 'messageRef="N"')
    ),
    "MultiInstanceLoopCharacteristics.completionCondition": Row(
        repeated(
            "><loopCardinality>3</loopCardinality><completionCondition>"
            "nrOfCompletedInstances &gt; 0</completionCondition>"
        ),
        less=("nrOfCompletedInstances &gt; 0", "nrOfCompletedInstances &gt; 1"),
    ),
    "MultiInstanceLoopCharacteristics.inputDataItem": Row(
        repeated('><loopDataInputRef>xs</loopDataInputRef><inputDataItem id="i" name="entry"/>'),
        data={"xs": [1, 2]},
    ),
    "MultiInstanceLoopCharacteristics.isSequential": Row(
        repeated('isSequential="true"><loopCardinality>2</loopCardinality>')
    ),
    "MultiInstanceLoopCharacteristics.loopCardinality": Row(
        repeated("><loopCardinality>2</loopCardinality>"),
        less=(">2<", ">3<"),
    ),
    "MultiInstanceLoopCharacteristics.loopDataInputRef": Row(
        repeated("><loopDataInputRef>xs</loopDataInputRef>"),
        less=(">xs<", ">ys<"),
        data={"xs": [1, 2], "ys": [3]},
    ),
    "MultiInstanceLoopCharacteristics.loopDataOutputRef": Row(
        repeated(
            "><loopCardinality>2</loopCardinality><loopDataOutputRef>all</loopDataOutputRef>"
            '<outputDataItem id="o" name="one"/>'
        ),
        answers={"a": {"one": 7}},
    ),
    "MultiInstanceLoopCharacteristics.outputDataItem": Row(
        repeated(
            "><loopCardinality>2</loopCardinality><loopDataOutputRef>all</loopDataOutputRef>"
            '<outputDataItem id="o" name="one"/>'
        ),
        answers={"a": {"one": 7}},
    ),
    "Process.flowElements": Row(
        p(start(), user_task("a"), end(), boundary("late", "a", timer("P1D"))),
        less=(boundary("late", "a", timer("P1D")).xml, ""),
        open=HELD,
    ),
    "Process.isExecutable": Row(
        bpmn(
            process("p", start(), user_task("a"), end()),
            process("q", start("qs"), user_task("qa"), end("qe"), isExecutable=False),
        )
    ),
    "Process.laneSets": Row(LANED, warned=True),
    "ReceiveTask.messageRef": Row(
        SENT, less=('"hear" name="Hear" messageRef="M"', '"hear" name="Hear" messageRef="N"')
    ),
    "ResourceAssignmentExpression.expression": Row(OWNED),
    "ResourceRole.resourceAssignmentExpression": Row(OWNED),
    "ScriptTask.script": Row(
        p(start(), script_task("count", "n = 1"), end()), less=("n = 1", "n = 2")
    ),
    "SendTask.messageRef": Row(
        SENT, less=('"tell" name="Tell" messageRef="M"', '"tell" name="Tell" messageRef="N"')
    ),
    "SequenceFlow.conditionExpression": Row(ways(user_task("a"), "n > 1", None), data={"n": 0}),
    "SequenceFlow.sourceRef": Row(
        p(
            start(),
            user_task("a"),
            user_task("b"),
            user_task("x"),
            flow("start", "a"),
            flow("a", "b"),
            flow("a", "x", id="f"),
        ),
        less=('id="f" sourceRef="a"', 'id="f" sourceRef="b"'),
    ),
    "SequenceFlow.targetRef": Row(
        p(
            start(),
            user_task("a"),
            user_task("b"),
            user_task("x"),
            flow("start", "a"),
            flow("a", "b"),
            flow("a", "x", id="f"),
        ),
        less=('sourceRef="a" targetRef="x"', 'sourceRef="a" targetRef="b"'),
    ),
    "Signal.name": Row(NAMED_TWICE, less=('name="all"', 'name="everybody"')),
    "SignalEventDefinition.signalRef": Row(NAMED_TWICE, less=('signalRef="S"', 'signalRef="T"')),
    "StandardLoopCharacteristics.loopCondition": Row(
        repeated('loopMaximum="3"><loopCondition>loopCounter &lt; 2</loopCondition>', one="loop")
    ),
    "StandardLoopCharacteristics.loopMaximum": Row(
        repeated('loopMaximum="3"><loopCondition>n &gt; 0</loopCondition>', one="loop"),
        data={"n": 1},
    ),
    "StandardLoopCharacteristics.testBefore": Row(
        repeated('testBefore="true"><loopCondition>n &gt; 0</loopCondition>', one="loop"),
        data={"n": 0},
    ),
    "StartEvent.isInterrupting": Row(
        beside(start("due", timer("P1D"), isInterrupting=False)), open=HELD
    ),
    "SubProcess.triggeredByEvent": Row(beside(start("due", timer("P1D"))), refused="not-proven"),
    "ThrowEvent.eventDefinitions": Row(p(start(), end("tell", event("message", "done")))),
    "TimerEventDefinition.timeCycle": Row(
        p(
            start(),
            user_task("a"),
            boundary("again", "a", timer("R2/P1D", "timeCycle"), interrupting=False),
            end("over"),
            flow("start", "a"),
            flow("again", "over"),
        ),
        less=("R2/P1D", "R1/P1D"),
        open=HELD,
    ),
    "TimerEventDefinition.timeDate": Row(
        p(start(), catch("wait", timer("2026-12-01T09:00:00+07:00", "timeDate")), end()),
        less=("2026-12-01", "2026-12-02"),
    ),
    "TimerEventDefinition.timeDuration": Row(
        p(start(), catch("wait", timer("P1D")), end()), less=("P1D", "P2D")
    ),
}
