"""The auditor's page of a case: where its tokens stood at any event, who was told, times, and the replay."""

from __future__ import annotations

import json
import re
from typing import Any

import httpx
import pytest
import pytest_asyncio
from sqlalchemy import event, func, select, text

from audit.approved import approvals
from audit.differences import Difference
from audit.knowledge import SAID_TH
from ledger import readings, tables
from ledger.work import Ledger
from portal import audit_case, audit_replay
from portal.audit_diagram_texts import KINDS_EN
from portal.audit_differences import DifferenceWording
from portal.audit_wording import AuditWording
from portal.wording import Wording
from tests.conftest import ClockThatIsSet
from tests.portal import audit_scene, scene
from tests.portal.audit_scene import CASE, WEEK
from tests.portal.conftest import Browsers

AT = f"/audit/cases/{CASE}"


@pytest_asyncio.fixture
async def auditor(ledger: Ledger, clock: ClockThatIsSet, come: Browsers) -> httpx.AsyncClient:
    await audit_scene.played(ledger, clock)
    return await come(scene.AUDITOR)


def part(page: httpx.Response) -> dict[str, Any]:
    """What the slider is given with the page."""
    found = re.search(r"<script type=\"application/json\" data-part>(.*?)</script>", page.text, re.DOTALL)
    assert found
    read: dict[str, Any] = json.loads(found[1])
    return read


async def read_of(ledger: Ledger) -> list[tuple[str, str, int]]:
    async with ledger.read() as connection:
        return [(r.case_id, r.what, r.head_seq) for r in await readings.latest(connection, limit=9)]


@pytest.mark.parametrize("path", [AT, f"{AT}/steps?seq=1", f"/audit/models/{approvals()[0].sha256}.bpmn"])
async def test_only_auditors_see_it(come: Browsers, path: str) -> None:
    assert (await (await come(scene.SECRETARIAT)).get(path)).status_code == 403
    assert (await (await come()).get(path)).status_code == 303


async def test_the_page_shows_the_model_the_tokens_and_how_the_case_conforms(auditor: httpx.AsyncClient) -> None:
    page = (await auditor.get(AT)).text
    approval = next(each for each in approvals() if each.process == "directive-lifecycle")
    assert f'data-model="/audit/models/{approval.sha256}.bpmn"' in page
    assert "เป็นไปตามแบบจำลองที่อนุมัติ" in page
    assert row(page, "completion") == ["รายงานระดับแล้วเสร็จ (จากรอบสัปดาห์)", "ระบบ", "● 1", "–", "–", "–"]
    assert row(page, "accept") == ["รับมอบหมาย", "สำนัก/กอง", "–", "–", "✓ 1", "–"]
    assert 'data-element="grant_user" class="unreached"' in page


def row(page: str, element: str) -> list[str]:
    """The cells of an element's row."""
    found = re.search(rf'<tr data-element="{element}".*?</tr>', page, re.DOTALL)
    assert found
    return [re.sub("<[^>]*>", "", cell).strip() for cell in re.findall(r"<t[hd][ >].*?</t[hd]>", found[0], re.DOTALL)]


async def test_every_moment_has_an_address_and_says_who_was_told(auditor: httpx.AsyncClient) -> None:
    page = await auditor.get(f"{AT}?seq=3")
    assert row(page.text, "receive")[2:] == ["● 1", "–", "–", "–"]
    assert row(page.text, "accept")[2:] == ["–", "–", "–", "–"]
    told = part(page)["steps"][2]
    assert (told["said"], told["step"], told["told"]) == (
        "ส่งงาน",
        "รับทราบข้อสั่งการ",
        ["กลุ่มงานแผนและงบประมาณ (กรม (ตัวอย่าง))"],
    )
    assert told["waits"]["until"]
    assert told["waits"]["due"] > told["at"]
    submitted = part(page)["steps"][3]
    assert (submitted["ended"], submitted["waits"], submitted["open"]) == (["receive"], None, 0)


