"""Who does what when in the demo: five recommendations, twenty-five follow-ups.

Pure data. An act is done so many working days after its task opened; where the acts of a follow-up
end, its task stays open, and gets late by itself. Texts are Indonesian, as on the screen; people
and figures are fictitious.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

TODAY: Final = "{today}"
"""In an answer: the day of the act. `{in N}`: N calendar days later."""
FILE: Final = ["{file}"]
"""In an answer: a small file of evidence, uploaded by whoever does the act."""


@dataclass(frozen=True, slots=True)
class Act:
    """Complete the task at `element`, `after` working days after it opened."""

    element: str
    after: int
    answers: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Recommendation:
    """One recommendation: its registration, its follow-ups by institution, what is said orally."""

    registration: Mapping[str, Any]
    begins: int
    """Working days before the end of the demo."""
    follow_ups: Mapping[str, Sequence[Act]]
    statements: Mapping[str, str] = field(default_factory=dict)
    extensions: Mapping[str, int] = field(default_factory=dict)
    """Institution -> working days before the end on which it asks for an extension."""


def acknowledged(after: int = 1) -> Act:
    """The institution confirms receipt."""
    answers = {"response": "accepted", "contact": "Narahubung (contoh)", "received_on": TODAY}
    return Act("acknowledge", after, answers)


def asked(question: str, after: int = 2) -> Act:
    """The institution asks for clarification."""
    answers = {
        "response": "clarification",
        "explanation": question,
        "contact": "Narahubung (contoh)",
    }
    return Act("acknowledge", after, answers)


def objected(reason: str) -> Act:
    """The institution disagrees."""
    answers = {"response": "disagree", "explanation": reason, "contact": "Narahubung (contoh)"}
    return Act("acknowledge", 2, answers)


def answered(text: str) -> Act:
    """The coordinator answers a clarification."""
    return Act("answer_clarification", 2, {"answer": text})


def planned(activity: str, target: str, after: int = 4) -> Act:
    """The institution hands in its action plan."""
    rows = [
        {"activity": activity, "unit": "Direktorat teknis", "target": target, "due": "Triwulan I"},
        {
            "activity": "Pemantauan bersama pengguna",
            "unit": "Biro perencanaan",
            "target": "bulanan",
        },
    ]
    return Act("plan", after, {"unit": "Direktorat teknis", "activities": rows})


def progressed(percent: int, narrative: str, *, done: bool = False, after: int = 8) -> Act:
    """The institution reports progress."""
    answers = {
        "percent": percent,
        "narrative": narrative,
        "obstacles": "" if done else "Menunggu data kebutuhan dari pengguna.",
        "done": "yes" if done else "no",
    }
    return Act("implement", after, answers)


def reported(number: str, summary: str, after: int = 3) -> Act:
    """The institution hands in its official written report."""
    answers = {
        "letter_number": number,
        "letter_date": TODAY,
        "urgency": "urgent",
        "classification": "ordinary",
        "subject": "Laporan tindak lanjut rekomendasi",
        "signatory": "Sekretaris (contoh)",
        "summary": summary,
        "claimed_status": "conforms",
        "evidence": FILE,
    }
    return Act("report", after, answers)


def accepted() -> Act:
    """The coordinator finds the report in accordance with the recommendation."""
    return Act("evaluate", 4, {"verdict": "conforms"})


def returned(notes: str) -> Act:
    """The coordinator sends the report back with notes and a rework deadline."""
    answers = {"verdict": "not_yet_conforms", "notes": notes, "rework_deadline": "{in 28}"}
    return Act("evaluate", 4, answers)


def not_feasible(notes: str, basis: str) -> Act:
    """The coordinator proposes that it cannot be followed up."""
    answers = {
        "verdict": "cannot_be_followed_up",
        "notes": notes,
        "reason": "authority_moved",
        "basis": basis,
    }
    return Act("evaluate", 3, answers)


def registration(
    title: str, text: str, outcome: str, lead: str, supporting: Sequence[str], **more: Any
) -> dict[str, Any]:
    """Answers of the registration; `more` overrides the usual ones."""
    return {
        "title": title,
        "text": text,
        "expected_outcome": outcome,
        "source_meeting": "Rakor penguatan industri pertahanan dalam negeri (contoh)",
        "source_date": TODAY,
        "legal_basis": "UU 16/2012 tentang Industri Pertahanan",
        "rpjmn_reference": "RPJMN 2025-2029: kemandirian industri pertahanan",
        "priority": "normal",
        "classification": "ordinary",
        "deadline_kind": "working_days",
        "deadline_days": 45,
        "comment_deadline": "{in 9}",
        "cycle": "month",
        "lead": [lead],
        "supporting": list(supporting),
        "information": [],
        "rollup_rule": "all",
        **more,
    }


STORY: Final = (
    Recommendation(
        registration(
            "Percepatan kemampuan industri strategis untuk kebutuhan TNI dan Polri",
            "Kementerian/lembaga mempercepat peningkatan kemampuan industri strategis nasional"
            " agar memenuhi kebutuhan alat peralatan pertahanan dan keamanan TNI dan Polri.",
            "Daftar kebutuhan lima tahun yang disepakati pengguna dan industri.",
            "kemhan",
            ("tni", "polri", "bp-bumn", "kkip"),
            priority="high",
            deadline_days=28,
            information=["brin"],
        ),
        46,
        {
            "kemhan": (
                acknowledged(),
                planned("Menyusun daftar kebutuhan bersama", "daftar disahkan"),
                progressed(45, "Daftar kebutuhan matra darat selesai dibahas dengan pengguna."),
                progressed(100, "Daftar kebutuhan ketiga matra ditetapkan.", done=True),
                reported("B/1187/XI/2026", "Daftar kebutuhan lima tahun telah ditetapkan."),
                returned("Lampirkan jadwal produksi dan surat persetujuan pengguna."),
            ),
            "tni": (
                acknowledged(2),
                planned("Menyampaikan spesifikasi kebutuhan", "spesifikasi lengkap"),
                progressed(30, "Spesifikasi kendaraan tempur sedang ditelaah matra."),
            ),
            "polri": (),
            "bp-bumn": (
                acknowledged(),
                planned("Menyelaraskan kapasitas holding", "rencana produksi", after=6),
            ),
            "kkip": (
                acknowledged(),
                planned("Menyusun nota kesepahaman", "nota ditandatangani", after=3),
                progressed(100, "Nota kesepahaman ditandatangani.", done=True, after=9),
                reported("R/44/KKIP/X/2026", "Nota kesepahaman pengguna dan industri berlaku."),
                accepted(),
            ),
        },
        statements={"polri": "Disampaikan bahwa pembahasan internal sedang berjalan."},
    ),
    Recommendation(
        registration(
            "Perluasan penggunaan produk dalam negeri",
            "Kementerian/lembaga memperluas penggunaan produk dalam negeri dalam pengadaan alat"
            " peralatan pertahanan dan keamanan.",
            "Porsi produk dalam negeri meningkat dan tercatat setiap triwulan.",
            "kemenperin",
            ("kemhan", "kemendag", "kemenkeu", "tni"),
            deadline_days=45,
        ),
        38,
        {
            "kemenperin": (
                acknowledged(),
                planned("Memperbarui daftar produk wajib", "daftar terbit"),
                progressed(60, "Rancangan daftar produk selesai, uji publik berjalan."),
            ),
            "kemhan": (
                acknowledged(3),
                planned("Menyesuaikan dokumen pengadaan", "templat baru"),
                progressed(100, "Templat pengadaan baru dipakai.", done=True, after=10),
                reported("B/1201/XI/2026", "Dokumen pengadaan telah menyesuaikan."),
            ),
            "kemendag": (
                asked("Apakah bahan baku impor yang belum dibuat di dalam negeri termasuk?"),
                answered("Bahan baku tanpa substitusi dikecualikan; lihat lampiran II."),
                acknowledged(1),
                planned("Meninjau aturan impor komponen", "usul perubahan"),
            ),
            "kemenkeu": (objected("Insentif yang diminta berada di luar pagu tahun berjalan."),),
            "tni": (acknowledged(),),
        },
        statements={"tni": "Disampaikan bahwa katalog satuan sudah memakai produk dalam negeri."},
    ),
    Recommendation(
        registration(
            "Pemanfaatan penuh kapasitas terpasang industri strategis nasional",
            "Kapasitas terpasang industri strategis nasional dimanfaatkan secara optimal melalui"
            " kontrak jangka panjang dan pembagian beban produksi.",
            "Utilisasi kapasitas tercatat dan naik setiap semester.",
            "bp-bumn",
            ("kemhan", "kemenperin", "polri"),
            deadline_days=60,
            cycle="quarter",
        ),
        31,
        {
            "bp-bumn": (
                acknowledged(),
                planned("Memetakan kapasitas holding", "peta kapasitas"),
                progressed(35, "Peta kapasitas dua dari lima anggota holding selesai."),
            ),
            "kemhan": (acknowledged(), planned("Menyusun kontrak payung", "kontrak payung")),
            "kemenperin": (
                acknowledged(2),
                planned("Menyusun indeks utilisasi", "indeks tersedia"),
                progressed(100, "Indeks utilisasi dipakai.", done=True, after=7),
                reported("S-778/ILMATE/X/2026", "Indeks utilisasi telah tersedia."),
                not_feasible(
                    "Kewenangan penetapan telah beralih.",
                    "UU 16/2025, kewenangan beralih ke BP BUMN.",
                ),
            ),
            "polri": (asked("Mohon penjelasan batas volume minimum per tahun."),),
        },
        extensions={"bp-bumn": 2},
    ),
    Recommendation(
        registration(
            "Transformasi tata kelola industri pertahanan",
            "Tata kelola industri pertahanan ditransformasi: peran pengguna, pembina, dan pelaku"
            " dipisahkan dan keputusan bersama terdokumentasi.",
            "Rancangan peraturan tata kelola siap diharmonisasi.",
            "kkip",
            ("kemhan", "bp-bumn", "kemenkeu", "kemenperin"),
            deadline_days=50,
            classification="restricted",
        ),
        24,
        {
            "kkip": (
                acknowledged(),
                planned("Menyusun rancangan peraturan", "rancangan siap"),
                progressed(40, "Bab kelembagaan selesai disusun."),
            ),
            "kemhan": (
                acknowledged(2),
                planned("Menelaah peran pembina", "telaahan selesai"),
                progressed(100, "Telaahan selesai.", done=True, after=6),
                reported("B/1219/XI/2026", "Telaahan peran pembina terlampir."),
            ),
            "bp-bumn": (acknowledged(3),),
            "kemenkeu": (acknowledged(), planned("Menelaah dampak anggaran", "kajian dampak")),
            "kemenperin": (),
        },
    ),
    Recommendation(
        registration(
            "Penerapan skema spend to invest RPJMN 2025-2029",
            "Belanja pertahanan diterapkan dengan skema spend to invest sehingga pengadaan"
            " membangun kemampuan industri dalam negeri.",
            "Dua proyek percontohan dengan perhitungan manfaat industri.",
            "bappenas",
            ("kemenkeu", "kemhan", "brin", "kemenperin"),
            deadline_days=40,
            priority="high",
        ),
        17,
        {
            "bappenas": (
                acknowledged(),
                planned("Memilih proyek percontohan", "dua proyek"),
                progressed(25, "Kriteria pemilihan proyek disepakati."),
            ),
            "kemenkeu": (acknowledged(2),),
            "kemhan": (acknowledged(),),
            "brin": (),
            "kemenperin": (acknowledged(), planned("Menghitung manfaat industri", "metode")),
        },
    ),
)

BEFORE_ISSUE: Final = (
    Act("register", 0, {}),
    Act("finalise", 1, {"responses": [], "final_text": "{text}"}),
    Act("approve", 1, {"approved": "yes"}),
    Act(
        "send_out",
        1,
        {
            "letter_number": "B-{n}/POLKAM/2026",
            "letter_date": TODAY,
            "signatory": "Menteri Koordinator (contoh)",
        },
    ),
)
"""What coordinator and supervisor do with every recommendation; `register` gets its own answers."""
COMMENTS: Final[Mapping[str, Mapping[str, Any]]] = {
    "kemenkeu": {
        "stance": "agree_with_notes",
        "notes": "Perlu keterangan sumber pendanaan.",
        "proposed_change": "Tambahkan frasa: sesuai kemampuan keuangan negara.",
    },
}
"""Comments on the draft other than plain agreement."""
ANSWERED: Final = {"accepted": "yes", "reason": "Frasa ditambahkan pada naskah akhir."}
"""What the coordinator answers to a comment with notes."""
SILENT: Final = frozenset({"brin", "polri"})
"""Institutions that let the comment deadline pass."""
