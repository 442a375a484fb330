"""The page of one institution in a rakor: attendance, oral statements, agreements, directives.

Each row is a form of its own with the version that was read. It is saved by its button, or, with
JavaScript, when one of its fields is left. Whoever saves an older version sees both texts, and the
page has the newer version, so that saving once more replaces it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from uuid import UUID

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from engine.models.forms import parse_date
from engine.sentences.errors import BadInput, TindakError
from processes.meetings import in_session
from processes.meetings.in_session import COORDINATOR, InSession, Settled, Stated
from processes.register.agreement_states import AgreementKind
from processes.register.vocabulary import ATTENDANCES
from web.forms import own
from web.forms.own import Texts
from web.frame.parsing import optional_id
from web.gate.errors import redraw_on_error
from web.gate.visitor import reading, scope, service
from web.words.i18n import formats, gettext, render
from web.words.people_names import with_names

page = Blueprint("meeting_session", __name__)
LONGEST = 10_000
STRIKE = "strike"


@dataclass(frozen=True, slots=True)
class Refused:
    """What was refused: the row (`attendance`, `say`, `settle` or an id), what was typed into it,
    and why."""

    row: str = ""
    typed: Texts = field(default_factory=dict)
    why: str = ""
    wrong: Sequence[str] = ()


@page.get("/meetings/<uuid:meeting_id>/institutions/<code>")
def show(meeting_id: UUID, code: str) -> ResponseReturnValue:
    """The page."""
    return _drawn(meeting_id, code)


@page.post("/meetings/<uuid:meeting_id>/institutions/<code>/attendance")
def attendance(meeting_id: UUID, code: str) -> ResponseReturnValue:
    """Save who was there."""
    texts = _typed(meeting_id, code, "attendance")
    in_session.save_attendance(
        service(), scope(), meeting_id, code, own.text(texts, "attendance"),
        own.text(texts, "attended_by"), _version(texts),
    )  # fmt: skip
    return _back(meeting_id, code, "attendance")


@page.post("/meetings/<uuid:meeting_id>/institutions/<code>/statements")
def say(meeting_id: UUID, code: str) -> ResponseReturnValue:
    """Note what was said."""
    texts = _typed(meeting_id, code, "say")
    about = optional_id(own.text(texts, "follow_up"))
    made = in_session.add_statement(
        service(), scope(), meeting_id, code, about or meeting_id, _stated(texts)
    )
    return _back(meeting_id, code, str(made))


@page.post("/meetings/<uuid:meeting_id>/institutions/<code>/statements/<uuid:row_id>")
def correct(meeting_id: UUID, code: str, row_id: UUID) -> ResponseReturnValue:
    """Correct what was noted."""
    texts = _typed(meeting_id, code, str(row_id))
    in_session.correct_statement(service(), scope(), meeting_id, code, row_id, _stated(texts))
    return _back(meeting_id, code, str(row_id))


@page.post("/meetings/<uuid:meeting_id>/institutions/<code>/settled")
def settle(meeting_id: UUID, code: str) -> ResponseReturnValue:
    """Note an agreement or a directive."""
    texts = _typed(meeting_id, code, "settle")
    made = in_session.add_settled(service(), scope(), meeting_id, code, _settled(texts))
    return _back(meeting_id, code, str(made))


@page.post("/meetings/<uuid:meeting_id>/institutions/<code>/settled/<uuid:row_id>")
def change(meeting_id: UUID, code: str, row_id: UUID) -> ResponseReturnValue:
    """Change what was noted, or strike it out."""
    texts = _typed(meeting_id, code, str(row_id))
    if request.form.get("act") == STRIKE:
        in_session.strike_settled(service(), scope(), meeting_id, code, row_id, _version(texts))
        return _back(meeting_id, code, "settled")
    in_session.change_settled(service(), scope(), meeting_id, code, row_id, _settled(texts))
    return _back(meeting_id, code, str(row_id))


def _typed(meeting_id: UUID, code: str, row: str) -> Texts:
    """The entries of this request's form. From here on a refusal draws the page with them."""
    texts = own.typed()
    redraw_on_error(lambda error: _drawn(meeting_id, code, _refused(row, texts, error)))
    over = [name for name in ("text", "attended_by", "said_by") if _is_long(texts, name)]
    if over:
        wrong = {name: own.too_long(LONGEST, len(own.text(texts, name))) for name in over}
        raise BadInput(wrong[over[0]], wrong)
    return texts


def _is_long(texts: Texts, name: str) -> bool:
    return len(own.text(texts, name)) > LONGEST


def _refused(row: str, texts: Texts, error: TindakError | None) -> Refused:
    if error is None:
        return Refused(row, texts)
    wrong = [render(one) for one in error.fields.values()] if isinstance(error, BadInput) else []
    return Refused(row, texts, render(with_names(error)), wrong)


def _version(texts: Texts) -> int:
    written = own.text(texts, "version")
    return int(written) if written.isdecimal() and len(written) < 9 else 0


def _stated(texts: Texts) -> Stated:
    return Stated(
        own.text(texts, "text"),
        own.text(texts, "said_by"),
        bool(own.text(texts, "on_behalf")),
        _version(texts),
    )


def _settled(texts: Texts) -> Settled:
    return Settled(
        own.text(texts, "kind"),
        own.text(texts, "text"),
        own.text(texts, "holder"),
        parse_date(own.text(texts, "deadline")),
        optional_id(own.text(texts, "follow_up")),
        _version(texts),
    )


def _back(meeting_id: UUID, code: str, row: str) -> ResponseReturnValue:
    address = url_for("meeting_session.show", meeting_id=meeting_id, code=code, _anchor=f"r-{row}")
    return redirect(address, 303)


NOTHING = Refused()


def _drawn(meeting_id: UUID, code: str, refused: Refused = NOTHING) -> str:
    found = in_session.page(reading(), meeting_id, code)
    return render_template(
        "meetings/session.html",
        found=found,
        refused=refused,
        attendances=[(one, _attendance(one)) for one in ATTENDANCES],
        kinds=[(one.value, render(one.sentence)) for one in AgreementKind],
        holders=_holders(found),
        day_first=formats().long_day,
    )


def _attendance(word: str) -> str:
    return {
        "present": gettext("Present"),
        "represented": gettext("Represented by somebody else"),
        "absent": gettext("Absent"),
    }[word]


def _holders(found: InSession) -> list[tuple[str, str]]:
    """The institution of the page first, then the coordinators, then the others."""
    mine = [one for one in found.holders if one[0] == found.own.institution]
    others = [one for one in found.holders if one[0] != found.own.institution]
    return [*mine, (COORDINATOR, gettext("Coordinator")), *others]
