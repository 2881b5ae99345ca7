"""The scene of the portal's tests: the sample ministry, a directive and a week, and officers who come in."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import httpx
from argon2 import PasswordHasher
from pydantic import SecretStr

from engine.runtime import Runtime
from engine.settings import Settings
from ledger import accounts, cases, hand_offs, organisations, reading
from ledger.cases import NewCase
from ledger.hand_offs import HandOffOrder, Submission, hand_off_id
from ledger.work import Ledger
from rules.calendar import Calendar
from rules.organisation_file import load_organisation
from rules.week import reporting_week
from schemas.actor import Actor, ActorKind, system
from schemas.directive import Level, Nature, ReportingMode
from schemas.form import FormContext
from schemas.organisation import Delegation, Organisation
from schemas.policy import Policy
from schemas.weekly import OpenDirective, ReportText, SnapshotRow, Timeliness
from tests.conftest import FRIDAY_NOON

FLOW = system("flow")
SAMPLE = Path(__file__).parents[2] / "deployments/ministries/sample.yaml"
PASSWORD = "ข้าวเหนียวมะม่วงสุก"
DIRECTIVE = "directive-2561-0007-dept"
WEEK = "week-2018-04-20"
CUT_OFF = datetime(2018, 4, 20, 9, 0, tzinfo=UTC)
"""ศุกร์ 20 เมษายน 2561 เวลา 16.00 น. (S0 line 12)."""

DIVISION, PLANNING, SECRETARIAT = "dept-div-a.1", "dept-plan.1", "ops-psd.1"
ADMINISTRATOR, AUDITOR, STRANGER = "ops-ict.admin", "ops-audit.1", "dept2-div-a.1"
MINISTER = "moj.minister"
ACTING = "dept-div-b.1"
"""Acts for division a under an order of delegation."""
ORDER = "คำสั่งกรม (ตัวอย่าง) ที่ 12/2561 ลงวันที่ 2 เมษายน 2561"

REPORT = {
    "level": "continuous",
    "goal": "เบิกจ่ายงบประมาณให้ได้ร้อยละ 96",
    "plan": "ประชุมติดตามทุกสัปดาห์",
    "result": "จัดประชุมชี้แจงแล้ว 4 ภาค",
    "output": "แผนการเบิกจ่ายรายหน่วย",
    "outcome": "ผู้แทน 76 จังหวัดเข้าใจแนวทาง",
    "impact": "ประชาชนได้รับบริการรวดเร็วขึ้น",
}


@cache
def password_hash() -> str:
    """One hash serves every officer of the tests; a cheap one, as verifying costs what hashing did."""
    return PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash(PASSWORD)


def settings(**changes: Any) -> Settings:
    told: dict[str, Any] = {
        "secret_key": SecretStr("the key of the portal's own tests, 32+"),
        "portal_url": "http://portal.test",
    }
    return Settings(_env_file=None, **(told | changes))


@cache
def sample_ministry() -> Organisation:
    return load_organisation(SAMPLE.read_text("utf-8"))


async def furnished(ledger: Ledger) -> None:
    """The sample ministry with one delegation, and a password for everybody who appears."""
    delegation = Delegation(
        officer=ACTING, unit="dept-div-a", instrument=ORDER,
        valid_from=datetime(2018, 4, 1, tzinfo=UTC), valid_to=datetime(2018, 4, 30, tzinfo=UTC),
    )  # fmt: skip
    organisation = sample_ministry().replace(delegations=(delegation,))
    async with ledger.begin() as work:
        await organisations.store(work, organisation, Policy(), actor=FLOW, reason="ข้อมูลตัวอย่าง")
        await accounts.create_accounts(work, {o.id: password_hash() for o in organisation.officers})
        await work.commit()


def directive_order(key: str, **changes: Any) -> HandOffOrder:
    told = HandOffOrder(
        key=key, element=key, branch="", unit="dept-plan", duty="officer", form="Receipt", title="รับทราบข้อสั่งการ",
        asked_by="ops-psd", subject=DIRECTIVE, urgency="urgent", due_at=CUT_OFF,
        context=FormContext(facts=(("เรื่อง", "เร่งรัดการใช้จ่ายงบประมาณ"), ("ผู้สั่งการ", "รัฐมนตรีว่าการกระทรวงยุติธรรม"))),
    )  # fmt: skip
    return told._replace(**changes)


def report_order(key: str = "report[dept]", **changes: Any) -> HandOffOrder:
    context = FormContext(
        facts=(("เรื่อง", "เร่งรัดการใช้จ่ายงบประมาณ"), ("ข้อสั่งการที่", "2561-0007")),
        prefill={name: REPORT[name] for name in ("goal", "plan")},
        limits={"previous_level": "continuous", "opens_on": "2018-04-13", "cut_off_on": "2018-04-20"},
    )
    told: dict[str, Any] = {
        "element": "report", "unit": "dept-div-a", "form": "WeeklyReport", "asked_by": "dept-plan",
        "title": "รายงานผลการดำเนินงานตามข้อสั่งการประจำสัปดาห์", "context": context,
    }  # fmt: skip
    return directive_order(key, **(told | changes))


DIRECTIVE_DATA: dict[str, Any] = {
    "directive": {
        "no": "2561-0007", "title": "เร่งรัดการใช้จ่ายงบประมาณ",
        "text": "ให้ทุกส่วนราชการเร่งรัดการใช้จ่ายงบประมาณให้เป็นไปตามเป้าหมาย",
        "source_meeting": "การประชุมผู้บริหารกระทรวง", "ordered_by": "รัฐมนตรีว่าการกระทรวงยุติธรรม",
        "ordered_on": "2018-04-09", "nature": "continuous", "urgency": "urgent",
    },
    "agency": "dept", "registered_at": "2018-04-09T03:00:00.000000+00:00", "rerouted_from": None,
}  # fmt: skip


async def opened(ledger: Ledger, case_id: str = DIRECTIVE, **changes: Any) -> str:
    told = NewCase(
        id=case_id, process="directive", version=1, title="เร่งรัดการใช้จ่ายงบประมาณ", data=DIRECTIVE_DATA,
        units=("dept", "dept-plan"),
    )  # fmt: skip
    async with ledger.begin() as work:
        await cases.open_case(work, replace(told, **changes), actor=officer_actor(SECRETARIAT, "ops-psd"))
        await work.commit()
    return case_id


async def handed_off(ledger: Ledger, order: HandOffOrder, *, case_id: str = DIRECTIVE) -> str:
    """Hand work off; gives its id."""
    async with ledger.begin() as work:
        await work.lock(case_id)
        hand_offs.open_hand_off(work, case_id, order, actor=FLOW)
        await work.commit()
    return hand_off_id(case_id, order.key)


# --- a ministry at work --------------------------------------------------------------------------------------


async def week_opened(ledger: Ledger) -> None:
    """The week of 14–20 April 2561, taking reports."""
    week = reporting_week(date(2018, 4, 20), calendar=Calendar(), policy=Policy().weekly)
    await opened(
        ledger, WEEK, process="weekly-cycle", title="รายงานข้อสั่งการ สัปดาห์วันที่ 12–20 เมษายน 2561", units=(),
        data={"week": week.model_dump(mode="json"), "previous": None},
    )  # fmt: skip


async def directive_in_week(ledger: Ledger, no: str, agency: str, title: str, *, mode: str = "division_keys") -> str:
    """A directive of an agency that is reported in the week, and its open report; gives the directive's case."""
    directive = DIRECTIVE_DATA["directive"] | {"no": no, "title": title}
    case_id, division = f"directive-{no}-{agency}", f"{agency}-div-a"
    await opened(
        ledger, case_id, title=f"ข้อสั่งการที่ {no} {title}", process="directive-lifecycle",
        data=DIRECTIVE_DATA | {"directive": directive, "agency": agency}, units=(agency, f"{agency}-plan", division),
    )  # fmt: skip
    line = OpenDirective(
        case=case_id, no=no, title=title, agency=agency, planning_unit=f"{agency}-plan", division=division,
        mode=ReportingMode(mode), ordered_on=date(2018, 4, 9), nature=Nature.CONTINUOUS, level=Level.CONTINUOUS,
    )  # fmt: skip
    async with ledger.begin() as work:
        facts = line.model_dump(mode="json")
        await cases.note_phase(work, case_id, phase="reporting", facts=facts, actor=FLOW)
        await work.commit()
    await handed_off(ledger, report_order(f"report[{case_id}]", unit=division, subject=case_id), case_id=WEEK)
    return case_id


