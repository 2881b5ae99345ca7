"""Every message in Thai, as it is read."""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from notifications import compose as composing
from notifications.compose import SUBJECT_LENGTH, Composed, compose, shortened
from notifications.errors import UnknownMessage, UnsafeLink
from schemas.directive import Urgency
from schemas.mail import MESSAGES, Message, OpenWorkMail
from tests.notifications.samples import (
    DIGEST,
    INVITATION,
    MINISTER_REPORT,
    NOTICE,
    OVERDUE,
    PLAIN_TASK,
    REMINDER,
    SAMPLES,
    TASK,
)

SNAPSHOTS = Path(__file__).parent / "snapshots"
FOLDERS = Path(composing.__file__).parent / "messages"
REWRITE = "REWRITE_SNAPSHOTS" in os.environ
"""`REWRITE_SNAPSHOTS=1 pytest tests/notifications` writes them anew; read the difference before it is committed."""

TEXTS = st.text(
    alphabet=st.one_of(st.characters(codec="utf-8"), st.sampled_from("กขคงเแโใไัิีึืุู็่้๊๋์ำ \n\r\t\u2028")),
    min_size=1,
    max_size=200,
)


def said(composed: Composed) -> str:
    return f"หัวข้อ: {composed.subject}\n\n{composed.text}"


@pytest.mark.parametrize("name", SAMPLES)
@pytest.mark.parametrize(("suffix", "written"), [("txt", said), ("html", lambda composed: composed.html)])
def test_message_reads_as_it_was_approved(name, suffix, written):
    file = SNAPSHOTS / f"{name}.{suffix}"
    now = written(compose(SAMPLES[name]))
    if REWRITE:
        file.write_text(now, encoding="utf-8")
    assert now == file.read_text(encoding="utf-8")


def test_every_snapshot_belongs_to_a_sample():
    assert {file.stem for file in SNAPSHOTS.iterdir()} == set(SAMPLES)


def test_every_message_class_has_a_sample():
    assert {type(message) for message in SAMPLES.values()} == set(MESSAGES.values())


def test_every_message_class_has_its_folder_and_every_folder_its_class():
    folders = {folder.name for folder in FOLDERS.iterdir() if folder.is_dir() and folder.name[0] != "_"}
    assert folders == set(MESSAGES)


@pytest.mark.parametrize("bundled", [DIGEST, OpenWorkMail(**dict(DIGEST))])
def test_a_mail_for_several_pieces_of_work_is_as_urgent_as_the_most_urgent_of_them(bundled):
    first, second = DIGEST.lines
    mixed = (first.replace(urgency=Urgency.URGENT), second.replace(urgency=Urgency.MOST_URGENT), first)
    assert compose(bundled.replace(lines=mixed)).subject.startswith("[ด่วนที่สุด] งาน")
    assert "\n2. [ด่วนที่สุด] " + second.title in compose(bundled.replace(lines=mixed)).text
    assert compose(bundled).subject.startswith("งาน")


@pytest.mark.parametrize("folder", MESSAGES)
def test_a_message_folder_holds_subject_text_and_page(folder):
    parts = {file.name for file in (FOLDERS / folder).iterdir()}
    assert parts == {"subject.txt.jinja", "text.txt.jinja", "page.html.jinja"}


def test_every_message_is_documented_with_its_context_class():
    rows = re.findall(
        r"^\| `(\w+)` \| .+ \| .+ \| `(\w+)` \|$", (FOLDERS / "README.md").read_text("utf-8"), re.MULTILINE
    )
    assert dict(rows) == {folder: kind.__name__ for folder, kind in MESSAGES.items()}


@pytest.mark.parametrize(
    ("urgency", "beginning"),
    [
        (Urgency.MOST_URGENT, "[ด่วนที่สุด] รับทราบข้อสั่งการ: การแก้ไข"),
        (Urgency.VERY_URGENT, "[ด่วนมาก] รับทราบข้อสั่งการ: การแก้ไข"),
        (Urgency.URGENT, "[ด่วน] รับทราบข้อสั่งการ: การแก้ไข"),
        (Urgency.NORMAL, "รับทราบข้อสั่งการ: การแก้ไข"),
    ],
)
def test_urgency_stands_before_the_subject(urgency, beginning):
    assert compose(TASK.replace(urgency=urgency)).subject.startswith(beginning)


