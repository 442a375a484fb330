"""Walks through every page that a user's pages lead to, a few of each kind."""

from __future__ import annotations

import re
from collections import Counter, deque
from collections.abc import Iterator
from dataclasses import dataclass
from html import unescape
from time import perf_counter
from urllib.parse import urljoin, urlsplit

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.exceptions import HTTPException
from werkzeug.routing import RequestRedirect

LINK = re.compile(r'(?:href|hx-get)="([^"#]+)')
OF_A_KIND = 4
"""Pages of one route and one set of arguments that are looked at: others differ by their case."""
LEAVE_ALONE = frozenset({"static", "language.choose", "login.sign_out"})


@dataclass(frozen=True, slots=True)
class Visited:
    """A page that was asked for."""

    path: str
    status: int
    seconds: float


def walk(app: Flask, client: FlaskClient, start: str = "/") -> Iterator[Visited]:
    """Every page from `start` on, breadth first; redirects are followed as a browser does."""
    waiting, known, kinds = deque([start]), {start}, Counter[tuple[object, ...]]()
    while waiting:
        path = waiting.popleft()
        began = perf_counter()
        answer = client.get(path, follow_redirects=True)
        yield Visited(path, answer.status_code, perf_counter() - began)
        if answer.mimetype != "text/html":
            continue
        for found in LINK.findall(answer.get_data(as_text=True)):
            link = urljoin(path, unescape(found))
            kind = _kind(app, link)
            if link in known or kind is None or kinds[kind] >= OF_A_KIND:
                continue
            known.add(link)
            kinds[kind] += 1
            waiting.append(link)


def _kind(app: Flask, link: str) -> tuple[object, ...] | None:
    """The route of a link and the names of what it asks; None for what is no page of ours."""
    parts = urlsplit(link)
    if parts.netloc or parts.scheme:
        return None
    try:
        endpoint, _ = app.url_map.bind("localhost").match(parts.path, "GET")
    except (HTTPException, RequestRedirect):
        return None
    asked = tuple(sorted(pair.partition("=")[0] for pair in parts.query.split("&")))
    return None if endpoint in LEAVE_ALONE else (endpoint, *asked)
