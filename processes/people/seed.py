"""The first data of every installation: the calendars and the institutions of the real case.

Owns that data. Must not know demo people or cases. Filling twice changes nothing: an administrator
may have corrected existing rows.
"""

from __future__ import annotations

from datetime import date
from typing import Final

from processes.acts.acting import Acting, act
from processes.days.calendars import COMMON
from processes.days.national_days import national_days
from processes.people.institutions import Details, add
from processes.storage.days import calendars
from processes.storage.people import institutions

CALENDARS: Final = {
    COMMON: "Kalender bersama (SKB 3 Menteri)",
    # Perpres 21/2023 does not apply to the forces and the police: they set their own working days.
    # Their calendars start as copies of the common one.
    "tni": "Kalender TNI",
    "polri": "Kalender Polri",
}

INSTITUTIONS: Final = {
    "kemhan": Details("Kementerian Pertahanan", "Kemhan", "ministry"),
    "tni": Details(
        "Markas Besar Tentara Nasional Indonesia",
        "Mabes TNI",
        "forces",
        is_kl=False,
        calendar_code="tni",
    ),
    "polri": Details(
        "Kepolisian Negara Republik Indonesia",
        "Polri",
        "police",
        is_kl=False,
        calendar_code="polri",
    ),
    "kemenperin": Details("Kementerian Perindustrian", "Kemenperin", "ministry"),
    "kemenkeu": Details("Kementerian Keuangan", "Kemenkeu", "ministry"),
    "bappenas": Details(
        "Kementerian Perencanaan Pembangunan Nasional/Bappenas",
        "Kementerian PPN/Bappenas",
        "ministry",
    ),
    # Kementerian BUMN became this agency by UU 16/2025, in force since 6 October 2025.
    "bp-bumn": Details(
        "Badan Pengaturan Badan Usaha Milik Negara",
        "BP BUMN",
        "agency",
        valid_from=date(2025, 10, 6),
    ),
    "kemendag": Details("Kementerian Perdagangan", "Kemendag", "ministry"),
    "brin": Details("Badan Riset dan Inovasi Nasional", "BRIN", "agency"),
    "kkip": Details(
        "Sekretariat Komite Kebijakan Industri Pertahanan",
        "Sekretariat KKIP",
        "committee",
        is_kl=False,
    ),
}


@act
def seed_institutions(act: Acting) -> list[str]:
    """Add the missing institutions, with the calendars they need; return their codes."""
    act.may("manage_institutions")
    _seed_calendars(act)
    known = institutions.known_codes(act.connection, INSTITUTIONS.keys())
    missing = [code for code in INSTITUTIONS if code not in known]
    for code in missing:
        add.within(act, code, INSTITUTIONS[code])
    return missing


def _seed_calendars(act: Acting) -> None:
    """Create the calendars, and name the unnamed days from two years ago to two years ahead."""
    here = act.now.year
    found = national_days(range(here - 2, here + 3))
    for code, name in CALENDARS.items():
        calendars.insert_calendar(act.connection, code, name)
        calendars.add_days(act.connection, code, found, act.by, act.now)
