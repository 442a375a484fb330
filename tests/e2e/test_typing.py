"""Nothing typed is lost: whatever somebody does a moment after the last key.

One story on SQLite, for the database plays no part in what a browser sends and when.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.e2e.conftest import served
from tests.e2e.people import Person, labelled
from tests.processes.stories.world import PLAN, World

TASK = "Konfirmasi penerimaan"
CONTACT = "Narahubung (PIC)"


@pytest.fixture
def people(sqlite_url: str, tmp_path: Path, browser: Browser) -> Iterator[tuple[Person, Person]]:
    """Two colleagues of Kemenperin, both asked to confirm one recommendation."""
    for product in served(sqlite_url, tmp_path, issued):
        both = (Person(browser, product, "kemenperin"), Person(browser, product, "kemenperin-2"))
        for person in both:
            person.sign_in()
        yield both
        for person in both:
            person.leave()


def issued(world: World) -> None:
    """One recommendation to confirm, and one to work on."""
    world.issued(title="Percepat kapasitas industri")
    case = world.follow_up(world.issued(title="Perluas produk dalam negeri"), "kemenperin")
    world.do("kemenperin", "acknowledge", case, response="accepted", contact="Intan")
    world.do("kemenperin", "plan", case, **PLAN)


def says(page: Page, text: str) -> None:
    """What the field for the contact holds."""
    expect(page.get_by_label(labelled(CONTACT)).or_(page.get_by_label("Contact"))).to_have_value(
        text
    )


def test_what_is_typed_a_moment_before_leaving_is_there_again(
    people: tuple[Person, Person],
) -> None:
    mine, colleague = people
    page = mine.task(TASK)
    switches_the_language(mine)
    reloads_goes_away_and_comes_back(mine)
    takes_the_task(mine)
    writes_in_two_tabs(mine)
    passes_it_on(mine, colleague)
    sends_nothing_without_its_file(mine)
    assert page.is_closed() is False


def switches_the_language(mine: Person) -> None:
    mine.fill({CONTACT: "satu"})
    mine.page.get_by_title("English").click()
    says(mine.page, "satu")
    mine.page.get_by_title("Bahasa Indonesia").click()
    says(mine.page, "satu")


def reloads_goes_away_and_comes_back(mine: Person) -> None:
    for text in ("dua", "tiga", "empat"):
        mine.fill({CONTACT: text})
        mine.page.reload()
        says(mine.page, text)
    mine.fill({CONTACT: "lima"})
    mine.task(TASK)
    says(mine.page, "lima")
    mine.fill({CONTACT: "enam"})
    mine.page.goto(f"{mine.product.url}/inbox")
    mine.task(TASK)
    says(mine.page, "enam")


def takes_the_task(mine: Person) -> None:
    mine.fill({CONTACT: "tujuh"})
    mine.press("Ambil tugas ini")
    mine.is_told("Tugas ini sekarang ada pada Anda")
    says(mine.page, "tujuh")


def writes_in_two_tabs(mine: Person) -> None:
    """The second to save is told, and either text can be had."""
    first, second = mine.page, mine.context.new_page()
    second.goto(first.url)
    first.get_by_label(labelled(CONTACT)).fill("pertama")
    expect(first.locator(".save-state")).to_contain_text("Tersimpan")
    second.get_by_label(labelled(CONTACT)).fill("kedua")
    expect(second.locator(".save-state")).to_contain_text("Halaman lain menyimpan draf ini")
    second.get_by_role("link", name="Teks sebelumnya").click()
    kept = second.locator("section").filter(has_text="pertama")
    kept.get_by_role("button", name="Pakai teks ini").click()
    says(second, "pertama")
    second.close()
    first.reload()
    says(first, "pertama")


def passes_it_on(mine: Person, colleague: Person) -> None:
    """With what was written so far, and the reason."""
    mine.fill({CONTACT: "dan seterusnya"})
    mine.page.get_by_text("Teruskan", exact=True).first.click()
    mine.page.get_by_label("Kepada").select_option("kemenperin-2")
    mine.page.get_by_label("Alasan").fill("Saya cuti.")
    mine.send("Teruskan")
    mine.is_told("Tugas sudah diteruskan")
    colleague.task(TASK)
    colleague.sees("Intan Maharani meneruskan tugas ini", "Saya cuti.")
    says(colleague.page, "dan seterusnya")


def sends_nothing_without_its_file(mine: Person) -> None:
    """A file that was refused stops the form until its author leaves it out; a long name does not
    push the page aside."""
    mine.page.set_viewport_size({"width": 390, "height": 800})
    mine.page.goto(f"{mine.product.url}/inbox")
    mine.page.get_by_role("link", name="Laksanakan dan laporkan kemajuan").first.click()
    mine.fill({"Kemajuan (%)": "40", "Uraian kemajuan": "Berjalan."})
    mine.choose("Selesai dilaksanakan?", "Belum, masih dilaksanakan")
    name = "laporan" * 19 + ".exe"
    mine.attach("Bukti dukung", name, b"MZ" + bytes(500))
    expect(mine.page.get_by_text("tidak diterima").first).to_be_visible()
    mine.press("Catat kemajuan")
    expect(mine.page.locator(".error-summary")).to_contain_text("tidak diterima")
    assert mine.page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    mine.press(f"Lanjutkan tanpa {name}")
    mine.send("Catat kemajuan")
    mine.is_told("Kemajuan dicatat")
