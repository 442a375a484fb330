"""The script of the demo: six recommendations, one of which leads to a seventh, and their work."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from processes.demo.acts import (
    AGREED,
    Act,
    Answers,
    Deed,
    Recommendation,
    accepted,
    acknowledged,
    answered,
    asked,
    before_issue,
    concluded,
    not_feasible,
    objected,
    planned,
    progressed,
    registration,
    reported,
    returned,
)

NOTES: Final = {
    "kemenkeu": {
        "stance": "agree_with_notes",
        "notes": "Perlu keterangan sumber pendanaan.",
        "proposed_change": "Tambahkan frasa: sesuai kemampuan keuangan negara.",
    },
}
"""Comments on the draft other than plain agreement."""
SILENT: Final = frozenset({"brin", "polri"})
"""Institutions that miss the comment deadline."""
MORE_DATA: Final = "Data tiga anggota holding baru tersedia bulan depan."


def _case(
    content: Answers,
    begins: int,
    follow_ups: Mapping[str, Sequence[Act]],
    deeds: Mapping[str, Sequence[Deed]] | None = None,
    *,
    ends: Sequence[Act] = (),
    following: Recommendation | None = None,
) -> Recommendation:
    comments = {code: NOTES.get(code, AGREED) for code in follow_ups if code not in SILENT}
    own = [*before_issue(content, comments), *ends]
    return Recommendation(content, begins, follow_ups, own, comments, deeds or {}, following)


STORY: Final = (
    _case(
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
        deeds={
            "polri": (
                Deed("statement", 6, "Disampaikan bahwa pembahasan internal sedang berjalan."),
            )
        },
    ),
    _case(
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
                reported("B/1204/XI/2026", "Dokumen pengadaan telah menyesuaikan.", after=1),
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
        deeds={
            "kemhan": (Deed("correction", 4, "Lampiran daftar dokumen tertinggal."),),
            "tni": (
                Deed(
                    "statement",
                    6,
                    "Disampaikan bahwa katalog satuan sudah memakai produk dalam negeri.",
                ),
            ),
        },
    ),
    _case(
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
        deeds={"bp-bumn": (Deed("extension", 2, MORE_DATA),)},
    ),
    _case(
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
    _case(
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
    _case(
        registration(
            "Penyelarasan data kebutuhan pengguna dan industri",
            "Kementerian/lembaga menyelaraskan data kebutuhan pengguna dengan data kemampuan"
            " industri dalam satu basis data bersama.",
            "Basis data bersama dipakai pengguna dan industri.",
            "kkip",
            ("kemenperin", "bp-bumn"),
            deadline_days=30,
            rollup_rule="lead",
        ),
        45,
        {
            "kkip": (
                acknowledged(),
                planned("Menetapkan pedoman data", "pedoman berlaku", after=2),
                progressed(100, "Pedoman data ditetapkan.", done=True, after=3),
                reported("R/51/KKIP/X/2026", "Pedoman data berlaku.", after=2),
                accepted(),
            ),
            "kemenperin": (acknowledged(), planned("Mengisi data kemampuan", "data terisi")),
            "bp-bumn": (acknowledged(2),),
        },
        ends=concluded("next"),
        following=_case(
            registration(
                "Pengisian basis data kebutuhan dan kemampuan industri",
                "Kementerian/lembaga mengisi dan memutakhirkan basis data bersama setiap bulan.",
                "Data terisi lengkap dan dimutakhirkan.",
                "kemenperin",
                ("bp-bumn",),
                deadline_days=40,
            ),
            0,
            {
                "kemenperin": (acknowledged(), planned("Mengisi data kemampuan", "data terisi")),
                "bp-bumn": (acknowledged(2),),
            },
        ),
    ),
)
