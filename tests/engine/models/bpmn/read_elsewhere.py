"""Words that occur at elements of several kinds: for each further kind a model that runs
differently without the word there. The key is the word and the kind."""

from __future__ import annotations

from collections.abc import Mapping

from tests.engine.models.bpmn.observing import Row
from tests.engine.models.bpmn.read_of_bpmn import (
    EARLY,
    HELD,
    LATE,
    UNDONE,
    beside,
    handler,
    p,
    raises_into,
)
from tests.engine.models.bpmn.read_of_camunda import TABLES, put, version
from tests.engine.models.building import (
    Part,
    boundary,
    bpmn,
    compensate,
    condition,
    end,
    event,
    extensions,
    flow,
    node,
    process,
    service_task,
    start,
    sub_process,
    throw,
    timer,
    user_task,
)

MESSAGE = event("message", "m")
SIGNAL = "signal_go"
X = Part(f"<camunda:inputOutput>{put('${x}')}</camunda:inputOutput>")
OUT = Part(f"<camunda:inputOutput>{put('${x}', 'outputParameter')}</camunda:inputOutput>")
RUNS = "multiInstanceLoopCharacteristics"
TWO = Part(f"<{RUNS}><loopCardinality>2</loopCardinality></{RUNS}>")
EACH = Part(f'<{RUNS} camunda:collection="xs" camunda:elementVariable="entry"/>')
INSIDE = (start("s"), user_task("in"), end("e"))
CALLEE = process("q", start("qs"), user_task("qa"), end("qe"))
DATA = {"x": 1, "xs": [1, 2]}


def called(*inner: Part) -> bytes:
    """A call with what stands in it, and a task behind it."""
    go = node("callActivity", "go", *inner, calledElement="q")
    return bpmn(process("p", start(), go, user_task("z"), end()), CALLEE)


def held(*inner: Part) -> bytes:
    """A sub-process with what stands in it, and a task behind it."""
    return p(start(), sub_process("sub", *INSIDE, *inner), user_task("z"), end())


def signalled(passed: str) -> bytes:
    """A signal that starts another process and carries what is passed."""
    tells = Part(
        f'<signalEventDefinition signalRef="{SIGNAL}">{extensions(Part(passed)).xml}'
        "</signalEventDefinition>"
    )
    begun = process("q", start("qs", event("signal", "go")), user_task("qa"), end("qe"))
    listener = sub_process(
        "w",
        start("ws", event("signal", "go"), isInterrupting=False),
        user_task("told"),
        end("we"),
        triggeredByEvent=True,
    )
    parts = (start(), throw("tell", tells), user_task("z"), end())
    flows = (flow("start", "tell"), flow("tell", "z"), flow("z", "end"))
    return bpmn(process("p", *parts, listener, *flows), begun)


def worked(kind: str, *inner: Part, **attributes: object) -> bytes:
    """A task or event that works, and a task behind it."""
    return p(start(), node(kind, "work", *inner, **attributes), user_task("z"), end())


def sends(**attributes: str) -> bytes:
    """A message event that calls a service instead."""
    written = "".join(f' camunda:{name}="{value}"' for name, value in attributes.items())
    return p(
        start(), throw("work", Part(f"<messageEventDefinition{written}/>")), user_task("z"), end()
    )


def fails(caught: Part, *more: Part) -> bytes:
    """A sub-process that ends in the error `bad`, caught by an event sub-process around it."""
    inside = (start("s"), end("e", event("error", "bad")))
    watch = sub_process(
        "w", start("ws", caught), user_task("repair"), end("we"), triggeredByEvent=True
    )
    parts = (start(), sub_process("sub", *inside), end())
    return p(*parts, watch, *more, flow("start", "sub"), flow("sub", "end"))


