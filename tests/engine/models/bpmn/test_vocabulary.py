"""Every word of BPMN, Camunda 7 and Camunda 8 is read, harmless or reported: none is ignored
silently.

The descriptors of the editor's packages list the words.
"""

from __future__ import annotations

import pytest

from engine.models.bpmn import read_bpmn
from engine.models.bpmn.file import BpmnFile
from engine.models.bpmn.known.of_bpmn import BPMN_WORDS
from engine.models.bpmn.known.of_camunda import CAMUNDA_WORDS
from engine.models.bundle import read_bundle
from engine.models.checks import Known, check_bundle
from tests.engine.models.bpmn.descriptors import DESCRIPTORS, properties_of, types_of
from tests.engine.models.bpmn.vocabulary_models import extended, file, filled

WORDS = {"bpmn": BPMN_WORDS, "camunda": CAMUNDA_WORDS}
ZEEBE = {kind["name"]: kind.get("extends", []) for kind in types_of("zeebe")}


def read(content: bytes) -> BpmnFile:
    return read_bpmn(content, "m.bpmn")


@pytest.mark.parametrize("name", WORDS)
def test_every_word_stands_in_one_table(name: str) -> None:
    words = WORDS[name]
    tables = [words.read, words.harmless.keys(), words.told.keys(), words.refused.keys()]
    for word in properties_of(name):
        whole = word.partition(".")[0] + ".*"
        found = [one for table in tables for one in (word, whole) if one in table]
        assert len(found) == 1, (word, found)


@pytest.mark.parametrize("name", WORDS)
def test_the_tables_hold_no_other_words(name: str) -> None:
    words = WORDS[name]
    kinds = {f"{kind['name']}.*" for kind in types_of(name)}
    known = properties_of(name).keys() | kinds
    assert {*words.read, *words.harmless, *words.told, *words.refused} <= known


PLACES = {
    "Activity": '<userTask id="x"{attribute}>{child}</userTask>',
    "CatchEvent": '<intermediateCatchEvent id="x"{attribute}>{child}</intermediateCatchEvent>',
    "ThrowEvent": '<intermediateThrowEvent id="x"{attribute}>{child}</intermediateThrowEvent>',
    "ResourceRole": '<userTask id="x"><potentialOwner>{child}</potentialOwner></userTask>',
    "MessageEventDefinition": '<intermediateThrowEvent id="x"><messageEventDefinition>{child}'
    "</messageEventDefinition></intermediateThrowEvent>",
    "MultiInstanceLoopCharacteristics": '<task id="x"><multiInstanceLoopCharacteristics{attribute}>'
    "{child}</multiInstanceLoopCharacteristics></task>",
    "FormSupported": '<userTask id="x"{attribute}/>',
    "ServiceTaskLike": '<serviceTask id="x"{attribute}/>',
    "DmnCapable": '<businessRuleTask id="x"{attribute}/>',
    "TaskPriorized": '<serviceTask id="x"{attribute}/>',
}
"""Type -> where one of it stands in a process; others are elements that are called as their type.
"""
AROUND = {
    "Definitions": "",
    "Process": "",
    "CallableElement": "",
    "Collaboration": "<collaboration>{child}</collaboration>",
    "ConversationNode": "<collaboration><conversation>{child}</conversation></collaboration>",
    "Extension": "<extension{attribute}/>",
    "Error": '<error id="x"{attribute}/>',
}
"""Type -> where one of it stands beside the process; "": it is the file or the process itself."""
CHILDREN = {"resources": "performer"}


def standing(name: str, word: str, value: str = "something") -> bytes:
    """A file in which the word stands."""
    kind, _, prop = word.partition(".")
    if prop == "*":
        return _whole(name, kind[:1].lower() + kind[1:])
    one = DESCRIPTORS[name].properties[word]
    prefix = "camunda:" if name == "camunda" and one.kind in DESCRIPTORS[name].extended else ""
    attribute = f' {prefix}{prop}="{value}"' if one.is_attribute else ""
    tag = CHILDREN.get(prop, prop if prop in EXACT else prop.removesuffix("s"))
    child = "" if one.is_attribute else f'<{"camunda:" if name == "camunda" else ""}{tag} id="i"/>'
    if kind == "Definitions":
        return file(child, settings=attribute)
    if kind in ("Process", "CallableElement"):
        return file(process=f'{child}<task id="a"/>').replace(
            b'id="p"', f'id="p"{attribute}'.encode()
        )
    if kind in AROUND:
        return file(AROUND[kind].format(attribute=attribute, child=child))
    if kind in ("InOutBinding", "FormData", "FormField"):
        return file(process=_inside_extensions(kind, attribute, child))
    tag = kind[:1].lower() + kind[1:]
    place = PLACES.get(kind, f'<{tag} id="x"{{attribute}}>{{child}}</{tag}>')
    return file(process=place.format(attribute=attribute, child=child))


