"""Passwords cost nothing in tests: what makes argon2 slow for a thief would slow each of them."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from argon2 import PasswordHasher

from processes.authentication import credentials


@pytest.fixture(scope="session", autouse=True)
def cheap_passwords() -> Iterator[None]:
    """Hashes of a fraction of a millisecond, for as long as the process runs."""
    cheap = PasswordHasher(time_cost=1, memory_cost=16, parallelism=1)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(credentials, "_HASHER", cheap)
        yield