ANY = Part('<errorEventDefinition camunda:errorCodeVariable="code"/>')
UNDOING_END = p(
    *(start(), user_task("a"), boundary("a_undoable", "a", event("compensate"))),
    *(user_task("b"), boundary("b_undoable", "b", event("compensate"))),
    *(end("back", compensate("a")), Part(UNDONE), handler("undo_a"), handler("undo_b")),
)
BOTH = Part(MESSAGE.xml + condition("n > 1").xml)
COMPUTED = {"camunda_expression": "${x + 1}", "camunda_resultVariable": "more"}

ROWS: Mapping[str, Row] = {
    "bpmn Activity.default: sub-process": Row(
        p(
            start(),
            sub_process("sub", *INSIDE, default="sub_to_b"),
            user_task("a"),
            user_task("b"),
            flow("start", "sub"),
            flow("sub", "a", "x > 0"),
            flow("sub", "b"),
        ),
        data=DATA,
    ),
    "bpmn Activity.loopCharacteristics: sub-process": Row(held(TWO)),
    "bpmn Activity.loopCharacteristics: call": Row(called(TWO)),
    "bpmn CatchEvent.parallelMultiple: boundary": Row(
        p(
            start(),
            user_task("a"),
            node("boundaryEvent", "both", BOTH, attachedToRef="a", parallelMultiple=True),
            user_task("z"),
            flow("start", "a"),
            flow("both", "z"),
        ),
        open=HELD,
        data={"n": 1},
    ),
    "bpmn CatchEvent.parallelMultiple: event sub-process": Row(
        beside(start("due", BOTH, parallelMultiple=True)), open=HELD, data={"n": 1}
    ),
    "bpmn CompensateEventDefinition.activityRef: end": Row(UNDOING_END),
    "bpmn ConditionalEventDefinition.condition: event sub-process": Row(
        beside(start("due", condition("x > 0"))), less=("x &gt; 0", "x &gt; 1"), data=DATA
    ),
    "bpmn ErrorEventDefinition.errorRef: event sub-process": Row(
        fails(
            event("error", "bad"),
            boundary("other", "sub", event("error", "other")),
            user_task("no"),
            flow("other", "no"),
        ),
        less=(
            '<startEvent id="ws" name="Ws"><errorEventDefinition errorRef="error_bad"/>',
            '<startEvent id="ws" name="Ws"><errorEventDefinition errorRef="error_other"/>',
        ),
    ),
    "bpmn Escalation.escalationCode: thrown": Row(
        raises_into(EARLY, LATE), less=('Code="early"', 'Code="late"')
    ),
    "bpmn MessageEventDefinition.messageRef: end": Row(
        p(start(), end("tell", MESSAGE), Part(throw("unused", event("message", "n")).xml)),
        less=(
            '"Tell"><messageEventDefinition messageRef="message_m"',
            '"Tell"><messageEventDefinition messageRef="message_n"',
        ),
    ),
    "bpmn TimerEventDefinition.timeDuration: event sub-process": Row(
        beside(start("due", timer("P1D"))), less=("P1D", "P2D"), open=HELD
    ),
    "camunda CallActivity.calledElementBinding: deployment": Row(
        p(
            start(),
            node(
                "callActivity", "go", calledElement="v", camunda_calledElementBinding="deployment"
            ),
            end(),
        ),
        files=version("first"),
        after=version("second"),
    ),
    "camunda Collectable.collection: sub-process": Row(
        held(EACH), less=('"xs"', '"ys"'), data={**DATA, "ys": [3]}
    ),
    "camunda Collectable.elementVariable: call": Row(
        called(EACH, extensions(Part('<camunda:in variables="all"/>'))), data=DATA
    ),
    "camunda ErrorEventDefinitionExtension.errorCodeVariable: event sub-process": Row(fails(ANY)),
    "camunda ExternalCapable.topic: send task": Row(
        worked("sendTask", camunda_topic="note"), less=('"note"', '"fail"')
    ),
    "camunda ExternalCapable.topic: business rule task": Row(
        worked("businessRuleTask", camunda_topic="note"), less=('"note"', '"fail"')
    ),
    "camunda ExternalCapable.topic: message event": Row(
        sends(topic="note"), less=('"note"', '"fail"')
    ),
    "camunda TaskPriorized.taskPriority: send task": Row(
        worked("sendTask", camunda_topic="far", camunda_taskPriority="7")
    ),
    "camunda TaskPriorized.taskPriority: business rule task": Row(
        worked("businessRuleTask", camunda_topic="far", camunda_taskPriority="7")
    ),
    "camunda TaskPriorized.taskPriority: message event": Row(sends(topic="far", taskPriority="7")),
    "camunda TaskPriorized.taskPriority: process": Row(
        bpmn(process("p", start(), service_task("w", "far"), end(), camunda_taskPriority="7"))
    ),
    "camunda InOutBinding.businessKey: signal": Row(signalled('<camunda:in businessKey="own"/>')),
    "camunda InOutBinding.source: signal": Row(
        signalled('<camunda:in source="x" target="y"/>'), data=DATA
    ),
    "camunda InOutBinding.sourceExpression: signal": Row(
        signalled('<camunda:in sourceExpression="${x}" target="y"/>'), data=DATA
    ),
    "camunda InOutBinding.variables: signal": Row(
        signalled('<camunda:in variables="all"/>'), data=DATA
    ),
    "camunda InOutBinding.source: out of a call": Row(
        called(extensions(Part('<camunda:out source="n" target="y"/>'))), answers={"qa": {"n": 2}}
    ),
    "camunda InOutBinding.sourceExpression: out of a call": Row(
        called(extensions(Part('<camunda:out sourceExpression="${n + 1}" target="y"/>'))),
        answers={"qa": {"n": 2}},
    ),
    "camunda InOutBinding.variables: out of a call": Row(
        called(extensions(Part('<camunda:out variables="all"/>'))), answers={"qa": {"n": 2}}
    ),
    "camunda InputOutput.inputParameters: task": Row(worked("userTask", extensions(X)), data=DATA),
    "camunda InputOutput.inputParameters: sub-process": Row(held(extensions(X)), data=DATA),
    "camunda InputOutput.inputParameters: call": Row(
        called(extensions(X, Part('<camunda:in variables="all"/>'))), data=DATA
    ),
    "camunda InputOutput.inputParameters: message event": Row(
        p(start(), throw("tell", extensions(X), MESSAGE), user_task("z"), end()), data=DATA
    ),
    "camunda InputOutput.outputParameters: task": Row(
        worked("userTask", extensions(OUT)), data=DATA
    ),
    "camunda InputOutput.outputParameters: sub-process": Row(held(extensions(OUT)), data=DATA),
    "camunda InputOutput.outputParameters: call": Row(called(extensions(OUT)), data=DATA),
    "camunda ServiceTaskLike.expression: send task": Row(
        worked("sendTask", **COMPUTED), less=("x + 1", "x + 2"), data=DATA
    ),
    "camunda ServiceTaskLike.resultVariable: send task": Row(
        worked("sendTask", **COMPUTED), data=DATA
    ),
    "camunda ServiceTaskLike.expression: business rule task": Row(
        worked("businessRuleTask", **COMPUTED), less=("x + 1", "x + 2"), data=DATA
    ),
    "camunda ServiceTaskLike.resultVariable: business rule task": Row(
        worked("businessRuleTask", camunda_decisionRef="d", camunda_resultVariable="found"),
        files=TABLES,
        less=('"found"', '"level"'),
        data={"n": 5},
    ),
    "camunda ServiceTaskLike.expression: message event": Row(
        sends(expression="${x + 1}", resultVariable="more"), less=("x + 1", "x + 2"), data=DATA
    ),
    "camunda ServiceTaskLike.resultVariable: message event": Row(
        sends(expression="${x + 1}", resultVariable="more"), data=DATA
    ),
}