EXACT = frozenset({"complexBehaviorDefinition"})


def _whole(name: str, tag: str) -> bytes:
    if name == "camunda":
        return file(
            process=f'<task id="x"><extensionElements><camunda:{tag}/></extensionElements></task>'
        )
    if tag in ("choreographyActivity",):
        return file('<choreography id="h"><choreographyTask id="x"/></choreography>')
    return file(f'<{tag} id="x"/>')


def _inside_extensions(kind: str, attribute: str, child: str) -> str:
    inner = {
        "InOutBinding": f'<camunda:in source="a" target="b"{attribute}/>',
        "FormData": f"<camunda:formData{attribute}/>",
        "FormField": f'<camunda:formData><camunda:formField id="f" type="string"{attribute}>{child}'
        "</camunda:formField></camunda:formData>",
    }[kind]
    return f'<callActivity id="x"><extensionElements>{inner}</extensionElements></callActivity>'


@pytest.mark.parametrize(
    ("name", "word"), [(name, word) for name in WORDS for word in sorted(WORDS[name].told)]
)
def test_what_is_told_has_its_finding(name: str, word: str) -> None:
    told = WORDS[name].told[word]
    found = [p for p in read(standing(name, word)).problems if p.code == told.code]
    assert [(p.advice, p.severity) for p in found] == [(told.advice, told.severity)]


@pytest.mark.parametrize(
    ("name", "word", "value"),
    [
        (name, word, value)
        for name in WORDS
        for word, told in sorted(WORDS[name].told.items())
        for value in told.silent
    ],
)
def test_a_value_that_says_what_happens_anyway_is_not_told(
    name: str, word: str, value: str
) -> None:
    assert read(standing(name, word, value)).problems == ()


def _parameter(value: str) -> str:
    inner = f'<camunda:inputParameter name="p">{value}</camunda:inputParameter>'
    block = f"<camunda:inputOutput>{inner}</camunda:inputOutput>"
    return f'<task id="x"><extensionElements>{block}</extensionElements></task>'


def _constrained(name: str) -> str:
    constraint = f'<camunda:constraint name="{name}"/>'
    field = f'<camunda:formField id="f" type="long"><camunda:validation>{constraint}'
    return f"<camunda:formData>{field}</camunda:validation></camunda:formField></camunda:formData>"


