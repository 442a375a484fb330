"""Names of people known only by their account: who saved, released, or was faster.

Owns the names looked up for one request. It is below `web.gate.visitor`, because errors name people
too.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from flask import Flask, g

from engine.sentences.errors import Conflict, TindakError
from engine.sentences.sentence import Sentence
from processes.composition import PUBLISHER
from processes.rights.scope import SYSTEM
from processes.storage.people import users
from web.reading import begun


def register(app: Flask) -> None:
    """Make the name behind an account available in templates."""
    app.jinja_env.filters["person_name"] = name_of


def name_of(username: str | None) -> str:
    """The person's name; a name without an account, such as that of a console, unchanged."""
    return look_up([username])[username] if username else ""


def look_up(usernames: Iterable[str]) -> Mapping[str, str]:
    """Account -> name for all of these in one statement: for lists, before their rows are drawn."""
    product = dict.fromkeys((PUBLISHER, SYSTEM), "Tindak")
    names: dict[str, str] = g.setdefault("people_names", product)
    if unknown := set(usernames) - names.keys():
        found = users.names_of(begun().connection, unknown)
        names |= {username: found.get(username, username) for username in unknown}
    return names


def know(names: Mapping[str, str]) -> None:
    """Remember account -> name of people whose names the page has read."""
    look_up(())
    g.people_names |= names


def with_names(error: TindakError) -> Sentence:
    """The sentence of an error. The engine knows accounts only: whoever was faster gets a name."""
    sentence = error.sentence
    if not isinstance(error, Conflict) or not error.who:
        return sentence
    facts = {
        key: name_of(error.who) if fact == error.who else fact
        for key, fact in sentence.facts.items()
    }
    return Sentence(sentence.template, facts)
