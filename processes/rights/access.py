"""The rights of all users: who may read and do what. Auditors read this module.

Owns the table `ACTS` and the relations of a user to a case or a task. `processes.rights.scope`
turns a user into a `Scope`; `processes.rights.visibility` expresses the same rights as clauses that
narrow every query. Must not know pages, HTTP or the way of signing in. The engine checks whether an
act is possible in the present state of a case. Only this module decides whether a person may do the
act.

Three questions, in this order: 1. Which relations does the user have to the thing?
`relations_to_case`, `relations_to_task`. 2. No relation: `NotFound`, which does not even reveal
that the thing exists. 3. A relation, but none of those in the row of `ACTS`: `Forbidden`.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Final, Literal

from engine.sentences.errors import BadInput, Forbidden, NotFound
from engine.sentences.sentence import say
from processes.rights import groups
from processes.rights.scope import Scope, operator, scope_of

__all__ = [
    "ACTS",
    "CASE_PROCESSES",
    "Right",
    "Scope",
    "Standing",
    "TaskFacts",
    "allows",
    "may",
    "operator",
    "relations_to_case",
    "relations_to_task",
    "scope_of",
]

Standing = Literal[
    "anybody",
    "process-owner",
    "coordinator",
    "supervisor",
    "admin",
    "contact",
    "head",
    "former",
    "superior",
    "holder",
    "keeper",
    "worker",
]
"""The relation of a user, in general or to one case or task:

process-owner, admin     a role
coordinator, supervisor  a role; towards a case only if cleared for its classification
contact, head            narahubung or head of an institution; towards a case: of one of its
                         institutions, and cleared for it
former                   contact or head of an institution whose successor has the case now, and
                         cleared for it: reads it
superior                 head of the institution to which a task is offered: may pass on the work
                         of its own people, not of others in its case
holder                   has the task: it is assigned to them, or to nobody and offered to them
keeper                   process owner or administrator, if the instance is no real case
worker                   a program with a token of a service account: it has no other relation,
                         whatever name a model gives