async def submitted(ledger: Ledger, key: str, data: dict[str, Any], *, case_id: str = WEEK, by: str = DIVISION) -> None:
    """A form handed in, past the portal."""
    sent = Submission(
        hand_off=hand_off_id(case_id, key), case_id=case_id, data=data, actor=officer_actor(by, by.partition(".")[0])
    )
    async with ledger.begin() as work:
        (answer,) = await hand_offs.submit_all(work, [sent])
        assert not isinstance(answer, Exception), answer
        await work.commit()


async def judged(ledger: Ledger, case_id: str, decision: str, *, again: bool = False) -> None:
    """The planning unit has the report; with a decision it has answered, with `again` the division has it back."""
    agency = case_id.rpartition("-")[2]
    key = f"check[{case_id}]"
    order = directive_order(
        key, element="check", unit=f"{agency}-plan", form="ReportReview", title="ตรวจรายงานประจำสัปดาห์", subject=case_id
    )
    await handed_off(ledger, order, case_id=WEEK)
    if decision:
        await submitted(ledger, key, {"decision": decision, "comment": ""}, by=f"{agency}-plan.1")
    if again:
        order = report_order(f"report[{case_id}]#2", unit=f"{agency}-div-a", subject=case_id)
        await handed_off(ledger, order, case_id=WEEK)


