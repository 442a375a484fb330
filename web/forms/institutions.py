"""The forms about institutions: the details of one, and its end.

Owns the entries, and turning them into values of `processes.people.institutions`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from engine.sentences.sentence import say
from processes.days.calendars import COMMON
from processes.people.institutions import Details, Ending
from processes.storage.people.institutions import Institution
from web.forms.calendars import named
from web.forms.own import OwnField, day, optional_day, text
from web.forms.submission import Texts
from web.forms.values import day_first
from web.words.admin_labels import KINDS, choices

CODE = OwnField(
    "code",
    say("Code"),
    hint=say("Small letters, digits or hyphens, as in kemhan; it never changes."),
    width="medium",
    max_length=40,
)
NEW: Texts = {"kind": ["ministry"], "is_kl": ["true"], "calendar_code": [COMMON]}
"""The first values for a new institution."""


def details(calendars: Mapping[str, str]) -> tuple[OwnField, ...]:
    """What is written about an institution; `calendars`: code -> name."""
    return (
        OwnField("name", say("Full name"), max_length=200),
        OwnField(
            "short_name",
            say("Short name"),
            hint=say("Stands in lists and in the matrix."),
            width="medium",
            max_length=60,
        ),
        OwnField("kind", say("Kind"), "radio", options=choices(KINDS)),
        OwnField(
            "is_kl",
            say("It is a ministry or agency (K/L) in the narrow sense"),
            "checkbox",
            required=False,
        ),
        OwnField(
            "calendar_code",
            say("Working calendar"),
            "radio",
            hint=say("Its deadlines are counted in these working days."),
            options=named(calendars),
        ),
        OwnField("valid_from", say("Exists since"), "date", required=False),
        OwnField("email", say("E-mail of the office"), required=False, max_length=254),
        OwnField("address", say("Postal address"), "textarea", required=False, max_length=500),
    )


def ending(others: Sequence[Institution]) -> tuple[OwnField, ...]:
    """How an institution ends; `others` may come after it."""
    return (
        OwnField("last_day", say("Last day"), "date"),
        OwnField(
            "successor",
            say("Successor"),
            "select",
            required=False,
            hint=say("Which institution takes its duties over."),
            options=[(one.code, one.short_name) for one in others],
        ),
        OwnField(
            "letter",
            say("Regulation or letter"),
            hint=say("For example UU 16/2025."),
            max_length=200,
        ),
    )


def details_of(texts: Texts) -> Details:
    """The details from the entries. Raises BadInput for an entry that is no date."""
    return Details(
        name=text(texts, "name"),
        short_name=text(texts, "short_name"),
        kind=text(texts, "kind"),
        is_kl=text(texts, "is_kl") == "true",
        calendar_code=text(texts, "calendar_code"),
        valid_from=optional_day(texts, "valid_from"),
        address=text(texts, "address"),
        email=text(texts, "email"),
    )


def ending_of(texts: Texts) -> Ending:
    """The end from the entries. Raises BadInput for an entry that is no date."""
    return Ending(day(texts, "last_day"), text(texts, "successor") or None, text(texts, "letter"))


def texts_of_details(one: Institution) -> Texts:
    """The first values of the fields."""
    return {
        "name": [one.name],
        "short_name": [one.short_name],
        "kind": [one.kind],
        "is_kl": ["true"] if one.is_kl else [],
        "calendar_code": [one.calendar_code],
        "valid_from": [day_first(one.valid_from.isoformat())] if one.valid_from else [""],
        "address": [one.address],
        "email": [one.email],
    }


def texts_of_ending(one: Institution) -> Texts:
    """The first values of the fields: an earlier ending may be corrected."""
    return {
        "last_day": [day_first(one.valid_to.isoformat())] if one.valid_to else [""],
        "successor": [one.successor_code or ""],
    }
