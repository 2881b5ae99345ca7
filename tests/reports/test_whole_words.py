"""Words that stay whole at the end of a line (`templates/lib_words.typ`)."""

from __future__ import annotations

import re

import pytest

from reports.typesetting import TEMPLATES, _compiled
from tests.reports import pdf

PAGE = """
#import "lib_words.typ": whole-words
#set page(width: {wide}cm, height: auto, margin: 0pt)
#set document(title: "x")
#set text(font: "Sarabun", size: 10pt, lang: "th")
#show whole-words: box
#json(bytes(sys.inputs.data))
"""
WORDS = sorted(
    {
        word
        for line in re.findall(r'"([^"]*)"', (TEMPLATES / "lib_words.typ").read_text("utf-8").partition("map(")[0])
        for word in re.findall("[\u0e01-\u0e4e]+", line)
    }
)


def lines(text: str, wide: float) -> list[str]:
    """The text as it stands in a column so many centimetres wide."""
    page = _compiled(PAGE.format(wide=wide).encode(), text, 0)
    return pdf.lines(page)


@pytest.mark.parametrize(
    ("text", "broken"),
    [
        ("ขับเคลื่อนการปฏิรูปประเทศด้านกระบวนการยุติธรรม", "ยุติ"), ("สำนักงานเลขานุการกรม / กอง (ตัวอย่าง ก)", "(ตัว"),
        ("กองแผนงานและยุทธศาสตร์มอบหมายให้ดำเนินการ", "ม"), ("รายงานผลร้อยละของการเบิกจ่ายงบประมาณ", "ร้อย"),
    ],
)  # fmt: skip
def test_no_line_ends_within_such_a_word(text: str, broken: str) -> None:
    for tenths in range(20, 80):
        assert not [line for line in lines(text, tenths / 10) if line.endswith(broken)], tenths


def test_a_sign_stays_with_the_word_that_it_follows() -> None:
    for tenths in range(20, 60):
        found = lines("ตัวอย่างๆ ของกรม (ตัวอย่าง) และ «ตัวอย่าง», ตัวอย่าง", tenths / 10)
        assert not [line for line in found if line[0] in "ๆ),»" or line[-1] in "(«"], tenths


THREE_TIMES = """
#for word in json(bytes(sys.inputs.data)) {
  block(context block(width: 1.5 * measure(word).width, word + word + word))
}
"""


def test_every_word_of_the_list_is_whole_in_a_column_that_has_room_for_one_and_a_half() -> None:
    page = PAGE.format(wide=20).replace("#json(bytes(sys.inputs.data))", THREE_TIMES)
    assert set(pdf.lines(_compiled(page.encode(), WORDS, 0))) == set(WORDS)
