"""Thai dates, digits and text (requirements 3.1, 3.2, 3.5, 3.6)."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from unicodedata import normalize
from unittest.mock import Mock

import pytest
from hypothesis import given
from hypothesis import strategies as st

import rules.thai_text
from rules.calendar import bangkok_moment
from rules.errors import BeforeModernCalendar, NaiveTime, UnreadableDate, UnreadableTime
from rules.thai import (
    Style,
    collation_key,
    file_date,
    normalise_thai,
    parse_thai_date,
    parse_thai_time,
    thai_date,
    thai_date_range,
    thai_fiscal_year,
    thai_moment,
    thai_time,
    thai_weekday_date,
    to_arabic_digits,
    to_thai_digits,
    truncate,
)

FRIDAY = date(2018, 4, 13)
days = st.dates(date(1941, 1, 1), date(2399, 12, 31))


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("๑๑ ตุลาคม ๒๕๖๐", date(2017, 10, 11)),
        ("11 ต.ค. 60", date(2017, 10, 11)),
        ("11 ต.ค. 2560", date(2017, 10, 11)),
        ("11 ตค 2560", date(2017, 10, 11)),
        ("วันจันทร์ที่ ๙ ตุลาคม ๒๕๖๐", date(2017, 10, 9)),
        ("จ. 9 ต.ค. 60", date(2017, 10, 9)),
        ("พฤ. 12 ต.ค. 60", date(2017, 10, 12)),
        ("พฤหัสที่ 12 ตุลาคม 2560", date(2017, 10, 12)),
        ("31 ตุลาคม 2555", date(2012, 10, 31)),
        ("วันที่ 8 กุมภาพันธ์ 2561", date(2018, 2, 8)),
        ("ลงวันที่ 8 กุมภาพันธ์ พ.ศ. 2561", date(2018, 2, 8)),
        ("ภายใน 16 ก.ค. 2555", date(2012, 7, 16)),
        ("11กันยายน 2562", date(2019, 9, 11)),
        ("29 กุมภาพันธ์ 2563", date(2020, 2, 29)),  # a leap day by the Christian year
        ("29/2/2563", date(2020, 2, 29)),
        ("2563-02-29", date(2020, 2, 29)),
        ("2018-04-13", FRIDAY),
        ("๑๓/๐๔/๒๕๖๑", FRIDAY),
        ("13.4.61", FRIDAY),
        ("13 เมษายน 2018", FRIDAY),
        ("13  เมษายน  2561 ", FRIDAY),
    ],
)
def test_a_date_is_read_as_officials_write_it(text: str, day: date) -> None:
    parsed = parse_thai_date(text)
    assert (parsed.start, parsed.end, parsed.warnings) == (day, day, ())
    assert not parsed.is_range


@pytest.mark.parametrize(
    ("text", "start", "end"),
    [
        ("พฤษภาคม - มิถุนายน 2555", date(2012, 5, 1), date(2012, 6, 30)),
        ("พ.ค.–มิ.ย. 2555", date(2012, 5, 1), date(2012, 6, 30)),
        ("พฤศจิกายน 2555 ถึง กุมภาพันธ์ 2556", date(2012, 11, 1), date(2013, 2, 28)),
        ("11กันยายน – 19 กันยายน 2562", date(2019, 9, 11), date(2019, 9, 19)),
        ("11-19 กันยายน 2562", date(2019, 9, 11), date(2019, 9, 19)),
        ("6–12 เมษายน 2561", date(2018, 4, 6), date(2018, 4, 12)),
        ("วันจันทร์ที่ 9 – วันศุกร์ที่ 13 ตุลาคม 2560", date(2017, 10, 9), date(2017, 10, 13)),
        ("28 ธันวาคม – 3 มกราคม 2562", date(2018, 12, 28), date(2019, 1, 3)),
        ("กุมภาพันธ์ 2563", date(2020, 2, 1), date(2020, 2, 29)),
    ],
)
def test_a_range_lends_its_month_and_year_from_its_end(text: str, start: date, end: date) -> None:
    parsed = parse_thai_date(text)
    assert (parsed.start, parsed.end, parsed.warnings) == (start, end, ())
    assert parsed.is_range


def test_a_wrong_weekday_is_read_with_a_warning() -> None:
    parsed = parse_thai_date("วันอังคารที่ ๙ ตุลาคม ๒๕๖๐")
    assert parsed.start == date(2017, 10, 9)
    assert parsed.warnings == (("วันที่ 9 ตุลาคม 2560 ตรงกับวันจันทร์ ไม่ใช่วันอังคาร", "2017-10-09 is a Monday, not a Tuesday"),)


def test_each_end_of_a_range_has_its_own_weekday() -> None:
    parsed = parse_thai_date("วันอังคารที่ 9 – วันพุธที่ 13 ตุลาคม 2560")
    assert len(parsed.warnings) == 2


@pytest.mark.parametrize(
    "text",
    [
        "", " ", "พรุ่งนี้", "2561", "11 60", "13 เมษายน", "30 กุมภาพันธ์ 2561", "29/2/2561", "13/13/2561",
        "13 เมษายน 256", "13 เมษายน 25610", "19–11 กันยายน 2562", "1–2–3 กันยายน 2562", "กันยายน – 3 ตุลาคม 2562",
        "13 เมษายน 2480", "1940-12-31", "0 เมษายน 2561", "13 april 2561", "9" * 500,
    ],
)  # fmt: skip
def test_what_is_no_date_is_refused_in_both_languages(text: str) -> None:
    with pytest.raises(UnreadableDate) as refused:
        parse_thai_date(text)
    assert "อ่านวันที่" in refused.value.th
    assert "cannot be read as a date" in refused.value.en
    assert len(refused.value.text) <= 100


@given(days, st.sampled_from(["arabic", "thai"]), st.sampled_from(["long", "short", "numeric"]))
def test_every_date_that_is_written_reads_back(day: date, digits: str, style: Style) -> None:
    parsed = parse_thai_date(thai_date(day, "thai" if digits == "thai" else "arabic", style))
    assert (parsed.start, parsed.end) == (day, day)


@given(days)
def test_every_weekday_date_reads_back_without_a_warning(day: date) -> None:
    parsed = parse_thai_date(thai_weekday_date(day))
    assert (parsed.start, parsed.warnings) == (day, ())


@given(days, days, st.sampled_from(["long", "short"]))
def test_every_range_that_is_written_reads_back(one: date, other: date, style: Style) -> None:
    first, last = sorted((one, other))
    parsed = parse_thai_date(thai_date_range(first, last, style=style))
    assert (parsed.start, parsed.end) == (first, last)


PIECES = ("1", "๑๓", "31", "2561", "60", "2018", " ", "-", "–", "/", ".", "วัน", "ที่", "จันทร์", "พ.", "เม.ย.", "กุมภาพันธ์",
          "มิถุนายน", "พ.ศ.", "ถึง", "ภายใน", "ก", "x")  # fmt: skip


@given(st.lists(st.sampled_from(PIECES), max_size=9).map("".join))
def test_any_text_is_a_date_or_is_refused(text: str) -> None:
    try:
        parsed = parse_thai_date(text)
    except UnreadableDate:
        return
    assert parsed.start <= parsed.end


@pytest.mark.parametrize(
    ("style", "arabic", "thai"),
    [
        ("long", "13 เมษายน 2561", "๑๓ เมษายน ๒๕๖๑"),
        ("short", "13 เม.ย. 2561", "๑๓ เม.ย. ๒๕๖๑"),
        ("numeric", "13/04/2561", "๑๓/๐๔/๒๕๖๑"),
    ],
)
def test_a_date_is_written_in_each_style_and_both_digits(style: Style, arabic: str, thai: str) -> None:
    assert thai_date(FRIDAY, style=style) == arabic
    assert thai_date(FRIDAY, "thai", style) == thai


def test_a_moment_is_written_on_the_clocks_of_bangkok() -> None:
    moment = bangkok_moment(FRIDAY, time(16, 0))
    assert thai_moment(moment) == "วันศุกร์ที่ 13 เมษายน 2561 เวลา 16.00 น."
    assert thai_moment(moment, "thai") == "วันศุกร์ที่ ๑๓ เมษายน ๒๕๖๑ เวลา ๑๖.๐๐ น."
    assert thai_time(moment) == thai_time(time(16, 0)) == "16.00 น."
    assert thai_moment(datetime(2018, 4, 12, 17, 5, tzinfo=UTC)) == "วันศุกร์ที่ 13 เมษายน 2561 เวลา 00.05 น."


def test_one_day_is_not_written_as_a_range() -> None:
    assert thai_date_range(FRIDAY, FRIDAY) == "13 เมษายน 2561"
    assert thai_date_range(FRIDAY, date(2018, 4, 14), style="numeric") == "13/04/2561 – 14/04/2561"


def test_a_fiscal_year_is_always_of_the_buddhist_era() -> None:
    assert thai_fiscal_year(2561) == "ปีงบประมาณ พ.ศ. 2561"
    assert thai_fiscal_year(2561, "thai") == "ปีงบประมาณ พ.ศ. ๒๕๖๑"


def test_a_date_before_2484_is_refused_rather_than_written_wrongly() -> None:
    with pytest.raises(BeforeModernCalendar):
        thai_date(date(1940, 12, 31))


def test_a_naive_moment_is_not_written() -> None:
    for write in (thai_moment, thai_time):
        with pytest.raises(NaiveTime):
            write(datetime.fromisoformat("2018-04-13T16:00"))


@pytest.mark.parametrize(
    ("text", "at"),
    [
        ("16.00 น.", time(16, 0)), ("๐๙.๐๐ น.", time(9, 0)), ("10:24 น.", time(10, 24)),
        ("เวลา 13.00 น.", time(13, 0)), ("8.30", time(8, 30)),
    ],
)  # fmt: skip
def test_a_time_is_read_with_a_dot_or_a_colon(text: str, at: time) -> None:
    assert parse_thai_time(text) == at


@pytest.mark.parametrize("text", ["", "24.00 น.", "16.60", "บ่ายสอง", "16"])
def test_what_is_no_time_is_refused(text: str) -> None:
    with pytest.raises(UnreadableTime):
        parse_thai_time(text)


@given(st.text())
def test_digits_go_to_thai_and_back(text: str) -> None:
    assert to_arabic_digits(to_thai_digits(text)) == to_arabic_digits(text)


def test_only_digits_change() -> None:
    assert to_thai_digits("1,234.50 บาท") == "๑,๒๓๔.๕๐ บาท"


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("ประจําปี", "ประจำปี"),  # S3: nikhahit and aa
        ("น้ํา", "น้ำ"), ("นํ้า", "น้ำ"), ("นำ้", "น้ำ"),
        ("เเผนงาน", "แผนงาน"),  # two เ
        ("จันทร์่", "จันทร์"), ("ที่้", "ที่"),  # S0 lines 11 and 26
        ("ก่ี", "กี่"), ("ทีี่", "ที่"), ("ผู้้", "ผู้"), ("ทําา", "ทำา"), ("เก้าา", "เก้าา"),
        ("บรรทัด\r\nใหม่\rอีก", "บรรทัด\nใหม่\nอีก"),
        ("\ufeffก\x00ข\x1b\ud800", "กข"),  # nothing that a database or a PDF refuses
        ("กรม (ตัวอย่าง) ก.พ.ร. 1", "กรม (ตัวอย่าง) ก.พ.ร. 1"),
    ],
)  # fmt: skip
def test_slips_of_typing_are_mended(typed: str, meant: str) -> None:
    assert normalise_thai(typed) == meant


@pytest.mark.parametrize("hostile", ["่ี", "ำ่", "ํ่า", "เเ", "้่", "ีุ่\u0301", "ุ่", "\u0301\u0323"])
def test_a_page_of_nothing_but_marks_takes_no_more_passes_than_a_line(
    hostile: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A pass for each mark took minutes."""
    counting = Mock(wraps=normalize)
    monkeypatch.setattr(rules.thai_text, "normalize", counting)
    normalise_thai(hostile * 20_000)
    assert 1 <= counting.call_count <= 5


