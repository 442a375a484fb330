"""What a page is about, in one line: the case by its number, title and institution."""

from __future__ import annotations


def case_name(number: str | None, title: str, institution: str | None = None) -> str:
    """The case as the head of a check names it; an institution's own follow-up names that too."""
    whole = f"{number} {title}" if number else title
    return f"{whole} – {institution}" if institution else whole
