"""Small files that hold every word that is read, so that each can be left out."""

from __future__ import annotations

from tests.engine.models.building import NAMESPACES

_ASSIGNED = (
    "<resourceAssignmentExpression><formalExpression>{}</formalExpression>"
    "</resourceAssignmentExpression>"
)


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


FLOW = file(
    '<process id="other" isExecutable="false"><task id="o"/></process>',
    process="""
    <documentation>Why</documentation>
    <laneSet id="ls"><lane id="outer" name="Outer"><flowNodeRef>a</flowNodeRef>
      <childLaneSet id="cls"><lane id="inner" name="Inner"><flowNodeRef>b</flowNodeRef></lane>
      </childLaneSet></lane></laneSet>
    <startEvent id="s"/>
    <sequenceFlow id="f1" sourceRef="s" targetRef="a"/>
    <task id="a" name="A" default="f2"><documentation>Text</documentation></task>
    <sequenceFlow id="f2" sourceRef="a" targetRef="x"/>
    <exclusiveGateway id="x" default="f3"/>
    <sequenceFlow id="f3" sourceRef="x" targetRef="i"/>
    <sequenceFlow id="f4" sourceRef="x" targetRef="b">
      <conditionExpression language="groovy">n &gt; 1</conditionExpression></sequenceFlow>
    <sequenceFlow id="f6" sourceRef="x" targetRef="b">
      <conditionExpression>n &gt; 2</conditionExpression></sequenceFlow>
    <inclusiveGateway id="i" default="f5"/>
    <sequenceFlow id="f5" sourceRef="i" targetRef="b"/>
    <scriptTask id="b" scriptFormat="groovy"><script>x = 1</script></scriptTask>
    <scriptTask id="b2" scriptFormat="python"><script>x = 1</script></scriptTask>
    <callActivity id="c" calledElement="other"/>
    <subProcess id="e" triggeredByEvent="true"><laneSet id="ls2"><lane id="l2" name="L">
      <flowNodeRef>es</flowNodeRef></lane></laneSet>
      <startEvent id="es" isInterrupting="false">
      <timerEventDefinition><timeCycle>R/P1D</timeCycle></timerEventDefinition></startEvent>
    </subProcess>""",
)

EVENTS = file(
    '<message id="M" name="paid"/><signal id="S" name="all"/>',
    '<error id="E" errorCode="bad"/><escalation id="C" escalationCode="late"/>',
    process="""
    <intermediateCatchEvent id="m"><messageEventDefinition messageRef="M"/></intermediateCatchEvent>
    <intermediateThrowEvent id="g"><signalEventDefinition signalRef="S"/></intermediateThrowEvent>
    <intermediateThrowEvent id="k"><linkEventDefinition name="on"/></intermediateThrowEvent>
    <intermediateCatchEvent id="t1"><timerEventDefinition><timeDate>2026-12-01</timeDate>
      </timerEventDefinition></intermediateCatchEvent>
    <intermediateCatchEvent id="t2"><timerEventDefinition><timeDuration>P1D</timeDuration>
      </timerEventDefinition></intermediateCatchEvent>
    <sendTask id="st" messageRef="M"/><receiveTask id="rt" messageRef="M"/>
    <userTask id="a"/>
    <intermediateCatchEvent id="cc"><conditionalEventDefinition camunda:variableName="n"
      camunda:variableEvents="create"><condition>n &gt; 1</condition></conditionalEventDefinition>
    </intermediateCatchEvent>
    <intermediateCatchEvent id="pm" parallelMultiple="true">
      <messageEventDefinition messageRef="M"/><signalEventDefinition signalRef="S"/>
    </intermediateCatchEvent>
    <boundaryEvent id="b3" attachedToRef="a"><compensateEventDefinition/></boundaryEvent>
    <association id="as" sourceRef="b3" targetRef="u"/>
    <userTask id="u" isForCompensation="true"/>
    <endEvent id="th"><compensateEventDefinition activityRef="a"/></endEvent>
    <boundaryEvent id="b1" attachedToRef="a" cancelActivity="false">
      <escalationEventDefinition escalationRef="C" camunda:escalationCodeVariable="c"/>
    </boundaryEvent>
    <boundaryEvent id="b2" attachedToRef="a">
      <errorEventDefinition errorRef="E" camunda:errorCodeVariable="c"
        camunda:errorMessageVariable="m"/></boundaryEvent>""",
)


def associated(*items: str, at: str = "") -> str:
    """A task whose association fills each of `items`, which are declared at its end."""
    filled = "".join(
        f"<dataOutputAssociation><sourceRef>from</sourceRef><targetRef>{item}</targetRef>"
        "</dataOutputAssociation>"
        for item in items
    )
    return f'<task id="a">{at}{filled}</task>'


