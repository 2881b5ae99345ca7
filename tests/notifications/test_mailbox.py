"""The local mailbox: what is sent is what is read, in this process and in another."""

from __future__ import annotations

import asyncio
import mailbox as stdlib
import smtplib
import subprocess
import sys
from unittest.mock import Mock

import pytest

import notifications.mailbox as mailboxes
from notifications.compose import compose
from notifications.envelope import envelope, message_id
from notifications.errors import MailboxNotLocal, MailboxNotStarted, MailNotFound
from notifications.mailbox import Mailbox
from notifications.maildir import stored_mail, with_summary
from notifications.mailer import Mailer, Outcome
from tests.notifications.conftest import MONDAY_9_00, PLANNING, SENDER, to
from tests.notifications.samples import SAMPLES, TASK

TO = ["plan@correct.go.th"]


async def test_thai_comes_through_whole(mailer, mailbox, mail):
    picture = ("ภาพประกอบ ๑.png", "image/png", bytes(range(256)))
    await mailer.send(mail(attachments=[picture]), TO)
    (listed,) = mailbox.list()
    opened = mailbox.read(listed.id)
    composed = compose(TASK)
    assert (listed.subject, listed.sender) == (composed.subject, "ระบบติดตามข้อสั่งการ <no-reply@moj.go.th>")
    assert listed.to == ("กองยุทธศาสตร์และแผนงาน <plan@correct.go.th>",)
    assert listed.delivered_to == ("plan@correct.go.th",)
    assert listed.date.isoformat() == "2018-04-09T02:00:00+00:00"
    assert listed.message_id == mail()["Message-ID"]
    assert (opened.text, opened.html, opened.attachments) == (composed.text, composed.html, (picture,))


@pytest.mark.parametrize("name", SAMPLES)
async def test_every_message_can_be_read_in_the_mailbox(mailer, mailbox, name):
    composed = compose(SAMPLES[name])
    sent = envelope(
        composed, sender=SENDER, recipients=[PLANNING], message_id=message_id(name, "moj.go.th"), date=MONDAY_9_00
    )
    await mailer.send(sent, TO)
    (listed,) = mailbox.list()
    assert listed.subject == composed.subject
    assert mailbox.read(listed.id).html == composed.html


async def test_the_newest_mail_stands_first_and_pages_follow(mailer, mailbox, mail):
    for number in range(7):
        await mailer.send(mail(f"outbox-{number}", recipients=[PLANNING.replace(name=f"หน่วย {number}")]), TO)
    assert [found.to[0][:6] for found in mailbox.list(limit=3)] == ["หน่วย ", "หน่วย ", "หน่วย "]
    assert [found.to[0][6] for found in mailbox.list(limit=3, offset=2)] == ["4", "3", "2"]
    assert mailbox.count() == 7


@pytest.mark.parametrize(("query", "count"), [("หน่วย 1", 1), ("correct.GO.TH", 2), ("แออัด", 2), ("ไม่มี", 0), ("", 2)])
async def test_search_in_subject_sender_and_recipients(mailer, mailbox, mail, query, count):
    for number in range(2):
        await mailer.send(mail(f"outbox-{number}", recipients=[PLANNING.replace(name=f"หน่วย {number}")]), TO)
    assert len(mailbox.list(query=query)) == mailbox.count(query) == count


async def test_a_repeated_delivery_is_kept_and_flagged(mailer, mailbox, mail):
    await mailer.send(mail("outbox-1"), TO)
    await mailer.send(mail("outbox-1"), TO)
    await mailer.send(mail("outbox-2"), TO)
    other, repeat, first = mailbox.list()
    assert repeat.is_duplicate
    assert repeat.duplicate_of == first.id
    assert not first.is_duplicate
    assert not other.is_duplicate


async def test_a_repeat_is_recognised_after_a_restart(mailer, mailbox, mail):
    await mailer.send(mail("outbox-1"), TO)
    port = mailbox._server.port
    mailbox.stop()
    mailbox.start(port=port)
    delivery = await mailer.send(mail("outbox-1"), TO)
    assert delivery.is_complete
    assert [found.is_duplicate for found in mailbox.list()] == [True, False]


async def test_another_process_reads_what_this_one_receives(mailer, mailbox, mail):
    await mailer.send(mail(), TO)
    program = (
        "import sys, pathlib; from notifications.mailbox import Mailbox; "
        "box = Mailbox(pathlib.Path(sys.argv[1])); print(box.read(box.list()[0].id).subject)"
    )
    read = await asyncio.to_thread(
        subprocess.run,
        [sys.executable, "-X", "utf8", "-c", program, mailbox.directory],
        capture_output=True,
        text=True,
        check=True,
    )
    assert read.stdout.strip() == compose(TASK).subject


async def test_a_reader_sees_mail_that_arrives_later(mailer, mailbox, mail):
    portal = Mailbox(mailbox.directory)
    assert portal.list() == ()
    await mailer.send(mail(), TO)
    assert len(portal.list()) == 1


