"""A contact does all work in a browser that runs no scripts."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from processes.demo.answers import example_pdf
from tests.e2e.conftest import served
from tests.e2e.people import Person
from tests.processes.stories.world import PLAN, PROGRESS, World


def issued(world: World) -> None:
    """Two recommendations for Kemhan: one to acknowledge, and one whose report is due."""
    world.issued(title="Perluas penggunaan produk dalam negeri")
    second = world.issued(title="Percepat kapasitas industri")
    case = world.follow_up(second, "kemhan")
    world.do("kemhan", "acknowledge", case, response="accepted", contact="Dimas")
    world.do("kemhan", "plan", case, **PLAN)
    world.do("kemhan", "implement", case, **PROGRESS)


@pytest.fixture
def contact(sqlite_url: str, tmp_path: Path, browser: Browser) -> Iterator[Person]:
    """The contact of Kemhan, signed in without JavaScript."""
    for product in served(sqlite_url, tmp_path, issued):
        person = Person(browser, product, "kemhan", java_script_enabled=False)
        person.sign_in()
        yield person
        person.leave()


def test_acknowledging_and_handing_in_need_no_javascript(contact: Person) -> None:
    contact.task("Konfirmasi penerimaan")
    contact.press("Konfirmasi penerimaan")
    contact.sees("Pilih “Sikap K/L”.")
    contact.choose("Sikap K/L", "Diterima: akan ditindaklanjuti")
    contact.fill({"Narahubung (PIC)": "Dimas Wiratama"})
    contact.send("Konfirmasi penerimaan")
    contact.is_told("Jawaban Anda dicatat")

    contact.task("Sampaikan laporan resmi tertulis")
    contact.fill(
        {
            "Nomor surat": "B/12/2026",
            "Tanggal surat": "2 Jan 2026",
            "Perihal": "Laporan tindak lanjut",
            "Penanda tangan": "Sekretaris Jenderal",
            "Ringkasan": "Kapasitas naik 20 persen.",
        }
    )
    contact.choose("Klasifikasi keamanan", "Biasa")
    contact.choose("Status menurut K/L", "Telah sesuai dengan rekomendasi")
    contact.attach("Bukti dukung", "laporan.pdf", example_pdf("Laporan"))
    contact.press("Serahkan laporan")
    contact.sees_title("Periksa sebelum dikirim")
    contact.sees("Jumat, 2 Januari 2026", "laporan.pdf", "SHA-256")
    contact.press("Serahkan laporan")
    contact.is_told("Laporan diterima")
    contact.page.go_back()
    contact.sees("Anda sudah menyelesaikan tugas ini")
    contact.open("TT-2026-0001")
    contact.sees("laporan.pdf", "B/12/2026")
