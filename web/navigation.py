"""The links of the top bar: at most five for a role, the first is the role's home.

Owns ui.md section 2. A link is shown only where its page exists, so pages may be added one by one.
"""

from __future__ import annotations

from collections.abc import Mapping, Set
from dataclasses import dataclass

from flask import Flask
from werkzeug.exceptions import HTTPException
from werkzeug.routing import RequestRedirect

from engine.words import Sentence, say

PAGES: Mapping[str, Sentence] = {
    "/inbox": say("Inbox"),
    "/follow-ups": say("Follow-ups"),
    "/recommendations": say("Recommendations"),
    "/inventory": say("Inventory"),
    "/escalations": say("Escalations"),
    "/processes": say("Processes"),
    "/incidents": say("Incidents"),
    "/users": say("Users"),
    "/institutions": say("Institutions"),
    "/calendar": say("Calendar"),
    "/outbox": say("Outbox"),
    "/system": say("System"),
    "/help": say("Help"),
}
OF_ROLE: Mapping[str, tuple[str, ...]] = {
    "contact": ("/inbox", "/follow-ups", "/help"),
    "head": ("/follow-ups", "/inbox", "/help"),
    "coordinator": ("/inbox", "/recommendations", "/inventory", "/escalations"),
    "supervisor": ("/escalations", "/inventory", "/recommendations", "/inbox"),
    "process-owner": ("/processes", "/incidents", "/inbox"),
    "admin": ("/users", "/institutions", "/calendar", "/outbox", "/system"),
}
"""Role -> addresses; of somebody with several roles the union, in this order of roles."""


@dataclass(frozen=True, slots=True)
class Link:
    """One link; `current`: the page shown lies at or below it."""

    url: str
    words: Sentence
    current: bool


def links(app: Flask, roles: Set[str], path: str) -> list[Link]:
    """The top bar for somebody with these roles who looks at `path`."""
    return [
        Link(url, PAGES[url], path == url or path.startswith(f"{url}/"))
        for url in _addresses(roles)
        if answers(app, url)
    ]


def home(app: Flask, roles: Set[str]) -> str:
    """Where somebody with these roles begins."""
    return next((url for url in _addresses(roles) if answers(app, url)), "/account")


def answers(app: Flask, url: str) -> bool:
    """Whether this application has a page at `url`."""
    try:
        app.url_map.bind("").match(url, "GET")
    except RequestRedirect:
        return True
    except HTTPException:
        return False
    return True


def _addresses(roles: Set[str]) -> list[str]:
    found = [url for role, urls in OF_ROLE.items() if role in roles for url in urls]
    return list(dict.fromkeys(found))
