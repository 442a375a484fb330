"""The links of the top bar: at most five for a role, the first is the role's home; a menu has the
others.

Owns ui.md section 2. The five are chosen by hand. All other pages that the policy table opens to a
person are under *More*, so that a person can reach every allowed page.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass
from types import MappingProxyType

from flask import Flask
from werkzeug.exceptions import HTTPException
from werkzeug.routing import RequestRedirect

from engine.sentences.sentence import Sentence, say
from processes.rights.access import Scope
from web.gate import policy

PAGES: Mapping[str, Sentence] = {
    "/inbox": say("Inbox"),
    "/follow-ups": say("Follow-ups"),
    "/recommendations": say("Recommendations"),
    "/copies": say("Copies"),
    "/inventory": say("Inventory"),
    "/meetings": say("Rakor"),
    "/agreements": say("Agreements"),
    "/escalations": say("Escalations"),
    "/requests": say("Reports asked for"),
    "/processes": say("Processes"),
    "/incidents": say("Incidents"),
    "/topics": say("External tasks"),
    "/users": say("Users"),
    "/approvals": say("Second approval"),
    "/institutions": say("Institutions"),
    "/calendar": say("Calendar"),
    "/outbox": say("Outbox"),
    "/documents": say("Templates"),
    "/system": say("System"),
    "/help": say("Help"),
}
OF_ROLE: Mapping[str, tuple[str, ...]] = {
    "contact": ("/inbox", "/follow-ups", "/copies", "/help"),
    "head": ("/follow-ups", "/inbox", "/escalations", "/copies", "/help"),
    "coordinator": ("/inbox", "/recommendations", "/inventory", "/meetings", "/escalations"),
    "supervisor": ("/escalations", "/inventory", "/meetings", "/recommendations", "/inbox"),
    "process-owner": ("/processes", "/incidents", "/topics", "/inbox", "/help"),
    "admin": ("/users", "/institutions", "/calendar", "/outbox", "/system"),
}
"""Role -> addresses; for a person with several roles their union, in this order of roles."""
IN_THE_BAR = 5
BELONGS: Mapping[str, tuple[str, ...]] = {
    "/tasks": ("/inbox",),
    "/receipts": ("/follow-ups",),
    "/recommendations": ("/recommendations", "/follow-ups"),
    "/reminder-letters": ("/escalations", "/inbox"),
    "/deployments": ("/processes",),
}
"""Beginning of an address -> the possible links of its pages: the first one that the person has is
used."""

THAT_WAIT: Mapping[str, str] = {"/approvals": "/approvals?show=decide"}
"""Address of a link -> where exactly those stand that its number counts."""


@dataclass(frozen=True, slots=True)
class Link:
    """One link; `current`: the value of `aria-current` if the shown page is its page, or below it;
    `waiting`: number of things that wait there for the visitor."""

    url: str
    words: Sentence
    current: str
    waiting: int = 0


@dataclass(frozen=True, slots=True)
class Menu:
    """`bar`: always visible; `more`: the others, folded."""

    bar: list[Link]
    more: list[Link]


def menu(
    app: Flask, scope: Scope, path: str, waiting: Mapping[str, int] = MappingProxyType({})
) -> Menu:
    """The top bar for a person on the page `path`; `waiting`: address -> number of waiting
    things."""
    chosen = _of_roles(app, scope.standing)
    others = [url for url in PAGES if url not in chosen and _opens(app, scope, url)]
    if len(chosen + others) <= IN_THE_BAR:
        chosen, others = chosen + others, []
    bar, more = chosen[:IN_THE_BAR], chosen[IN_THE_BAR:] + others
    place = _place(path, bar + more)
    return Menu(_links(bar, path, place, waiting), _links(more, path, place, waiting))


def home(app: Flask, roles: Set[str]) -> str:
    """The first page for a person with these roles."""
    return next(iter(_of_roles(app, roles)), "/account")


def leads_somewhere(app: Flask, path: str) -> bool:
    """Whether a page answers a link to `path`."""
    return _endpoint(app, path) is not None


def _of_roles(app: Flask, roles: Set[str]) -> list[str]:
    found = [url for role, urls in OF_ROLE.items() if role in roles for url in urls]
    return [url for url in dict.fromkeys(found) if _endpoint(app, url)]


def _place(path: str, urls: Sequence[str]) -> str | None:
    """The link of the page at `path`."""
    section = "/" + path.split("/")[1]
    return next((url for url in BELONGS.get(section, (section,)) if url in urls), None)


def _links(
    urls: Iterable[str], path: str, place: str | None, waiting: Mapping[str, int]
) -> list[Link]:
    kinds = {place: "page" if place == path else "true"}
    return [_link(url, kinds.get(url, ""), waiting.get(url, 0)) for url in urls]


def _link(url: str, current: str, waiting: int) -> Link:
    return Link(THAT_WAIT[url] if waiting else url, PAGES[url], current, waiting)


def _opens(app: Flask, scope: Scope, url: str) -> bool:
    endpoint = _endpoint(app, url)
    return endpoint is not None and policy.opens(scope, endpoint)


def _endpoint(app: Flask, url: str) -> str | None:
    """The endpoint at `url`, if there is one."""
    try:
        endpoint: str = app.url_map.bind("").match(url, "GET")[0]
    except (HTTPException, RequestRedirect):
        return None
    return endpoint
