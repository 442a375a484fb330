"""Signing in and out, and returning after a session ended in the middle of a form."""

from __future__ import annotations

from collections.abc import Sequence

from flask import (
    Blueprint,
    Response,
    current_app,
    flash,
    json,
    redirect,
    render_template,
    request,
    session,
    url_for,
)
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import CSRFError
from pydantic import TypeAdapter, ValidationError

from engine.sentences.errors import BadInput, NotFound, TindakError
from engine.sentences.sentence import Sentence, say
from processes.authentication import sign_in as signing
from processes.authentication.password_check import Refused
from processes.authentication.sign_in import SignedIn
from processes.authentication.throttle import TooManyAttempts
from processes.people import accounts, example_accounts
from processes.rights.scope import scope_of, stranger
from web.forms.submission import OWN_NAMES, Texts
from web.forms.view import Wrong
from web.frame.parsing import own_address, own_page
from web.gate import bodies, known_browser, refusals, security
from web.gate.errors import answer, entries, is_program, redraw_on_error, wants_json
from web.gate.failures import SignInNeeded
from web.gate.visitor import (
    forget_session,
    keep_session,
    limits,
    origin,
    service,
    session_key,
    visitor,
)
from web.pages.authentication import example_entry, failed_attempts
from web.reading import begun
from web.words.i18n import render

page = Blueprint("login", __name__)

WORTH_SHOWING = 20
"""Characters: shorter entries are choices and numbers, which the form shows again."""
KEPT = TypeAdapter(dict[str, list[str]])
"""A form that is carried through signing in: each name with its texts."""


@page.get("/login")
def show() -> ResponseReturnValue:
    """The form; a signed-in person goes on to the wanted page."""
    if visitor():
        return redirect(own_address(request.args.get("next", "")))
    return _form(next_url=request.args.get("next", ""))


@page.post("/login")
def sign_in() -> ResponseReturnValue:
    """Check name and password; entries kept from an expired session are carried along."""
    username, password = request.form.get("username", ""), request.form.get("password", "")
    if empty := _left_empty(username, password):
        return _again(BadInput(say("Fill in the marked fields."), empty)), 422
    redraw_on_error(_again)
    result = signing.sign_in(service(), username, password, visitor=origin(), limits=limits())
    if isinstance(result, Refused):
        raise _refusal(result)
    return _enter(result)


@page.post("/login/as")
def sign_in_as() -> ResponseReturnValue:
    """Enter an example account with one click; only if nobody else can reach the product."""
    if not _offers_examples():
        raise NotFound(say("There is no such account."))
    username = request.form.get("username", "")
    entered = example_accounts.enter(
        service(), stranger(), username, visitor=origin(), limits=limits()
    )
    return _enter(entered)


@page.post("/logout")
def sign_out() -> ResponseReturnValue:
    """End this session, here and in the database. The token of forms stays, so that a form in
    another tab is kept and does not count as forged."""
    signing.sign_out(service(), stranger(), session_key() or "")
    flash(render(say("You are signed out.")), "done")
    response = forget_session(current_app.make_response(redirect(url_for("login.show"))))
    response.headers["Clear-Site-Data"] = security.CLEAR
    return response


@page.app_errorhandler(SignInNeeded)
def ask(error: SignInNeeded) -> ResponseReturnValue:
    """The answer to a stranger. A posted form is carried along, because its session has just
    ended."""
    if is_program() or wants_json():
        return answer(error)
    refusals.record(401, error)
    address = request.full_path.rstrip("?")
    if "HX-Request" in request.headers:  # a part of a page that stays as it is
        page_of = own_page(request.referrer)
        notice = render_template("login/ended.html", address=page_of)
        return notice, 401, {"HX-Reswap": "afterbegin"}
    if request.method == "POST":
        try:
            return _form(address, _kept_of_request()), 401
        except CSRFError as forged:
            return answer(forged)
    return redirect(url_for("login.show", next=address))


def _kept_of_request() -> str:
    """The refused form, if it comes from a browser that got one; a stranger's body is not even
    received."""
    if "csrf_token" not in session or not bodies.fetch():
        return ""
    security.refuse_forged()
    return json.dumps(entries())


def _left_empty(username: str, password: str) -> dict[str, Sentence]:
    """The empty fields. This is no attempt at a password, so nothing is checked or counted."""
    given = (
        ("username", username.strip(), say("Write your user name.")),
        ("password", password, say("Write your password.")),
    )
    return {name: words for name, entry, words in given if not entry}


def _again(error: TindakError | None) -> str:
    """The form once more, with the typed name and the reason of the refusal."""
    posted = request.form
    fields = error.fields if isinstance(error, BadInput) else {}
    return _form(
        posted.get("next", ""),
        posted.get("kept", ""),
        username=posted.get("username", ""),
        failed=render(error.sentence) if error else "",
        problems=[Wrong(name, render(what)) for name, what in fields.items()],
    )


def _form(
    next_url: str,
    kept: str = "",
    *,
    username: str = "",
    failed: str = "",
    problems: Sequence[Wrong] = (),
) -> str:
    return render_template(
        "login/login.html",
        next=next_url,
        kept=kept,
        username=username,
        failed=failed,
        problems=problems,
        wrong={problem.id: problem.words for problem in problems},
        offers=_offers(),
    )


def _resumed(address: str, kept: Texts) -> str:
    """The page that gives a form back. Only what somebody has written is shown: the names of fields
    are the form's own, and mean nothing to readers."""
    written = [
        text
        for name, texts in kept.items()
        if name not in OWN_NAMES
        for text in texts
        if len(text.strip()) > WORTH_SHOWING
    ]
    return render_template("login/resume.html", address=address, entries=kept, typed=written)


def _offers() -> list[example_accounts.Offer]:
    if not _offers_examples():
        return []
    return example_accounts.offers(begun().connection)


def _enter(signed_in: SignedIn) -> Response:
    """Go on to the wanted page; with a kept form, first to the page that gives it back."""
    _keep_language(signed_in)
    if signed_in.failed:
        failed_attempts.tell(signed_in.user_id, signed_in.failed)
    kept, next_url = request.form.get("kept", ""), own_address(request.form.get("next", ""))
    response = _resumed(next_url, _entries(kept)) if kept else redirect(next_url)
    known = known_browser.remember(current_app.make_response(response), signed_in.user_id)
    return keep_session(known, signed_in.key)


def _keep_language(signed_in: SignedIn) -> None:
    """Store a language chosen before signing in for the account, once."""
    chosen = session.pop("locale_chosen", None)
    if chosen is None:
        return
    with service().reading() as connection:
        scope = scope_of(connection, signed_in.user_id)
    accounts.change_preferences(service(), scope, {"locale": chosen})


def _entries(kept: str) -> dict[str, list[str]]:
    try:
        found = KEPT.validate_json(kept)
    except ValidationError:
        return {}
    return {name: texts for name, texts in found.items() if name != "csrf_token"}


def _offers_examples() -> bool:
    return example_entry.opens(current_app.config["TINDAK_SETTINGS"], request.environ)


def _refusal(result: Refused) -> BadInput:
    if result.wait:
        return TooManyAttempts(result.wait)
    return BadInput(say("User name or password is wrong."))