def test_a_short_subject_is_whole():
    subject = compose(PLAIN_TASK).subject
    assert subject == "รายงานผลการดำเนินงานตามข้อสั่งการประจำสัปดาห์: การอำนวยความยุติธรรมเชิงรุก"


def test_the_longer_part_of_a_subject_gives_way_first():
    subject = compose(NOTICE.replace(subject="แจ้งเพื่อทราบ")).subject
    assert subject.startswith("แจ้งเพื่อทราบ: การแก้ไขปัญหา")
    assert subject.endswith("…")


def test_what_a_word_cut_whole_leaves_goes_to_what_the_mail_is_about():
    asked = "รายงานผลการดำเนินงานตามข้อสั่งการประจำสัปดาห์"
    title = "2569-0006 (ตัวอย่าง) ซักซ้อมแผนเผชิญเหตุอุทกภัยของหน่วยงานในพื้นที่เสี่ยง"
    subject = compose(TASK.replace(asked=asked, title=title, urgency=Urgency.NORMAL)).subject
    assert subject == "รายงานผลการดำเนินงานตามข้อสั่งการ…: 2569-0006 (ตัวอย่าง) ซักซ้อมแผนเผชิญเหตุ…"


@pytest.mark.parametrize(
    ("message", "subject"),
    [
        (
            TASK.replace(
                asked="รับทราบข้อสั่งการ", title="ข้อสั่งการที่ 2561-0004 เปิดบริการยื่นคำขอทางอิเล็กทรอนิกส์ (กรม (ตัวอย่างที่ 2))",
                urgency=Urgency.MOST_URGENT,
            ),
            "[ด่วนที่สุด] รับทราบข้อสั่งการ: ข้อสั่งการที่ 2561-0004 เปิดบริการยื่นคำขอทาง…",
        ),
        (
            REMINDER.replace(
                asked="รายงานผลการดำเนินงานตามข้อสั่งการประจำสัปดาห์", overdue=False, rung=1, urgency=Urgency.MOST_URGENT,
                title="ข้อสั่งการที่ 2561-0004 เปิดบริการยื่นคำขอทางอิเล็กทรอนิกส์",
            ),
            "[ด่วนที่สุด] แจ้งเตือนครั้งที่ 1: รายงานผลการดำเนิ… – ข้อสั่งการที่ 2561-0004…",
        ),
        (
            REMINDER.replace(
                asked="ตอบรับหนังสือเวียน", overdue=False, rung=1, urgency=Urgency.MOST_URGENT,
                title="หนังสือเวียน สค 0017.2/ว 14080 การติดตามการดำเนินงานตามมาตรการ 6 เรื่อง",
            ),
            "[ด่วนที่สุด] แจ้งเตือนครั้งที่ 1: ตอบรับ… – หนังสือเวียน สค 0017.2/ว 14080…",
        ),
        (
            TASK.replace(
                asked="จัดทำรายละเอียดตัวชี้วัดที่ 1.1.1", urgency=Urgency.NORMAL,
                title="คำรับรองการปฏิบัติราชการ ปีงบประมาณ พ.ศ. 2555 กรมการพัฒนาชุมชน",
            ),
            "จัดทำรายละเอียดตัวชี้วัดที่ 1.1.1: คำรับรองการปฏิบัติราชการ ปีงบประมาณ…",
        ),
    ],
)  # fmt: skip
def test_a_subject_keeps_the_number_of_what_it_is_about_and_as_much_of_its_title_as_fits(message, subject):
    assert compose(message).subject == subject


@settings(max_examples=60, deadline=None)
@given(asked=TEXTS, title=TEXTS, urgency=st.sampled_from(Urgency), overdue=st.booleans())
def test_no_subject_is_longer_than_78_characters_or_has_a_line_break(asked, title, urgency, overdue):
    message = OVERDUE.replace(asked=asked, title=title, urgency=urgency, overdue=overdue)
    subject = compose(message).subject
    assert len(subject) <= SUBJECT_LENGTH
    assert subject.splitlines() == [subject]
    assert not re.search(r"[\x00-\x1f\x7f\x80-\x9f\u2028\u2029]", subject)


