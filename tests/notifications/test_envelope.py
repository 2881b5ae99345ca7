"""Headers, alternatives and attachments."""

from __future__ import annotations

from datetime import datetime
from email import message_from_bytes
from email.header import decode_header, make_header
from email.policy import default
from email.utils import getaddresses

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from notifications.compose import compose
from notifications.envelope import envelope, message_id
from notifications.errors import InvalidAddress, InvalidMessageId, NaiveMoment, NoRecipients
from schemas.mail import Recipient
from tests.notifications.conftest import MONDAY_9_00, PLANNING
from tests.notifications.samples import TASK

COMPOSED = compose(TASK)
PDF = ("รายงานผลการดำเนินงาน สัปดาห์วันที่ 6–12 เมษายน 2561.pdf", "application/pdf", b"%PDF-1.7\x00\xff")


def as_clients_read(mail, header):
    """RFC 2047 as mail programs read it; the library's newer parser leaves blanks between encoded words."""
    return str(make_header(decode_header(message_from_bytes(mail.as_bytes())[header])))


def body(mail, kind):
    return mail.get_body((kind,)).get_content().replace("\r\n", "\n")


def test_what_is_written_is_what_is_read(mail):
    written = mail(attachments=[PDF])
    read = message_from_bytes(written.as_bytes(), policy=default)
    assert read["Subject"] == COMPOSED.subject
    assert as_clients_read(written, "From") == "ระบบติดตามข้อสั่งการ <no-reply@moj.go.th>"
    assert as_clients_read(written, "To") == "กองยุทธศาสตร์และแผนงาน <plan@correct.go.th>"
    assert body(read, "plain") == COMPOSED.text
    assert body(read, "html") == COMPOSED.html
    (attached,) = read.iter_attachments()
    assert (attached.get_filename(), attached.get_content_type(), attached.get_content()) == PDF


def test_the_structure_is_mixed_around_alternative(mail):
    parts = [part.get_content_type() for part in mail(attachments=[PDF]).walk()]
    assert parts == ["multipart/mixed", "multipart/alternative", "text/plain", "text/html", "application/pdf"]
    assert mail().get_content_type() == "multipart/alternative"


def test_a_mail_is_seven_bit_and_its_lines_are_short(mail):
    content = mail(attachments=[PDF]).as_bytes()
    assert content.isascii()
    assert max(len(line) for line in content.split(b"\r\n")) <= 78
    assert b"\n" not in content.replace(b"\r\n", b"")


def test_the_date_is_the_time_of_bangkok(mail):
    assert mail()["Date"] == "Mon, 09 Apr 2018 09:00:00 +0700"


def test_machines_are_told_not_to_answer(mail):
    assert mail()["Auto-Submitted"] == "auto-generated"
    assert mail()["X-Auto-Response-Suppress"] == "All"


def test_the_same_mail_is_the_same_bytes(mail):
    assert mail(attachments=[PDF]).as_bytes() == mail(attachments=[PDF]).as_bytes()
    assert mail("outbox-1")["Message-ID"] == mail("outbox-1")["Message-ID"] != mail("outbox-2")["Message-ID"]


def test_a_reminder_stands_in_the_thread_of_its_task(mail):
    first = message_id("task-1", "moj.go.th")
    reminder = mail("reminder-1", thread=first)
    assert reminder["In-Reply-To"] == reminder["References"] == first
    assert "References" not in mail()


LINES = st.text(alphabet=st.one_of(st.characters(codec="utf-8"), st.sampled_from("\r\n\u2028\x0b\x85 ก")), max_size=60)


@settings(max_examples=25, deadline=None)
@given(name=LINES, subject=LINES, file=LINES)
def test_no_name_or_subject_adds_a_header(name, subject, file):
    written = envelope(
        COMPOSED.replace(subject=f"เรื่อง\r\nBcc: spy@example.com\n{subject}"),
        sender=Recipient(name=f"{name}\nX-Evil: 1", email="no-reply@moj.go.th"),
        recipients=[Recipient(name=f"{name}\r\n\r\nbody", email="plan@correct.go.th")],
        message_id=message_id("1", "moj.go.th"),
        date=MONDAY_9_00,
        attachments=[(f"{file}\r\nX-Evil: 1", "text/csv", b"1")],
    )
    read = message_from_bytes(written.as_bytes(), policy=default)
    assert set(read.keys()) == {
        "Message-ID", "Date", "From", "To", "Subject", "Auto-Submitted", "X-Auto-Response-Suppress",
        "Content-Language", "MIME-Version", "Content-Type",
    }  # fmt: skip
    assert [address.addr_spec for address in read["To"].addresses] == ["plan@correct.go.th"]
    assert not any(header.lower() == "x-evil" for part in read.walk() for header in part)
    assert body(read, "plain") == COMPOSED.text


def test_a_thai_domain_is_written_in_ascii_and_a_thai_local_part_asks_for_smtputf8(mail):
    assert b"<plan@xn--" in mail(recipients=[PLANNING.replace(email="plan@กระทรวง.ไทย")]).as_bytes()
    thai = mail(recipients=[PLANNING.replace(email="แผน@กระทรวง.ไทย")])
    assert "<แผน@xn--".encode() in thai.as_bytes()


@pytest.mark.parametrize("email", ["a\x00@moj.go.th", "a@moj..go.th", "a@b,c.th"])
def test_an_address_that_cannot_be_written_is_named(mail, email):
    with pytest.raises(InvalidAddress):
        mail(recipients=[PLANNING.model_copy(update={"email": email})])


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"date": datetime(2018, 4, 9, 9, 0)}, NaiveMoment),  # noqa: DTZ001
        ({"recipients": []}, NoRecipients),
        ({"message_id": "outbox-1"}, InvalidMessageId),
        ({"message_id": "<a@b>\r\nBcc: x@y"}, InvalidMessageId),
        ({"thread": "<a b@c>"}, InvalidMessageId),
    ],
)
def test_what_is_no_mail_is_refused(mail, changes, error):
    with pytest.raises(error):
        mail(**changes)


def test_many_recipients_with_thai_latin_and_no_names(mail):
    people = [
        Recipient(name=name, email=f"r{number}@moj.go.th")
        for number, name in enumerate(
            ["กองยุทธศาสตร์และแผนงาน " * 4, 'Office "A", (Policy)', "", "สำนัก, กอง <x@y.th>", "ผอ."]
        )
    ]
    written = mail(recipients=people)
    content = written.as_bytes()
    names = [str(make_header(decode_header(name))) for name, _ in getaddresses([message_from_bytes(content)["To"]])]
    assert names == [person.name.strip() for person in people]
    assert b"??=" not in content  # an encoded word is never empty (RFC 2047, 2)
