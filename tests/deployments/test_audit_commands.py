"""`sangkan audit`: keys, anchors and their print-out, and what verifying says when something was touched."""

from __future__ import annotations

import asyncio
import re
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from audit.differences import short
from deployments.errors import of_database
from schemas.actor import Actor, ActorKind
from tests.deployments.test_cli import ORGANISATION, POLICY, Shell, note_a_step, refused, stop_run
from tests.reports import pdf


@pytest.fixture(scope="module")
def ministry(tmp_path_factory: pytest.TempPathFactory) -> Shell:
    """A ledger with the sample ministry and two cases."""
    made = Shell(tmp_path_factory.mktemp("audited"))
    for command in (("migrate",), ("organisation", "load", str(ORGANISATION), "--policy", str(POLICY))):
        assert made.run(*command).code == 0
    asyncio.run(stop_run(made, "case-1", "case-2"))
    return made


def by_hand(ministry: Shell, statement: str, *values: Any) -> list[tuple[Any, ...]]:
    """What somebody does who has the file and no need of us."""
    with closing(sqlite3.connect(ministry.folder / "ledger.db")) as database, database:
        return database.execute(statement, values).fetchall()


@pytest.fixture(scope="module")
def key(ministry: Shell) -> dict[str, str]:
    return {"SANGKAN_ANCHOR_KEY": str(ministry.folder / "keys" / "anchor.pem")}


def test_an_anchor_needs_a_key_and_says_how_to_get_one(ministry: Shell, key: dict[str, str]) -> None:
    refused(ministry.run("audit", "anchor"), "SANGKAN_ANCHOR_KEY")
    refused(ministry.run("audit", "anchor", **key), "sangkan audit make-key", "ไม่พบแฟ้มกุญแจ")
    refused(ministry.run("audit", "anchors", "--print", "none.pdf"), "sangkan audit anchor")


def test_anchors_are_made_listed_printed_and_compared_with_what_was_kept(ministry: Shell, key: dict[str, str]) -> None:
    made = ministry.run("audit", "make-key", **key)
    assert made.code == 0, made.err
    refused(ministry.run("audit", "make-key", **key), "not overwritten")
    done = ministry.run("audit", "anchor", **key)
    assert "Anchor 1 covers 2 cases and 4 events" in done.out
    assert "No case has changed" in ministry.run("audit", "anchor", **key).out
    digest = re.search(r"((?:[0-9a-f]{8} ?){8})", done.out)
    assert digest is not None
    kept = digest[1].strip()
    assert ministry.run("audit", "anchors").out.count("1") >= 1
    page = ministry.folder / "anchor.pdf"
    assert ministry.run("audit", "anchors", "--print", str(page)).code == 0
    said = pdf.text(page.read_bytes())
    assert pdf.pages(page.read_bytes()) == 1
    assert pdf.cut_off(page.read_bytes()) == []
    assert f"--kept1={kept.replace(' ', '')}" in said
    whole = ministry.run("audit", "verify", "--kept", f"1={kept}")
    assert whole.code == 0, whole.err
    assert "2 cases, 4 events, 0 documents, 1 anchors" in whole.out
    copied = "\u200b".join(f"1={kept}".replace(" ", "\u00a0")) + "\ufeff\n"
    assert ministry.run("audit", "verify", "--kept", copied).code == 0
    refused(ministry.run("audit", "verify", "--kept", "1=" + "0" * 64), "พบความไม่ถูกต้อง 1 รายการ", code=3)
    refused(ministry.run("audit", "verify", "--kept", "first"), "not the number and hash")
    refused(ministry.run("audit", "anchors", "--print", "none.pdf", "--number", "9"), "no anchor 9")


def test_a_keeper_gets_an_anchor_by_mail_once(ministry: Shell, key: dict[str, str]) -> None:
    refused(ministry.run("audit", "anchors", "--mail"), "SANGKAN_ANCHOR_KEEPER")
    keeper = {"SANGKAN_ANCHOR_KEEPER": "keeper@audit.example"}
    assert "on its way to keeper@audit.example" in ministry.run("audit", "anchors", "--mail", **keeper).out
    assert "was mailed" in ministry.run("audit", "anchors", "--mail", **keeper).out


