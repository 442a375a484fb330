"""One recommendation from its draft to the next one, clicked by all its people.

It begins on Monday 5 January 2026. Friday 16 January is a national holiday.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import time

import pytest
from playwright.sync_api import Browser, expect

from processes.demo.answers import example_pdf
from tests.e2e.people import Person
from tests.e2e.product import Product, link_in, text_of

TITLE = "Percepat kapasitas industri pertahanan"
TEXT = "Percepat kapasitas industri strategis nasional sesuai kebutuhan TNI dan Polri."
REPORT = {
    "Nomor surat": "B/12/I/2026",
    "Tanggal surat": "5/1/2026",
    "Perihal": "Laporan tindak lanjut",
    "Penanda tangan": "Sekretaris Jenderal",
    "Ringkasan": "Kapasitas naik 20 persen.",
}

BEFORE_LOOKING = time(8)
"""After the digests of the morning have gone out, before deadlines are looked at."""

Enter = Callable[..., Person]


@pytest.fixture
def enter(product: Product, browser: Browser) -> Iterator[Enter]:
    """Somebody signs in, at the first page or at the one they were sent."""
    people: list[Person] = []

    def enter(username: str, address: str = "/") -> Person:
        people.append(Person(browser, product, username))
        people[-1].sign_in(address)
        return people[-1]

    yield enter
    for person in people:
        person.leave()


def test_a_recommendation_lives_from_its_draft_to_the_next(product: Product, enter: Enter) -> None:
    coordinator, asdep = enter("coordinator"), enter("asdep")
    kemhan = enter("kemhan")
    register(coordinator)
    comment(kemhan, "Sependapat dengan catatan", "Sebut kebutuhan Polri.")
    comment(enter("kemenperin"), "Sependapat")
    finalise(coordinator)
    approve(asdep)
    send_out(coordinator)

    follow_the_mail(kemhan, product)
    plan(kemhan)
    report_progress(kemhan)
    begin_the_report(kemhan)
    hand_in(kemhan, "TT-2026-0001")
    return_the_report(coordinator)
    hand_in_again(kemhan, product)
    accept(coordinator)

    stay_silent(product)
    see_the_escalation(asdep, product)
    remind_and_extend(asdep, product)
    give_it_to_a_colleague(enter("kemenperin-head"))
    acknowledge(enter("kemenperin-2"))

    let_the_deadline_pass(product)
    evaluate_and_go_on(coordinator)
    agree_to_what_remains(asdep)
    find_the_next_recommendation(coordinator, product)


# --- from the draft to the letter ---------------------------------------------------------------


def register(coordinator: Person) -> None:
    """A draft to three institutions, due 20 working days after it is issued."""
    coordinator.go("Rekomendasi")
    coordinator.open("Rekomendasi baru")
    coordinator.fill({"Judul": TITLE, "Bunyi rekomendasi": TEXT})
    coordinator.choose("Prioritas", "Tinggi")
    coordinator.choose("Klasifikasi keamanan", "Biasa")
    coordinator.choose("Cara menentukan tenggat", "Hari kerja sejak disampaikan")
    coordinator.fill({"Jumlah hari": "20", "Batas tanggapan": "19/1/2026"})
    coordinator.choose("Siklus laporan kemajuan", "Setiap bulan")
    coordinator.choose("Penanggung jawab", "Kemhan")
    coordinator.choose("Instansi pendukung", "Kemenperin")
    coordinator.choose("Tembusan", "Kemendag")
    coordinator.choose("Rekomendasi selesai bila", "Semua instansi ditutup")
    coordinator.sees("Selasa, 3 Februari 2026")
    coordinator.page.get_by_text("Cara menghitung hari").click()
    holiday = coordinator.page.get_by_role("row").filter(has_text="16 Jan 2026")
    expect(holiday).to_contain_text("Isra")
    coordinator.send("Daftarkan")
    coordinator.is_told("Rekomendasi didaftarkan")


def comment(contact: Person, stance: str, notes: str = "") -> None:
    """An institution answers the draft."""
    contact.task("Tanggapi rancangan")
    contact.sees(TEXT)
    contact.choose("Sikap", stance)
    if notes:
        contact.fill({"Catatan": notes})
    contact.send("Kirim tanggapan")
    contact.is_told("Tanggapan terkirim")


def finalise(coordinator: Person) -> None:
    """Each comment gets its answer, the text its final form."""
    coordinator.task("Telaah tanggapan dan finalkan")
    coordinator.sees("Sebut kebutuhan Polri.")
    coordinator.choose("Diterima?", "Ya")
    coordinator.fill({"Alasan": "Sudah disebut.", "Teks akhir": TEXT})
    coordinator.send("Finalkan rancangan")
    coordinator.is_told("Rancangan dicatat")


def approve(asdep: Person) -> None:
    """A supervisor lets it go out."""
    asdep.task("Setujui penyampaian")
    asdep.choose("Setujui penyampaian?", "Ya, sampaikan")
    asdep.send("Tetapkan putusan")
    asdep.is_told("Putusan dicatat")


def send_out(coordinator: Person) -> None:
    """The letter; the recipients are checked first."""
    coordinator.task("Periksa dan sampaikan")
    coordinator.sees("Kemhan", "Kemenperin", "Kemendag")
    coordinator.fill(
        {"Nomor surat": "R-1/I/2026", "Tanggal surat": "5/1/2026", "Penanda tangan": "Deputi"}
    )
    coordinator.send("Sampaikan")
    coordinator.is_told("Rekomendasi disampaikan")


# --- an institution that works ------------------------------------------------------------------


def follow_the_mail(kemhan: Person, product: Product) -> None:
    """From the link of the mail, signed out, to the acknowledgement."""
    mail = product.mail("kemhan", "Rekomendasi untuk ditindaklanjuti", TITLE)
    kemhan.press_menu("Keluar")
    link = link_in(mail)
    assert link.startswith(product.url), text_of(mail)
    kemhan.sign_in(link)
    kemhan.sees(TEXT)
    acknowledge_here(kemhan)


def acknowledge_here(contact: Person) -> None:
    contact.choose("Sikap K/L", "Diterima: akan ditindaklanjuti")
    contact.fill({"Narahubung (PIC)": "Dimas Wiratama, 0812-0000-0000"})
    contact.send("Konfirmasi penerimaan")
    contact.is_told("Jawaban Anda dicatat")


def plan(kemhan: Person) -> None:
    """Two activities, the second in a row that is added."""
    kemhan.task("Susun rencana aksi")
    kemhan.fill({"Unit pelaksana": "Ditjen Pothan"})
    kemhan.fill({"Kegiatan": "Susun peta jalan"}, kemhan.row("Kegiatan 1"))
    kemhan.press("Tambah baris")
    # The page has kept its place: whoever types goes on in the new row.
    expect(kemhan.row("Kegiatan 2").get_by_role("textbox").first).to_be_focused()
    expect(kemhan.page.get_by_label("Unit pelaksana")).to_have_value("Ditjen Pothan")
    kemhan.fill({"Kegiatan": "Uji bersama", "Target": "dua kali"}, kemhan.row("Kegiatan 2"))
    kemhan.send("Kirim rencana aksi")
    kemhan.is_told("Rencana aksi terkirim")


def report_progress(kemhan: Person) -> None:
    """Everything is done; the official report comes next."""
    kemhan.task("Laksanakan dan laporkan kemajuan")
    kemhan.fill({"Kemajuan (%)": "100", "Uraian kemajuan": "Lini produksi kedua berjalan."})
    kemhan.choose("Selesai dilaksanakan?", "Ya, lanjut ke laporan resmi tertulis")
    kemhan.send("Catat kemajuan")
    kemhan.is_told("Kemajuan dicatat")


def begin_the_report(kemhan: Person) -> None:
    """A draft that is found again later."""
    kemhan.task("Sampaikan laporan resmi tertulis")
    kemhan.fill(REPORT)
    kemhan.press("Simpan draf")
    kemhan.is_told("tersimpan")
    later = REPORT["Ringkasan"] + " Bersambung."
    kemhan.fill({"Ringkasan": later})
    # Gone in the same moment: what was typed last goes out with the page.
    kemhan.task("Sampaikan laporan resmi tertulis")
    expect(kemhan.page.get_by_label("Ringkasan")).to_have_value(later)
    kemhan.fill({"Ringkasan": REPORT["Ringkasan"]})


def hand_in(kemhan: Person, receipt: str) -> None:
    """With a file, read once more, against a numbered receipt."""
    kemhan.choose("Klasifikasi keamanan", "Biasa")
    kemhan.choose("Status menurut K/L", "Telah sesuai dengan rekomendasi")
    kemhan.attach("Bukti dukung", "laporan.pdf", example_pdf("Laporan"))
    expect(kemhan.page.get_by_role("link", name="laporan.pdf")).to_be_visible()
    kemhan.press("Serahkan laporan")
    kemhan.sees_title("Periksa sebelum dikirim")
    kemhan.sees("Senin, 5 Januari 2026", "laporan.pdf", "SHA-256")
    kemhan.press("Serahkan laporan")
    kemhan.is_told("Laporan diterima")
    kemhan.sees("Evaluasi laporan")
    kemhan.open(receipt)
    kemhan.sees(receipt, REPORT["Nomor surat"], "laporan.pdf")


def return_the_report(coordinator: Person) -> None:
    """Not yet in accordance: back with notes and a date."""
    coordinator.task("Evaluasi laporan")
    coordinator.sees(REPORT["Ringkasan"], "laporan.pdf")
    coordinator.choose("Status tindak lanjut", "Belum sesuai dengan rekomendasi")
    coordinator.fill({"Catatan": "Lampirkan data produksi.", "Tenggat perbaikan": "20/1/2026"})
    coordinator.send("Sampaikan hasil evaluasi")
    coordinator.is_told("Hasil evaluasi dicatat")


def hand_in_again(kemhan: Person, product: Product) -> None:
    """The notes are read and met."""
    product.mail("kemhan", "Laporan Anda dievaluasi", "belum sesuai")
    kemhan.task("Laksanakan dan laporkan kemajuan")
    kemhan.sees("Dikembalikan dengan catatan", "Lampirkan data produksi.")
    report_progress(kemhan)
    kemhan.task("Sampaikan laporan resmi tertulis")
    kemhan.fill(REPORT)
    hand_in(kemhan, "TT-2026-0002")


def accept(coordinator: Person) -> None:
    """In accordance: this follow-up is closed."""
    coordinator.task("Evaluasi laporan")
    coordinator.choose("Status tindak lanjut", "Telah sesuai dengan rekomendasi")
    coordinator.send("Sampaikan hasil evaluasi")
    coordinator.is_told("Hasil evaluasi dicatat")


# --- an institution that is silent --------------------------------------------------------------


def stay_silent(product: Product) -> None:
    """Kemenperin had to acknowledge by Thursday 8 January. Reminder, leadership, Asdep, Deputi:
    each comes in its turn, leaders' by the digest of the next working morning."""
    assert product.mail("kemenperin", "Rekomendasi untuk ditindaklanjuti")
    product.go_to("2026-01-07")
    product.mail("kemenperin", "Pengingat", "Konfirmasi penerimaan")
    product.go_to("2026-01-09")
    product.mail("kemenperin", "Lewat tenggat", "1 hari kerja")
    product.go_to("2026-01-12")
    product.go_to("2026-01-13", BEFORE_LOOKING)
    product.mail("kemenperin-head", "Eskalasi", "Kemenperin")
    product.mail("asdep", "Eskalasi", "Kemenperin")
    assert not product.mails.to("deputi")
    product.go_to("2026-01-14")
    product.go_to("2026-01-15", BEFORE_LOOKING)
    product.mail("deputi", "Eskalasi", "Kemenperin")