REFUSED = {
    "Activity.properties": filled("i", at='<property id="i" name="order"/>'),
    "CatchEvent.dataOutputs": filled(
        "i",
        '<intermediateThrowEvent id="e"><dataOutput id="i" name="order"/></intermediateThrowEvent>',
    ),
    "DataAssociation.sourceRef": filled("order"),
    "DataAssociation.targetRef": filled("order", '<dataObject id="order"/>'),
    "DataInput.name": filled("i", '<task id="t"><dataInput id="i" name="order"/></task>'),
    "DataObjectReference.dataObjectRef": filled(
        "i", '<dataObject id="order"/><dataObjectReference id="i" dataObjectRef="order"/>'
    ),
    "DataOutput.name": filled("i", '<task id="t"><dataOutput id="i" name="order"/></task>'),
    "DataStore.name": filled(
        "i", '<dataStore id="s" name="order"/><dataStoreReference id="i" dataStoreRef="s"/>'
    ),
    "DataStoreReference.dataStoreRef": filled(
        "i", '<dataStore id="order"/><dataStoreReference id="i" dataStoreRef="order"/>'
    ),
    "Event.properties": filled("i", '<endEvent id="e"><property id="i" name="order"/></endEvent>'),
    "ExternalCapable.type": '<serviceTask id="x" camunda:type="mail"/>',
    "FormalExpression.language": '<sequenceFlow id="x" sourceRef="a" targetRef="b">'
    '<conditionExpression language="groovy">n</conditionExpression></sequenceFlow>',
    "Process.properties": filled("i", '<property id="i" name="order"/>'),
    "Property.name": filled("i", '<property id="i" name="order"/>'),
    "ScriptTask.scriptFormat": '<scriptTask id="x" scriptFormat="groovy"><script>a = 1</script>'
    "</scriptTask>",
    "ThrowEvent.dataInputs": filled(
        "i", '<endEvent id="e"><dataInput id="i" name="order"/></endEvent>'
    ),
    "Activity.dataInputAssociations": '<task id="x"><dataInputAssociation/></task>',
    "Activity.dataOutputAssociations": '<task id="x"><dataOutputAssociation/></task>',
    "Activity.ioSpecification": '<task id="x"><ioSpecification/></task>',
    "Assignment.*": '<task id="x"><dataInputAssociation><assignment/>'
    "</dataInputAssociation></task>",
    "CatchEvent.dataOutputAssociations": '<startEvent id="x"><dataOutputAssociation/></startEvent>',
    "ComplexGateway.*": '<complexGateway id="x"/>',
    "DataAssociation.assignment": '<task id="x"><dataInputAssociation><assignment/>'
    "</dataInputAssociation></task>",
    "DataAssociation.transformation": '<task id="x"><dataOutputAssociation><transformation/>'
    "</dataOutputAssociation></task>",
    "InputOutputSpecification.*": '<task id="x"><ioSpecification/></task>',
    "ThrowEvent.dataInputAssociations": '<endEvent id="x"><dataInputAssociation/></endEvent>',
    "FormalExpression.resource": '<sequenceFlow id="x" sourceRef="a" targetRef="b">'
    '<conditionExpression camunda:resource="r"/></sequenceFlow>',
    "Script.*": _parameter("<camunda:script>1</camunda:script>"),
    "ScriptTask.resultVariable": '<scriptTask id="x" camunda:resultVariable="r">'
    "<script>a = 1</script></scriptTask>",
}


@pytest.mark.parametrize(
    ("word", "code"), [pair for words in WORDS.values() for pair in words.refused.items()]
)
def test_what_is_refused_with_what_it_belongs_to_has_its_finding(word: str, code: str) -> None:
    bundle = read_bundle({"m.bpmn": file(process=REFUSED[word])})
    found = {(p.element_id, p.code) for p in check_bundle(bundle, Known())}
    assert ("x", code) in found


@pytest.mark.parametrize(
    ("task", "code"),
    [
        ('<task id="x" camunda:asigne="ani"/>', "ignored"),
        (f'<task id="x">{extended("<camunda:formdata/>")}</task>', "ignored"),
        (f'<task id="x">{extended("<camunda:script/>")}</task>', "foreign-code"),
        (f'<userTask id="x">{extended(_constrained("min"))}</userTask>', "ignored"),
    ],
)
def test_what_of_camunda_stands_in_no_table_is_told(task: str, code: str) -> None:
    assert [(p.element_id, p.code) for p in read(file(process=task)).problems] == [("x", code)]


def test_a_required_field_is_not_told() -> None:
    task = f'<userTask id="x">{extended(_constrained("required"))}</userTask>'
    assert read(file(process=task)).problems == ()


def test_a_condition_in_another_language_is_told_once() -> None:
    condition = '<conditionExpression language="groovy">a</conditionExpression>'
    flow = f'<sequenceFlow id="x" sourceRef="a" targetRef="b">{condition}</sequenceFlow>'
    waited = condition.replace("conditionExpression", "condition")
    event = f"<conditionalEventDefinition>{waited}</conditionalEventDefinition>"
    catch = f'<intermediateCatchEvent id="x">{event}</intermediateCatchEvent>'
    for part in (flow, catch):
        assert [p.code for p in read(file(process=part)).problems] == ["foreign-script"]


@pytest.mark.parametrize("word", sorted(properties_of("zeebe")))
def test_every_word_of_camunda_8_is_told_once_for_the_file(word: str) -> None:
    one = properties_of("zeebe")[word]
    of_bpmn = any(name.startswith("bpmn:") for name in ZEEBE.get(one.kind, []))
    tag = one.kind[:1].lower() + one.kind[1:]
    attribute = f' zeebe:{one.name}="v"' if of_bpmn else ""
    inner = (
        "" if of_bpmn else f'<extensionElements><zeebe:{tag} {one.name}="v"/></extensionElements>'
    )
    declared = 'xmlns:zeebe="http://camunda.org/schema/zeebe/1.0"'
    content = file(process=f'<task id="x"{attribute}>{inner}</task>', settings=declared)
    assert [p.code for p in read(content).problems] == ["foreign-vocabulary"]
