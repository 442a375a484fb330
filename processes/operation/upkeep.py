"""The daily work: removing expired proofs of identity and files without a row, and verifying the
histories.

Owns the list and the clock of each part. Must not know its caller (the scheduler, through
`Engine.open(daily=...)`) nor the details of removing and verifying.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from engine import Engine
from processes.authentication import sign_in
from processes.files import uploads
from processes.files.blobs import BlobFolder
from processes.operation import verification


def daily(evidence_dir: Path) -> Sequence[Callable[[Engine], object]]:
    """The work of a day, in order; each part opens its own transactions."""

    def clean_evidence(engine: Engine) -> None:
        # The product's clock, which may be virtual, dates rows; the real clock dates files.
        folder = BlobFolder(evidence_dir)
        uploads.clean(engine, folder, now=engine.now(), wall_clock=engine.real_now())

    return (clean_sign_in, clean_evidence, verification.verify)


def clean_sign_in(engine: Engine) -> None:
    """Sessions, links and tokens use real time."""
    engine.act(lambda act: sign_in.clean(act.connection, act.real_now))