def see_the_escalation(asdep: Person, product: Product) -> None:
    """The board tells what is late, who holds it and who was told."""
    asdep.go("Eskalasi")
    asdep.sees("Deputi", "Kemenperin: Konfirmasi penerimaan", "hari kerja", "Laksmi Paramitha")


def remind_and_extend(asdep: Person, product: Product) -> None:
    """By hand; both stand in the history of the case."""
    asdep.page.locator("table").get_by_role("link", name="Ingatkan").first.click()
    asdep.press("Kirim pengingat")
    asdep.is_told("Pengingat kepada Intan Maharani")
    product.mail("kemenperin", "Pengingat", "Surya Adiwangsa")
    asdep.open("Perpanjang")
    asdep.fill({"Tenggat baru": "26/1/2026", "Alasan": "Pergantian narahubung."})
    asdep.send("Perpanjang tenggat")
    asdep.is_told("Tenggat dipindahkan ke Sen, 26 Jan 2026")
    asdep.go("Eskalasi")
    expect(asdep.page.get_by_text("Kemenperin: Konfirmasi penerimaan")).to_have_count(0)


def give_it_to_a_colleague(head: Person) -> None:
    """The leadership of the institution decides who acts."""
    head.go("Tindak lanjut")
    head.open(TITLE)
    head.open("Alihkan")
    head.choose("Pemegang baru", "Rangga Saputra")
    head.fill({"Alasan": "Narahubung lama pindah tugas."})
    head.send("Alihkan tugas")
    head.is_told("Tugas sekarang pada Rangga Saputra")