async def test_a_week_tells_which_directive_waits_for_which_unit_since_when(auditor: httpx.AsyncClient) -> None:
    page = (await auditor.get(f"/audit/cases/{WEEK}")).text
    waits = re.findall(r'<li class="waits.*?</li>', page, re.DOTALL)
    said = [re.sub(r"<[^>]*>", "", each) for each in waits]
    (report,) = [each for each in said if "รายงานผล" in each]
    assert CASE in report
    assert "23 เม.ย. 2561 23.00 น." in report
    times = re.sub(r"<[^>]*>", "|", page)
    assert "3 วัน" in times
    assert "5 ชม." in times


@pytest.mark.parametrize(
    ("kind", "key", "content", "said", "about", "told"),
    [
        ("document:add", "x", {"name": "หนังสือ.pdf", "sha256": "0" * 64}, "เพิ่มเอกสาร", "หนังสือ.pdf", []),
        ("case:phase", "", {"phase": "frozen", "facts": None}, "เข้าสู่ขั้น", "ตรึงข้อมูลแล้ว", []),
        ("case:phase", "", {"phase": "", "facts": None}, "ปรับปรุงข้อมูลของเรื่อง", "", []),
        ("case:record", "letter", {}, "บันทึกจากที่อื่น", "letter", []),
        ("case:record", "calendar_move", {}, "เลื่อนกำหนดในปฏิทินของปี", "", []),
        ("mail:send", "m", {"to": "a@b.example", "officer": scene.AUDITOR, "message": "reminder"}, "อีเมลออก", "แจ้งเตือน",
         [next(each.name for each in scene.sample_ministry().officers if each.id == scene.AUDITOR)]),
        ("mail:fail", "m", {"to": "a@b.example", "officer": "gone.1", "message": "task", "reason": "ไม่มีตู้จดหมาย"},
         "อีเมลส่งไม่ได้", "มอบงาน · ไม่มีตู้จดหมาย", ["a@b.example"]),
        ("call:start", "x", {"child": "circular-1"}, "เรียกกระบวนงานย่อย", "circular-1", []),
        ("case:cancel", "", {"reason": "สั่งการซ้ำ"}, "ยกเลิกเรื่อง", "สั่งการซ้ำ", []),
    ],
)  # fmt: skip
async def test_the_table_says_what_each_event_is_about(
    auditor: httpx.AsyncClient, ledger: Ledger, kind: str, key: str, content: dict[str, Any], said: str, about: str,
    told: list[str],
) -> None:  # fmt: skip
    async with ledger.begin() as work:
        await work.lock(CASE)
        work.append(CASE, kind, key, scene.FLOW, content)
        await work.commit()
    page = await auditor.get(AT)
    step = part(page)["steps"][-1]
    assert (step["said"], step["about"], step["told"]) == (said, about, told)
    assert about in page.text.rpartition("<tbody>")[2]


async def test_a_race_that_has_no_thai_name_is_not_called_in_english(
    auditor: httpx.AsyncClient, ledger: Ledger
) -> None:
    async with ledger.begin() as work:
        await work.lock(WEEK)
        work.append(WEEK, "gate:decide", "reviewed_or_morning", scene.FLOW, {"branch": "", "winners": ["review"]})
        await work.commit()
    assert part(await auditor.get(f"/audit/cases/{WEEK}"))["steps"][-1]["step"] == ""
    await auditor.get("/language/en?next=/")
    assert part(await auditor.get(f"/audit/cases/{WEEK}"))["steps"][-1]["step"] == "Reviewed or morning"


