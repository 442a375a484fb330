"""The reader's language and zone in the present request, and the words of the templates.

Owns the choice of the language (the person's, else the one chosen at sign-in, else Indonesian) and
the connection to Jinja. `web/translations` has the catalogues.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import cast
from zoneinfo import ZoneInfo

from flask import Flask, current_app, g, request, session
from jinja2 import pass_context
from jinja2.filters import FILTERS
from jinja2.runtime import Context

from engine.sentences.sentence import ModelText, Sentence
from web.reading import begun
from web.translations import DEFAULT, LOCALES, Language
from web.translations import language as language_of
from web.translations.model_english import with_owners
from web.words.formatting import Formats


def register(app: Flask, zone: ZoneInfo) -> None:
    """Choose the language before each request, and make it available in templates."""
    app.config["TINDAK_ZONE"] = zone
    app.before_request(_remember_choice)
    app.jinja_env.add_extension("jinja2.ext.i18n")
    # Installed once; both look up the reader's language at each call. `newstyle` escapes facts.
    app.jinja_env.install_gettext_callables(  # type: ignore[attr-defined]  # added by the extension
        lambda message: language().gettext(message),
        lambda one, many, n: language().ngettext(one, many, n),
        newstyle=True,
    )
    filters = (
        "day",
        "long_day",
        "short_day",
        "month",
        "weekday",
        "weekday_short",
        "time",
        "moment",
        "number",
        "percent",
        "size",
        "duration",
    )
    for name in filters:
        app.jinja_env.filters[name] = _bound(name)
    app.jinja_env.filters["say"] = render
    app.jinja_env.filters["model_text"] = lambda text: language().model_text(text)
    app.jinja_env.globals["locales"] = LOCALES
    app.context_processor(lambda: {"language": language().code})


def ask_each_reader(app: Flask) -> None:
    """Let no filter of ours be computed when a template is compiled: Jinja does that for constants,
    and they would stay in the language of the first reader. Call it after all are registered."""
    filters = app.jinja_env.filters
    own = {name: one for name, one in filters.items() if name not in FILTERS}
    filters.update({name: _asked_late(one) for name, one in own.items()})


def _asked_late(one: Callable[..., object]) -> Callable[..., object]:
    @pass_context
    @wraps(one)
    def asked(_context: Context, *args: object, **kwargs: object) -> object:
        return one(*args, **kwargs)

    return asked


def language() -> Language:
    """The language of this request's reader."""
    code = g.get("locale") or session.get("locale") or DEFAULT
    spoken = language_of(code)
    if spoken.code == DEFAULT:
        return spoken
    if "language" not in g or g.language.code != spoken.code:
        g.language = with_owners(spoken, lambda: begun().connection)
    return cast(Language, g.language)


def formats() -> Formats:
    """The form of dates and numbers for this request's reader."""
    return Formats(language(), g.get("zone") or current_app.config["TINDAK_ZONE"])


def use_locale(code: str | None, zone: str | None = None) -> None:
    """Use the signed-in person's own language and zone for this request."""
    g.locale = code if code in LOCALES else None
    if zone:
        g.zone = ZoneInfo(zone)


def gettext(message: str, **facts: object) -> str:
    """A sentence of the product in the reader's language: `gettext("Until %(day)s", day=...)`."""
    return language().gettext(message) % facts


def render(sentence: Sentence) -> str:
    """A sentence of the engine or the processes in the reader's language; days, moments and numbers
    among its facts are in the reader's form."""
    facts = {name: _written(fact) for name, fact in sentence.facts.items()}
    return language().render(Sentence(sentence.template, facts))


def _written(fact: object) -> object:
    if isinstance(fact, Sentence):
        return render(fact)
    if isinstance(fact, ModelText):
        return language().model_text(fact)
    return formats().fact(fact)


def _remember_choice() -> None:
    """`?lang=en` on any page open to strangers; a signed-in person's own choice wins."""
    chosen = request.args.get("lang")
    if chosen in LOCALES:
        session["locale"] = session["locale_chosen"] = chosen


def _bound(name: str) -> object:
    def apply(value: object) -> str:
        return "" if value is None else str(getattr(formats(), name)(value))

    return apply
