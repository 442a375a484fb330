"""The accounts of the demo: fictitious people in real institutions, one password for all."""

from __future__ import annotations

import itertools
import secrets
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final

from processes.acts.acting import Acting, act
from processes.acts.service import Service
from processes.authentication.credentials import Chosen, hash_password, matches
from processes.people import accounts, institutions
from processes.people.accounts import NewUser
from processes.people.institutions import Details
from processes.people.seed import INSTITUTIONS
from processes.rights.scope import operator
from processes.storage.authentication import passwords
from processes.storage.people import users
from processes.storage.people.users import Grants, Membership

PASSWORD_FILE: Final = "demo-password"
SHOWN: Final = (
    "coordinator", "supervisor", "owner", "admin", "kemhan", "kemhan-head", "kemenperin",
    "kemenkeu",
)  # fmt: skip
"""Usernames printed at the start; every other institution also has one with its code."""

STAFF: Final[dict[str, tuple[str, str, dict[str, str | None], str]]] = {
    "owner": (
        "Ratna Wulandari",
        "Perencana, Biro Perencanaan",
        {"process-owner": None},
        "ordinary",
    ),
    "coordinator": (
        "Bagas Prakoso",
        "Staf Asisten Deputi Kekuatan Pertahanan",
        {"coordinator": None},
        "secret",
    ),
    "supervisor": (
        "Surya Adiwangsa",
        "Asisten Deputi Kekuatan Pertahanan",
        {"supervisor": "asdep"},
        "top_secret",
    ),
    "deputi": ("Laksmi Paramitha", "Deputi Pertahanan", {"supervisor": "deputi"}, "top_secret"),
    "menko": ("Hadiman Sastranegara", "Menteri Koordinator", {"supervisor": "menko"}, "top_secret"),
    "admin": ("Yoga Permana", "Administrator sistem", {"admin": None}, "ordinary"),
}
"""Username -> name, post, roles with rank, clearance."""
CONTACTS: Final = {
    "kemhan": "Dimas Wiratama", "tni": "Arif Setyabudi", "polri": "Nanda Kusumah",
    "kemenperin": "Intan Maharani", "kemenkeu": "Reza Gunadarma", "bappenas": "Sekar Anjani",
    "bp-bumn": "Fajar Nugraha", "kemendag": "Mira Puspitasari", "brin": "Galih Pradipta",
    "kkip": "Wening Hapsari",
}  # fmt: skip
COLLEAGUES: Final = {
    "kemhan": "Laras Widyaningrum", "polri": "Rendra Mahardika", "bp-bumn": "Kirana Puspa",
}  # fmt: skip
"""A second contact, so that a task can be handed on."""
HEADS: Final = {
    "kemhan": "Bramantyo Aji", "tni": "Wiranto Kusuma", "polri": "Satria Bimantara",
    "kemenperin": "Dewi Larasati", "kemenkeu": "Teguh Santika", "bappenas": "Ayu Kirana",
    "bp-bumn": "Rangga Saputra", "kemendag": "Putri Handayani", "kkip": "Jaya Mahendra",
}  # fmt: skip

FIRST_NAMES: Final = (
    "Adi", "Bima", "Citra", "Dian", "Eka", "Farah", "Gita", "Hendra", "Indra", "Joko", "Kartika",
    "Lestari", "Maya",
)  # fmt: skip
LAST_NAMES: Final = (
    "Anggraini", "Budiman", "Cahyono", "Darmawan", "Effendi", "Firmansyah", "Gumilar", "Hidayat",
    "Iskandar", "Kurniawan", "Lubis", "Mahardika", "Nasution", "Oktaviani", "Prabowo", "Rahayu",
    "Siregar",
)  # fmt: skip
"""13 x 17 people without a name twice."""


def password(data_dir: Path, given: str) -> str:
    """The password of all demo accounts: the given one, else a random one stored in the data folder
    (0600)."""
    if given:
        return given
    file = data_dir / PASSWORD_FILE
    if not file.exists():
        file.touch(mode=0o600)
        file.write_text(secrets.token_urlsafe(9))
    return file.read_text().strip()


def give_password(service: Service, secret: str) -> bool:
    """Give the people of the demo this password, unless they have it: a filled demo may be
    started with another one. Return whether it changed; then everything that the old one opened
    has ended."""
    with service.reading() as connection:
        people = users.fictitious(connection)
        known = passwords.credentials(connection, people[0].username) if people else None
    if known is None or matches(known.password_hash, secret):
        return False
    _give_password(service, operator(), hash_password(secret))
    return True


@act
def _give_password(act: Acting, hashed: str) -> None:
    act.may("manage_users")
    for one in users.fictitious(act.connection):
        accounts.store_password(act.connection, one.id, hashed)
        accounts.record(act, "set_demo_password", one)


@act
def add_all(act: Acting, bodies: Mapping[str, Details], secret: Chosen) -> None:
    """Create every account of the demo. `bodies`: further institutions, which are added, each with
    its people."""
    for new in _accounts(secret):
        accounts.create.within(act, new)
    for code, details in bodies.items():
        institutions.add.within(act, code, details)
    for new in _more_accounts(bodies, secret):
        accounts.create.within(act, new)


def _more_accounts(bodies: Mapping[str, Details], secret: Chosen) -> Iterator[NewUser]:
    """One institution in three has a second contact, one in five has no head, and one person serves
    two of them."""
    names = (
        f"{FIRST_NAMES[number % 13]} {LAST_NAMES[number % 17]}" for number in itertools.count()
    )
    first = next(iter(bodies), None)
    for number, (code, details) in enumerate(bodies.items()):
        served = {Membership(code, "contact")}
        if number == 1 and first is not None:
            served.add(Membership(first, "contact"))
        people = {code: served}
        if number % 3 == 0:
            people[f"{code}-2"] = {Membership(code, "contact")}
        if number % 5:
            people[f"{code}-head"] = {Membership(code, "head")}
        for username, memberships in people.items():
            leads = username.endswith("-head")
            post = f"{'Pimpinan unit' if leads else 'Narahubung'} {details.short_name}"
            grants = Grants({}, frozenset(memberships))
            yield _account(username, next(names), post, "secret", grants, secret)


def _accounts(secret: Chosen) -> Iterator[NewUser]:
    for username, (name, post, roles, clearance) in STAFF.items():
        yield _account(username, name, post, clearance, Grants(roles, frozenset()), secret)
    contacts = [*CONTACTS.items(), *((f"{code}-2", name) for code, name in COLLEAGUES.items())]
    for username, name in contacts:
        code = username.removesuffix("-2")
        post = f"Narahubung {INSTITUTIONS[code].short_name}"
        yield _account(username, name, post, "secret", _member(code, "contact"), secret)
    for code, name in HEADS.items():
        post = f"Pimpinan unit {INSTITUTIONS[code].short_name}"
        yield _account(f"{code}-head", name, post, "secret", _member(code, "head"), secret)


def _member(code: str, role: str) -> Grants:
    return Grants({}, frozenset({Membership(code, role)}))


def _account(
    username: str, name: str, post: str, clearance: str, grants: Grants, secret: Chosen
) -> NewUser:
    email = f"{username}@contoh.example"
    return NewUser(username, name, post, email, clearance, grants, secret, fictitious=True)
