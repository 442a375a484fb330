"""What is done once a day: proofs that prove nothing any more and files no row names are removed,
and what must not change is verified.

Owns the list and which clock each part goes by. Must not know who calls it (the scheduler, through
`Engine.open(daily=...)`) nor what exactly is removed or verified.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from engine import Engine
from processes.authentication import sign_in
from processes.files import evidence
from processes.files.blobs import BlobFolder
from processes.operation import verification


def daily(evidence_dir: Path) -> Sequence[Callable[[Engine], object]]:
    """The work of a day, in order; each part opens its own transactions."""

    def clean_evidence(engine: Engine) -> None:
        # Rows are dated by the product's clock, which may be a virtual one; files by the real one.
        folder = BlobFolder(evidence_dir)
        evidence.clean(engine, folder, now=engine.now(), wall_clock=engine.real_now())

    return (clean_sign_in, clean_evidence, verification.verify)


def clean_sign_in(engine: Engine) -> None:
    """Sessions, links and tokens live on real time."""
    engine.act(lambda act: sign_in.clean(act.connection, act.real_now))
