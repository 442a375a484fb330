"""A case that only waits and escalates: one human task, the ladder timer, the shipped decision
table, and a handler that writes a mail row and its job in the step."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Column, Connection, MetaData, Table, Text, insert
from uuid_utils.compat import uuid7

from engine import Engine
from engine.ports.handlers import NewJob, Step
from engine.storage.database.hot import Hot
from engine.storage.database.types import DATA, ID, UtcDateTime
from engine.time.calendar import Calendar
from processes.composition import shipped_files

KEY: Final = "escalating"
TABLE: Final = "escalation.dmn"
MAIL: Final = Table(
    "mail",
    MetaData(),
    Column("id", ID, primary_key=True),
    Column("recipients", DATA, nullable=False),
    Column("subject", Text, nullable=False),
    Column("at", UtcDateTime, nullable=False),
)
NEVER_SENT: Final = datetime.fromisoformat("9999-01-01T00:00:00+00:00")
"""Due time of the mails' jobs: the benchmark measures the firing of timers, not the sending."""

_add_mail = Hot(insert(MAIL))

MODEL = """<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL"
 xmlns:camunda="http://camunda.org/schema/1.0/bpmn"
 xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" id="d" targetNamespace="t">
<process id="escalating" isExecutable="true">
 <startEvent id="begin"/><sequenceFlow id="f1" sourceRef="begin" targetRef="acknowledge"/>
 <userTask id="acknowledge" name="Acknowledge" camunda:candidateGroups="contact"
  camunda:dueDate="${working_days(3, task.created)}"/>
 <sequenceFlow id="f2" sourceRef="acknowledge" targetRef="done"/><endEvent id="done"/>
 <boundaryEvent id="escalate" cancelActivity="false" attachedToRef="acknowledge">
  <timerEventDefinition>
   <timeCycle xsi:type="tFormalExpression">${next_look("escalation")}</timeCycle>
  </timerEventDefinition></boundaryEvent>
 <sequenceFlow id="f3" sourceRef="escalate" targetRef="level"/>
 <businessRuleTask id="level" name="Level" camunda:resultVariable="escalation"
  camunda:decisionRef="escalation" camunda:mapDecisionResult="singleResult"/>
 <sequenceFlow id="f4" sourceRef="level" targetRef="tell"/>
 <serviceTask id="tell" name="Tell" camunda:type="external" camunda:topic="tell"/>
 <sequenceFlow id="f5" sourceRef="tell" targetRef="told"/><endEvent id="told"/>
</process></definitions>"""


def tell(step: Step) -> Mapping[str, Any]:
    """Write the mail and the job that would send it."""
    level = step.data["escalation"]
    mail = {
        "id": uuid7(),
        "recipients": level["recipients"],
        "subject": level["level_name"],
        "at": step.now,
    }
    _add_mail.run(step.connection, mail)
    step.enqueue(NewJob("mail", {"mail": str(mail["id"])}, NEVER_SENT))
    return {}


def case(_connection: Connection, _key: str | None) -> tuple[dict[str, Any], Calendar]:
    """Every case has normal priority."""
    return {"priority": "normal"}, Calendar()


def opened(url: str, clock: Callable[[], datetime]) -> Engine:
    """The engine on a database, with its tables and the model."""
    engine = Engine.open(url, handlers={"tell": tell}, clock=clock, case=case)
    with engine.transaction() as connection:
        MAIL.create(connection, checkfirst=True)
    if not engine.versions():
        table = shipped_files("follow_up")[TABLE]
        engine.deploy({"escalating.bpmn": MODEL.encode(), TABLE: table}, "benchmark")
    return engine
