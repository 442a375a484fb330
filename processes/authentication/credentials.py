"""Secrets: making, storing and comparing passwords and random keys.

Owns the parameters of argon2id and the digests of random keys. Must not know users, tables,
throttling or the rules for passwords. Uses no database: hashing takes tens of milliseconds and
belongs outside a transaction.
"""

from __future__ import annotations

import hashlib
import secrets
import unicodedata
from dataclasses import dataclass
from functools import cache
from typing import Final

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

# OWASP Password Storage Cheat Sheet, argon2id: 19 MiB, two passes, one lane.
_HASHER: Final = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)

MOST_READ: Final = 800
"""Number of characters passed to argon2 at most; the longest allowed password is shorter."""


def hash_password(password: str) -> str:
    """The argon2id hash to store."""
    return _HASHER.hash(_normal(password))


@dataclass(frozen=True, slots=True)
class Chosen:
    """A chosen password with its hash, which is slow to make."""

    text: str
    hashed: str


def chosen(password: str) -> Chosen:
    """A chosen password, hashed: call it before the act that stores it."""
    return Chosen(password, hash_password(password))


def matches(password_hash: str | None, password: str) -> bool:
    """Whether the password matches the hash. Without a hash the answer takes as long, so that its
    time does not reveal which names exist."""
    try:
        right = _HASHER.verify(password_hash or _dummy(), _normal(password))
    except (VerificationError, InvalidHashError):
        return False
    return right and password_hash is not None


def is_outdated(password_hash: str) -> bool:
    """Whether the hash was made with other parameters than the present ones."""
    return _HASHER.check_needs_rehash(password_hash)


def new_key() -> str:
    """A random key of 256 bits, safe in URLs, cookies and headers."""
    return secrets.token_urlsafe(32)


def digest(key: str) -> str:
    """The stored form of a random key. Plain SHA-256: 256 random bits cannot be guessed."""
    return hashlib.sha256(key.encode()).hexdigest()


@cache
def _dummy() -> str:
    return _HASHER.hash(new_key())


def _normal(password: str) -> str:
    """One form for the same characters from different keyboards (NFKC); never longer than argon2
    accepts."""
    return unicodedata.normalize("NFKC", password[:MOST_READ])
