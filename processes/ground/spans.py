"""Lengths of time in words, each in one suitable unit: "7 seconds", "3 hours".

Pure. A unit is used from two on, so only the smallest one occurs in the singular.
"""

from __future__ import annotations

from datetime import timedelta
from math import ceil

from engine.sentences.sentence import Sentence, say


def span(length: timedelta) -> Sentence:
    """A length in words, rounded up; a negative one counts as zero."""
    seconds = max(0, ceil(length.total_seconds()))
    if seconds == 1:
        return say("one second")
    if seconds <= 2 * 60:
        return say("{n} seconds", n=seconds)
    if seconds <= 2 * 3600:
        return say("{n} minutes", n=ceil(seconds / 60))
    if seconds <= 2 * 86400:
        return say("{n} hours", n=ceil(seconds / 3600))
    return say("{n} days", n=ceil(seconds / 86400))