"""

CASE_PROCESSES: Final = frozenset(
    {"recommendation", "follow_up", "agreement", "rakor", "written_report"}
)
"""Processes whose instances are real cases. In these, owners and administrators repair, but never
decide."""
OF_ONE: Final = frozenset({"follow_up", "agreement", "written_report"})
"""Those of them whose instances belong to one institution at most."""


@dataclass(frozen=True, slots=True)
class Right:
    """Who may do an act. `about_thing`: one must stand so towards the very case or task;
    `reads`: nothing is changed, so a token that only reads will do; `asks_again`: a session alone
    is not enough, the password is given once more with the request
    (`processes.authentication.confirming`)."""

    who: frozenset[Standing]
    about_thing: bool
    reads: bool
    asks_again: bool = False


def at_large(*who: Standing) -> Right:
    """An act that changes something and is not about one case or task."""
    return Right(frozenset(who), about_thing=False, reads=False)


def look(*who: Standing) -> Right:
    """Looking at something that is not one case or task; lists are narrowed by `visibility`."""
    return Right(frozenset(who), about_thing=False, reads=True)


def asking_again(*who: Standing) -> Right:
    """The same, of what somebody at a desk left alone must not be able to do."""
    return Right(frozenset(who), about_thing=False, reads=False, asks_again=True)


def upon(*who: Standing) -> Right:
    """An act upon one case or task."""
    return Right(frozenset(who), about_thing=True, reads=False)


def look_at(*who: Standing) -> Right:
    """Looking at one case or task."""
    return Right(frozenset(who), about_thing=True, reads=True)


AGAIN: Final = say("Write your password once more.")

ACTS: Final[Mapping[str, Right]] = {
    # One's own account, work and the common pages
    "read_account": look("anybody"),
    "change_account": at_large("anybody"),
    "change_own_mail": asking_again("anybody"),
    "make_token": asking_again("anybody"),
    "end_session": asking_again("anybody"),
    "read_own_work": look("anybody"),
    "save_lists": at_large("anybody"),
    "read_calendar": look("anybody"),
    "read_help": look("anybody"),
    "upload_file": at_large("anybody"),
    "read_version": look("anybody", "worker"),
    # Who stands in for a post: asks besides whose post it is
    "name_stand_in": at_large("head", "supervisor", "admin"),
    # Whether reports are released inside an institution: asks besides whose it is
    "set_approval": at_large("head", "admin"),
    # One task
    "read_task": look_at("holder", "coordinator", "supervisor", "contact", "head", "keeper"),
    "complete_task": upon("holder", "keeper"),
    "claim_task": upon("holder", "keeper"),
    "delegate_task": upon("holder", "superior", "keeper"),
    "reassign_task": upon("supervisor", "superior", "keeper"),
    "remind_holder": upon("coordinator", "supervisor", "head"),
    "extend_deadline": upon("supervisor", "keeper"),
    # One recommendation or follow-up, with its files, receipts and history
    "read_case": look_at("coordinator", "supervisor", "contact", "head", "former"),
    "comment_case": upon("coordinator", "supervisor", "contact", "head"),
    "request_extension": upon("contact", "head"),
    "read_agreement": look_at("coordinator", "supervisor", "contact", "head"),
    "record_in_meeting": upon("coordinator"),
    "replace_report": upon("contact", "head"),
    "revise_plan": upon("contact", "head"),
    "record_statement": upon("coordinator"),
    "set_follow_up_kind": upon("coordinator"),
    "propose_withdrawal": upon("coordinator", "supervisor"),
    "withdraw_follow_up": upon("supervisor"),
    "propose_recipients": upon("coordinator", "supervisor"),
    "read_reminder_letter": look_at("coordinator", "supervisor"),
    "send_reminder_letter": upon("coordinator", "supervisor"),
    "file_signed_scan": upon("coordinator", "supervisor"),
    # One rakor; what it shows of each case is asked of the case
    "read_meeting": look_at("coordinator", "supervisor", "contact", "head"),
    "change_meeting": upon("coordinator", "supervisor"),
    "choose_covered": upon("coordinator"),
    # All cases at a glance
    "start_meeting": at_large("coordinator"),
    "read_meetings": look("coordinator", "supervisor", "contact", "head"),
    "start_recommendation": at_large("coordinator"),
    "read_recommendations": look("coordinator", "supervisor"),
    "read_copies": look("contact", "head"),
    "read_agreements": look("coordinator", "supervisor", "contact", "head"),
    "read_inventory": look("coordinator", "supervisor"),
    "read_compilations": look("coordinator", "supervisor"),
    "order_compilation": at_large("coordinator", "supervisor"),
    "read_escalations": look("coordinator", "supervisor", "head"),
    "remind_many": at_large("coordinator", "supervisor", "head"),
    "draft_letters": at_large("coordinator", "supervisor"),
    # Requests for reports
    "read_requests": look("coordinator", "supervisor", "contact", "head"),
    "read_request": look_at("coordinator", "supervisor", "contact", "head"),
    "ask_reports": at_large("coordinator", "supervisor"),
    "drop_request": upon("coordinator", "supervisor"),
    "report_unasked": upon("contact", "head"),
    # Models, and the machine that runs them
    "read_processes": look("process-owner", "admin", "coordinator", "supervisor"),
    "edit_processes": at_large("process-owner", "admin"),
    "deploy": at_large("process-owner", "admin"),
    "start_by_key": at_large("process-owner", "admin"),
    "send_message": at_large("process-owner", "admin"),
    "read_instance": look_at("coordinator", "supervisor", "contact", "head", "former", "keeper"),
    "cancel_instance": upon("keeper"),
    "choose_activity": upon("coordinator", "keeper"),
    "read_incidents": look("process-owner", "admin"),
    "repair": at_large("process-owner", "admin"),
    # External tasks; the token names the topics
    "work_topics": at_large("worker"),
    "read_topics": look("worker", "process-owner", "admin"),
    "release_task": at_large("worker", "process-owner", "admin"),
    # Administration
    "read_institutions": look("admin", "coordinator", "supervisor"),
    "read_users": look("admin"),
    "read_outbox": look("admin"),
    "read_system": look("admin"),
    "read_audit": look("admin"),
    "manage_users": at_large("admin"),
    "make_service_token": asking_again("admin"),
    "change_mail": asking_again("admin"),
    "read_approvals": look("admin"),
    "approve_request": asking_again("admin"),
    "refuse_request": at_large("admin"),
    "manage_institutions": at_large("admin"),
    "manage_calendar": at_large("admin"),
    "manage_settings": at_large("admin"),
    "manage_templates": at_large("admin"),
    "read_templates": look("admin"),
    "resend_mail": at_large("admin"),
}


def relations_to_case(
    scope: Scope,
    institutions: Collection[str],
    classification: str,
    had: Collection[str] = (),
) -> frozenset[str]:
    """The relations of a user to a case of these institutions; empty: none. `had`: institutions
    whose successors have the case now."""
    if classification not in scope.cleared_for:
        return frozenset()
    return (scope.roles & {"coordinator", "supervisor"}) | {
        *(["contact"] if scope.served.intersection(institutions) else []),
        *(["head"] if scope.headed.intersection(institutions) else []),
        *(["former"] if scope.institutions.intersection(had) else []),
    }


@dataclass(frozen=True, slots=True)
class TaskFacts:
    """The facts of a task that rights depend on."""

    process_key: str
    is_open: bool
    assignee: str | None
    candidate_users: Collection[str] = ()
    candidate_groups: Collection[str] = ()
    ended_by: str | None = None


def relations_to_task(scope: Scope, task: TaskFacts, case: Collection[str] = ()) -> frozenset[str]:
    """The relations of a user to a task; `case`: the user's relations to its case, if it has one.

    After the end all users to whom the task was offered keep the relation `holder`. So the slower
    one learns who was faster (`Conflict`), not that the task never existed.
    """
    held = {"holder"} if _holds(scope, task) else set[str]()
    if task.process_key not in CASE_PROCESSES:
        return frozenset(held | ({"keeper"} if scope.keeps else set()))
    if not case:
        return frozenset()
    return frozenset(held | _relations_through_case(scope, task, case))


def _holds(scope: Scope, task: TaskFacts) -> bool:
    if task.is_open and task.assignee is not None:
        return task.assignee == scope.username
    return scope.username in {
        task.assignee,
        task.ended_by,
        *task.candidate_users,
    } or not scope.groups.isdisjoint(task.candidate_groups)


def _relations_through_case(scope: Scope, task: TaskFacts, case: Collection[str]) -> set[str]:
    """A case of many institutions has tasks of one at most: what one of them
    is asked (its comment on the draft) is not the others' business."""
    offered = groups.contacted(task.candidate_groups)
    superior = {"superior"} if scope.headed.intersection(offered) else set[str]()
    if task.process_key in OF_ONE:
        return set(case) | superior
    return (set(case) - {"contact", "head"}) | {
        *(["contact"] if scope.served.intersection(offered) else []),
        *(["head", *superior] if superior else []),
    }


def allows(scope: Scope, act: str, relations: Collection[str] = ()) -> bool:
    """Whether `may` would pass, given the password: for showing a button."""
    rule = ACTS[act]
    if scope.read_only and not rule.reads:
        return False
    of_thing = rule.about_thing and not scope.is_service
    stands = frozenset(relations) if of_thing else scope.standing
    return not rule.who.isdisjoint(stands)


def may(scope: Scope, act: str, relations: Collection[str] = ()) -> None:
    """Return if the user may do `act`. Raises `NotFound` for a thing without any relation to the
    user, `Forbidden` if `ACTS` lists none of the user's relations or roles, `BadInput` with the
    field `password` if the act needs the password again and it was not given."""
    if ACTS[act].about_thing and not relations:
        raise NotFound(say("There is no such thing, or it is not open to you."))
    if not allows(scope, act, relations):
        raise Forbidden(say("Your role does not include this."))
    if ACTS[act].asks_again and scope.confirmed is None:
        raise BadInput(AGAIN, {"password": AGAIN})
