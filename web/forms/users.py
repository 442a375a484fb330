"""The forms about accounts: details and rights.

Owns the entries, and turning them into values of `processes.people.accounts`, which checks whether
they may be granted.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from engine.sentences.sentence import say
from processes.people.accounts import NewUser
from processes.storage.people.institutions import Institution
from processes.storage.people.users import Grants, Membership, User
from web.forms.own import OwnField, text
from web.forms.submission import Texts
from web.words.admin_labels import RANKS, choices
from web.words.i18n import render
from web.words.labels import CLASSIFICATIONS, GROUPS

USERNAME = OwnField(
    "username",
    say("User name"),
    hint=say("Small letters, digits, dots or hyphens; it never changes."),
    width="medium",
    max_length=60,
)
DETAILS = (
    OwnField("name", say("Name"), max_length=120),
    OwnField("post", say("Post"), required=False, max_length=160),
    OwnField(
        "email",
        say("E-mail"),
        required=False,
        hint=say("Notices and links go to this address."),
        max_length=254,
    ),
)


def details(user: User) -> tuple[OwnField, ...]:
    """What is said of whoever has this account: a program has no address."""
    if not user.is_service:
        return DETAILS
    name, note, _ = DETAILS
    return name, replace(note, label=say("Note"))


def rights(institutions: Sequence[Institution]) -> tuple[OwnField, ...]:
    """Roles, rank, clearance, and parts in these institutions."""
    offered = [(one.code, one.short_name) for one in institutions]
    return (
        OwnField("roles", say("Roles"), "checklist", required=False, options=choices(GROUPS)),
        OwnField(
            "rank",
            say("Rank of the supervisor"),
            "radio",
            hint=say("Escalations go up along it. Leave it out for other roles."),
            required=False,
            options=[("", render(say("No rank"))), *choices(RANKS)],
        ),
        OwnField(
            "clearance",
            say("Clearance"),
            "radio",
            hint=say("The highest security classification this person may read."),
            options=choices(CLASSIFICATIONS),
        ),
        OwnField("contacts", say("Contact (PIC) of"), "checklist", required=False, options=offered),
        OwnField("heads", say("Leadership of"), "checklist", required=False, options=offered),
    )


def grants_of(texts: Texts) -> Grants:
    """The grants from the entries. A rank belongs only to supervisors, so it is dropped for
    others."""
    rank = text(texts, "rank") or None
    return Grants(
        roles={role: rank if role == "supervisor" else None for role in texts.get("roles", [])},
        memberships=frozenset(
            Membership(code, part)
            for part, name in (("contact", "contacts"), ("head", "heads"))
            for code in texts.get(name, [])
        ),
    )


def clearance_of(texts: Texts) -> str:
    """The chosen clearance; empty for none, which is refused."""
    return text(texts, "clearance")


def new_user(texts: Texts) -> NewUser:
    """The account to create."""
    return NewUser(
        username=text(texts, "username"),
        name=text(texts, "name"),
        post=text(texts, "post"),
        email=text(texts, "email"),
        clearance=clearance_of(texts),
        grants=grants_of(texts),
    )


def texts_of_details(user: User) -> Texts:
    """The first values of the fields."""
    return {"name": [user.name], "post": [user.post], "email": [user.email]}


def texts_of_rights(user: User, grants: Grants) -> Texts:
    """The first ticks of the fields."""
    return {
        "roles": list(grants.roles),
        "rank": [grants.roles.get("supervisor") or ""],
        "clearance": [user.clearance],
        "contacts": [m.institution_code for m in grants.memberships if m.role == "contact"],
        "heads": [m.institution_code for m in grants.memberships if m.role == "head"],
    }