def test_a_key_is_rotated_by_an_anchor_and_the_old_file_is_put_aside(ministry: Shell, key: dict[str, str]) -> None:
    before = Path(key["SANGKAN_ANCHOR_KEY"]).read_bytes()
    done = ministry.run("audit", "rotate-key", **key)
    assert "anchor 2 is the last one of the old key" in done.out, done.err
    kept = sorted(file.name for file in (ministry.folder / "keys").iterdir())
    assert kept == ["anchor.pem", "anchor.until-2"]
    assert (ministry.folder / "keys" / "anchor.until-2").read_bytes() == before
    asyncio.run(stop_run(ministry, "case-3"))
    assert "Anchor 3 covers 3 cases" in ministry.run("audit", "anchor", **key).out
    done = ministry.run("audit", "verify")
    assert (done.code, "was not compared: none is here" in done.out) == (0, True)
    done = ministry.run("audit", "verify", **key)
    assert (done.code, "compared" in done.out, "not here" in done.out) == (0, False, False)


def test_anchors_of_another_key_are_reported_and_a_key_that_is_put_away_is_missed(
    ministry: Shell, key: dict[str, str]
) -> None:
    other = {"SANGKAN_ANCHOR_KEY": str(ministry.folder / "other" / "anchor.pem")}
    done = ministry.run("audit", "verify", **other)
    assert (done.code, "There is no anchor key in" in done.out, "was not compared" in done.out) == (0, True, True)
    assert ministry.run("audit", "make-key", **other).code == 0
    done = ministry.run("audit", "verify", **other)
    assert (done.code, "Anchor 3: it is signed with no key that is held here" in done.out) == (3, True)
    kept = ministry.folder / "keys" / "anchor.until-2"
    put_away = kept.rename(ministry.folder / kept.name)
    done = ministry.run("audit", "verify", **key)
    assert (done.code, "Anchors up to 2 are signed with a key that is not here" in done.out) == (0, True)
    put_away.rename(kept)


def test_an_export_without_cases_names_its_own_options_and_writes_nothing_of_an_empty_year(ministry: Shell) -> None:
    done = ministry.run("audit", "export")
    refused(done, "--fiscal-year", "ปีงบประมาณ", code=2)
    assert "--until" not in done.err
    for command in ("export", "xes"):
        refused(ministry.run("audit", command, "--fiscal-year", "2499", "--to", "empty"), "No case", "ไม่มีเรื่องที่เปิดในปี")
    assert not (ministry.folder / "empty").exists()


def test_a_case_before_it_was_opened_has_nothing_to_replay(ministry: Shell) -> None:
    for year in ("2000", "2543"):
        done = ministry.run("audit", "replay", "case-1", "--until", f"{year}-01-01")
        assert done.code == 0, done.err
        assert "1 มกราคม 2543" in done.out
        assert "Nothing had happened by 2000-01-01T00:00:00+07:00" in done.out
        assert "Replayed" not in done.out


def test_a_replay_shows_everything_at_any_width(ministry: Shell) -> None:
    key = "a-step-whose-name-no-column-of-eighty-holds-[in]-one-line"
    asyncio.run(note_a_step(ministry, "case-1", key))
    for columns in ({"COLUMNS": "80"}, {}):
        shown = ministry.run("audit", "replay", "case-1", **columns).out
        steps = [line.split("│") for line in shown.splitlines() if line.startswith("│")]
        assert "".join(cells[4].strip() for cells in steps) == key


def test_what_differs_from_the_history_is_told_in_sentences(ministry: Shell) -> None:
    by_hand(ministry, "UPDATE cases SET opened_at = '2001-02-03 04:05:06.000000' WHERE id = 'case-1'")
    checked = ministry.run("audit", "restore-check")
    refused(checked, "findings", "รายการ", code=3)
    assert "ตาราง cases รายการ «case-1»: opened_at เป็น 2001-02-03T04:05:06" in checked.out
    assert "Table cases, row «case-1»: opened_at is 2001-02-03T04:05:06" in checked.out
    replayed = ministry.run("audit", "replay", "case-1")
    assert "cases «case-1» opened_at: the ledger holds 2001-02-03T04:05:06" in replayed.out
    assert "cases «case-1» opened_at: บันทึกไว้ว่า 2001-02-03T04:05:06" in replayed.out
    for told in (checked.out, replayed.out):
        assert not re.search(r"datetime\.|ActorKind|\w+=['(<]", told)


