"""Whether the one-click accounts of the demo are open to a request: only on this machine.

Owns that one rule, for the buttons and for the route behind them. A proxy on this machine is also a
local peer, so every trace of a proxy refuses the entry, and so does any setting that expects one.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final

from web.configuration.loopback import is_loopback, leads_to_loopback
from web.configuration.settings import Settings

FORWARDED: Final = re.compile(
    "HTTP_("
    ".*FORWARD.*|VIA|CDN_LOOP|PROXY_CONNECTION|CF_.*|FASTLY_.*"
    "|X_(AMZN|APPENGINE|AZURE|ENVOY|ORIGINAL|PROXY).*|X_(HOST|PROTO|SCHEME)"
    "|(.*_)?(CLIENT|CONNECTING|REAL|REMOTE|SOURCE)_(ADDR|HOST|IP)"
    ")"
)
"""Headers that a browser never sends, but a proxy does."""

ONE_POINT_NOUGHT: Final = ("HTTP/1.0", "HTTP/1")
"""The HTTP version in WSGI's form, and in granian's."""


def opens(settings: Settings, environ: Mapping[str, Any]) -> bool:
    """Whether the sender of this WSGI request may enter an example account without a password."""
    return (
        settings.demo
        and not settings.beyond_this_machine
        and is_loopback(str(environ.get("REMOTE_ADDR")))
        and leads_to_loopback(str(environ.get("HTTP_HOST")))
        # A proxy that rewrites the host does not change the origin that the browser names for its
        # form.
        and leads_to_loopback(str(environ.get("HTTP_ORIGIN", "localhost")))
        # A proxy without its own headers may use HTTP 1.0, which no browser has used for twenty
        # years; nginx does before 1.29.7. A later one leaves no trace: only a setting can reveal
        # it.
        and environ.get("SERVER_PROTOCOL") not in ONE_POINT_NOUGHT
        and not any(FORWARDED.fullmatch(name) for name in environ)
    )
