"""The cost model: five user tasks, each with two timers on its boundary, and a send-back gateway.

The same drawing for both engines; only the text of a timer differs, because stock SpiffWorkflow
evaluates it as Python.
"""

from __future__ import annotations

from typing import Any, Final

KEY: Final = "lifecycle"
TASKS: Final = 5
DATA: Final[dict[str, Any]] = {
    "recommendation": {"id": "REC-1", "title": "x" * 120, "body": "y" * 600},
    "send_back": False,
}
NAMESPACES: Final = (
    'xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL"'
    ' xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"'
)


def lifecycle(*, quoted_timers: bool) -> bytes:
    """The BPMN file. `quoted_timers`: durations as Python texts."""
    parts = ['<startEvent id="begin"/>', _flow("begin", "task_1")]
    for number in range(1, TASKS + 1):
        parts += _task(number, quoted_timers)
    last = f"task_{TASKS}"
    back = _flow("again", "task_1", "send_back == True")
    parts += [
        _flow(last, "again"),
        '<exclusiveGateway id="again" default="again_done"/>',
        back,
        _flow("again", "done"),
        '<endEvent id="done"/>',
    ]
    process = f'<process id="{KEY}" isExecutable="true">{"".join(parts)}</process>'
    return f'<definitions {NAMESPACES} id="d" targetNamespace="t">{process}</definitions>'.encode()


def _task(number: int, quoted: bool) -> list[str]:
    name = f"task_{number}"
    parts = [f'<userTask id="{name}" name="Task {number}"/>']
    if number < TASKS:
        parts.append(_flow(name, f"task_{number + 1}"))
    for days in (14, 30):
        text = f'"P{days}D"' if quoted else f"P{days}D"
        timer = f"{name}_after_{days}"
        parts += [
            f'<boundaryEvent id="{timer}" attachedToRef="{name}" cancelActivity="false">'
            f'<timerEventDefinition><timeDuration xsi:type="tFormalExpression">{text}'
            "</timeDuration></timerEventDefinition></boundaryEvent>",
            _flow(timer, f"{timer}_end"),
            f'<endEvent id="{timer}_end"/>',
        ]
    return parts


def _flow(source: str, target: str, condition: str | None = None) -> str:
    inside = (
        f'<conditionExpression xsi:type="tFormalExpression">{condition}</conditionExpression>'
        if condition
        else ""
    )
    ends = f'sourceRef="{source}" targetRef="{target}"'
    return f'<sequenceFlow id="{source}_{target}" {ends}>{inside}</sequenceFlow>'