thai_text = st.text(st.one_of(st.characters(min_codepoint=0x0E01, max_codepoint=0x0E5B), st.characters()))


@given(thai_text)
def test_normalising_twice_changes_nothing_more(text: str) -> None:
    assert normalise_thai(normalise_thai(text)) == normalise_thai(text)


@given(thai_text)
def test_normalised_text_can_be_stored_and_sent(text: str) -> None:
    assert b"\x00" not in normalise_thai(text).encode()


@pytest.mark.parametrize(
    "in_order",
    [
        ["กา", "ก่า", "เกา", "เก่า", "เก้า", "เกาะ", "ขา", "ไข่"],
        ["กรม", "กลุ่มงาน", "กอง", "เกษตร", "จังหวัด", "สำนัก", "หน่วย"],
        ["ข้อ 1", "ข้อ ๒", "ข้อ 3"],
        ["Alpha", "beta", "กรม"],
    ],
)
def test_words_stand_in_the_order_of_the_dictionary(in_order: list[str]) -> None:
    shuffled = sorted(in_order)
    assert sorted(shuffled, key=collation_key) == in_order


@pytest.mark.parametrize(
    ("text", "graphemes", "cut"),
    [
        ("ที่ประชุม", 20, "ที่ประชุม"),
        ("ที่ประชุม", 6, "ที่ประชุม"),  # six characters as a reader counts them, nine code points
        ("ที่ประชุม", 5, "ที่ประ…"),
        ("ที่ประชุม", 2, "ที่…"),
        ("กำหนดเวลา", 6, "กำหนด…"),  # no vowel left without its consonant
        ("ก", 1, "ก"), ("กข", 1, "…"), ("กข", 0, ""), ("", 3, ""),
    ],
)  # fmt: skip
def test_a_cut_spares_the_marks_of_the_last_character(text: str, graphemes: int, cut: str) -> None:
    assert truncate(text, graphemes) == cut


@given(thai_text, st.integers(1, 30))
def test_a_cut_text_is_a_beginning_of_the_whole(text: str, graphemes: int) -> None:
    cut = truncate(text, graphemes)
    assert cut == text or (cut.endswith("…") and text.startswith(cut[:-1]))


def test_files_named_by_day_are_of_the_buddhist_era_and_sort_by_it() -> None:
    days = [date(2017, 12, 31), date(2018, 1, 1), date(2018, 10, 9), date(2018, 10, 10)]
    names = [file_date(day) for day in days]
    assert names == ["2560-12-31", "2561-01-01", "2561-10-09", "2561-10-10"]
    assert names == sorted(names)
