"""The words of requests for approval: their subject, state and changes.

Owns the words for the pages of `web/pages/people/approvals.py`, of accounts and of one's own
account.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

from flask import Flask

from engine.sentences.sentence import Sentence, say
from processes.register.states import RequestState
from processes.rights.widening import Rights, rights_from
from processes.storage.people.approvals import Request
from processes.storage.rights.audit import AuditEntry
from web.words import people_names
from web.words.admin_labels import codes_of, parts_words, roles_words
from web.words.formatting import Mark
from web.words.i18n import formats, gettext, language, render
from web.words.labels import CLASSIFICATIONS, mark_of

ACTS: Mapping[str, Sentence] = {
    "rights": say("Change of rights"),
    "mail": say("Change of the e-mail address"),
    "link": say("Link to choose a password by"),
    "reopen": say("Opening a closed account again"),
    "topics": say("Work of a program in real cases"),
}
EXPIRED = say("Waited too long")
EXPIRED_TOLD = say("asked for by {by}, waited too long")
"""A request that still waits, but that nobody can decide any more."""
HISTORY: Mapping[str, Sentence] = {
    "create_user": say("Account made"),
    "change_user": say("Name or post changed"),
    "change_mail": say("E-mail address changed"),
    "change_rights": say("Rights changed"),
    "deactivate_user": say("Account closed"),
    "reactivate_user": say("Account opened again"),
    "link_invite": say("Link for the first password made"),
    "link_reset": say("Link for a new password made"),
    "ask_for_reset": say("Forgotten password reported"),
    "choose_password": say("Password chosen by a link"),
    "set_demo_password": say("Password of the demo set by the operator"),
    "change_password": say("Password changed"),
    "create_service_account": say("Service account made"),
    "create_service_token": say("Token for a program made"),
    "revoke_service_token": say("Token of a program revoked"),
    "change_case_topics": say("Topics in real cases changed"),
}
"""Acts of the audit that show which person may use an account."""
SHOWN = say("{act}, and shown on the page")


class Change(NamedTuple):
    """One line of the changes."""

    label: str
    before: str
    after: str


def register(app: Flask) -> None:
    """Make these words available in templates."""
    app.jinja_env.filters.update(approval_words=lambda act: render(ACTS[act]))
    app.jinja_env.globals.update(approval_mark=approval_mark, approval_sentence=approval_sentence)


def approval_mark(request: Request, now: datetime) -> Mark:
    """The state of a request."""
    if _expired(request, now):
        return Mark("neutral", render(EXPIRED))
    return mark_of(request.state, language())


def approval_sentence(request: Request, now: datetime) -> str:
    """The author of the request, and its end."""
    at = request.decided_at or request.proposed_at
    facts = {
        "by": people_names.name_of(request.proposed_by),
        "second": people_names.name_of(request.decided_by),
        "day": formats().moment(at),
    }
    told = EXPIRED_TOLD if _expired(request, now) else request.state.in_timeline
    return render(Sentence(told.template, facts))


def names_in(requests: Iterable[Request]) -> set[str]:
    """The accounts that made and decided these requests."""
    return {name for one in requests for name in (one.proposed_by, one.decided_by) if name}


def codes_in(request: Request) -> set[str]:
    """Codes of the institutions that a request names."""
    return codes_of(rights_from(entry).grants for entry in _rights(request))


def changes(request: Request, names: Mapping[str, str]) -> list[Change]:
    """The changes, line by line. `names`: code -> short name of `codes_in`."""
    if request.act == "mail":
        return [Change(gettext("E-mail"), request.details["before"], request.details["after"])]
    if request.act == "topics":
        label = gettext("Topics in real cases, token %(name)s", name=request.details["name"])
        return [Change(label, *(", ".join(request.details[n]) for n in ("before", "after")))]
    if not (found := _rights(request)):
        return []
    before, after = (_words(rights_from(found[n]), names) for n in (0, -1))
    labels = (gettext("Roles"), gettext("Institutions"), gettext("Clearance"))
    return [Change(*line) for line in zip(labels, before, after, strict=True)]


def history(entries: Sequence[AuditEntry], limit: int = 8) -> list[tuple[datetime, str, str]]:
    """What the audit tells of an account: when, what, by whom; newest first."""
    known = [entry for entry in entries if entry.act in HISTORY]
    return [(one.at, _told(one), people_names.name_of(one.by)) for one in known[:limit]]


def _told(entry: AuditEntry) -> str:
    act = HISTORY[entry.act]
    return render(Sentence(SHOWN.template, {"act": act}) if entry.details.get("shown") else act)


def _expired(request: Request, now: datetime) -> bool:
    return request.state == RequestState.WAITING and not request.open(now)


def _rights(request: Request) -> list[Mapping[str, object]]:
    details = request.details
    if request.act == "rights":
        return [details["before"], details["after"]]
    return [details["rights"]] if request.act == "reopen" else []


def _words(rights: Rights, names: Mapping[str, str]) -> tuple[str, str, str]:
    roles = ", ".join(roles_words(rights.grants)) or "–"
    parts = "; ".join(parts_words(rights.grants, names)) or "–"
    return roles, parts, render(CLASSIFICATIONS[rights.clearance])
