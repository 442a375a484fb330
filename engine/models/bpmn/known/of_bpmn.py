"""The words of BPMN 2.0.2 itself."""

from __future__ import annotations

from engine.models.bpmn.known.lexicon import Told, Words, because, telling
from engine.sentences.sentence import say

READ = """
Activity.default Activity.isForCompensation Activity.loopCharacteristics
Activity.resources AdHocSubProcess.cancelRemainingInstances AdHocSubProcess.completionCondition
AdHocSubProcess.ordering Association.sourceRef Association.targetRef
BaseElement.documentation BaseElement.extensionElements BaseElement.id
BoundaryEvent.attachedToRef BoundaryEvent.cancelActivity CallActivity.calledElement
CallableElement.name CatchEvent.eventDefinitions
CatchEvent.parallelMultiple
CompensateEventDefinition.activityRef ConditionalEventDefinition.condition
Definitions.diagrams Definitions.rootElements Documentation.text Error.errorCode
ErrorEventDefinition.errorRef Escalation.escalationCode EscalationEventDefinition.escalationRef
ExclusiveGateway.default Expression.body ExtensionElements.values FlowElement.name
FlowElementsContainer.flowElements FlowElementsContainer.laneSets
InclusiveGateway.default Lane.childLaneSet Lane.flowNodeRef Lane.name LaneSet.lanes
LinkEventDefinition.name Message.name MessageEventDefinition.messageRef
MultiInstanceLoopCharacteristics.completionCondition
MultiInstanceLoopCharacteristics.inputDataItem MultiInstanceLoopCharacteristics.isSequential
MultiInstanceLoopCharacteristics.loopCardinality MultiInstanceLoopCharacteristics.loopDataInputRef
MultiInstanceLoopCharacteristics.loopDataOutputRef MultiInstanceLoopCharacteristics.outputDataItem
Process.flowElements Process.isExecutable Process.laneSets
ReceiveTask.messageRef ResourceAssignmentExpression.expression
ResourceRole.resourceAssignmentExpression ScriptTask.script
SendTask.messageRef SequenceFlow.conditionExpression SequenceFlow.sourceRef SequenceFlow.targetRef
Signal.name SignalEventDefinition.signalRef StandardLoopCharacteristics.loopCondition
StandardLoopCharacteristics.loopMaximum StandardLoopCharacteristics.testBefore
StartEvent.isInterrupting SubProcess.triggeredByEvent
ThrowEvent.eventDefinitions TimerEventDefinition.timeCycle TimerEventDefinition.timeDate
TimerEventDefinition.timeDuration
"""

HARMLESS = because(
    (
        say("It is only drawn: nothing in a run depends on it."),
        """Association.associationDirection Category.* CategoryValue.* DataState.*
        FlowElement.categoryValueRef Gateway.gatewayDirection Group.* ItemAwareElement.dataState
        Lane.partitionElement
        Lane.partitionElementRef LaneSet.name Process.artifacts SubProcess.artifacts
        TextAnnotation.*""",
    ),
    (
        say("It shows who talks to whom; what is sent and received is said by the events."),
        """CallConversation.* Collaboration.artifacts Collaboration.choreographyRef
        Collaboration.conversationAssociations Collaboration.conversationLinks
        Collaboration.conversations Collaboration.isClosed Collaboration.messageFlowAssociations
        Collaboration.messageFlows Collaboration.name Collaboration.participantAssociations
        Collaboration.participants ConversationAssociation.* ConversationLink.*
        ConversationNode.messageFlowRefs ConversationNode.name ConversationNode.participantRef
        InteractionNode.* MessageFlow.* MessageFlowAssociation.* Participant.*
        ParticipantAssociation.* ParticipantMultiplicity.* PartnerEntity.* PartnerRole.*
        Process.definitionalCollaborationRef Process.isClosed Process.processType
        Process.supports SubConversation.*""",
    ),
    (
        say("Variables have no declared types here: every value is kept as it is."),
        """DataInput.isCollection DataObject.* DataOutput.isCollection DataStore.capacity
        DataStore.isUnlimited Error.structureRef Escalation.structureRef
        FormalExpression.evaluatesToTypeRef ItemAwareElement.itemSubjectRef ItemDefinition.*
        Message.itemRef Resource.* ResourceParameter.* Signal.structureRef
        Definitions.typeLanguage""",
    ),
    (
        say("It describes a service of another program; a task says by its topic what it calls."),
        """BusinessRuleTask.implementation CallableElement.ioBinding
        CallableElement.supportedInterfaceRef InputOutputBinding.* Interface.* Operation.*
        ReceiveTask.implementation SendTask.implementation ServiceTask.implementation
        UserTask.implementation""",
    ),
    (
        say("It groups data for another engine; here parameters and forms name what is needed."),
        """CatchEvent.outputSet DataInput.inputSetRef DataInput.inputSetWithOptional
        DataInput.inputSetWithWhileExecuting DataOutput.outputSetRef
        DataOutput.outputSetWithOptional DataOutput.outputSetWithWhileExecuting InputSet.*
        OutputSet.* ThrowEvent.inputSet""",
    ),
    (
        say("Every step is recorded in the history anyway."),
        """FlowElement.auditing FlowElement.monitoring Process.auditing Process.monitoring""",
    ),
    (
        say("It repeats what other elements say."),
        """Activity.boundaryEventRefs FlowNode.incoming FlowNode.lanes FlowNode.outgoing
        LinkEventDefinition.source LinkEventDefinition.target SequenceFlow.isImmediate""",
    ),
    (
        say("A name for authors; it is found by its id or code."),
        """Definitions.name Error.name Escalation.name ResourceRole.name""",
    ),
    (
        say("A tool keeps it for itself."),
        """BaseElement.extensionDefinitions Definitions.extensions Definitions.exporter
        Definitions.exporterVersion
        Definitions.relationships Definitions.targetNamespace Documentation.textFormat
        Extension.definition ExtensionAttributeDefinition.* ExtensionDefinition.*
        ExtensionElements.extensionAttributeDefinition ExtensionElements.valueRef Relationship.*""",
    ),
    (
        say("A cancel event ends a transaction; there is no protocol beneath it."),
        "Transaction.*",
    ),
)

