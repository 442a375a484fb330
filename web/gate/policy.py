"""The one table of routes: endpoint -> its act in `processes.rights.access`.

Owns the first of the two gates. A route without a row is refused; a stranger is asked to sign in; a
person whose roles never allow the act gets 403. Only the use case knows the relation to *this* case
or task: it asks `processes.rights.access` again, and answers 404 if even the existence must stay
hidden.
"""

from __future__ import annotations

from collections.abc import Mapping

from flask import Flask, request

from engine.sentences.errors import Forbidden
from engine.sentences.sentence import say
from processes.rights.access import ACTS, Scope, allows
from web.gate.errors import is_program
from web.gate.failures import SignInNeeded
from web.gate.visitor import visitor

OPEN = "open"
"""Not an act: strangers may use the route too."""

POLICY: Mapping[str, str] = {
    "static": OPEN,
    "health.alive": OPEN,
    "health.ready": OPEN,
    "login.show": OPEN,
    "login.sign_in": OPEN,
    "login.sign_in_as": OPEN,
    "login.sign_out": "read_account",
    "link.show": OPEN,
    "link.set_password": OPEN,
    "home.first": "read_account",
    "account.show": "read_account",
    "account.save": "change_account",
    "account.change_password": "change_account",
    "account.change_mail": "change_own_mail",
    "account.end_session": "end_session",
    "account.end_others": "end_session",
    "language.choose": "change_account",
    "tokens.listed": "read_account",
    "tokens.create": "make_token",
    "tokens.revoke": "change_account",
    "forgotten.show": OPEN,
    "forgotten.ask": OPEN,
    "users.listed": "read_users",
    "users.new": "manage_users",
    "users.create": "manage_users",
    "users.show": "read_users",
    "users.details": "manage_users",
    "users.change_details": "manage_users",
    "users.rights": "manage_users",
    "users.change_rights": "manage_users",
    "users.make_link": "manage_users",
    "users.check_close": "manage_users",
    "users.close": "manage_users",
    "users.reopen": "manage_users",
    "service_accounts.new": "manage_users",
    "service_accounts.create": "manage_users",
    "service_accounts.new_token": "manage_users",
    "service_accounts.create_token": "make_service_token",
    "service_accounts.revoke": "manage_users",
    "service_accounts.cases": "manage_users",
    "service_accounts.allow": "make_service_token",
    "approvals.listed": "read_approvals",
    "approvals.show": "read_approvals",
    "approvals.approve": "approve_request",
    "approvals.refuse": "refuse_request",
    "institutions.listed": "read_institutions",
    "institutions.new": "manage_institutions",
    "institutions.create": "manage_institutions",
    "institutions.show": "read_institutions",
    "institutions.details": "manage_institutions",
    "institutions.change": "manage_institutions",
    "institutions.closing_form": "manage_institutions",
    "institutions.check_close": "manage_institutions",
    "institutions.close": "manage_institutions",
    "calendar.show": "read_calendar",
    "echoes.show": "read_calendar",
    "calendar.moves": "manage_calendar",
    "calendar.change": "manage_calendar",
    "calendar.check": "manage_calendar",
    "calendar.save": "manage_calendar",
    "outbox.listed": "read_outbox",
    "outbox.show": "read_outbox",
    "outbox.resend": "resend_mail",
    "system.show": "read_system",
    "inbox.show": "read_own_work",
    "taken_part.show": "read_own_work",
    "saved_lists.new": "save_lists",
    "saved_lists.save": "save_lists",
    "saved_lists.show": "save_lists",
    "saved_lists.rename": "save_lists",
    "saved_lists.delete": "save_lists",
    "tasks.show": "read_task",
    "tasks.redraw": "complete_task",
    "tasks.again": "read_task",
    "tasks.check": "complete_task",
    "tasks.see_check": "read_task",
    "report_preview.document": "complete_task",
    "tasks.complete": "complete_task",
    "tasks.save_draft": "complete_task",
    "tasks.draft_version": "read_task",
    "tasks.earlier_texts": "complete_task",
    "tasks.take_back": "complete_task",
    "tasks.claim": "claim_task",
    "tasks.unclaim": "claim_task",
    "tasks.pass_on": "delegate_task",
    "tasks.counted": "read_task",
    "uploads.add": "upload_file",
    "uploads.download": "upload_file",
    "evidence.download": "read_case",
    "receipts.show": "read_case",
    "follow_ups.listed": "read_own_work",
    "follow_ups.show": "read_case",
    "follow_ups.drawing": "read_case",
    "follow_ups.set_kind": "set_follow_up_kind",
    "extension_requests.show": "request_extension",
    "extension_requests.again": "request_extension",
    "extension_requests.check": "request_extension",
    "extension_requests.send": "request_extension",
    "report_replacements.show": "replace_report",
    "report_replacements.replace": "replace_report",
    "plan_revisions.show": "revise_plan",
    "plan_revisions.revise": "revise_plan",
    "follow_up_withdrawals.show": "withdraw_follow_up",
    "follow_up_withdrawals.withdraw": "withdraw_follow_up",
    "documents.receipt": "read_case",
    "documents.report": "read_case",
    "documents.compilation": "read_case",
    "documents.reminder_letter": "read_reminder_letter",
    "reminder_letters.file_scan": "file_signed_scan",
    "receipts.file_scan": "file_signed_scan",
    "signed_scans.download": "read_case",
    "reminder_letters.show": "read_reminder_letter",
    "reminder_letters.mark_sent": "send_reminder_letter",
    "statements.show": "record_statement",
    "statements.record": "record_statement",
    "task_acts.remind": "remind_holder",
    "task_acts.send_reminder": "remind_holder",
    "task_acts.extend": "extend_deadline",
    "task_acts.move_deadline": "extend_deadline",
    "task_acts.reassign": "reassign_task",
    "task_acts.hand_over": "reassign_task",
    "escalations.show": "read_escalations",
    "late_acts.show": "read_escalations",
    "late_acts.check": "read_escalations",
    "late_acts.decide": "remind_many",
    "processes.listed": "read_processes",
    "processes.show": "read_processes",
    "processes.version": "read_processes",
    "processes.model": "read_processes",
    "processes.archive": "read_processes",
    "processes.download": "read_processes",
    "processes.form": "read_processes",
    "processes.at": "read_processes",
    "instances.listed": "read_incidents",
    "instances.show": "read_incidents",
    "instances.check_end": "cancel_instance",
    "instances.end": "cancel_instance",
    "instances.activities": "choose_activity",
    "instances.start_activity": "choose_activity",
    "instances.complete_ad_hoc": "choose_activity",
    "drafts.show": "edit_processes",
    "drafts.take_in": "edit_processes",
    "drafts.archive": "edit_processes",
    "drafts.edit": "edit_processes",
    "drafts.save": "edit_processes",
    "drafts.replace": "edit_processes",
    "drafts.load": "edit_processes",
    "drafts.problems": "edit_processes",
    "drafts.check": "edit_processes",
    "drafts.check_release": "edit_processes",
    "drafts.release": "edit_processes",
    "drafts.check_discard": "edit_processes",
    "drafts.discard": "edit_processes",
    "deployments.new": "deploy",
    "deployments.check": "deploy",
    "deployments.deploy": "deploy",
    "incidents.listed": "read_incidents",
    "incidents.given_up": "read_incidents",
    "incidents.retry": "repair",
    "incidents.check_discard": "repair",
    "incidents.discard": "repair",
    "incidents.revive": "repair",
    "topics.listed": "read_topics",
    "topics.show": "read_topics",
    "topics.task": "read_topics",
    "topics.release": "repair",
    "topics.check_retry": "repair",
    "topics.retry": "repair",
    "topics.check_retry_all": "repair",
    "topics.retry_all": "repair",
    "help.contents": "read_help",
    "help.page_of": "read_help",
    "help.licences": "read_help",
    "recommendations.listed": "read_recommendations",
    "copies.listed": "read_copies",
    "recommendations.new": "start_recommendation",
    "recommendations.redraw": "start_recommendation",
    "recommendations.begin": "start_recommendation",
    "recommendations.outlook": "start_recommendation",
    "recommendations.show": "read_case",
    "recommendations.edit": "start_recommendation",
    "recommendations.compilation": "read_case",
    "recipients.show": "propose_recipients",
    "recipients.again": "propose_recipients",
    "recipients.check": "propose_recipients",
    "recipients.send": "propose_recipients",
    "withdrawals.show": "propose_withdrawal",
    "withdrawals.propose": "propose_withdrawal",
    "inventory.show": "read_inventory",
    "inventory.as_excel": "read_inventory",
    "engine_rest.version.get": "read_version",
    "engine_rest.deployment.listed": "read_processes",
    "engine_rest.deployment.counted": "read_processes",
    "engine_rest.deployment.get": "read_processes",
    "engine_rest.deployment.create": "deploy",
    "engine_rest.process_definition.listed": "read_processes",
    "engine_rest.process_definition.counted": "read_processes",
    "engine_rest.process_definition.get": "read_processes",
    "engine_rest.process_definition.get_by_key": "read_processes",
    "engine_rest.process_definition.xml": "read_processes",
    "engine_rest.process_definition.xml_by_key": "read_processes",
    "engine_rest.process_definition.start": "start_by_key",
    "engine_rest.process_definition.start_by_key": "start_by_key",
    "engine_rest.process_instance.listed": "read_own_work",
    "engine_rest.process_instance.counted": "read_own_work",
    "engine_rest.process_instance.get": "read_instance",
    "engine_rest.process_instance.delete": "cancel_instance",
    "engine_rest.process_instance.modify": "choose_activity",
    "engine_rest.task.listed": "read_own_work",
    "engine_rest.task.counted": "read_own_work",
    "engine_rest.task.get": "read_task",
    "engine_rest.task.form_variables": "read_task",
    "engine_rest.task.claim": "claim_task",
    "engine_rest.task.unclaim": "claim_task",
    "engine_rest.task.set_assignee": "delegate_task",
    "engine_rest.task.complete": "complete_task",
    "engine_rest.execution.listed": "send_message",
    "engine_rest.execution.signal": "send_message",
    "engine_rest.execution.trigger": "send_message",
    "engine_rest.external_task.listed": "read_topics",
    "engine_rest.external_task.queried": "read_topics",
    "engine_rest.external_task.counted": "read_topics",
    "engine_rest.external_task.query_counted": "read_topics",
    "engine_rest.external_task.get": "read_topics",
    "engine_rest.external_task.error_details": "read_topics",
    "engine_rest.external_task.topic_names": "read_topics",
    "engine_rest.external_task.fetch_and_lock": "work_topics",
    "engine_rest.external_task.complete": "work_topics",
    "engine_rest.external_task.failure": "work_topics",
    "engine_rest.external_task.bpmn_error": "work_topics",
    "engine_rest.external_task.bpmn_escalation": "work_topics",
    "engine_rest.external_task.lock": "work_topics",
    "engine_rest.external_task.extend_lock": "work_topics",
    "engine_rest.external_task.unlock": "release_task",
    "engine_rest.external_task.set_retries": "repair",
    "engine_rest.external_task.set_many_retries": "repair",
    "engine_rest.external_task.set_priority": "repair",
    "engine_rest.message.correlate": "send_message",
    "engine_rest.history.instances": "read_own_work",
    "engine_rest.history.instance_count": "read_own_work",
    "engine_rest.history.instance": "read_instance",
    "engine_rest.history.activity_instances": "read_instance",
    "engine_rest.history.activity_instance_count": "read_instance",
    "engine_rest.incident.listed": "read_incidents",
    "engine_rest.incident.counted": "read_incidents",
    "v1.openapi": OPEN,
    "v1.recommendations.listed": "read_recommendations",
    "v1.recommendations.get": "read_case",
    "v1.follow-ups.listed": "read_own_work",
    "v1.follow-ups.get": "read_case",
    "v1.follow-ups.take_report_back": "replace_report",
    "v1.follow-ups.revise_plan": "revise_plan",
    "v1.escalations.listed": "read_escalations",
    "v1.institutions.listed": "read_institutions",
}
"""Endpoint -> act of `processes.rights.access.ACTS`, or OPEN."""


def register(app: Flask) -> None:
    """Check the table before every view."""
    app.before_request(_check)


def check(scope: Scope, endpoint: str) -> None:
    """Return if a user with this scope may reach the use case; else raise Forbidden."""
    act = POLICY.get(endpoint)
    if act is None:
        raise Forbidden(say("No rule opens this route to anybody."))
    if act != OPEN and not _may_come(scope, act):
        raise Forbidden(say("Your role does not include this."))


def opens(scope: Scope, endpoint: str) -> bool:
    """Whether `check` would pass: for showing a link."""
    act = POLICY.get(endpoint)
    return act is not None and (act == OPEN or _may_come(scope, act))


def _may_come(scope: Scope, act: str) -> bool:
    """Any person may have a relation to one case or task; a program has none."""
    return (ACTS[act].about_thing and not scope.is_service) or allows(scope, act)


def _check() -> None:
    endpoint = request.endpoint
    if endpoint is None or POLICY.get(endpoint) == OPEN:
        return  # no such route: 404 or 405 follows
    if is_program():
        return  # no cookie counts: `web/api/caller.py` checks credentials, then calls this
    person = visitor()
    if person is None:
        raise SignInNeeded
    check(person.scope, endpoint)
