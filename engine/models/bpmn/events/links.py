"""Link events: a throw and a catch of the same name are the two ends of a flow that is not drawn.

Owns finding the ends (BPMN 2.0.2, 10.5.5). Afterwards the flow is like any other.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping

from engine.models.elements import Element, Flow
from engine.sentences.sentence import Sentence, say
from engine.xml.notes import Notes


def join_links(
    elements: Mapping[str, Element], flows: Mapping[str, Flow], notes: Notes
) -> dict[str, Flow]:
    """The flow behind each thrown link; a link without two ends is noted."""
    links = [e for e in elements.values() if e.event is not None and e.event.kind == "link"]
    catches = [link for link in links if link.kind == "intermediateCatchEvent"]
    ends: dict[tuple[str, str], list[Element]] = defaultdict(list)
    for catch in filter(_name, catches):
        ends[_place(catch)].append(catch)
    drawn_out = {flow.source for flow in flows.values()}
    drawn_into = {flow.target for flow in flows.values()}
    joined: dict[str, Flow] = {}
    for throw in links:
        if throw.kind != "intermediateThrowEvent":
            continue
        targets = ends[_place(throw)]
        if len(targets) != 1:
            _note(notes, throw, _not_one(len(targets)))
        elif targets[0].id in drawn_into or throw.id in drawn_out:
            _note(notes, throw, say("A flow is drawn out of this link, or into its other end."))
        else:
            flow = Flow(f"{throw.id}->{targets[0].id}", "", throw.id, targets[0].id, throw.line)
            joined[flow.id] = flow
    thrown = {_place(link) for link in links if link.kind == "intermediateThrowEvent"}
    for catch in catches:
        if catch.id in drawn_into and _place(catch) not in thrown:
            _note(notes, catch, say("A flow is drawn out of this link, or into its other end."))
    return joined


def _name(link: Element) -> str:
    return (link.event.code if link.event is not None else None) or ""


def _place(link: Element) -> tuple[str, str]:
    """The sub-process and name of a link: a link does not leave its sub-process."""
    return link.process, _name(link)


def _not_one(count: int) -> Sentence:
    return say(
        "{count} catch events have the name of this link; it leads to exactly one.", count=count
    )


def _note(notes: Notes, throw: Element, what: Sentence) -> None:
    advice = say(
        "Give one link throw and one link catch event the same name, with no flow between."
    )
    notes.about(throw.id, throw.name).error_at(throw.line, "link", what, advice)
