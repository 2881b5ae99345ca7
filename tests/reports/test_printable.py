"""What people write is printed as it is; what no archival page can show becomes a box, never a failure."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reports.printable import _KNOWN, BREAK_HERE, MISSING_GLYPH, printable, printable_text
from reports.typesetting import Sheet, has_glyph, typeset
from tests.reports.values import CUT_OFF


@pytest.mark.parametrize(
    ("typed", "printed"),
    [
        ("#set *ตัวหนา* $x^2$ @ref \\ <label> `raw`", "#set *ตัวหนา* $x^2$ @ref \\ <label> `raw`"),
        ("บรรทัดหนึ่ง\r\nบรรทัดสอง\rสาม\u2028สี่", "บรรทัดหนึ่ง\nบรรทัดสอง\nสาม\nสี่"),
        ("ก\x00ข\x1bค\tง", "กขค ง"),
        ("เสร็จแล้ว 😀", "เสร็จแล้ว □"),
        ("ครอบครัว 👨‍👩‍👧", "ครอบครัว □"),
        ("中文", "□□"),
        ("ส่วนบุคคล \ue000", "ส่วนบุคคล □"),
        ("→ ✓ ½ – “ก”", "→ ✓ ½ – “ก”"),
        ("ดี\ufe0f", "ดี\ufe0f"),
    ],
)
def test_text_is_kept_but_for_what_no_page_can_show(typed: str, printed: str) -> None:
    assert printable_text(typed, has_glyph) == printed


def test_characters_taken_as_known_have_a_glyph() -> None:
    assert [char for char in sorted(_KNOWN) if not has_glyph(char)] == []


def test_the_box_for_missing_characters_has_a_glyph_itself() -> None:
    assert has_glyph(MISSING_GLYPH)
    assert not has_glyph("😀")


@pytest.mark.parametrize(
    "run",
    [
        "https://www.example.go.th/a-very-long/path?with=a_query_and_no_end",
        "x" * 400,
        "-" * 400,
        "ก" * 400,
        "ที่" * 100,
        "ๆ" * 50,
    ],
)
def test_a_long_run_may_be_broken_and_loses_nothing(run: str) -> None:
    loosened = printable_text(run, has_glyph)
    assert BREAK_HERE in loosened
    assert loosened.replace(BREAK_HERE, "") == run


def test_no_break_comes_before_a_mark() -> None:
    pieces = printable_text("ที่" * 30, has_glyph).split(BREAK_HERE)
    assert set(pieces) == {"ที่"}


@pytest.mark.parametrize("text", ["นักวิเคราะห์นโยบายและแผนชำนาญการพิเศษ", "2561-0007", "a.b@moj.go.th"])
def test_ordinary_words_are_left_alone(text: str) -> None:
    assert printable_text(text, has_glyph) == text


def test_every_string_of_a_value_is_reached_and_nothing_else_changes() -> None:
    value = {"a": ["😀", 1, None, True, {"b": "ก\x00"}], "c": 2.5}
    assert printable(value, has_glyph) == {"a": ["□", 1, None, True, {"b": "ก"}], "c": 2.5}


class Note(Sheet):
    """The smallest sheet of the form for an extra user."""

    date: str = ""
    fields: tuple[tuple[str, str], ...] = ()
    reason: str
    planning_unit: str = "ก"
    granted: bool | None = None
    decision_reason: str = ""


@settings(max_examples=40, deadline=None)
@given(st.text(max_size=120))
def test_no_text_whatever_keeps_a_page_from_being_printed(text: str) -> None:
    note = Note(title="ก", author="ข", dated=CUT_OFF, reason=text, fields=(("ก", text),))
    assert typeset("user_request", note).startswith(b"%PDF")
