"""The numbers that letters bear: a prefix, the year, and the next number of the year.

Owns their form. The engine keeps the series, and gives each number once.
"""

from __future__ import annotations

from enum import StrEnum

from engine.ports.handlers import Step


class Series(StrEnum):
    """A series of numbers, by its prefix. Its name is what the engine keeps it under."""

    RECOMMENDATION = "REK"
    RECEIPT = "TT"
    MEETING = "RAK"
    REPORT_REQUEST = "PL"


def next_number(step: Step, series: Series, year: int) -> str:
    """The next number of the year: "TT-2026-0041"."""
    return written(series, year, step.number(series.name.lower(), year))


def written(series: Series, year: int, number: int) -> str:
    """The number as letters bear it."""
    return f"{series}-{year}-{number:04d}"
