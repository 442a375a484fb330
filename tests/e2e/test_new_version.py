"""The process owner changes a process in the product: renames it in the modeler, checks,
releases.
"""

from __future__ import annotations

import re

from playwright.sync_api import Browser, expect

from tests.e2e.people import Person
from tests.e2e.product import Product


def test_a_step_is_renamed_and_new_cases_use_the_new_name(
    small_product: Product, browser: Browser
) -> None:
    owner = Person(browser, small_product, "owner")
    owner.sign_in()
    owner.open("Rekomendasi", "Ubah proses", "recommendation.bpmn")
    owner.page.locator("[data-element-id=register] .djs-hit").first.click()
    owner.page.get_by_role("textbox", name="Nama", exact=True).first.fill(
        "Catat rancangan rekomendasi"
    )
    owner.page.get_by_role("textbox", name="Nama dalam bahasa Inggris").first.fill(
        "Record the draft of a recommendation"
    )
    expect(owner.page.get_by_role("status").first).to_have_text(re.compile("^Tersimpan "))
    owner.press("Periksa")
    expect(owner.page.get_by_role("region", name="Masalah")).to_contain_text("Tidak ada masalah.")
    owner.open("Rilis versi 2")
    owner.fill({"Catatan": "Nama langkah pertama disesuaikan."})
    owner.press("Rilis versi 2")
    owner.is_told("versi 2 dirilis")
    owner.sees("Nama langkah pertama disesuaikan.")
    owner.leave()

    coordinator = Person(browser, small_product, "coordinator")
    coordinator.sign_in()
    coordinator.go("Rekomendasi")
    coordinator.open("Rekomendasi baru")
    coordinator.press("Simpan draf")
    coordinator.task("Catat rancangan rekomendasi")
    coordinator.leave()
