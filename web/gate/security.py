"""The conditions of every answer and every request, before a view runs.

Owns the response headers (frontend-facts: this policy gave no violation on any user page), the
trusted proxies and hosts, and the keys that sign cookies.
"""

from __future__ import annotations

import os
import secrets
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import TypeVar

from flask import Flask, Response, current_app, request
from flask_wtf.csrf import CSRFProtect
from werkzeug.exceptions import SecurityError
from werkzeug.middleware.proxy_fix import ProxyFix

from web.configuration.settings import Settings
from web.gate.errors import is_program

View = TypeVar("View", bound=Callable[..., object])

POLICY = (
    "default-src 'self'; script-src 'self'; style-src 'self'{inline}; img-src 'self' data:; "
    "object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)
HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=(), payment=()",
}
CLEAR = '"cache", "storage"'
"""The data that a browser deletes at signing out. Not "cookies": the token of forms stays, so that
a form in another tab is kept and does not count as forged."""


def register_hosts(app: Flask) -> None:
    """From now on accept only requests to a name of ours; register all other checks later. No page
    can be drawn for another name, not even a refusal."""
    app.before_request(_refuse_unknown_host)


def _refuse_unknown_host() -> None:
    if isinstance(request.routing_exception, SecurityError):
        raise request.routing_exception


def register(app: Flask, settings: Settings) -> None:
    """Keys, cookies, proxies, headers and CSRF."""
    app.config.update(
        SECRET_KEY=signing_key(settings),
        SECRET_KEY_FALLBACKS=[key.get_secret_value() for key in settings.secret_key_fallbacks],
        # The signed cookie carries the CSRF token and messages only; the signed-in person is a row.
        SESSION_COOKIE_NAME="__Host-tindak-form" if settings.https else "tindak-form",
        SESSION_COOKIE_SECURE=settings.https,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        PERMANENT_SESSION_LIFETIME=timedelta(days=90),
        SESSION_REFRESH_EACH_REQUEST=False,
        TRUSTED_HOSTS=_hosts(settings),
        WTF_CSRF_TIME_LIMIT=None,
        WTF_CSRF_CHECK_DEFAULT=False,
    )
    if n := settings.trusted_proxies:
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=n, x_proto=n, x_host=n)  # type: ignore[method-assign]
    CSRFProtect(app)
    app.before_request(lambda: None if is_program() else refuse_forged())
    app.after_request(lambda response: _harden(response, settings))


def refuse_forged() -> None:
    """Raises CSRFError for a form without the token of our pages."""
    csrf: CSRFProtect = current_app.extensions["csrf"]
    csrf.protect()


def inline_styles(view: View) -> View:
    """Mark the view of an editor page: its library sets style attributes."""
    view.inline_styles = True  # type: ignore[attr-defined]  # a mark read in `_harden`
    return view


def signing_key(settings: Settings) -> str:
    """The key that signs cookies: the setting, else one made once and stored for this folder
    only."""
    return settings.secret_key.get_secret_value() or _kept_key(settings.data_dir / "secret-key")


def _kept_key(file: Path) -> str:
    file.parent.mkdir(parents=True, exist_ok=True)
    try:
        # O_EXCL: of several processes that start at once exactly one writes; the file is complete
        # before it gets its name.
        made = file.with_name(f"{file.name}.{os.getpid()}.{secrets.token_hex(4)}")
        made.touch(0o600)
        made.write_text(secrets.token_urlsafe(48))
        os.link(made, file)
    except FileExistsError:
        pass
    finally:
        made.unlink(missing_ok=True)
    return file.read_text().strip()


def _hosts(settings: Settings) -> list[str] | None:
    """The names of this product; None: any name, if it listens to all addresses and has no
    configured name."""
    if settings.base_url:
        return [settings.origin.split("://", 1)[1].rsplit(":", 1)[0], *_own_names(settings)]
    return _own_names(settings) if settings.on_loopback else None


def _own_names(settings: Settings) -> list[str]:
    return ["localhost", "127.0.0.1", "[::1]"] if settings.on_loopback else []


def _harden(response: Response, settings: Settings) -> Response:
    view = current_app.view_functions.get(request.endpoint or "")
    inline = " 'unsafe-inline'" if getattr(view, "inline_styles", False) else ""
    response.headers.setdefault("Content-Security-Policy", POLICY.format(inline=inline))
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)
    if settings.https:
        below = "; includeSubDomains" if settings.hsts_subdomains else ""
        response.headers.setdefault("Strict-Transport-Security", f"max-age=31536000{below}")
    if request.endpoint != "static":
        # Pages contain data of one person; the back button must ask again after signing out.
        response.headers.setdefault("Cache-Control", "no-store")
    return response
