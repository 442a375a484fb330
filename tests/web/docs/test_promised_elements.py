"""No text sends a reader to a BPMN element that does not run here: the engine reads every element
in documents, advice and pages, or refuses it in the sentence that names it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest

from engine.deployment.examining import examine
from processes.composition import known
from tests.engine.models.building import Part, bpmn, end, event, node, process, start, sub_process
from tests.test_docs import ROOT
from tests.web.docs.test_promises import texts

NODES = (
    *("userTask", "manualTask", "scriptTask", "serviceTask", "businessRuleTask", "sendTask"),
    *("receiveTask", "callActivity", "subProcess", "adHocSubProcess", "transaction"),
    *("choreographyTask", "subChoreography", "callChoreography", "exclusiveGateway"),
    *("inclusiveGateway", "parallelGateway", "eventBasedGateway", "complexGateway"),
)
"""Flow nodes of BPMN 2.0.2 (10.3 to 10.6) beside events, whether they are read here or not."""
EVENTS = re.compile(
    r"\b(message|timer|signal|error|escalation|compensat(?:e|ion)|conditional|link|cancel|terminate)\s*"
    r"(?:(start|end|boundary|catch|throw)\s*)?events?(?!-)(?!Definition)\b",
    re.IGNORECASE,
)
PLACES = {
    "start": "startEvent",
    "end": "endEvent",
    "boundary": "boundaryEvent",
    "catch": "intermediateCatchEvent",
    "throw": "intermediateThrowEvent",
}
VOCABULARY = frozenset({"docs/vocabulary.md", "docs/vocabulary.en.md"})
REFUSING = re.compile(r"\b(refuse[sd]?|not supported|cannot)\b")


def written(kind: str) -> re.Pattern[str]:
    """The name as files have it, or apart as people write it."""
    apart = r"[\s-]*".join(re.findall("[A-Z]?[a-z]+", kind))
    return re.compile(rf"\b(?:{apart}(?:e?s)?|{apart.removesuffix('y')}ies)\b", re.IGNORECASE)


def elements_in(sentence: str) -> Iterator[str]:
    """`complexGateway`, or `start timer` for an event; `timer` where its place is not said."""
    yield from (kind for kind in NODES if written(kind).search(sentence))
    for trigger, place in EVENTS.findall(sentence):
        kind = trigger.lower().replace("compensation", "compensate")
        yield f"{place.lower()} {kind}".strip()


def is_read(element: str) -> bool:
    """Whether a model with it is checked without being told that it does not run here."""
    if element in NODES:
        return runs(node(element, "it"))
    place, _, trigger = element.rpartition(" ")
    return any(
        runs(node(kind, "it", event(trigger)))
        for kind in ([PLACES[place]] if place else PLACES.values())
    ) or (place == "start" and runs(begun_by(trigger)))


def begun_by(trigger: str) -> Part:
    first = node("startEvent", "it", event(trigger))
    return sub_process("around", first, triggeredByEvent=True)


def runs(part: Part) -> bool:
    found = examine({"p.bpmn": bpmn(process("p", start(), part, end()))}, {}, known()).problems
    return "not-proven" not in {problem.code for problem in found}


def sentences_of(text: str) -> list[str]:
    return re.split(r"(?<=[.!?])\s|\n(?=[\n#|*-])", text)


def test_every_element_that_is_named_is_read_or_refused_where_it_is_named() -> None:
    # The page of words lists all there are; its tables are compared with those of the reader.
    promising = [text for name, text in texts().items() if name not in VOCABULARY]
    decisions = [page.read_text("utf-8") for page in (ROOT / "docs/decisions").glob("*.md")]
    found = [
        (element, sentence)
        for text in [*promising, *decisions]
        for sentence in sentences_of(text)
        for element in elements_in(sentence)
    ]
    assert {"userTask", "complexGateway", "boundary cancel"} <= {element for element, _ in found}
    read = {element: is_read(element) for element, _ in found}
    assert [one for one in found if not read[one[0]] and not REFUSING.search(one[1])] == []


@pytest.mark.parametrize(
    "sentence",
    [
        "Use a `complexGateway`.",
        "Draw complex gateways.",
        "Begin it by a timer end event.",
        "Let a choreography task follow.",
        "Draw a conditional end event.",
    ],
)
def test_an_element_that_does_not_run_would_be_noticed(sentence: str) -> None:
    assert not all(is_read(element) for element in elements_in(sentence))
