"""Small files, each with a word of BPMN or Camunda."""

from __future__ import annotations

from tests.engine.models.building import NAMESPACES


def file(*root: str, process: str = "", settings: str = "") -> bytes:
    """A file on one line, so that leaving something out moves no line number."""
    begun = f'<process id="p" name="Process" isExecutable="true">{process}</process>'
    drawn = (
        '<bpmndi:BPMNDiagram id="d"><bpmndi:BPMNPlane id="pl" bpmnElement="p">'
        '<bpmndi:BPMNShape id="sh" bpmnElement="a"/></bpmndi:BPMNPlane></bpmndi:BPMNDiagram>'
    )
    text = f"<definitions {NAMESPACES} {settings}>{''.join(root)}{begun}{drawn}</definitions>"
    return " ".join(text.split()).encode()


def extended(*inner: str) -> str:
    return f"<extensionElements>{''.join(inner)}</extensionElements>"


def filled(item: str, declared: str = "", at: str = "") -> str:
    """A task `x` whose association would fill a data item, and a script that reads `order`."""
    association = (
        f"<dataOutputAssociation><sourceRef>from</sourceRef><targetRef>{item}</targetRef>"
        "</dataOutputAssociation>"
    )
    reader = '<scriptTask id="r" scriptFormat="python"><script>n = order</script></scriptTask>'
    return f'{declared}<task id="x">{at}{association}</task>{reader}'
