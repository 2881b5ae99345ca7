"""Who searches a document for a word finds it: every syllable reads once, and no gap stands within a word."""

from __future__ import annotations

import re
from pathlib import Path

import fontpkg_sarabun
import pytest

from reports.faces import searchable
from reports.printout import printout_pdf
from reports.typesetting import _compiled
from tests.reports import pdf
from tests.reports.award_example import NAMES
from tests.reports.test_year_documents import DOCUMENTS
from tests.reports.values import ordinary_week, printout

WORDS = re.findall(r"\S+", """
ข้อสั่งการ ทั้งหมด ตั้งแต่ ขั้นตอน ชั้น เพิ่มเติม สิ่งที่ส่งมาด้วย ครั้งที่ ซึ่ง หนึ่ง เกณฑ์ องค์กร วันศุกร์ ศูนย์
จังหวัด ผู้อำนวยการ น้ำ กำหนด เป็น เร็ว ก็ กิ่ง ปั้น ฝั่ง ญี่ปุ่น ที่ นี้ สิทธิ์ บริสุทธิ์ ภาษี กษัตริย์ เกษียณ โทษ ลักษณ์
พื้น ฟื้นฟู เฟื่อง ปิ้ง ปั๊ม ปี่พาทย์ ปึ้ก ฝิ่น ป้า ป่ำ ซ้ำ ค่ำ จิ๋ว โจ๊ก บัญญัติ ฎีกา ฐูป ฤดู เรื่อง เนื่อง ทั้งนี้ สิ้นสุด
""")  # fmt: skip
PAGE = """
#set page(width: 30cm, height: auto)
#set document(title: "x")
#set text(font: "Sarabun", size: {size}pt, lang: "th")
#set text({face})
#for word in json(bytes(sys.inputs.data)) [#box(word) ]
"""
SAID_TWICE = re.compile("(.[\u0e31\u0e34-\u0e3a\u0e47-\u0e4e]+)\\1")


@pytest.mark.parametrize("size", [8.5, 11, 16])
@pytest.mark.parametrize("face", ['weight: "regular"', 'weight: "bold"', 'weight: "semibold"', 'style: "italic"'])
def test_every_word_reads_as_it_was_written(face: str, size: float) -> None:
    page = _compiled(PAGE.format(size=size, face=face).encode(), WORDS, 0)
    assert " ".join(pdf.lines(page)).split() == WORDS
    assert pdf.text(page) == "".join(WORDS)
    assert pdf.is_archival(page)


@pytest.mark.parametrize("name", DOCUMENTS)
def test_no_document_says_a_syllable_twice(name: str) -> None:
    assert SAID_TWICE.findall(pdf.text(DOCUMENTS[name](NAMES))) == []


def test_the_title_of_the_weekly_printout_is_found() -> None:
    read = pdf.text(printout_pdf(printout(ordinary_week())))
    assert "ผลการดำเนินงานตามข้อสั่งการจากการประชุมผู้บริหารกระทรวงยุติธรรม" in read
    assert SAID_TWICE.findall(read) == []


@pytest.mark.parametrize("path", sorted((fontpkg_sarabun.ROOT / "files").glob("*.ttf")), ids=lambda path: path.stem)
def test_only_anchors_and_the_width_of_marks_are_changed(path: Path) -> None:
    face = path.read_bytes()
    changed = searchable(face)
    assert len(changed) == len(face)
    assert 0 < sum(before != after for before, after in zip(face, changed, strict=True)) < 150
    assert searchable(changed) == changed