async def test_the_directory_is_a_maildir_that_others_can_read(mailer, mailbox, mail):
    await mailer.send(mail(), TO)
    (message,) = stdlib.Maildir(mailbox.directory)
    assert message["Message-ID"] == mail()["Message-ID"]
    assert message["Return-Path"] == "<no-reply@moj.go.th>"


async def test_a_mail_marked_as_read_by_another_program_is_still_there(mailer, mailbox, mail):
    await mailer.send(mail(), TO)
    (listed,) = mailbox.list()
    (mailbox.directory / "new" / listed.id).rename(mailbox.directory / "cur" / f"{listed.id}:2,S")
    assert mailbox.read(listed.id).subject == listed.subject


def test_a_big_attachment_comes_through(mailbox, mail):
    content = bytes(range(256)) * 4 * 1024 * 4  # 4 MiB
    with smtplib.SMTP("127.0.0.1", mailbox.start()) as client:
        client.send_message(mail(attachments=[("รายงาน.pdf", "application/pdf", content)]))
    (attached,) = mailbox.read(mailbox.list()[0].id).attachments
    assert attached.content == content


def test_eight_bit_bodies_and_thai_addresses_are_taken(mailbox):
    raw = "From: a@moj.go.th\r\nTo: แผน@moj.go.th\r\nSubject: ทดสอบ\r\n\r\nเนื้อความ\r\n".encode()
    with smtplib.SMTP("127.0.0.1", mailbox.start()) as client:
        client.sendmail("a@moj.go.th", ["แผน@moj.go.th"], raw, mail_options=["SMTPUTF8", "BODY=8BITMIME"])
    (listed,) = mailbox.list()
    assert (listed.subject, listed.to, listed.delivered_to) == ("ทดสอบ", ("แผน@moj.go.th",), ("แผน@moj.go.th",))
    assert "เนื้อความ" in mailbox.read(listed.id).text


def test_a_mail_without_a_readable_head_is_listed_all_the_same(mailbox):
    raw = b"Date: yesterday\r\nSubject: =?utf-8?b?%%%?=\r\nTo: ,,\r\nContent-Type: text/plain; charset=x-no\r\n\r\n"
    raw += b"\xe0\xb8\x81"
    with smtplib.SMTP("127.0.0.1", mailbox.start()) as client:
        client.sendmail("a@moj.go.th", ["b@moj.go.th"], raw)
    (listed,) = mailbox.list()
    assert listed.date == listed.received_at
    assert mailbox.read(listed.id).text.strip() == "ก"


@pytest.mark.parametrize("name", ["../../etc/passwd", "", "nothing", "1" * 19 + ".P1.local"])
def test_only_mails_are_read(mailbox, name):
    with pytest.raises(MailNotFound):
        mailbox.read(name)


@pytest.mark.parametrize("host", ["0.0.0.0", "192.0.2.1", "::"])
def test_the_mailbox_listens_on_the_loopback_only(mailbox, host):
    with pytest.raises(MailboxNotLocal):
        mailbox.start(host)


def test_a_port_that_is_taken_is_named(mailbox, tmp_path):
    port = mailbox.start()
    with pytest.raises(MailboxNotStarted, match=str(port)):
        Mailbox(tmp_path / "other").start(port=port)


def test_stopping_twice_does_nothing(mailbox):
    mailbox.start()
    mailbox.stop()
    mailbox.stop()


def test_of_five_thousand_mails_a_page_opens_its_own_and_a_search_each_once(mailbox, mail, monkeypatch):
    names = [f"{1_500_000_000_000_000_000 + number}.P1.local" for number in range(5_000)]
    content = with_summary(names[0], mail().as_bytes())
    for name in names:
        (mailbox.directory / "new" / name).write_bytes(content.replace(names[0].encode(), name.encode()))
    opening = Mock(wraps=stored_mail)
    monkeypatch.setattr(mailboxes, "stored_mail", opening)
    assert len(mailbox.list(limit=50, offset=4_000)) == opening.call_count == 50
    assert mailbox.count("ไม่มี") == 0
    assert sorted(call.args[0] for call in opening.call_args_list) == names
    assert mailbox.count("แออัด") == mailbox.count() == opening.call_count == 5_000


async def test_the_summary_on_top_says_what_the_headers_say(mailer, mailbox, mail):
    await mailer.send(mail(), TO)
    (listed,) = mailbox.list()
    path = mailbox.directory / "new" / listed.id
    path.write_bytes(path.read_bytes().partition(b"\r\n")[2])
    assert Mailbox(mailbox.directory).list() == (listed,)


async def test_a_mail_beyond_the_size_limit_is_refused_before_it_is_sent(mailbox, mail):
    port = mailbox.start(size_limit=100_000)
    async with Mailer(to(port)) as mailer:
        delivery = await mailer.send(mail(attachments=[("a.bin", "application/octet-stream", b"x" * 200_000)]), TO)
    (result,) = delivery.results
    assert (result.outcome, result.code) == (Outcome.REFUSED, 552)
    assert mailbox.list() == ()
