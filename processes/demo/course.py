"""The course of one follow-up, drawn by lot: how far it gets, where it stops."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from typing import Final

from processes.demo.acts import (
    LATER,
    Act,
    Deed,
    accepted,
    acknowledged,
    answered,
    asked,
    not_feasible,
    objected,
    planned,
    progressed,
    reported,
    returned,
)

STANDS_STILL: Final = 0.06
"""Chance at each task that nobody does it: it becomes late and climbs the ladder."""
LONG_AGO: Final = 60
"""Working days after which few follow-ups still stand still."""
WORK: Final = (
    "Pendataan awal",
    "Penyusunan pedoman",
    "Uji coba bersama pengguna",
    "Evaluasi antara",
)


def course(chance: random.Random, begins: int, to_the_end: bool) -> list[Act]:
    """Acts in the order of the tasks. `to_the_end`: the follow-up is closed in good time."""
    found = []
    risk = 0.0 if to_the_end else STANDS_STILL / (3 if begins > LONG_AGO else 1)
    for act in _whole(chance, to_the_end):
        if chance.random() < risk:
            break
        found.append(act)
    # The supervisor has an answer ready for every request; two in five still wait for it.
    if chance.random() < 0.6:
        found.append(_extension(chance))
    return found


def _whole(chance: random.Random, quick: bool) -> Iterator[Act]:
    yield from _reception(chance, quick)
    yield from _work(chance, quick)
    yield from _verdicts(chance, quick)


def _reception(chance: random.Random, quick: bool) -> Iterator[Act]:
    drawn = chance.random()
    if not quick and drawn < 0.10:
        yield asked("Apakah satuan kerja di daerah termasuk?", chance.randint(1, 3))
        yield answered("Termasuk, dengan laporan melalui kantor pusat.")
    elif not quick and drawn < 0.16:
        yield objected("Kegiatan ini di luar pagu tahun berjalan.")
        review = chance.choice(("rejected", "changed", "accepted"))
        yield Act(
            "review_disagreement",
            chance.randint(2, 6),
            {
                "review": review,
                "consideration": "Telah dibahas dengan unit perencanaan.",
                "changed_text": "Dilaksanakan bertahap mulai tahun depan.",
            },
        )
        if review == "accepted":
            yield _decided(chance)
            return
        if review == "rejected":
            return
    yield acknowledged(chance.randint(1, 4))


def _work(chance: random.Random, quick: bool) -> Iterator[Act]:
    yield planned(chance.choice(WORK), "laporan selesai", chance.randint(2, 8))
    for percent in (
        () if quick else sorted(chance.sample((15, 30, 45, 60, 80), chance.randint(0, 2)))
    ):
        yield progressed(percent, f"{chance.choice(WORK)} berjalan.", after=chance.randint(5, 16))
    yield _finished(chance)
    yield _handed_in(chance)


def _finished(chance: random.Random) -> Act:
    return progressed(100, "Seluruh kegiatan selesai.", done=True, after=chance.randint(3, 12))


def _handed_in(chance: random.Random) -> Act:
    number = f"B/{chance.randint(100, 2_999)}/2026"
    return reported(number, "Hasil tindak lanjut terlampir.", chance.randint(1, 5))


def _verdicts(chance: random.Random, quick: bool) -> Iterator[Act]:
    drawn = chance.random()
    if quick or drawn < 0.55:
        yield accepted()
    elif drawn < 0.80:
        yield returned("Lampirkan data pendukung setiap kegiatan.")
        yield _finished(chance)
        yield _handed_in(chance)
        yield accepted()
    elif drawn < 0.88:
        notes = {"verdict": "not_followed_up", "notes": "Laporan belum memuat kegiatan apa pun."}
        yield Act("evaluate", 4, notes)
        yield from _work(chance, quick=True)
        yield accepted()
    else:
        yield not_feasible("Kewenangan telah beralih.", "UU 16/2025.")
        yield _decided(chance)
        yield accepted()


def _decided(chance: random.Random) -> Act:
    approved = "yes" if chance.random() < 0.7 else "no"
    consideration = "Sesuai telaah biro hukum."
    answers = {"approved": approved, "consideration": consideration}
    return Act("decide_not_feasible", chance.randint(1, 5), answers)


def _extension(chance: random.Random) -> Act:
    granted = {"decision": "granted", "new_deadline": LATER, "reason": "Dapat diterima."}
    denied = {"decision": "denied", "reason": "Tenggat telah cukup panjang."}
    return Act("decide_extension", chance.randint(1, 4), chance.choice((granted, granted, denied)))


def deeds_of(chance: random.Random, begins: int) -> Sequence[Deed]:
    """The deeds outside the tasks of one follow-up: mostly none."""
    chances = (
        ("extension", 0.12, "Data lapangan baru tersedia bulan depan."),
        ("statement", 0.10, "Disampaikan bahwa pembahasan internal sedang berjalan."),
        ("claim", 0.12, ""),
        ("hand_on", 0.08, "Saya bertugas di luar kota."),
        ("remind", 0.05, ""),
        ("extend", 0.03, "Menunggu keputusan rapat pimpinan."),
        ("letter", 0.15, str(chance.randint(100, 999))),
        ("kind", 0.30, chance.choice(("policy_implementation", "technical_coordination", "other"))),
    )
    latest = max(2, begins - 14)
    return [
        Deed(what, chance.randint(0, latest), words)
        for what, likely, words in chances
        if chance.random() < likely
    ]
