"""What an administrator's act upon an account will do, in words: read before it is done.

Owns these pages. `web.pages.people.users` receives their forms.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from flask import url_for

from engine.sentences.sentence import Sentence, say
from processes.people.links import account_links
from processes.people.links.account_links import Way
from processes.storage.people.institutions import Institution
from processes.storage.people.users import User
from web.forms import own, users
from web.forms.own import Texts
from web.gate.visitor import options, reading

WAYS: Mapping[Way, Sentence] = {
    "mailed": say("It is mailed to {address}, and shown to nobody else."),
    "shown": say("It is shown to you, this once: hand it over by a way only {name} can read."),
    "asked": say("It waits for a second administrator, who gets it to hand over to {name}."),
}
SECOND = say(
    "A clearance above Ordinary and the role of administrator wait for a second administrator."
)


def of_link(user: User) -> str:
    """A link by which somebody chooses a password."""
    at = reading()
    way = account_links.way_of(options(), at.connection, user, at.real_now)
    told = Sentence(WAYS[way].template, {"name": user.name, "address": user.email})
    effects = [
        say("A link by which {name} chooses a password is made.", name=user.name),
        told,
        say(
            "It works once, within 24 hours. A new password ends all sessions and every other link."
        ),
    ]
    back = url_for("users.show", user_id=user.id)
    return own.check((), {}, say("Make the link"), effects, back=back)


def of_new(texts: Texts, institutions: Sequence[Institution]) -> str:
    """An account, and the link to it."""
    name, address = own.text(texts, "name"), own.text(texts, "email")
    effects = [
        say("{name} gets an account with these rights.", name=name),
        say("A link to choose a password by is mailed to {address}.", address=address)
        if address and options().smtp_url
        else say("A link to choose a password by is shown to you, this once."),
        SECOND,
    ]
    entries = (users.USERNAME, *users.DETAILS, *users.rights(institutions))
    return own.check(entries, texts, say("Create account and link"), effects)


def of_rights(user: User, texts: Texts, institutions: Sequence[Institution]) -> str:
    """Exactly these rights."""
    effects = [
        say("{name} has exactly these rights, and no others.", name=user.name),
        say(
            "All sessions of {name} end; with the next sign-in the new rights hold.", name=user.name
        ),
        SECOND,
    ]
    return own.check(users.rights(institutions), texts, say("Change rights"), effects)
