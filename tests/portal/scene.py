"""The scene of the portal's tests: the sample ministry, a directive and a week, and officers who come in."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
from pydantic import SecretStr

from engine.runtime import Runtime
from engine.settings import Settings
from ledger import accounts, cases, hand_offs, organisations
from ledger.cases import NewCase
from ledger.hand_offs import HandOffOrder, hand_off_id
from ledger.work import Ledger
from portal.passwords import _hasher
from rules.organisation_file import load_organisation
from schemas.actor import Actor, ActorKind, system
from schemas.form import FormContext
from schemas.organisation import Delegation
from schemas.policy import Policy

FLOW = system("flow")
SAMPLE = Path(__file__).parents[2] / "deployments/ministries/sample.yaml"
PASSWORD = "ข้าวเหนียวมะม่วงสุก"
DIRECTIVE = "directive-2561-0007-dept"
WEEK = "week-2018-04-20"
CUT_OFF = datetime(2018, 4, 20, 9, 0, tzinfo=UTC)
"""ศุกร์ 20 เมษายน 2561 เวลา 16.00 น. (S0 line 12)."""

DIVISION, PLANNING, SECRETARIAT = "dept-div-a.1", "dept-plan.1", "ops-psd.1"
ADMINISTRATOR, AUDITOR, STRANGER = "ops-ict.admin", "ops-audit.1", "dept2-div-a.1"
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

_HASHES: dict[str, str] = {}


def password_hash() -> str:
    """Hashing is slow by design, and one hash serves every officer of the tests."""
    return _HASHES.setdefault(PASSWORD, _hasher.hash(PASSWORD))


def settings(folder: Path, **changes: Any) -> Settings:
    told: dict[str, Any] = {
        "secret_key": SecretStr("the key of the portal's own tests, 32+"),
        "portal_url": "http://portal.test",
    }
    return Settings(_env_file=None, **(told | changes))


async def furnished(ledger: Ledger) -> None:
    """The sample ministry with one delegation, and a password for everybody who appears."""
    organisation = load_organisation(SAMPLE.read_text("utf-8"))
    delegation = Delegation(
        officer=ACTING, unit="dept-div-a", instrument=ORDER,
        valid_from=datetime(2018, 4, 1, tzinfo=UTC), valid_to=datetime(2018, 4, 30, tzinfo=UTC),
    )  # fmt: skip
    organisation = organisation.replace(delegations=(delegation,))
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
    return replace(told, **changes)


def report_order(key: str = "report[dept]", **changes: Any) -> HandOffOrder:
    context = FormContext(
        facts=(("เรื่อง", "เร่งรัดการใช้จ่ายงบประมาณ"), ("ข้อสั่งการที่", "2561-0007")),
        prefill={name: REPORT[name] for name in ("goal", "plan")},
        limits={"previous_level": "continuous", "opens_on": "2018-04-13", "cut_off_on": "2018-04-20"},
    )
    return directive_order(
        key, element="report", unit="dept-div-a", form="WeeklyReport", asked_by="dept-plan",
        title="รายงานผลการดำเนินงานตามข้อสั่งการประจำสัปดาห์", context=context, **changes,
    )  # fmt: skip


DIRECTIVE_DATA = {
    "directive": {
        "no": "2561-0007", "title": "เร่งรัดการใช้จ่ายงบประมาณ", "text": "ให้ทุกส่วนราชการเร่งรัดการใช้จ่ายงบประมาณให้เป็นไปตามเป้าหมาย",
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
