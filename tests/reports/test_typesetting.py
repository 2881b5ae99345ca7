"""Archival, tagged, the same bytes for the same value, and errors that name the template."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path

import pytest

import reports.typesetting as typesetting
from reports.errors import ReportError, TemplateFailed, UnknownTemplate, UnusableEmblem
from reports.printout import printout_pdf, printout_sheet
from reports.typesetting import Letterhead, templates, typeset
from tests.reports import pdf
from tests.reports.values import CUT_OFF, ordinary_week, printout

TEMPLATES = (
    "agreement", "anchor", "announcement", "appeal", "award_order", "cascade_agreement", "cascade_individual",
    "cascade_individual_score", "cascade_minutes", "cascade_ranking", "cascade_round", "circular",
    "circular_receipts", "duty_list", "e_sar", "framework", "kpi_book", "measures", "minister_report", "opinions",
    "printout", "province_kpis", "sar_book", "site_visit", "user_request",
)  # fmt: skip


def test_the_same_snapshot_prints_the_same_bytes() -> None:
    assert printout_pdf(printout(ordinary_week())) == printout_pdf(printout(ordinary_week()))


def test_another_moment_of_the_data_prints_other_bytes() -> None:
    later = printout(ordinary_week(), as_of=CUT_OFF + timedelta(seconds=1))
    assert printout_pdf(later) != printout_pdf(printout(ordinary_week()))


def test_the_document_is_archival_tagged_and_says_what_it_is() -> None:
    document = printout_pdf(printout(ordinary_week()))
    facts = pdf.facts(document)
    assert pdf.is_archival(document)
    assert facts["Title"] == "ผลการดำเนินงานตามข้อสั่งการจากการประชุมผู้บริหารกระทรวงยุติธรรม"
    assert facts["Author"] == "กระทรวงยุติธรรม"
    assert facts["Tagged"] == "yes"
    assert "2018" in facts["CreationDate"]
    assert b"/Lang" in document


def test_documents_can_be_made_in_several_threads_at_once() -> None:
    with ThreadPoolExecutor(4) as pool:
        made = list(pool.map(lambda _: printout_pdf(printout(ordinary_week())), range(4)))
    assert len(set(made)) == 1


def test_an_unknown_template_is_named_with_those_that_there_are() -> None:
    with pytest.raises(UnknownTemplate) as caught:
        typeset("letter", printout_sheet(printout(ordinary_week())))
    assert str(caught.value) == (f"There is no template «letter»; there are: {', '.join(TEMPLATES)}.")
    assert templates() == TEMPLATES


def test_a_template_that_fails_is_named_with_the_cause(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "broken.typ").write_text("#let data = json(bytes(sys.inputs.data))\n#data.no_such_field")
    monkeypatch.setattr(typesetting, "TEMPLATES", tmp_path)
    with pytest.raises(TemplateFailed) as caught:
        typeset("broken", printout_sheet(printout(ordinary_week())))
    assert caught.value.template == "broken"
    assert "no_such_field" in caught.value.cause
    assert "broken" in str(caught.value)
    assert "no_such_field" in str(caught.value)


@pytest.mark.parametrize("name", ["missing.svg", "emblem.gif"])
def test_an_emblem_that_cannot_be_read_is_named(name: str, tmp_path: Path) -> None:
    with pytest.raises(UnusableEmblem) as caught:
        printout_pdf(printout(ordinary_week()), letterhead=Letterhead(emblem=tmp_path / name))
    assert name in str(caught.value)
    assert isinstance(caught.value, ReportError)


def test_another_emblem_is_another_picture(tmp_path: Path) -> None:
    square = tmp_path / "emblem.svg"
    square.write_text('<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><path d="M0 0H9V9H0Z"/></svg>')
    own = printout_pdf(printout(ordinary_week()), letterhead=Letterhead(emblem=square))
    assert own != printout_pdf(printout(ordinary_week()))
    assert pdf.is_archival(own)