async def test_the_slider_reads_a_part_that_is_complete_in_itself(
    auditor: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = part(await auditor.get(f"/audit/cases/{WEEK}"))
    monkeypatch.setattr("portal.audit_diagram.EVENTS_AT_ONCE", 4)
    monkeypatch.setattr(audit_case, "EVENTS_AT_ONCE", 4)
    read = [(await auditor.get(f"/audit/cases/{WEEK}/steps?seq={seq}")).json() for seq in (4, 5, 9)]
    assert [each["first"] for each in read] == [1, 5, 9]
    for each in read:
        assert each["steps"] == whole["steps"][each["first"] - 1 : each["first"] + 3]
        # Together, the changes before it make the counts at its beginning.
        before: dict[str, list[int]] = {}
        for step in whole["steps"][: each["first"] - 1]:
            before |= step["changed"]
        assert each["counts"] == before


async def test_of_what_waits_the_first_are_shown_and_the_others_counted(
    auditor: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("portal.audit_diagram.WAITING_SHOWN", 1)
    page = await auditor.get(f"/audit/cases/{WEEK}")
    assert page.text.count('<li class="waits') == 1
    assert "รายงานผล" in page.text.partition('<li class="waits')[2].partition("</li>")[0]  # what has a deadline first
    steps = part(page)["steps"]
    assert f"และอีก {steps[-1]['inAll'] - 1} รายการ" in page.text
    assert steps[-1]["inAll"] > 1


async def test_only_the_events_of_the_case_are_read(auditor: httpx.AsyncClient, ledger: Ledger) -> None:
    """Another case with a hundred times as many events makes no statement longer: each names its case."""
    asked: list[str] = []
    engine = auditor._transport.app.state.portal.audit_ledger.engine.sync_engine  # type: ignore[attr-defined]
    event.listen(engine, "before_cursor_execute", lambda _c, _k, statement, *_: asked.append(statement))
    await auditor.get(AT)
    of_events = [each for each in asked if "FROM events" in each or "JOIN events" in each]
    assert len(of_events) >= 3
    of_one = ("case_id = ?", "cases.id = ?")  # the latter of the page that verifies
    assert [each for each in of_events if not any(named in each for named in of_one)] == []
    assert len([each for each in asked if each.startswith(("SELECT", "WITH"))]) <= 20


async def test_each_reading_is_recorded_with_what_was_read(auditor: httpx.AsyncClient, ledger: Ledger) -> None:
    async with ledger.read() as connection:
        head = await connection.scalar(select(tables.cases.c.head_seq).where(tables.cases.c.id == CASE))
    assert head is not None
    await auditor.get(AT)
    await auditor.get(f"{AT}?seq=2")
    await auditor.get(f"{AT}/steps?seq=2")
    await scene.send(auditor, f"{AT}/replay", {})
    assert await read_of(ledger) == [(CASE, "replay", head)] * 3 + [(CASE, "audit", head)]


async def test_what_does_not_exist_is_not_found(auditor: httpx.AsyncClient) -> None:
    for path in ("/audit/cases/nowhere", "/audit/cases/nowhere/steps", f"/audit/models/{'0' * 64}.bpmn"):
        assert (await auditor.get(path)).status_code == 404
    assert (await scene.send(auditor, "/audit/cases/nowhere/replay", {})).status_code == 404


async def test_a_model_is_given_byte_for_byte_and_for_ever(auditor: httpx.AsyncClient) -> None:
    for approval in approvals():
        answer = await auditor.get(f"/audit/models/{approval.sha256}.bpmn")
        assert answer.content == approval.path.read_bytes()
        assert "immutable" in answer.headers["cache-control"]


async def test_a_case_without_a_model_shows_its_history_all_the_same(
    auditor: httpx.AsyncClient, ledger: Ledger
) -> None:
    await scene.opened(ledger)  # of a process that no model is kept of
    await scene.handed_off(ledger, scene.directive_order("receive"))
    page = (await auditor.get(f"/audit/cases/{scene.DIRECTIVE}")).text
    assert "ไม่มีแบบจำลองที่อนุมัติเก็บไว้" in page
    assert "bpmn-navigated-viewer" not in page
    assert "ส่งงาน" in page
    assert "ยังไม่ได้เทียบกับแบบจำลอง" in page


async def test_a_case_that_departs_says_where_and_leads_there(auditor: httpx.AsyncClient, ledger: Ledger) -> None:
    deviation = {
        "seq": 3, "at": "2018-04-20T11:00:00Z", "kind": "hand_off:open", "key": "receive", "element": "receive",
        "element_th": "รับทราบ ข้อสั่งการ", "why": "not_now", "expected": [{"element": "assign", "th": "มอบหมาย"}],
        "actor": {"kind": "system", "name": "ระบบ", "through": "flow"},
    }  # fmt: skip
    async with ledger.engine.begin() as connection:
        found = json.dumps(deviation, ensure_ascii=False)
        await connection.execute(text("UPDATE conformances SET deviation = :d, head_seq = 3"), {"d": found})
    page = (await auditor.get(AT)).text
    assert "ไม่เป็นไปตามแบบจำลองที่อนุมัติ" in page
    assert f'<a href="{AT}?seq=3#moment">' in page
    assert 'data-deviation="receive"' in page
    assert "บันทึกข้อตรวจพบ" in page.partition('<section id="moment"')[0]  # right beside it
    assert "ยังไม่ได้เทียบ" in page  # events that have come since


@pytest.mark.parametrize("spoilt", ["{not json", "[]", '{"due_at":"soon","unit":7}'])
async def test_a_history_that_somebody_has_spoiled_can_be_looked_at(
    auditor: httpx.AsyncClient, ledger: Ledger, spoilt: str
) -> None:
    async with ledger.engine.begin() as connection:
        spoil = text("UPDATE events SET payload = :p WHERE case_id = :c AND seq = :n")
        await connection.execute(spoil, {"p": spoilt, "c": CASE, "n": 3})
        await connection.execute(text("UPDATE events SET actor = 'x' WHERE case_id = :c AND seq = 4"), {"c": CASE})
    page = await auditor.get(f"{AT}?seq=4")
    assert page.status_code == 200
    assert [step["by"] for step in part(page)["steps"][2:4]][1] == "–"
    assert "โปรดใช้คำสั่ง sangkan audit verify" in page.text
    replayed = await scene.send(auditor, f"{AT}/replay", {})
    assert (replayed.status_code, "จึงเล่นซ้ำไม่ได้" in replayed.text) == (422, True)
    async with ledger.engine.begin() as connection:
        await connection.execute(spoil, {"p": spoilt, "c": CASE, "n": 1})
    assert "อ่านไม่ได้ว่าเรื่องนี้ใช้แบบจำลองฉบับใด" in (await auditor.get(AT)).text


@pytest.mark.parametrize("gone", [range(1, 99), range(1, 2), range(3, 4), range(6, 99)], ids=str)
async def test_a_history_that_somebody_has_taken_away_can_be_looked_at(
    auditor: httpx.AsyncClient, ledger: Ledger, gone: range
) -> None:
    whole = part(await auditor.get(AT))["steps"]
    async with ledger.engine.begin() as connection:
        take = text("DELETE FROM events WHERE case_id = :c AND seq BETWEEN :first AND :last")
        await connection.execute(take, {"c": CASE, "first": gone.start, "last": gone.stop - 1})
    for seq in (1, 3, len(whole)):
        page = await auditor.get(f"{AT}?seq={seq}")
        assert page.status_code == 200
        told = part(page)["steps"]
        assert [each["seq"] for each in told] == [each["seq"] for each in whole]
        assert (await auditor.get(f"{AT}/steps?seq={seq}")).json()["steps"] == told
        away = [each["seq"] for each in told if each["said"].startswith("ไม่มีเหตุการณ์นี้แล้ว")]
        assert away == [n for n in range(1, len(whole) + 1) if n in gone]
    for path in (f"/cases/{CASE}", f"{AT}/findings"):
        assert (await auditor.get(path)).status_code == 200
    signed = {"judgement": "refer", "remark": "ประวัติถูกลบ", "about": "case", "seen": str(len(whole))}
    assert (await scene.send(auditor, f"{AT}/findings", signed, seen=f"{AT}/findings")).status_code == 303


@pytest.mark.parametrize(
    "spoil", ["payload = '{{'", "payload = '[]'", "actor = 'nobody'", "kind = 'hand_off:submit', payload = '{}'"]
)
async def test_the_officers_page_shows_the_rest_of_a_history_that_was_spoiled(
    auditor: httpx.AsyncClient, ledger: Ledger, spoil: str
) -> None:
    async with ledger.engine.begin() as connection:
        await connection.execute(text(f"UPDATE events SET {spoil} WHERE case_id = :c AND seq = 4"), {"c": CASE})
    page = await auditor.get(f"/cases/{CASE}")
    assert page.status_code == 200
    (entry,) = re.findall(r'<li class="entry[^>]* id="event-4">.*?</li>', page.text, re.DOTALL)
    assert "ข้อมูลถูกแก้ไข อ่านไม่ได้" in entry
    assert page.text.count("ข้อมูลถูกแก้ไข อ่านไม่ได้") == 1
    assert 'id="event-3"' in page.text


async def test_a_weekly_report_that_was_spoiled_leaves_the_others(auditor: httpx.AsyncClient, ledger: Ledger) -> None:
    async with ledger.begin() as work:
        await work.lock(CASE)
        work.append(CASE, "case:record", "weekly_report", scene.FLOW, {"week": "x"})
        await work.commit()
    page = await auditor.get(f"/cases/{CASE}")
    assert (page.status_code, "ข้อมูลถูกแก้ไข อ่านไม่ได้" in page.text) == (200, True)


# --- replay ------------------------------------------------------------------------------------------------


async def test_a_replay_compares_and_writes_nothing_but_that_it_was_read(
    auditor: httpx.AsyncClient, ledger: Ledger
) -> None:
    before = await _rows(ledger)
    page = await scene.send(auditor, f"/audit/cases/{WEEK}/replay", {})
    assert "ตรงกันทั้งหมด" in page.text
    assert await _rows(ledger) == before | {"readings": before["readings"] + 1}


async def _rows(ledger: Ledger) -> dict[str, int]:
    async with ledger.read() as connection:
        return {
            table.name: await connection.scalar(select(func.count()).select_from(table)) or 0
            for table in tables.metadata.sorted_tables if table.name != "security_events"
        }  # fmt: skip


async def test_a_replay_shows_what_was_touched(auditor: httpx.AsyncClient, ledger: Ledger) -> None:
    async with ledger.engine.begin() as connection:
        spoil = (
            "UPDATE hand_offs SET due_at = '2018-05-01 00:00:00.000000' WHERE case_id = :case AND element = 'assign'"
        )
        await connection.execute(text(spoil), {"case": CASE})
    page = (await scene.send(auditor, f"{AT}/replay", {})).text
    assert "พบความแตกต่าง 1 รายการ" in page
    assert "ทะเบียนงาน" in page
    assert "กำหนดเวลา" in page
    assert "1 พ.ค. 2561 07.00 น." in page
    (line,) = [each for each in re.findall(r"<tr>.*?</tr>", page, re.DOTALL) if "ทะเบียนงาน" in each]
    assert re.search(r'href="[^"]+[?]seq=\d+#moment"', line)
    assert "«มอบหมาย" in line


async def test_rows_of_tables_are_told_of_by_the_names_of_steps_phases_and_states(
    auditor: httpx.AsyncClient, ledger: Ledger
) -> None:
    async with ledger.engine.begin() as connection:
        for spoil in (
            "UPDATE cases SET phase = 'completed', state = 'cancelled' WHERE id = :case",
            "UPDATE waits SET state = 'open' WHERE case_id = :case AND key = 'completion'",
        ):
            await connection.execute(text(spoil), {"case": CASE})
    page = (await scene.send(auditor, f"{AT}/replay", {})).text
    for said in ("ขั้นของเรื่อง", "แล้วเสร็จ", "รายงานทุกสัปดาห์", "ยกเลิก", "กำลังดำเนินการ"):
        assert said in page
    for raw in (">phase<", ">reporting<", ">cancelled<"):
        assert raw not in page


async def test_a_replay_names_who_acted_and_where_as_people_do(auditor: httpx.AsyncClient, ledger: Ledger) -> None:
    async with ledger.engine.begin() as connection:
        where = "WHERE case_id = :c AND kind = 'hand_off:submit' AND seq = 4"
        spoil = f'UPDATE events SET actor = replace(actor, \'"name":"\', \'"name":"นาย\') {where}'
        assert (await connection.execute(text(spoil), {"c": CASE})).rowcount == 1
    page = (await scene.send(auditor, f"{AT}/replay", {})).text
    (line,) = [each for each in re.findall(r"<tr>.*?</tr>", page, re.DOTALL) if "ผู้กระทำ" in each]
    assert "ส่งแบบ" in line
    assert "«รับทราบข้อสั่งการ»" in line
    assert "กลุ่มงานแผนและงบประมาณ" in line
    assert "ActorKind" not in page


def test_what_a_name_or_a_minute_would_hide_is_shown_as_it_is_stored() -> None:
    w = DifferenceWording("", Wording("th"), AuditWording("th"), lambda unit: f"กอง {unit}")
    times = ("2018-04-20T11:00:00.000000+00:00", "2018-04-20T11:00:00.000001+00:00")
    line = w.line(Difference(seq=1, where="waits", key="k", field="at", held=times[0], made=times[1]))
    assert (line["held"], line["made"]) == times
    line = w.line(Difference(seq=1, where="hand_offs", key="k", field="unit", held="a", made=None))
    assert (line["where"], line["field"], line["held"], line["made"]) == ("ทะเบียนงาน", "หน่วยงาน", "กอง a", "ไม่มี")
    for held in ("ก" * 200 + "ลับ", b"x" * 200 + b"secret", None):
        line = w.line(Difference(seq=1, where="mail:task", key="k", field="context", held=held, made="ก" * 200))
        assert line["held"] != line["made"]
        assert len(str(line["held"])) <= 12
    line = w.line(Difference(seq=1, where="strange", key="k", field="strange", held=[1], made="soon"))
    assert (line["where"], line["field"], line["held"], line["made"]) == ("strange", "strange", "[1]", "soon")


async def test_of_a_mail_that_was_touched_its_words_are_not_shown(auditor: httpx.AsyncClient, ledger: Ledger) -> None:
    async with ledger.engine.begin() as connection:
        spoil = """UPDATE mails SET context = replace(context, '"title":"', '"title":"ความลับ') WHERE case_id = :case"""
        assert (await connection.execute(text(spoil), {"case": CASE})).rowcount > 0
    page = (await scene.send(auditor, f"{AT}/replay", {})).text
    assert "อีเมล มอบงาน" in page
    assert "ความลับ" not in page


async def test_a_replay_is_bounded_and_one_at_a_time(
    auditor: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with audit_replay._playing:
        busy = await scene.send(auditor, f"{AT}/replay", {})
    assert (busy.status_code, "โปรดลองอีกครั้ง" in busy.text) == (503, True)
    monkeypatch.setattr(audit_replay, "REPLAYED_AT_MOST", 5)
    long = await scene.send(auditor, f"{AT}/replay", {})
    assert (long.status_code, "sangkan audit replay" in long.text) == (422, True)


async def test_a_replay_needs_the_token_of_a_page_and_an_auditor(auditor: httpx.AsyncClient, come: Browsers) -> None:
    assert (await auditor.post(f"{AT}/replay", data={"csrf": "x"})).status_code == 403
    assert (await scene.send(await come(scene.SECRETARIAT), f"{AT}/replay", {})).status_code == 403


# --- words -------------------------------------------------------------------------------------------------


def test_every_kind_of_event_has_english_words() -> None:
    assert KINDS_EN.keys() == SAID_TH.keys()


@pytest.mark.parametrize(
    ("seconds", "said", "short"),
    [
        (0, "ไม่ถึงนาที", "<1 นาที"),
        (29, "ไม่ถึงนาที", "<1 นาที"),
        (90, "2 นาที", "2 นาที"),
        (3600, "1 ชม.", "1 ชม."),
        (5400, "1 ชม. 30 นาที", "2 ชม."),
        (86400, "1 วัน", "1.0 วัน"),
        (86400 + 59, "1 วัน", "1.0 วัน"),
        (3 * 86400 + 4 * 3600 + 1800, "3 วัน 4 ชม.", "3.2 วัน"),
        (3 * 86400 + 1800, "3 วัน", "3.0 วัน"),
        (1500 * 86400, "1,500 วัน", "1,500 วัน"),
    ],
)
def test_times_are_written_as_people_say_them(seconds: float, said: str, short: str) -> None:
    assert (AuditWording("th").span(seconds), AuditWording("th").short_span(seconds)) == (said, short)


async def test_the_page_speaks_english(auditor: httpx.AsyncClient) -> None:
    await auditor.get("/language/en?next=/")
    page = (await auditor.get(f"{AT}?seq=3")).text
    assert row(page, "receive")[0] == "Receive"
    assert "Keeps to the approved model" in page
    assert re.search(r'[>"]System[<"]', page)
    assert not re.search(r"System \(|ระบบ \(", page)
