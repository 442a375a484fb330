"""The words of Camunda 7, which related engines share."""

from __future__ import annotations

from engine.models.bpmn.known.lexicon import Told, Words, because, telling
from engine.sentences.sentence import say

CODE_ADVICE = say(
    "Java classes, listeners and foreign scripts cannot run here. Do the work in a task of its own:"
    " a script task, a decision table, or an external task, which a worker outside does:"
    ' camunda:type="external" and camunda:topic.'
)
TOPIC_ADVICE = say(
    "Make it an external task, whose topic a worker outside asks for and does:"
    ' camunda:type="external" and camunda:topic. Or write a script task or a decision table.'
)

READ = """
ConditionalEventDefinitionExtension.variableEvents ConditionalEventDefinitionExtension.variableName
Assignable.assignee Assignable.candidateGroups Assignable.candidateUsers Assignable.dueDate
Assignable.followUpDate Assignable.priority CallActivity.calledElementBinding
CallActivity.calledElementVersion Collectable.collection Collectable.elementVariable
Constraint.config Constraint.name DmnCapable.decisionRef DmnCapable.mapDecisionResult
Entry.definition Entry.key Entry.value ErrorEventDefinitionExtension.errorCodeVariable
ErrorEventDefinitionExtension.errorMessageVariable
EscalationEventDefinitionExtension.escalationCodeVariable ExternalCapable.topic
FormData.fields FormField.id FormField.label FormField.type
FormField.validation FormField.values FormSupported.formRef InOutBinding.businessKey
InOutBinding.source InOutBinding.sourceExpression InOutBinding.target InOutBinding.variables
Initiator.initiator InputOutput.inputParameters InputOutput.outputParameters
InputOutputParameter.definition InputOutputParameter.name InputOutputParameter.value List.items
Map.entries Properties.values Property.name Property.value ServiceTaskLike.expression
ServiceTaskLike.resultVariable TaskPriorized.taskPriority Validation.constraints Value.id
Value.name Value.value
"""

HARMLESS = because(
    (
        say("Each step is stored as a whole, and what fails in it becomes an incident."),
        """AsyncCapable.async AsyncCapable.asyncAfter AsyncCapable.asyncBefore
        AsyncCapable.exclusive SignalEventDefinitionExtension.async""",
    ),
    (say("Jobs are done in the order in which they fall due."), "JobPriorized.jobPriority"),
    (say("A model deletes no history."), "Process.historyTimeToLive"),
    (say("A label; versions are numbered."), "Process.versionTag"),
    (
        say("A tool keeps it for itself."),
        """Definitions.diagramRelationId TemplateSupported.modelerTemplate
        TemplateSupported.modelerTemplateVersion InputOutput.connectorId InputOutput.inputOutput
        Property.id""",
    ),
)

ITS_OWN_VERSION = say(
    "Deploy forms and tables together with the model: the process keeps the ones it came with."
)
NO_TENANTS = say("Remove it: there is one tenant.")
FORM = say("Refer to a form of the deployment with camunda:formRef.")
STARTERS = say("Who may start a process is a right given in the product.")
RETRIES = say("Remove it: what fails is tried again by the product's own schedule.")
IN_FORM = say("Write it in a form of the deployment, and refer to that with camunda:formRef.")

TOLD = telling(
    (
        Told(CODE_ADVICE, "error", "foreign-code"),
        """CallActivity.caseRef CallActivity.variableMappingClass
        CallActivity.variableMappingDelegateExpression ExecutionListener.*
        FormSupported.formHandlerClass ScriptTask.resource TaskListener.*""",
    ),
    (
        Told(TOPIC_ADVICE, "error", "foreign-code"),
        "Connector.* ServiceTaskLike.class ServiceTaskLike.delegateExpression",
    ),
    (Told(FORM), "FormSupported.formKey FormProperty.*"),
    (
        Told(ITS_OWN_VERSION, silent=frozenset({"deployment"})),
        "FormSupported.formRefBinding DmnCapable.decisionRefBinding",
    ),
    (Told(ITS_OWN_VERSION), "FormSupported.formRefVersion DmnCapable.decisionRefVersion"),
    (
        Told(say("Write camunda:calledElementBinding version with the number of the version.")),
        "CallActivity.calledElementVersionTag",
    ),
    (
        Told(NO_TENANTS),
        """CallActivity.calledElementTenantId CallActivity.caseTenantId
        DmnCapable.decisionRefTenantId""",
    ),
    (
        Told(say("Call a process: CMMN cases are not run here.")),
        "CallActivity.caseBinding CallActivity.caseVersion",
    ),
    (
        Told(STARTERS),
        "Process.candidateStarterGroups Process.candidateStarterUsers PotentialStarter.*",
    ),
    (Told(STARTERS, silent=frozenset({"true"})), "Process.isStartableInTasklist"),
    (
        Told(
            say("Remove it: a name is looked up from the innermost scope outward."),
            silent=frozenset({"false"}),
        ),
        "InOutBinding.local",
    ),
    (Told(RETRIES), "FailedJobRetryTimeCycle.*"),
    (
        Told(say("Have the handler raise the error, and draw an error boundary event.")),
        "ErrorEventDefinition.*",
    ),
    (Told(say("Say it in the name of the event that catches the error.")), "Error.errorMessage"),
    (Told(say("Write an input parameter instead.")), "Field.*"),
    (Told(say("Give the business key when the process is started.")), "FormData.businessKey"),
    (Told(IN_FORM), "FormField.defaultValue FormField.datePattern FormField.properties"),
)

REFUSED = {
    "ExternalCapable.type": "foreign-code",
    "FormalExpression.resource": "foreign-script",
    "Script.*": "foreign-code",
    "ScriptTask.resultVariable": "script",
}

CAMUNDA_WORDS = Words(frozenset(READ.split()), HARMLESS, TOLD, REFUSED)

ELSEWHERE = {
    "skipExpression": say("Draw an exclusive gateway in front of the task instead."),
    "localScope": say("Remove the attribute."),
}
"""Words of related engines without a descriptor, with their own advice."""