def test_damage_is_told_in_both_languages_with_exit_code_3(ministry: Shell) -> None:
    by_hand(ministry, "UPDATE events SET payload = '{}' WHERE case_id = 'case-2' AND seq = 2")
    done = ministry.run("audit", "verify")
    assert done.code == 3
    assert "ห่วงโซ่หลักฐานของเรื่อง «case-2» ขาดที่ลำดับ 2: มีการแก้ไขข้อมูลหลังการบันทึก เกิดขึ้นหลังหมุดหลักฐานที่ 1" in done.out
    assert "«case-2» breaks at event 2: a field was changed after it was written; after anchor 1" in done.out
    assert ministry.run("audit", "verify", "case-1", "case-3").code == 0
    assert ministry.run("audit", "verify", "case-2").code == 3


def test_a_case_that_an_anchor_made_by_hand_refuses_is_told_as_well(ministry: Shell, key: dict[str, str]) -> None:
    by_hand(ministry, "UPDATE cases SET head_hash = ? WHERE id = 'case-3'", "0" * 64)
    assert "case-3" in ministry.run("audit", "anchor", **key).out
    assert by_hand(ministry, "SELECT officer FROM mails WHERE once LIKE 'refused:4:case-3:%'")


def test_a_history_that_cannot_be_read_is_named_and_not_replayed(ministry: Shell) -> None:
    by_hand(ministry, "UPDATE events SET actor = 'x' WHERE case_id = 'case-1' AND seq = 2")
    for asked in ("case-1", "--all"):
        done = ministry.run("audit", "replay", asked)
        refused(done, "cases are not what today's code makes", "เรื่องที่ผลการดำเนินซ้ำไม่ตรง", code=3)
        assert "Event 2 (" in done.out
        assert "of case «case-1» cannot be read: its actor" in done.out


def test_what_was_spoiled_is_exported_named_and_ends_with_exit_code_3(ministry: Shell) -> None:
    asyncio.run(stop_run(ministry, "case-7", "case-8"))
    by_hand(ministry, "UPDATE events SET payload = '{{' WHERE case_id = 'case-7' AND seq = 2")
    by_hand(ministry, "DELETE FROM events WHERE case_id = 'case-8'")
    (year,) = by_hand(ministry, "SELECT fiscal_year_be FROM cases WHERE id = 'case-7'")
    for asked in (("case-7",), ("case-8",), ("--fiscal-year", str(year[0]))):
        file = ministry.folder / "spoiled.zip"
        done = ministry.run("audit", "export", *asked, "--to", str(file))
        refused(done, "spoiled.zip is written, and the ledger is not what it should be", "เขียนแฟ้ม", code=3)
        if "case-8" not in asked:
            assert "Event 2 (run:fail) of case «case-7» cannot be read: its payload" in done.out
            assert "อ่านลำดับ 2 (run:fail) ของเรื่อง «case-7» ไม่ได้" in done.out
            assert "The hash chain of case «case-7» breaks at event 2" in done.out
        if "case-7" not in asked:
            assert "Case «case-8» has no history left, though its row says that it had 2 events" in done.out
            assert "เรื่อง «case-8» ไม่มีประวัติเหลืออยู่" in done.out
        assert file.exists()
        file.unlink()
    log = ministry.folder / "spoiled.xes"
    done = ministry.run("audit", "xes", "--to", str(log))
    refused(done, "spoiled.xes is written", code=3)
    assert "Event 2 (run:fail) of case «case-7» cannot be read: its payload" in done.out
    assert log.exists()
    refused(ministry.run("audit", "xes", "case-8"), "Case «case-8» has no history left", "«case-8»", code=3)


