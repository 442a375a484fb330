"""The calls of a model: topics of handlers, decisions, other processes.

Owns the rules for who may call what; `Known` lists the topics.
"""

from __future__ import annotations

from collections.abc import Iterator
from difflib import get_close_matches

from engine.models.bundle import Bundle
from engine.models.checks.graph import circles
from engine.models.checks.subject import Subject
from engine.models.elements import Element
from engine.sentences.problems import Problem
from engine.sentences.sentence import say

ALIKE = 0.8
"""The likeness at which one topic counts as a misspelling of another; 1: they are the same."""

RESULT_MAPPINGS = frozenset({"singleEntry", "singleResult", "collectEntries", "resultList"})


def check_service_tasks(subject: Subject) -> Iterator[Problem]:
    """A service task names its work."""
    for task in subject.of_kind("serviceTask"):
        if not task.is_service:
            yield subject.error(
                task,
                "no-topic",
                say("The service task says not what it calls; it would do nothing."),
                say(
                    'Write camunda:type="external" and camunda:topic with the name of a handler, or'
                    " of the work that a worker asks for."
                ),
            )


def check_topics(subject: Subject) -> Iterator[Problem]:
    """This process may call its topics; at a topic without a handler a case waits for a worker."""
    for element in subject.elements:
        if element.topic is None:
            continue
        if element.topic not in subject.known.topics:
            yield from _waits_for_worker(subject, element, element.topic)
        elif not _may_call(subject, element.topic):
            yield _foreign_topic(subject, element, element.topic)


def _waits_for_worker(subject: Subject, element: Element, topic: str) -> Iterator[Problem]:
    """Without a list of workers only a topic that looks misspelt is reported."""
    heard = subject.known.heard
    like = get_close_matches(topic, subject.known.topics, 1, ALIKE)
    if like and topic not in (heard or ()):
        yield subject.warning(
            element,
            "outside-worker",
            say(
                "No handler is called {topic}; one is called {handler}.",
                topic=topic,
                handler=like[0],
            ),
            say("Correct the topic, or start a worker that asks for it."),
        )
    elif heard is not None and topic not in heard:
        yield subject.warning(
            element,
            "outside-worker",
            say(
                "No handler is called {topic}, and no worker has asked for this topic lately: a"
                " case that comes here waits until one does.",
                topic=topic,
            ),
            say("Start a worker that asks for it, or correct the topic."),
        )


def check_completion_handlers(subject: Subject) -> Iterator[Problem]:
    """onComplete names a handler that this process may call, and stands at a human task."""
    for element in subject.elements:
        if element.on_complete is None:
            continue
        if element.kind not in ("userTask", "manualTask"):
            yield subject.warning(
                element,
                "on-complete",
                say("onComplete is only called when a human task is completed."),
                say("Remove the property, or call the handler by a service task."),
            )
        elif element.on_complete not in subject.known.topics:
            yield subject.error(
                element,
                "on-complete",
                say(
                    "onComplete names {topic}, and no handler is called that.",
                    topic=element.on_complete,
                ),
                say("Correct the name, or remove the property."),
            )
        elif not _may_call(subject, element.on_complete):
            yield _foreign_topic(subject, element, element.on_complete)


def _may_call(subject: Subject, topic: str) -> bool:
    allowed = subject.known.topics[topic]
    return not allowed or subject.process.key in allowed


def _foreign_topic(subject: Subject, element: Element, topic: str) -> Problem:
    allowed = ", ".join(sorted(subject.known.topics[topic]))
    return subject.error(
        element,
        "foreign-topic",
        say("The handler {topic} works for {processes} only.", topic=topic, processes=allowed),
        say("Call a handler that every process may call, or a topic of your own."),
    )


def check_decision_tasks(subject: Subject) -> Iterator[Problem]:
    """A business rule task names a table of the deployment and keeps its result."""
    for task in subject.of_kind("businessRuleTask"):
        if task.is_service:
            continue
        if task.decision_ref is None:
            yield subject.error(
                task,
                "no-decision",
                say("The business rule task names no decision table."),
                say("Write camunda:decisionRef with the id of a table."),
            )
        else:
            yield from _check_decision(subject, task)


def _check_decision(subject: Subject, task: Element) -> Iterator[Problem]:
    if task.decision_ref is not None and subject.bundle.lacks_decision(task.decision_ref):
        yield subject.error(
            task,
            "decision-missing",
            say("There is no decision table {table}.", table=task.decision_ref),
            say("Deploy its .dmn file together with the model, or correct the name."),
        )
    if task.map_result not in RESULT_MAPPINGS:
        yield subject.error(
            task,
            "map-result",
            say("{how} is no way to map the result of a decision.", how=task.map_result),
            say("Write singleEntry, singleResult, collectEntries or resultList."),
        )


def check_call_activities(subject: Subject) -> Iterator[Problem]:
    """A call activity names a process, which may be deployed until a case reaches the call."""
    for task in subject.of_kind("callActivity"):
        if task.called_by is not None:
            continue
        if task.called_process is None:
            yield subject.error(
                task,
                "no-call",
                say("The call activity names no process."),
                say("Write calledElement with the key of a process."),
            )
        elif not _exists(subject, task.called_process):
            yield subject.warning(
                task,
                "call-missing",
                say("There is no process {key}.", key=task.called_process),
                say("Deploy it before a case comes here, or correct the key."),
            )


def _exists(subject: Subject, key: str) -> bool:
    deployed = subject.known.processes
    return key in subject.bundle.processes or deployed is None or key in deployed


def check_starts_of_messages(bundle: Bundle) -> Iterator[Problem]:
    """A message starts one process: if two have it, it starts neither."""
    seen: dict[str, str] = {}
    for key, process in bundle.processes.items():
        for start in [e for e in process.elements.values() if e.kind == "startEvent"]:
            events = start.event.each if start.event is not None and start.process == key else ()
            names = [event.message.name for event in events if event.message is not None]
            for name in names:
                if seen.setdefault(name, key) == key:
                    continue
                yield Problem(
                    process.file,
                    start.id,
                    start.name,
                    start.line,
                    "error",
                    "message-starts-two",
                    say("The message {name} starts {key} too.", name=name, key=seen[name]),
                    say("Give one of the two messages another name, or use a signal."),
                )


def check_call_circles(bundle: Bundle) -> Iterator[Problem]:
    """No process calls itself, directly or through others, in the version it is deployed with:
    neither could be stored before the other."""
    called = {
        key: [
            element.called_process
            for element in process.elements.values()
            if element.called_process and element.binding == "deployment"
        ]
        for key, process in bundle.processes.items()
    }
    for circle in circles(called, lambda key: called.get(key, [])):
        process = bundle.processes[circle[0]]
        yield Problem(
            process.file,
            process.key,
            process.name,
            process.line,
            "error",
            "call-circle",
            say(
                "The processes {circle} call each other in a circle.",
                circle=" > ".join([*circle, circle[0]]),
            ),
            say("Let one of them call the newest version (calledElementBinding latest)."),
        )
