"""Forbidden passwords: too short, or among the first that an attacker tries.

Owns the rule for new passwords (NIST SP 800-63B: length and a list, no composition rules) and the
user's own words that count as listed. Must not know how a password is stored or checked.

The list has the 30,000 passwords most found in breaches, from the package zxcvbn. Its estimate of
strength is not used: some passwords take it seconds, and it rates joined words of an account as
strong.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterable
from functools import cache
from typing import Final
from uuid import UUID

from sqlalchemy import Connection

from engine.sentences.errors import BadInput
from engine.sentences.sentence import Sentence, say
from processes.authentication.credentials import MOST_READ
from processes.storage.people import institutions, users
from processes.storage.people.users import User

SHORTEST: Final = 12
LONGEST: Final = 200
"""Minimum length of a new password, in characters."""
FEWEST_KINDS: Final = 5
"""Minimum number of different characters, or of letters besides the user's own words."""
SHORTEST_WORD: Final = 3

OF_THE_PRODUCT: Final = (
    "administrator", "admin", "bismillah", "coba", "deputi", "garuda", "hukum", "indonesia",
    "jakarta", "kata", "keamanan", "kebijakan", "kemenko", "kementerian", "kementrian",
    "koordinator", "lanjut", "masuk", "menko", "menteri", "merdeka", "negara", "nusantara",
    "pancasila", "password", "pengguna", "polhukam", "politik", "polkam", "rahasia",
    "rekomendasi", "republik", "sandi", "sayang", "selamat", "tindak",
    "januari", "februari", "maret", "april", "juni", "juli", "agustus", "september", "oktober",
    "november", "desember",
)  # fmt: skip
"""Words that people of this field think of first, and an attacker too."""
ROWS: Final = ("abcdefghijklmnopqrstuvwxyz", "qwertyuiopasdfghjklzxcvbnm")
IN_A_ROW: Final = (*ROWS, *(row[::-1] for row in ROWS))
LOOKALIKES: Final = str.maketrans("@4831!0$57", "aabeiiosst")
NO_LETTERS: Final = re.compile(r"[\W\d_]+")
AT_THE_ENDS: Final = re.compile(r"^\d+|[\W\d_]+$")
A_YEAR: Final = re.compile(r"[\W_]*(\d{4})?[\W_]*$")

EASY: Final = say(
    "This is among the first that are guessed: a common password, or little more than your name, "
    "your institution or words of this work. Choose several words that do not belong together."
)


def check_new_password(connection: Connection, user_id: UUID, password: str, field: str) -> None:
    """Raises `BadInput` at `field` for a password that this user may not choose."""
    person = users.by_id(connection, user_id)
    assert person is not None, "somebody chooses it"
    if problem := password_problem(password, person.username, words_of(connection, person)):
        raise BadInput(problem, {field: problem})


def words_of(connection: Connection, person: User) -> set[str]:
    """The words of a person: names, address, institutions."""
    codes = {one.institution_code for one in users.grants(connection, person.id).memberships}
    found = [institutions.by_code(connection, code) for code in codes]
    names = [text for one in found if one for text in (one.code, one.short_name, one.name)]
    return set(_words([person.username, person.name, person.email, *names]))


def password_problem(
    password: str, username: str, words: Collection[str] = frozenset()
) -> Sentence | None:
    """The fault of a chosen password, or None."""
    folded = unicodedata.normalize("NFKC", password[:MOST_READ]).casefold()
    if not SHORTEST <= len(folded) <= LONGEST:
        return say(
            "Use {shortest} to {longest} characters; several words are fine.",
            shortest=SHORTEST,
            longest=LONGEST,
        )
    if username.casefold() in folded or len(set(folded)) < FEWEST_KINDS:
        return say("This is too easy to guess: leave out your user name and repeated characters.")
    own = sorted({*words, *OF_THE_PRODUCT}, key=len, reverse=True)
    return EASY if any(_is_easy(text, own) for text in _readings(folded)) else None


def _readings(folded: str) -> set[str]:
    """The forms that an attacker would try: as it is, without additions at its ends, only its
    letters, with letters in place of digits."""
    bare = AT_THE_ENDS.sub("", folded)
    alike = NO_LETTERS.sub("", bare.translate(LOOKALIKES))
    return {folded, A_YEAR.sub("", folded), bare, NO_LETTERS.sub("", folded), alike}


def _is_easy(text: str, own: Iterable[str]) -> bool:
    rest = text
    for word in own:
        rest = rest.replace(word, " ")
    left = NO_LETTERS.sub("", rest)
    if text.isdecimal() or (rest != text and len(left) < FEWEST_KINDS):
        return True
    return any(_is_listed(one) for one in {text, left})


def _is_listed(text: str) -> bool:
    if len(text) < FEWEST_KINDS:  # a few letters among digits: the whole was checked
        return False
    once = text[: (text + text).find(text, 1)]  # the unit of a repeated text
    return once in common_passwords() or any(once in row + row for row in IN_A_ROW)


def _words(texts: Iterable[str]) -> Iterable[str]:
    for text in texts:
        for word in re.split(r"[\W_]+", text.casefold()):
            if len(word) >= SHORTEST_WORD and not word.isdecimal():
                yield word


@cache
def common_passwords() -> frozenset[str]:
    """The list; read when the first password is chosen, which most processes never do."""
    from zxcvbn.frequency_lists import FREQUENCY_LISTS

    return frozenset(FREQUENCY_LISTS["passwords"])
