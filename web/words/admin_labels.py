"""The words of administration on screen: kinds of institutions, ranks, days, mail.

Owns the word of each value of people and calendars, and for a mark its role of colour.
`web/words/labels.py` has the words of cases.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from flask import Flask

from engine.sentences.sentence import Sentence, say
from processes.register.states import AccountState
from processes.storage.people.users import Grants
from web.words.formatting import Mark
from web.words.i18n import gettext, language, render
from web.words.labels import GROUPS, mark_of

RANKS: Mapping[str, Sentence] = {
    "asdep": say("Assistant Deputy"),
    "deputi": say("Deputy"),
    "menko": say("Coordinating Minister"),
}
KINDS: Mapping[str, Sentence] = {
    "ministry": say("Ministry"),
    "agency": say("Agency"),
    "forces": say("Armed forces"),
    "police": say("Police"),
    "committee": say("Committee"),
}
"""Kinds of institutions."""
DAYS: Mapping[str, Sentence] = {
    "holiday": say("National holiday"),
    "joint_leave": say("Joint leave"),
    "working": say("Taken back: working day"),
}
MAIL_KINDS: Mapping[str, Sentence] = {
    "notice": say("Notice"),
    "digest": say("Daily digest"),
    "account": say("Link for an account"),
}
TOKENS: Mapping[str, Sentence] = {
    "read": say("Only read"),
    "act": say("Read and act"),
}
"""The rights of a program's token."""


def register(app: Flask) -> None:
    """Make these words available in templates."""
    app.jinja_env.filters.update(
        institution_kind=lambda value: render(KINDS[value]),
        day_kind=lambda value: render(DAYS[value]),
        mail_kind=lambda value: render(MAIL_KINDS[value]),
        token_kind=lambda value: render(TOKENS[value]),
        roles_words=roles_words,
        parts_words=parts_words,
    )
    app.jinja_env.globals.update(account_mark=account_mark, finding_mark=finding_mark)


def choices(table: Mapping[str, Sentence]) -> list[tuple[str, str]]:
    """(value, words) of a table, for a field."""
    return [(value, render(words)) for value, words in table.items()]


def account_mark(active: bool, invited: bool) -> Mark:
    """The state of an account."""
    open_one = AccountState.INVITED if invited else AccountState.ACTIVE
    return mark_of(open_one if active else AccountState.CLOSED, language())


def finding_mark(well: bool) -> Mark:
    """The doctor's result for one subject."""
    return Mark("done", gettext("Well")) if well else Mark("danger", gettext("Needs attention"))


def roles_words(grants: Grants) -> list[str]:
    """General roles, a supervisor's with the rank."""
    found = []
    for role, rank in grants.roles.items():
        words = render(GROUPS[role])
        found.append(f"{words} ({render(RANKS[rank])})" if rank else words)
    return sorted(found)


def parts_words(grants: Grants, names: Mapping[str, str]) -> list[str]:
    """Parts in institutions: `Contact: Kemhan, Polri`. `names`: code -> short name."""
    contact_of = _names(grants, "contact", names)
    head_of = _names(grants, "head", names)
    return [
        *([gettext("Contact: %(institutions)s", institutions=contact_of)] if contact_of else []),
        *([gettext("Leadership: %(institutions)s", institutions=head_of)] if head_of else []),
    ]


def _names(grants: Grants, part: str, names: Mapping[str, str]) -> str:
    codes = {m.institution_code for m in grants.memberships if m.role == part}
    return ", ".join(sorted(names[code] for code in codes))


def codes_of(grants: Iterable[Grants]) -> set[str]:
    """Codes of every institution in these grants."""
    return {m.institution_code for one in grants for m in one.memberships}
