"""The filters of open tasks, by Camunda's parameters."""

from __future__ import annotations

from processes.acts.reading import Reading
from processes.programs import engine_view
from processes.storage.programs.engine_tasks import TasksWanted
from web.api.engine_rest.shapes import query

UNSUPPORTED = (
    "processInstanceBusinessKeyLike", "processDefinitionName", "processDefinitionNameLike",
    "executionId", "activityInstanceIdIn", "assigneeLike", "assigneeNotIn", "owner",
    "processInstanceBusinessKeyExpression", "assigneeExpression", "assigneeLikeExpression",
    "ownerExpression", "candidateGroupExpression", "candidateGroupsExpression",
    "candidateUserExpression", "involvedUser", "involvedUserExpression", "withCandidateGroups",
    "withoutCandidateGroups", "withCandidateUsers", "withoutCandidateUsers", "nameNotEqual",
    "nameNotLike", "description", "descriptionLike", "taskDefinitionKeyLike",
    "taskDefinitionKeyNotIn", "maxPriority", "minPriority", "dueDate", "dueDateExpression",
    "dueBeforeExpression", "dueAfterExpression", "followUpDate", "followUpBefore",
    "followUpAfter", "followUpBeforeOrNotExistent", "createdOn", "updatedAfter",
    "delegationState", "parentTaskId",
)  # fmt: skip


def wanted_tasks(at: Reading) -> TasksWanted:
    """The filters of this request. Raises BadInput for a filter that this list lacks."""
    query.refuse(*UNSUPPORTED)
    groups = query.values("candidateGroup", "candidateGroups")
    taken_too = query.flag("includeAssignedTasks")
    return TasksWanted(
        ids=[] if query.flag("suspended") else query.ids("taskId", "taskIdIn"),
        instance_ids=query.ids("processInstanceId", "processInstanceIdIn"),
        definition_ids=query.ids("processDefinitionId"),
        process_keys=query.values("processDefinitionKey", "processDefinitionKeyIn"),
        business_keys=query.values("processInstanceBusinessKey", "processInstanceBusinessKeyIn"),
        element_ids=query.values("taskDefinitionKey", "taskDefinitionKeyIn"),
        names=query.values("name"),
        assignees=query.values("assignee", "assigneeIn"),
        priorities=query.numbers("priority"),
        name_like=query.text("nameLike"),
        assigned=_assigned(),
        with_due=False if query.flag("withoutDueDate") else None,
        candidates=None if taken_too else _candidates(at, groups),
        offered_to=groups if taken_too else None,
        due_before=query.moment("dueBefore"),
        due_after=query.moment("dueAfter"),
        created_before=query.moment("createdBefore"),
        created_after=query.moment("createdAfter"),
    )


def _assigned() -> bool | None:
    if query.flag("assigned"):
        return True
    return False if query.flag("unassigned") else None


def _candidates(at: Reading, groups: list[str] | None) -> frozenset[str] | None:
    """The principals of whom one may claim the task; a user counts with the user's groups."""
    user = query.text("candidateUser")
    offered = None if groups is None else frozenset(f"group:{name}" for name in groups)
    if user is None:
        return offered
    person = engine_view.candidate(at.connection, at.scope, user)
    return person if offered is None else person & offered