DATA = [
    file(process='<property id="pp" name="order"/>' + associated("pp")),
    file(process=associated("ap", at='<property id="ap" name="order"/>')),
    file(
        process='<intermediateThrowEvent id="e"><property id="ep" name="order"/>'
        '<dataInput id="di" name="asked"/></intermediateThrowEvent>' + associated("ep", "di")
    ),
    file(
        process='<intermediateCatchEvent id="e"><dataOutput id="do" name="given"/>'
        "</intermediateCatchEvent>" + associated("do")
    ),
    file(
        '<dataStore id="ds" name="Register"/>',
        process='<dataStoreReference id="dsr" dataStoreRef="ds"/>'
        '<dataObject id="ob"/><dataObjectReference id="obr" dataObjectRef="ob"/>'
        + associated("dsr", "obr"),
    ),
    file(
        process='<dataObject id="same"/>'
        '<task id="a"><dataOutputAssociation><sourceRef>same</sourceRef><targetRef>same</targetRef>'
        "</dataOutputAssociation></task>",
    ),
]

LOOPS = file(
    process="""
    <task id="a"><multiInstanceLoopCharacteristics isSequential="true">
      <loopCardinality>3</loopCardinality><loopDataInputRef>xs</loopDataInputRef>
      <loopDataOutputRef>ys</loopDataOutputRef><inputDataItem id="x" name="x"/>
      <outputDataItem id="y" name="y"/><completionCondition>done</completionCondition>
    </multiInstanceLoopCharacteristics></task>
    <task id="b"><standardLoopCharacteristics testBefore="true" loopMaximum="3">
      <loopCondition>n</loopCondition></standardLoopCharacteristics></task>
    <task id="c"><multiInstanceLoopCharacteristics camunda:collection="xs"
      camunda:elementVariable="x"/></task>
    <adHocSubProcess id="d" ordering="Sequential" cancelRemainingInstances="false"><task id="e"/>
      <completionCondition>done</completionCondition></adHocSubProcess>"""
)

PEOPLE = file(
    process=f"""
    <startEvent id="s" camunda:initiator="starter"/>
    <userTask id="a" camunda:assignee="ani" camunda:candidateUsers="budi" camunda:priority="3"
      camunda:candidateGroups="asdep" camunda:dueDate="2026-12-01" camunda:formRef="f"
      camunda:followUpDate="2026-11-01"><extensionElements>
      <camunda:formData><camunda:formField id="x" label="X" type="enum">
        <camunda:value id="1" name="One"/><camunda:validation>
        <camunda:constraint name="required"/></camunda:validation></camunda:formField>
        <camunda:formField id="y" label="Y" type="string"><camunda:validation>
        <camunda:constraint name="required" config="false"/></camunda:validation>
        </camunda:formField></camunda:formData>
      <camunda:properties><camunda:property name="askAnew" value="x"/></camunda:properties>
      </extensionElements></userTask>
    <userTask id="b"><potentialOwner>{_ASSIGNED.format("group(g)")}</potentialOwner></userTask>"""
)

WORK = file(
    process="""
    <serviceTask id="a" camunda:type="external" camunda:topic="t"/>
    <serviceTask id="b" camunda:type="mail"/>
    <serviceTask id="c" camunda:expression="${1 + 1}" camunda:resultVariable="two"/>
    <businessRuleTask id="d" camunda:decisionRef="d" camunda:mapDecisionResult="singleEntry"/>
    <callActivity id="e" calledElement="q" camunda:calledElementBinding="version"
      camunda:calledElementVersion="2"><extensionElements>
      <camunda:in source="x" target="y"/><camunda:in sourceExpression="${x}" target="z"/>
      <camunda:in variables="all"/><camunda:in businessKey="${x}"/>
      <camunda:out source="x" target="y"/></extensionElements></callActivity>
    <task id="f"><extensionElements><camunda:inputOutput>
      <camunda:inputParameter name="i">1</camunda:inputParameter>
      <camunda:inputParameter name="l"><camunda:list><camunda:value>1</camunda:value></camunda:list>
      </camunda:inputParameter>
      <camunda:inputParameter name="m"><camunda:map><camunda:entry key="k">1</camunda:entry>
        <camunda:entry key="n"><camunda:map/></camunda:entry></camunda:map></camunda:inputParameter>
      <camunda:outputParameter name="o">2</camunda:outputParameter>
    </camunda:inputOutput></extensionElements></task>"""
)

MODELS = [FLOW, EVENTS, *DATA, LOOPS, PEOPLE, WORK]
