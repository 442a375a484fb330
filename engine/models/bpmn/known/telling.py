"""Findings about words that have a meaning elsewhere and none here.

Walks over a file once. A Camunda word that is in no table is reported too: no word is silently
ignored.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping

from engine.models.bpmn.known.lexicon import Told, Words, names
from engine.models.bpmn.known.of_bpmn import BPMN_WORDS
from engine.models.bpmn.known.of_camunda import CAMUNDA_WORDS, CODE_ADVICE, ELSEWHERE, TOPIC_ADVICE
from engine.models.bpmn.topics import proposed
from engine.models.bpmn.vocabulary import BPMN, ELEMENTS, VENDORS, is_our_language
from engine.sentences.sentence import say
from engine.xml.notes import Notes
from engine.xml.tree import Node, local_name, namespace

Index = Mapping[str, Mapping[str, Told]]
"""Name in the XML -> type -> finding."""

BASES = frozenset(
    [
        *("Activity", "CallableElement", "CatchEvent", "ThrowEvent"),
        *("ChoreographyActivity", "ConversationNode", "ResourceRole"),
    ]
)
"""Types that many elements share: their words are reported at every element."""
BINDINGS = {"in": "inOutBinding", "out": "inOutBinding"}
SPELLED = {"resources": ("resourceRole", "performer", "humanPerformer", "potentialOwner")}
"""Properties whose XML elements have other names; the elements of most lists have the singular."""
HOLDERS = frozenset(
    ["definitions", "process", "subProcess", "transaction", "adHocSubProcess", "collaboration"]
)
"""Parents of the elements that findings are about."""
CONDITIONS = frozenset({"conditionExpression", "condition"})
UNKNOWN = say("Check how it is spelled, or remove it.")
FOREIGN = Told(CODE_ADVICE, "error", "foreign-code")
FOREIGN_LANGUAGE = BPMN_WORDS.told["Definitions.expressionLanguage"]


def _whole(words: Words) -> dict[str, Told]:
    """Element -> finding, for types that are reported as a whole."""
    types = {word[:-2]: told for word, told in words.told.items() if word.endswith(".*")}
    return {kind[:1].lower() + kind[1:]: told for kind, told in types.items()}


def _index(words: Words) -> Index:
    found: dict[str, dict[str, Told]] = defaultdict(dict)
    for word, told in words.told.items():
        kind, _, name = word.partition(".")
        for spelled in SPELLED.get(name, (name, name.removesuffix("s"))):
            found[spelled][kind] = told
    return found


WHOLE_OF_BPMN, OF_BPMN = _whole(BPMN_WORDS), _index(BPMN_WORDS)
WHOLE_OF_CAMUNDA, OF_CAMUNDA = _whole(CAMUNDA_WORDS), _index(CAMUNDA_WORDS)
UNTOLD_OF_CAMUNDA = names([*CAMUNDA_WORDS.read, *CAMUNDA_WORDS.harmless, *CAMUNDA_WORDS.refused])


def note_words(root: Node, notes: Notes) -> None:
    """Note the words of a file that have a finding; the limit on the depth of XML limits the
    walk."""
    _note_attributes(root, notes)
    for child in root.iterchildren("*"):
        _note_node(child, root, notes)


def _note_node(node: Node, parent: Node, notes: Notes) -> None:
    uri = namespace(node)
    if uri != BPMN and uri not in VENDORS:
        return
    if local_name(parent) in HOLDERS and node.get("id"):
        notes = notes.about(node.get("id") or "", " ".join((node.get("name") or "").split()))
    told = _told_element(node, parent)
    if told is not None:
        _note(node, local_name(node), told, notes)
        return  # the finding covers everything inside
    _note_attributes(node, notes)
    for child in node.iterchildren("*"):
        _note_node(child, node, notes)


def _told_element(node: Node, parent: Node) -> Told | None:
    name, within = local_name(node), local_name(parent)
    if namespace(node) == BPMN:
        return WHOLE_OF_BPMN.get(name) or _of_type(OF_BPMN, name, within)
    if name in WHOLE_OF_CAMUNDA:
        return WHOLE_OF_CAMUNDA[name]
    if namespace(parent) in VENDORS:
        return _of_type(OF_CAMUNDA, name, within)
    if name == "script":
        return FOREIGN
    return None if name in ELEMENTS else Told(UNKNOWN)


def _of_type(index: Index, name: str, element: str) -> Told | None:
    """The finding about the property `name` of `element`, both in their XML names."""
    kind = element[:1].upper() + element[1:]
    found = index.get(name, {})
    return next((told for of, told in found.items() if of == kind or of in BASES), None)


def _note_attributes(node: Node, notes: Notes) -> None:
    element = local_name(node)
    for key, value in node.attrib.items():
        uri, _, name = str(key).lstrip("{").rpartition("}")
        told = None
        if uri in VENDORS and namespace(node) == BPMN:
            told = _told_of_camunda(name, element)
        elif not uri and namespace(node) == BPMN:
            told = _told_of_bpmn(name, element, str(value))
        elif not uri:
            told = _of_type(OF_CAMUNDA, name, BINDINGS.get(element, element))
        if told is not None and value not in told.silent:
            _note(node, name, told, notes)


def _told_of_bpmn(name: str, element: str, value: str) -> Told | None:
    """The language of a condition has no finding here: the code that reads conditions checks it."""
    if name in ("language", "expressionLanguage"):
        is_read = element in CONDITIONS or is_our_language(value)
        return None if is_read else FOREIGN_LANGUAGE
    return _of_type(OF_BPMN, name, element)


def _told_of_camunda(name: str, element: str) -> Told | None:
    told = _of_type(OF_CAMUNDA, name, element)
    if told is not None or name in UNTOLD_OF_CAMUNDA:
        return told
    anywhere = next(iter(OF_CAMUNDA.get(name, {}).values()), None)
    return anywhere or Told(ELSEWHERE.get(name, UNKNOWN))


def _note(node: Node, name: str, told: Told, notes: Notes) -> None:
    if told.advice is TOPIC_ADVICE:
        notes = notes.corrected_by(proposed(node))
    note = notes.error if told.severity == "error" else notes.warning
    what = (
        say("{name} cannot run here.", name=name)
        if told.code == "foreign-code"
        else say("{name} is not read by this engine.", name=name)
    )
    note(node, told.code, what, told.advice)