NO_OTHER_FILE = say("Deploy all files together: none is fetched, and ids are looked up in them.")
BY_KEY = say("Name the key in the property correlationKey; else the business key correlates.")
DRAW_PROCESS = say("Draw a process: global tasks and choreographies are not supported.")
PEOPLE = say("Write camunda:candidateGroups or camunda:assignee at each task.")
SERVICE = say("Name a topic or a message; operations of services are not called.")
START = say("Start with a message start event instead.")
ONE_TOKEN = say("Draw the repetition as a multi-instance activity.")

TOLD = telling(
    (Told(NO_OTHER_FILE), "Definitions.imports Import.*"),
    (Told(BY_KEY), "Process.correlationSubscriptions Collaboration.correlationKeys"),
    (Told(BY_KEY), "CorrelationProperty.* CorrelationKey.* CorrelationSubscription.*"),
    (Told(BY_KEY), "CorrelationPropertyBinding.* CorrelationPropertyRetrievalExpression.*"),
    (Told(BY_KEY), "ConversationNode.correlationKeys"),
    (Told(DRAW_PROCESS), "GlobalTask.* GlobalUserTask.* GlobalScriptTask.*"),
    (Told(DRAW_PROCESS), "GlobalBusinessRuleTask.* Choreography.* GlobalChoreographyTask.*"),
    (Told(DRAW_PROCESS), "ChoreographyActivity.* ChoreographyTask.* CallChoreography.*"),
    (Told(DRAW_PROCESS), "SubChoreography.*"),
    (Told(PEOPLE), "Process.resources ResourceRole.resourceRef"),
    (Told(PEOPLE), "ResourceRole.resourceParameterBindings ResourceParameterBinding.*"),
    (Told(SERVICE), "MessageEventDefinition.operationRef ReceiveTask.operationRef"),
    (Told(SERVICE), "SendTask.operationRef ServiceTask.operationRef"),
    (Told(START, silent=frozenset({"false"})), "EventBasedGateway.instantiate"),
    (Told(START, silent=frozenset({"false"})), "ReceiveTask.instantiate"),
    (
        Told(
            say("Draw a parallel gateway with a catch event on each branch."),
            silent=frozenset({"Exclusive"}),
        ),
        "EventBasedGateway.eventGatewayType",
    ),
    (
        Told(
            say("Throw it in a branch of its own; here what throws waits until all is undone."),
            silent=frozenset({"true"}),
        ),
        "CompensateEventDefinition.waitForCompletion",
    ),
    (
        Told(say("Draw the event definition inside the event."), "error", "event-reference"),
        "CatchEvent.eventDefinitionRef ThrowEvent.eventDefinitionRef",
    ),
    (
        Told(ONE_TOKEN, silent=frozenset({"1"})),
        "Activity.startQuantity Activity.completionQuantity",
    ),
    (
        Told(say("Throw the event from inside the activity."), silent=frozenset({"All"})),
        "MultiInstanceLoopCharacteristics.behavior",
    ),
    (
        Told(say("Throw the event from inside the activity.")),
        """MultiInstanceLoopCharacteristics.complexBehaviorDefinition
        MultiInstanceLoopCharacteristics.noneBehaviorEventRef
        MultiInstanceLoopCharacteristics.oneBehaviorEventRef ComplexBehaviorDefinition.*""",
    ),
    (
        Told(say("Name the variables in expressions, scripts and forms instead.")),
        "CallableElement.ioSpecification",
    ),
    (Told(say("Write camunda:formRef with the id of a form.")), "UserTask.renderings"),
    (
        Told(
            say("Remove it if the model means the same without it."),
            silent=frozenset({"false"}),
        ),
        "Extension.mustUnderstand",
    ),
    (
        Told(say("Write expressions in the language of this product.")),
        "Definitions.expressionLanguage",
    ),
)

REFUSED = {
    "Activity.dataInputAssociations": "data-object",
    "Activity.dataOutputAssociations": "data-object",
    "Activity.ioSpecification": "data-object",
    "Activity.properties": "data-association",
    "Assignment.*": "data-association",
    "CatchEvent.dataOutputAssociations": "data-object",
    "CatchEvent.dataOutputs": "data-association",
    "ComplexGateway.*": "not-proven",
    "DataAssociation.assignment": "data-association",
    "DataAssociation.sourceRef": "data-object",
    "DataAssociation.targetRef": "data-association",
    "DataAssociation.transformation": "data-association",
    "DataInput.name": "data-association",
    "DataObjectReference.dataObjectRef": "data-association",
    "DataOutput.name": "data-association",
    "DataStore.name": "data-association",
    "DataStoreReference.dataStoreRef": "data-association",
    "Event.properties": "data-association",
    "FormalExpression.language": "foreign-script",
    "InputOutputSpecification.*": "data-object",
    "Process.properties": "data-association",
    "Property.name": "data-association",
    "ScriptTask.scriptFormat": "foreign-script",
    "ThrowEvent.dataInputAssociations": "data-object",
    "ThrowEvent.dataInputs": "data-association",
}

BPMN_WORDS = Words(frozenset(READ.split()), HARMLESS, TOLD, REFUSED)
