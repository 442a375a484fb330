"""Checks of decision tables that need no process."""

from __future__ import annotations

from collections.abc import Iterator

from engine.decisions import DecisionTable, overlap_problems
from engine.models.bundle import Bundle
from engine.sentences.problems import Problem


def check_overlaps(bundle: Bundle) -> Iterator[Problem]:
    """If a table promises one result, no two rules match together."""
    for decision in bundle.decisions.values():
        if isinstance(decision, DecisionTable):
            yield from overlap_problems(decision)
