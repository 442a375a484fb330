"""Who was told, in words: that a mail was sent, when it will be, or why it was not.

Owns the sentence of each state a mail can be in. What became of it is `processes.notices.tellings`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from engine.sentences.sentence import Sentence, say
from processes.notices.tellings import Told
from processes.register.states import MailState
from web.words.i18n import render

WORDS: Mapping[MailState | None, Sentence] = {
    MailState.SENT: say("{name} – sent {at}"),
    MailState.QUEUED: say("{name} – waits to be sent"),
    MailState.FAILED: say("{name} – could not be sent"),
    MailState.SHOWN: say("{name} – not sent, only in the outbox"),
    MailState.DROPPED: say("{name} – not sent, as nothing of it stood any more"),
    None: say("{name} – no mail was written"),
}
WILL_BE = say("{name} – goes out {at}")


def words_of(told: Sequence[Told], now: datetime) -> list[str]:
    """One line for all whose mails have come equally far."""
    people: dict[tuple[str, datetime | None], list[str]] = {}
    for one in told:
        people.setdefault((_sentence(one, now).template, one.at), []).append(one.name)
    return [
        render(Sentence(template, {"name": ", ".join(names), "at": at}))
        for (template, at), names in people.items()
    ]


def _sentence(one: Told, now: datetime) -> Sentence:
    ahead = one.state is MailState.QUEUED and one.at is not None and one.at > now
    return WILL_BE if ahead else WORDS[one.state]
