"""National holidays and joint leave of Indonesia, from the library `holidays`.

Owns turning the library's days into named days with their decree. Must not know the database. The
library marks estimates itself ("perkiraan"). The number of a decree is cited if it is known; else
the source is named.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from importlib.metadata import version
from typing import Final

import holidays

from processes.storage.days.calendars import NamedDay

# Joint decrees of the Ministers of Religion, Manpower and Administrative Reform (SKB 3 Menteri).
DECREES: Final = {
    2025: "SKB Nomor 1017 Tahun 2024, Nomor 2 Tahun 2024, Nomor 2 Tahun 2024",
    2026: "SKB Nomor 1497 Tahun 2025, Nomor 2 Tahun 2025, Nomor 5 Tahun 2025",
}
# Joint leave that was added during the year.
AMENDMENTS: Final = {
    date(2025, 8, 18): "SKB Nomor 933 Tahun 2025, Nomor 1 Tahun 2025, Nomor 3 Tahun 2025",
}
NO_DECREE: Final = f"Nomor SKB belum dicatat (sumber: python-holidays {version('holidays')})"


def national_days(years: Iterable[int]) -> list[NamedDay]:
    """Holidays and joint leave of those years in order; a day that is both is a holiday."""
    years = list(years)
    leave = _named("government", years, "joint_leave")
    return [day for _, day in sorted({**leave, **_named("public", years, "holiday")}.items())]


def _named(category: str, years: list[int], kind: str) -> dict[date, NamedDay]:
    found = holidays.country_holidays("ID", years=years, language="id", categories=(category,))
    return {day: NamedDay(day, name, kind, _decree(day)) for day, name in found.items()}


def _decree(day: date) -> str:
    return AMENDMENTS.get(day) or DECREES.get(day.year, NO_DECREE)
