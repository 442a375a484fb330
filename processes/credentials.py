"""Secrets: how passwords and random keys are made, kept and compared.

Owns the parameters of argon2id, the rule for new passwords, and the digests under which random
keys are stored. Must not know users, tables or throttling. Nothing here touches the database:
hashing takes tens of milliseconds and belongs outside a transaction.
"""

from __future__ import annotations

import hashlib
import secrets
import unicodedata
from functools import cache
from typing import Final

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from engine.words import Sentence, say

# OWASP Password Storage Cheat Sheet, argon2id: 19 MiB, two passes, one lane.
_HASHER: Final = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)

SHORTEST: Final = 12
LONGEST: Final = 200
"""Length of a new password, in characters (NIST SP 800-63B-4: length, no composition rules)."""


def hash_password(password: str) -> str:
    """The argon2id hash to store."""
    return _HASHER.hash(_normal(password))


def matches(password_hash: str | None, password: str) -> bool:
    """Whether the password is the hashed one. Without a hash it takes just as long to say no, so
    that the time of an answer does not tell which names exist."""
    try:
        right = _HASHER.verify(password_hash or _dummy(), _normal(password))
    except (VerificationError, InvalidHashError):
        return False
    return right and password_hash is not None


def is_outdated(password_hash: str) -> bool:
    """Whether the hash was made with other parameters than today's."""
    return _HASHER.check_needs_rehash(password_hash)


def password_problem(password: str, username: str) -> Sentence | None:
    """What is wrong with a password somebody chose, or None."""
    if not SHORTEST <= len(_normal(password)) <= LONGEST:
        return say(
            "Use {shortest} to {longest} characters; several words are fine.",
            shortest=SHORTEST,
            longest=LONGEST,
        )
    if username.casefold() in password.casefold() or len(set(password)) < 5:
        return say("This is too easy to guess: leave out your user name and repeated characters.")
    return None


def new_key() -> str:
    """A random key of 256 bits, safe in URLs, cookies and headers."""
    return secrets.token_urlsafe(32)


def digest(key: str) -> str:
    """Under what a random key is stored. Plain SHA-256: 256 random bits cannot be guessed."""
    return hashlib.sha256(key.encode()).hexdigest()


@cache
def _dummy() -> str:
    return _HASHER.hash(new_key())


def _normal(password: str) -> str:
    """One form for the same characters typed on different keyboards (NFKC); never longer than
    argon2 should be fed."""
    return unicodedata.normalize("NFKC", password[: 4 * LONGEST])