def acknowledge(contact: Person) -> None:
    """The new holder finds the task among theirs."""
    contact.task("Konfirmasi penerimaan")
    acknowledge_here(contact)


# --- from the deadline to the next recommendation -----------------------------------------------


def let_the_deadline_pass(product: Product) -> None:
    """20 working days after Monday 5 January are over."""
    product.go_to("2026-02-04")


def evaluate_and_go_on(coordinator: Person) -> None:
    """The compiled reports lead to an evaluation, and to a next recommendation."""
    coordinator.task("Susun evaluasi keseluruhan")
    coordinator.sees("1 dari 2")
    coordinator.open("Himpunan laporan")
    coordinator.sees(REPORT["Ringkasan"], "TT-2026-0002")
    coordinator.page.go_back()
    coordinator.fill({"Simpulan": "Sebagian tercapai.", "Capaian": "Kapasitas naik 20 persen."})
    coordinator.choose("Tindak selanjutnya", "Tutup dan buat rekomendasi berikutnya")
    coordinator.choose("Perlakuan", "Dialihkan ke rekomendasi berikutnya")
    coordinator.fill({"Alasan": "Laporannya belum masuk."})
    coordinator.send("Sampaikan evaluasi")
    coordinator.is_told("Evaluasi dicatat")


def agree_to_what_remains(asdep: Person) -> None:
    """A supervisor decides what happens to the institution that has not finished."""
    asdep.task("Putuskan perlakuan sisa")
    asdep.sees("Kemenperin", "Laporannya belum masuk.")
    asdep.choose("Setujui perlakuan sisa?", "Ya, tutup dengan perlakuan ini")
    asdep.send("Tetapkan putusan")
    asdep.is_told("Putusan dicatat")


def find_the_next_recommendation(coordinator: Person, product: Product) -> None:
    """Linked to where it comes from, with the institutions that stayed open."""
    product.settle()
    coordinator.task("Daftarkan rancangan rekomendasi")
    coordinator.sees("Disiapkan dari evaluasi", TITLE)
    open_ones = coordinator.page.get_by_role("group", name="Instansi pendukung")
    expect(open_ones.get_by_label("Kemenperin", exact=True)).to_be_checked()
    expect(open_ones.get_by_label("Kemhan", exact=True)).not_to_be_checked()
    coordinator.go("Rekomendasi")
    coordinator.open(TITLE)
    coordinator.sees("Asal dan kelanjutan")