async def week_recorded(ledger: Ledger, case_id: str, *, days: tuple[str, str] | None = None) -> None:
    """The week's report goes into the history of its directive; events of before say nothing of the week's days."""
    async with ledger.begin() as work:
        facts = (await reading.case(work.connection, case_id)).facts
        row = SnapshotRow(
            directive=OpenDirective.model_validate(facts), agency_th="กรม", division_th="กอง", level=Level.CONTINUOUS,
            timeliness=Timeliness.ON_TIME,
            report=ReportText(**REPORT), filed_at=FRIDAY_NOON, filed_by="เจ้าหน้าที่", reviewed=True,
        )  # fmt: skip
        said = {"week": WEEK, "friday": "2018-04-20", "row": row.model_dump(mode="json")}
        said |= {"days": days} if days else {}
        await cases.record(work, case_id, what="weekly_report", content=said, actor=FLOW)
        await work.commit()


async def ministry_at_work(ledger: Ledger) -> None:
    """A week in which every standing of a report is seen, and inboxes with work of every urgency."""
    await week_opened(ledger)
    reported = await directive_in_week(ledger, "2561-0007", "dept", "เร่งรัดการใช้จ่ายงบประมาณ")
    checking = await directive_in_week(ledger, "2561-0007", "dept2", "เร่งรัดการใช้จ่ายงบประมาณ")
    returned = await directive_in_week(ledger, "2561-0007", "oja", "เร่งรัดการใช้จ่ายงบประมาณ")
    await directive_in_week(ledger, "2561-0009", "dept", "จัดทำแผนปฏิรูปกระบวนการยุติธรรมระยะ 5 ปี")
    await directive_in_week(ledger, "2561-0009", "dept3", "จัดทำแผนปฏิรูปกระบวนการยุติธรรมระยะ 5 ปี")
    for case_id in (reported, checking, returned):
        await submitted(ledger, f"report[{case_id}]", REPORT)
    await judged(ledger, reported, "approve")
    await judged(ledger, checking, "")
    await judged(ledger, returned, "return", again=True)
    await opened(ledger)
    late = CUT_OFF - timedelta(days=3)
    await handed_off(ledger, directive_order("receive", due_at=late, urgency="most_urgent"))
    await handed_off(ledger, directive_order("assign", form="Assignment", title="มอบหมายสำนัก/กอง", context=CHOICES))
    later = CUT_OFF + timedelta(days=5)
    await handed_off(ledger, directive_order("check", form="PrintoutCheck", title="ตรวจเอกสารประกอบการประชุมผู้บริหาร",
                                             due_at=later, urgency="normal"))  # fmt: skip


CHOICES = FormContext(
    facts=(("เรื่อง", "เร่งรัดการใช้จ่ายงบประมาณ"),),
    choices={"divisions": (("dept-div-a", "กอง (ตัวอย่าง ก)"), ("dept-div-b", "กอง (ตัวอย่าง ข)"))},
)


def officer_actor(officer: str, unit: str) -> Actor:
    return Actor(kind=ActorKind.OFFICER, officer=officer, unit=unit, name="เจ้าหน้าที่", through="session")


# --- coming in ---------------------------------------------------------------------------------------------


def token_of(page: httpx.Response) -> str:
    """The token that the forms of a page carry."""
    found = re.search(r'name="csrf" value="([^"]+)"', page.text)
    assert found, page.text
    return found[1]


async def sign_in(browser: httpx.AsyncClient, officer: str, password: str = PASSWORD, **more: str) -> httpx.Response:
    page = await browser.get("/sign-in")
    said = {"csrf": token_of(page), "account": officer, "password": password, "next": "/"} | more
    return await browser.post("/sign-in", data=said)


async def send(browser: httpx.AsyncClient, path: str, data: Mapping[str, Any], *, seen: str = "/") -> httpx.Response:
    """Post a form with the token of a page that the browser has open."""
    token = token_of(await browser.get(seen))
    return await browser.post(path, data={"csrf": token, **data})


def runtime_over(ledger: Ledger, told: Settings) -> Runtime:
    return Runtime(told, ledger)
