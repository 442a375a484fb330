"""The process of the run, and the same process as a table of moves for the checker.

`prepare` has a reminder every two seconds; then an external task; a pause; a message under the
business key; a decision that a timer takes away after five seconds; then back to the beginning, or
to the end.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Final

KEY: Final = "chaos"
FILE: Final = f"{KEY}.bpmn"
MESSAGE: Final = "go"
TOPIC: Final = "work"

REMIND_EVERY: Final = timedelta(seconds=2)
PAUSE: Final = timedelta(seconds=1)
DECIDE_WITHIN: Final = timedelta(seconds=5)

START: Final = "prepare"
END: Final = "ended"
TASKS: Final = frozenset({"prepare", "decide", "rescue"})

MOVES: Final[Mapping[tuple[str, str, str], frozenset[str]]] = {
    ("prepare", "timer", "remind"): frozenset({"prepare"}),
    ("prepare", "complete", "prepare"): frozenset({"work"}),
    ("work", "external", "work"): frozenset({"pause"}),
    ("pause", "timer", "pause"): frozenset({"go"}),
    ("go", "message", "go"): frozenset({"decide"}),
    ("decide", "timer", "late"): frozenset({"rescue"}),
    ("decide", "complete", "decide"): frozenset({"prepare", END}),
    ("rescue", "complete", "rescue"): frozenset({"prepare"}),
}
"""(place, kind of event, element in it) -> the possible next places."""

_NODES = """
<startEvent id="begin"/><userTask id="prepare" name="Prepare"/>
<boundaryEvent id="remind" attachedToRef="prepare" cancelActivity="false"><timerEventDefinition>
<timeCycle xsi:type="tFormalExpression">R/PT2S</timeCycle></timerEventDefinition></boundaryEvent>
<endEvent id="reminded"/>
<serviceTask id="work" camunda:type="external" camunda:topic="work"/>
<intermediateCatchEvent id="pause"><timerEventDefinition>
<timeDuration xsi:type="tFormalExpression">PT1S</timeDuration>
</timerEventDefinition></intermediateCatchEvent>
<intermediateCatchEvent id="go"><messageEventDefinition messageRef="message_go"/>
</intermediateCatchEvent>
<userTask id="decide" name="Decide"/>
<boundaryEvent id="late" attachedToRef="decide"><timerEventDefinition>
<timeDuration xsi:type="tFormalExpression">PT5S</timeDuration>
</timerEventDefinition></boundaryEvent>
<userTask id="rescue" name="Rescue"/>
<exclusiveGateway id="again" default="again_prepare"/><endEvent id="done"/>
"""
_FLOWS = (
    ("begin", "prepare"), ("remind", "reminded"), ("prepare", "work"), ("work", "pause"),
    ("pause", "go"),
    ("go", "decide"), ("decide", "again"), ("late", "rescue"), ("rescue", "prepare"),
    ("again", "prepare"),
)  # fmt: skip


def file() -> bytes:
    """The BPMN file."""
    flows = "".join(
        f'<sequenceFlow id="{source}_{target}" sourceRef="{source}" targetRef="{target}"/>'
        for source, target in _FLOWS
    )
    flows += (
        '<sequenceFlow id="again_done" sourceRef="again" targetRef="done">'
        '<conditionExpression xsi:type="tFormalExpression">finish == True</conditionExpression>'
        "</sequenceFlow>"
    )
    text = (
        '<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL"'
        ' xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"'
        ' xmlns:camunda="http://camunda.org/schema/1.0/bpmn" id="d" targetNamespace="t">'
        f'<message id="message_go" name="{MESSAGE}"/>'
        f'<process id="{KEY}" isExecutable="true">{_NODES}{flows}</process></definitions>'
    )
    return text.encode()
