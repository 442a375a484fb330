"""The message after signing in: the number of failed attempts on the account since the last time.

Owns its words and its place, the next page. `processes.authentication.password_check` counts.
"""

from __future__ import annotations

from uuid import UUID

from flask import flash

from engine.sentences.sentence import say
from processes.storage.authentication.failed_sign_ins import Failed
from processes.storage.people import users
from web.reading import begun
from web.words.i18n import render, use_locale


def tell(user_id: UUID, failed: Failed) -> None:
    """Show the message in the language and zone of the account's owner, whatever this page uses."""
    owner = users.by_id(begun().connection, user_id)
    if owner:
        use_locale(owner.locale, owner.zone)
    moment, address = failed.last_at, failed.address or "-"
    words = (
        say(
            "Since your last sign-in one wrong password was tried for your account: {moment}, from "
            "{address}. If that was not you, change your password.",
            moment=moment,
            address=address,
        )
        if failed.count == 1
        else say(
            "Since your last sign-in {n} wrong passwords were tried for your account, the last "
            "{moment}, from {address}. If that was not you, change your password.",
            n=failed.count,
            moment=moment,
            address=address,
        )
    )
    flash(render(words), "soon")