def test_an_old_history_without_anchors_is_anchored_when_somebody_says_that_there_were_none(
    ministry: Shell, key: dict[str, str]
) -> None:
    for table in ("anchor_nodes", "anchor_leaves", "anchors"):
        by_hand(ministry, f"DELETE FROM {table}")
    by_hand(ministry, "UPDATE events SET at = '2018-04-20 05:00:00.000000' WHERE case_id = 'case-1' AND seq = 1")
    refused(ministry.run("audit", "anchor", **key), "the history begins at 2018-04-20 05:00 UTC", "ไม่มีหมุดหลักฐาน")
    assert "and no anchor" in ministry.run("audit", "verify", **key).out
    assert "Anchor 1 covers" in ministry.run("audit", "anchor", "--first", **key).out
    assert "the history begins at 2018-04-20 05:00 UTC" in ministry.run("audit", "verify", **key).out


def test_a_ledger_in_a_file_needs_no_role_and_says_so(ministry: Shell) -> None:
    refused(ministry.run("audit", "role"), "open it read-only as it is", "SQLite")


def test_an_actor_that_differs_is_told_as_it_is_recorded() -> None:
    told = short(Actor(kind=ActorKind.OFFICER, officer="suda", name="สุดา"))
    assert '"kind": "officer"' in told
    assert "ActorKind" not in told


def test_a_file_that_cannot_be_written_is_named_as_it_was_asked_for(ministry: Shell) -> None:
    file = ministry.folder / "no-folder" / "asked-for"
    for command in (("export", "case-1", "--to"), ("xes", "case-1", "--to"), ("anchors", "--print")):
        done = ministry.run("audit", *command, str(file))
        refused(done, f"{file} cannot be written: No such file", f"เขียนแฟ้ม {file} ไม่ได้")
        assert ".part" not in done.err


@pytest.mark.parametrize(
    ("said", "sentences"),
    [
        ("unable to open database file", ("เปิดฐานข้อมูลไม่ได้", "cannot be opened")),
        ("file is not a database", ("ไม่ใช่ฐานข้อมูล", "is not a database")),
        ("database is locked", ("มีโปรแกรมอื่นถือฐานข้อมูลอยู่",)),
    ],
)
def test_a_database_that_cannot_be_used_is_told_in_sentences(said: str, sentences: tuple[str, ...]) -> None:
    told = str(of_database(said))
    for sentence in sentences:
        assert sentence in told


@pytest.mark.parametrize("more", [(), ("--until", "2000-01-01"), ("--until", "2030-01-01")])
def test_a_case_whose_history_was_deleted_is_told_of_and_not_the_same(ministry: Shell, more: tuple[str, ...]) -> None:
    by_hand(ministry, "DELETE FROM events WHERE case_id = 'case-1'")
    done = ministry.run("audit", "replay", "case-1", *more)
    refused(done, "1 cases are not", "มี 1 เรื่อง", code=3)
    assert "Case «case-1» has no history left" in done.out
    assert "เรื่อง «case-1» ไม่มีประวัติเหลืออยู่" in done.out


def test_a_case_that_a_command_shows_or_writes_down_was_read(ministry: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SUDO_USER", "suda")
    noted = "SELECT what, case_id FROM readings WHERE officer = 'command-line:suda' ORDER BY id"
    ministry.run("audit", "replay", "case-3")
    ministry.run("audit", "export", "case-2", "case-3", "--to", str(ministry.folder / "read.zip"))
    ministry.run("audit", "xes", "case-3", "--to", str(ministry.folder / "read.xes"))
    ministry.run("audit", "replay", "--all")  # shows none of them
    assert by_hand(ministry, noted) == [
        ("replay", "case-3"), ("export", "case-2"), ("export", "case-3"), ("export", "case-3"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    "spoils", ["UPDATE events SET payload = '{}'", "UPDATE events SET payload = '[1]'", "DELETE FROM events"]
)
def test_a_history_without_its_beginning_is_told_of_and_not_traced(ministry: Shell, spoils: str) -> None:
    by_hand(ministry, f"{spoils} WHERE case_id = 'case-2' AND seq = 1")
    for more in ((), ("--until", "2030-01-01")):
        done = ministry.run("audit", "replay", "case-2", *more)
        refused(done, "1 cases are not", "มี 1 เรื่อง", code=3)
        assert "case-2" in done.out
        assert "Traceback" not in done.err
