"""The page of licences: the product's own, and those of the scripts and styles in its pages."""

from __future__ import annotations

from tests.web.conftest import Office, text


def test_a_reader_finds_it_from_the_help_and_reads_whose_work_is_in_the_pages(
    office: Office,
) -> None:
    kemhan = office.enter("kemhan")
    assert 'href="/licences"' in text(kemhan.get("/help"))
    page = text(kemhan.get("/licences"))
    assert "menurut lisensi ini: Apache-2.0." in page
    assert "bpmn-js 18" in page
    assert "Copyright (c) 2014-present Camunda Services GmbH" in page
