"""Templates of an office on their pages: brought, refused, looked at, used, and given up."""

from __future__ import annotations

import io
import re
from typing import Any

import docx
import pytest
from sqlalchemy import select

from processes.storage.files.document_templates import template_choice
from processes.storage.rights.audit import audit
from tests.documents_read import words_of_word
from tests.web.conftest import Office, Person, text

HERE = "/documents/report/id"


def own(*texts: str) -> bytes:
    """A template of the office."""
    document = docx.Document()
    document.sections[0].header.paragraphs[0].text = "KOP SURAT KAMI"
    for one in texts:
        document.add_paragraph(one)
    file = io.BytesIO()
    document.save(file)
    return file.getvalue()


def bring(person: Person, content: bytes, name: str = "kop.docx") -> Any:
    person.get(HERE)
    return person.post(HERE, {"template": (io.BytesIO(content), name)})


def report(office: Office) -> bytes:
    return office.enter("coordinator").get(f"/receipts/{office.cases.receipt}/report.docx").data


def links(person: Person, end: str) -> list[str]:
    return re.findall(rf'"(/documents/versions/[^"]+/{end})"', text(person.get(HERE)))


def test_a_template_counts_when_it_is_chosen_and_ours_comes_back_in_one_act(
    office_anywhere: Office,
) -> None:
    office = office_anywhere
    person = office.enter("admin")
    shipped = report(office)
    assert "Templat bawaan" in text(person.get("/documents"))
    assert bring(person, own("Perihal: {{ subject }}")).status_code == 302
    assert words_of_word(report(office)) == words_of_word(shipped), "it does not count yet"
    [preview] = links(person, "preview.docx")
    shown = words_of_word(person.get(preview).data)
    assert "Perihal: [subject]" in shown and "KOP SURAT KAMI" in shown
    [choose] = links(person, "choose")
    assert person.post(choose).status_code == 302
    made = report(office)
    assert "KOP SURAT KAMI" in words_of_word(made)
    assert "Perihal: Laporan" in words_of_word(made)
    told = docx.Document(io.BytesIO(made)).core_properties.comments
    assert "kop.docx" in told and re.search("[0-9a-f]{64}", told)
    assert "kop.docx" in text(person.get("/documents"))
    assert person.post(choose).status_code == 409
    assert person.post(f"{HERE}/ours").status_code == 302
    assert words_of_word(report(office)) == words_of_word(shipped)
    with office.service.reading() as connection:
        acts = connection.scalars(select(audit.c.act).order_by(audit.c.seq)).all()
        kept = connection.scalars(select(template_choice.c.template_id)).all()
    assert [one for one in acts if one.endswith("_template")] == [
        "bring_template", "choose_template", "choose_template",
    ]  # fmt: skip
    assert len(kept) == 2, "what counted stays known"


def test_our_template_can_be_downloaded_and_brought_back(office: Office) -> None:
    person = office.enter("admin")
    shipped = person.get(f"{HERE}/ours.docx").data
    assert bring(person, shipped).status_code == 302
    [download] = links(person, "template.docx")
    assert person.get(download).data == shipped
    person.post(links(person, "choose")[0])
    assert office.cases.receipt in words_of_word(report(office))


@pytest.mark.parametrize(
    ("content", "name", "told"),
    [
        (own("{{ title.__class__ }}"), "a.docx", "“title.__class__” di teks bukan isian"),
        (own("{{ range(9) }}"), "a.docx", "“range(…)” di teks adalah kode"),
        (b"%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n", "a.pdf", "bukan berkas Word"),
        (b"", "a.docx", "kosong"),
    ],
)
def test_a_template_that_is_none_is_refused_and_nothing_is_kept(
    office: Office, content: bytes, name: str, told: str
) -> None:
    person = office.enter("admin")
    answer = bring(person, content, name)
    assert answer.status_code == 422
    assert told in text(answer)
    assert links(person, "template.docx") == []


def test_without_a_file_the_page_says_so(office: Office) -> None:
    person = office.enter("admin")
    assert "Pilih berkas" in text(person.post(HERE, {}))


def test_templates_are_for_administrators_and_of_kinds_that_there_are(office: Office) -> None:
    for who in ("coordinator", "kemhan", "owner"):
        assert office.enter(who).get("/documents").status_code == 403
        assert office.enter(who).post(f"{HERE}/ours").status_code == 403
    person = office.enter("admin")
    for path in ("/documents/nothing/id", "/documents/reminder_letter/en"):
        assert person.get(path).status_code == 404
        assert person.get(f"{path}/ours.docx").status_code == 404
        assert person.post(f"{path}/ours").status_code == 404


def test_an_ordered_compilation_is_made_with_the_template_of_the_office(office: Office) -> None:
    admin, person = office.enter("admin"), office.enter("coordinator")
    path = "/documents/compilation/id"
    admin.get(path)
    content = own("{%p for case in cases %}", "Butir {{ case.name }}", "{%p endfor %}")
    admin.post(path, {"template": (io.BytesIO(content), "h.docx")})
    [choose] = re.findall(r'"(/documents/versions/[^"]+/choose)"', text(admin.get(path)))
    admin.post(choose)
    person.post("/compilations", {})
    office.service.engine.run_due()
    page = text(person.get("/compilations"))
    [link] = re.findall(r'href="(/compilations/[^"]+docx)"', page)
    words = words_of_word(person.get(link).data)
    assert "KOP SURAT KAMI" in words and "Butir REK-2026-0001" in words