@pytest.mark.parametrize(
    ("text", "length", "cut"),
    [
        ("กำหนดเวลา", 20, "กำหนดเวลา"),
        ("ที่นี้", 4, "ที่…"),
        ("ที่นี้", 3, "…"),  # ท alone would be another word
        ("นำเสนอ", 3, "นำ…"),
        ("นำเสนอ", 4, "นำ…"),  # never ends with a leading vowel
        ("abc def", 5, "abc…"),
        ("รายงานผลการดำเนินงานตามข้อสั่งการประจำสัปดาห์", 30, "รายงานผลการดำเนินงาน…"),
        ("ติดตามผลสัมฤทธิ์", 10, "ติดตามผล…"),
        ("(ตัวอย่าง) ซักซ้อมแผนเผชิญเหตุ", 14, "(ตัวอย่าง)…"),
    ],
)
def test_a_title_is_cut_between_syllables_parts(text, length, cut):
    assert shortened(text, length) == cut


def test_html_in_a_title_is_shown_not_obeyed():
    for message in (
        TASK.replace(title="<script>alert(1)</script>", note="<b>&", asked="<i>x</i>", asked_by="<u>"),
        NOTICE.replace(title="<script>", body="<script>\n<b>", subject="<i>"),
        DIGEST.replace(lines=(DIGEST.lines[0].replace(title="<script>", asked="<b>", unit="<i>"),)),
    ):
        html = compose(message, system_name="<u>ระบบ</u>").html
        body = html[html.index("<body") :]
        assert not re.search(r"<(script|b|i|u)>", body)
        assert "&lt;" in body


@pytest.mark.parametrize("link", ["javascript:alert(1)", "/f/1", "https://", "http://a b/", "https://a/\nx"])
def test_only_absolute_web_links_leave(link):
    with pytest.raises(UnsafeLink):
        compose(TASK.replace(link=link))


def test_the_one_link_is_on_the_button_and_below_it_in_full():
    html = compose(TASK).html
    assert html.count(f'href="{TASK.link}"') == 2
    assert f">{TASK.link}</a>" in html


@pytest.mark.parametrize("message", [TASK, REMINDER, OVERDUE], ids=["task", "reminder", "overdue"])
def test_a_mail_about_work_says_what_is_asked_by_whom_and_until_when(message):
    composed = compose(message)
    until = "ภายในวันศุกร์ที่ 13 เมษายน 2561 ก่อนเวลา 16.00 น."
    visible = re.sub(r"<[^>]+>", "", composed.html).replace("\u00a0", " ")
    for fact in (message.asked, message.asked_by, message.unit, until, message.title):
        assert fact in composed.text
        assert fact in visible


def test_work_that_nobody_in_particular_asks_for_has_a_sentence_without_a_gap():
    composed = compose(TASK.replace(asked_by=""))
    assert f"\nขอให้{TASK.unit} ดำเนินการ" in composed.text
    for said in (composed.text, composed.html):
        assert "ผู้ขอให้ดำเนินการ" not in said
        assert "ด้วย ขอให้" not in said


@pytest.mark.parametrize("name", SAMPLES)
def test_every_mail_says_that_it_is_automatic_and_names_the_system(name):
    composed = compose(SAMPLES[name], system_name="ระบบทดสอบ")
    for words in ("ส่งโดยอัตโนมัติจากระบบทดสอบ", "โปรดอย่าตอบกลับ"):
        assert words in composed.text
        assert words in composed.html


def test_the_minister_is_told_when_nobody_has_reviewed_the_report():
    told = "ยังไม่ผ่านการตรวจทาน"
    assert told not in compose(MINISTER_REPORT).text
    unreviewed = compose(MINISTER_REPORT.replace(reviewed=False))
    assert told in unreviewed.text
    assert told in unreviewed.html


def test_an_invitation_is_not_to_be_passed_on():
    assert "โปรดอย่าส่งต่อให้ผู้อื่น" in compose(INVITATION).text


def test_a_message_without_templates_is_named():
    class Telegram(Message):
        folder = "telegram"

    with pytest.raises(UnknownMessage, match="Telegram"):
        compose(Telegram())
