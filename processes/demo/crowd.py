"""A story of any size: hundreds of recommendations in all stages, drawn by lot.

Owns the differences between cases: their progress, their lateness, returns, withdrawals,
extensions. The same size gives the same story. Pure data, like the script written by hand.
"""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from processes.demo.acts import (
    AGREED,
    Act,
    Answers,
    Deed,
    Recommendation,
    acknowledged,
    before_issue,
    concluded,
    registration,
)
from processes.demo.course import course, deeds_of
from processes.demo.script import STORY
from processes.people.seed import INSTITUTIONS

SEED: Final = 668
OLDEST: Final = 110
"""Working days before the end at which the first recommendation begins."""
YOUNGEST: Final = 18
"""Working days before the end at which the last issued recommendation begins."""
BUSIEST: Final = ("kemhan", "kemenperin", "kemenkeu")
"""Institutions that take part in every other recommendation, so that their lists are long."""
LARGEST: Final = 60
"""Number of institutions of the widest recommendation: more than a page of its matrix."""
THEMES: Final = (
    "Percepatan {}", "Penguatan {}", "Penataan {}", "Penyelarasan {}", "Pemanfaatan {}",
    "Peningkatan mutu {}",
)  # fmt: skip
SUBJECTS: Final = (
    "rantai pasok komponen", "pengadaan alat pelindung", "data kebutuhan pengguna",
    "standar produk dalam negeri", "pembiayaan industri strategis", "sertifikasi keahlian",
    "riset bahan baku", "pengamanan wilayah perbatasan", "tata kelola barang milik negara",
    "layanan perizinan industri", "kerja sama pemeliharaan", "perlindungan data industri",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Size:
    """The contents of a large demo, including the part written by hand."""

    recommendations: int
    institutions: int
    follow_ups: int


LARGE: Final = Size(recommendations=300, institutions=100, follow_ups=2_000)


def story(size: Size, codes: Sequence[str]) -> list[Recommendation]:
    """The recommendations that bring a demo to that size, beside those written by hand. `codes`: of
    all institutions."""
    chance = random.Random(SEED)
    wanted = size.recommendations - sum(1 + bool(one.following) for one in STORY)
    following = max(1, wanted // 50)  # others lead to these, so no person begins them
    drafts = max(5, wanted // 16)
    issued = wanted - following - drafts
    owed = size.follow_ups - following - sum(follow_ups_of(one) for one in STORY)
    sizes = _sizes(chance, issued, owed, len(codes))
    # More of them are new than old, because every year brings more than the last.
    ages = [YOUNGEST + int((OLDEST - YOUNGEST) * chance.random() ** 1.4) for _ in sizes]
    found = []
    for number, (width, begins) in enumerate(zip(sizes, sorted(ages, reverse=True), strict=True)):
        institutions = _institutions(chance, codes, width)
        fate = "next" if number < following else _fate(chance, begins)
        found.append(_issued(chance, number, institutions, begins, fate))
    for number in range(drafts):
        institutions = _institutions(chance, codes, chance.randint(2, 8))
        found.append(_unissued(chance, issued + number, institutions, number % 5))
    return found


def follow_ups_of(one: Recommendation) -> int:
    """The number of follow-ups of a recommendation and of the one that it leads to."""
    further = one.following
    return len(one.follow_ups) + (follow_ups_of(further) if further else 0)


def _sizes(chance: random.Random, count: int, owed: int, most: int) -> list[int]:
    """The number of institutions of each: all together exactly `owed`."""
    mean = owed / count
    sizes = [chance.randint(2, max(3, int(2 * mean) - 3)) for _ in range(count)]
    sizes[count // 2] = min(LARGEST, most, owed // 4)
    while (missing := owed - sum(sizes)) != 0:
        at = chance.randrange(count)
        if at != count // 2 and 2 <= sizes[at] + (1 if missing > 0 else -1) <= most:
            sizes[at] += 1 if missing > 0 else -1
    return sizes


def _institutions(chance: random.Random, codes: Sequence[str], width: int) -> list[str]:
    busy = [code for code in BUSIEST if chance.random() < 0.5][:width]
    others = [code for code in codes if code not in busy]
    known = [code for code in others if code in INSTITUTIONS]
    # Institutions of the defence industry are asked more often.
    seldom = chance.sample(others, width - len(busy))
    often = chance.sample(known, min(2, len(known), width - len(busy)))
    found = list(dict.fromkeys([*busy, *often, *seldom]))[:width]
    chance.shuffle(found)
    return found


def _fate(chance: random.Random, begins: int) -> str:
    """The fate of a whole recommendation: the older ones are finished, some were withdrawn."""
    drawn = chance.random()
    if drawn < 0.10 and begins > 2 * YOUNGEST:
        return chance.choice(("withdrawn", "withdrawn", "kept", "proposed"))
    if begins > 75 and drawn < 0.75:
        return chance.choice(("closed", "closed", "closed", "monitor", "evaluate"))
    return "under way"


def _issued(
    chance: random.Random, number: int, institutions: Sequence[str], begins: int, fate: str
) -> Recommendation:
    begins = max(begins, 100) if fate == "next" else begins
    done = fate in ("next", "closed", "evaluate")
    content = _content(chance, number, institutions, done)
    if fate == "next":  # it ends before all are done
        content = {**content, "rollup_rule": "lead"}
    comments = _comments(chance, institutions)
    own = [*_reviewed(chance, content, comments), *_afterwards(chance, fate)]
    follow_ups = {code: course(chance, begins, done) for code in institutions}
    if fate in ("monitor", "next"):  # some open work must remain for the reader, or is carried over
        follow_ups[institutions[-1]] = follow_ups[institutions[-1]][:1]
    deeds: dict[str, Sequence[Deed]] = {
        code: deeds_of(chance, begins) for code in institutions if not done
    }
    if fate in ("withdrawn", "kept", "proposed"):
        before = 2 if fate == "proposed" else chance.randint(5, begins - YOUNGEST)
        deeds[""] = (Deed("withdrawal", before, "Kebijakan induk telah berubah."),)
    following = _following(content, institutions[-1]) if fate == "next" else None
    return Recommendation(content, begins, follow_ups, own, comments, deeds, following)


def _unissued(
    chance: random.Random, number: int, institutions: Sequence[str], stage: int
) -> Recommendation:
    """A recommendation that still waits in the ministry: a draft, one open for comments, or one in
    the three steps after these."""
    content = _content(chance, number, institutions, done=False)
    comments = _comments(chance, institutions) if stage > 1 else {}
    steps = (0, 1, 1, 2, 3)[stage]
    begins = chance.randint(12, YOUNGEST) if stage > 1 else chance.randint(1, 4)
    return Recommendation(content, begins, {}, before_issue(content, comments)[:steps], comments)


def _content(
    chance: random.Random, number: int, institutions: Sequence[str], done: bool
) -> Answers:
    title = chance.choice(THEMES).format(chance.choice(SUBJECTS))
    lead, *others = institutions
    informed = others[-1:] if len(others) > 40 else []
    rule = chance.choice(("all", "all", "lead", "percent"))
    return registration(
        f"{title} (paket {number + 1})",
        f"Kementerian/lembaga melaksanakan {title.lower()} sesuai kewenangan masing-masing dan"
        " melaporkan hasilnya secara berkala.",
        "Hasil tercatat dan dapat diperiksa.",
        lead,
        [code for code in others if code not in informed] + informed,
        classification=chance.choices(("ordinary", "restricted", "secret"), (75, 18, 7))[0],
        priority=chance.choices(("normal", "high"), (80, 20))[0],
        cycle=chance.choice(("month", "month", "quarter", "semester")),
        deadline_kind=chance.choice(("working_days", "days")),
        deadline_days=chance.randint(70, 110) if done else chance.randint(25, 120),
        rollup_rule="all" if done else rule,
        rollup_percent=chance.randint(60, 90) if rule == "percent" else None,
    )


def _comments(chance: random.Random, institutions: Sequence[str]) -> Mapping[str, Answers]:
    """The comments of the institutions on the draft; one in nine is silent."""
    found: dict[str, Answers] = {}
    for code in institutions:
        drawn = chance.random()
        if drawn < 0.72:
            found[code] = AGREED
        elif drawn < 0.89:
            stance = "agree_with_notes" if drawn < 0.84 else "disagree"
            found[code] = {
                "stance": stance,
                "notes": "Mohon penyesuaian jadwal dengan tahun anggaran.",
                "proposed_change": "Tambahkan frasa: sesuai kemampuan keuangan negara.",
            }
    return found


def _reviewed(
    chance: random.Random, content: Answers, comments: Mapping[str, Answers]
) -> list[Act]:
    """The acts up to the letter; the supervisor sends one in twelve back once."""
    register, finalise, approve, send_out = before_issue(content, comments)
    if chance.random() > 0.08:
        return [register, finalise, approve, send_out]
    no = replace(approve, answers={"approved": "no", "notes": "Perjelas hasil yang diharapkan."})
    return [register, finalise, no, finalise, approve, send_out]


def _afterwards(chance: random.Random, fate: str) -> list[Act]:
    """The ministry's acts after all reports, or after the deadline."""
    if fate in ("withdrawn", "kept"):
        yes = "yes" if fate == "withdrawn" else "no"
        reason = "Sesuai keputusan rapat pimpinan."
        return [Act("decide_withdrawal", 2, {"withdraw": yes, "reason": reason})]
    decision = {"next": "next", "closed": "close", "monitor": "monitor"}.get(fate)
    if decision is None:
        return []
    return concluded(decision, evaluation=chance.randint(4, 12))


def _following(content: Answers, code: str) -> Recommendation:
    """The next recommendation: it goes on with the institution whose work was carried over."""
    title, text, outcome = (str(content[name]) for name in ("title", "text", "expected_outcome"))
    more = {name: content[name] for name in ("classification", "priority", "cycle")}
    further = registration(f"{title}, lanjutan", text, outcome, code, (), **more)
    comments = {code: AGREED}
    own = before_issue(further, comments)
    return Recommendation(further, 0, {code: [acknowledged(2)]}, own, comments)
