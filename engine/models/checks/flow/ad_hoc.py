"""Ad-hoc sub-processes: people choose their activities, so no event begins or ends them."""

from __future__ import annotations

from collections.abc import Iterator

from engine.models.checks.flow.kinds import PROVEN_ACTIVITIES
from engine.models.checks.flow.shape import begins_at
from engine.models.checks.subject import Subject
from engine.models.elements import Element
from engine.sentences.problems import Problem
from engine.sentences.sentence import say


def check_ad_hoc(subject: Subject) -> Iterator[Problem]:
    """An ad-hoc sub-process contains activities, gateways and intermediate events (BPMN 2.0.2,
    10.3.5). A node without an incoming flow can be chosen, so it is an activity. No event begins
    the whole."""
    for holder in subject.of_kind("adHocSubProcess"):
        if holder.triggered_by_event:
            yield subject.error(
                holder,
                "ad-hoc",
                say("An ad-hoc sub-process is begun by no event."),
                say("Draw an event sub-process, and the ad-hoc sub-process inside it."),
            )
            continue
        inside = subject.graph.inside(holder.id)
        for element in inside:
            if element.kind in ("startEvent", "endEvent"):
                yield _outside(subject, element)
        for element in begins_at(subject.graph, holder.id):
            if element.kind not in PROVEN_ACTIVITIES | {"startEvent", "endEvent"}:
                yield _not_chosen(subject, element)


def _outside(subject: Subject, element: Element) -> Problem:
    return subject.error(
        element,
        "ad-hoc",
        say("An ad-hoc sub-process has no start and no end events: people choose what is done."),
        say("Remove the event, or draw a plain sub-process."),
    )


def _not_chosen(subject: Subject, element: Element) -> Problem:
    return subject.error(
        element,
        "ad-hoc",
        say("No flow leads here, and people can only choose activities."),
        say("Lead a flow to it from an activity, or begin an event sub-process by the event."),
    )
