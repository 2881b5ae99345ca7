"""The doors of a province's planning unit: the cascade of KPIs and the six measures."""

from __future__ import annotations

from engine.runtime import Runtime
from ledger import organisations
from ledger.work import Ledger
from schemas.policy import OfficePolicy, Policy
from tests.portal.conftest import Browsers
from tests.portal.scene import FLOW, PLANNING, SECRETARIAT, send

CASCADE = {
    "fiscal_year": "2561", "sar_6_due": "4 พ.ค. 61", "sar_9_due": "16 ก.ค. 61", "sar_12_due": "15 ต.ค. 61",
    "seminar_on": "29 มิ.ย. 61", "surveys_due": "31 ส.ค. 61", "control_due": "28 ก.ย. 61", "treasury": "dept-div-a",
    "statistics": "dept-div-b",
}  # fmt: skip
SIX_MEASURES = {
    "fiscal_year": "2561", "plan_due_on": "30 มิ.ย. 61", "energy_office": "dept-div-a", "no": "สค 0017.2/ว 1",
    "on": "11 เม.ย. 61", "urgency": "normal", "subject": "มาตรการ 6 เรื่อง", "text": "ตามที่ได้ประชุม นั้น",
}  # fmt: skip


async def test_the_door_of_the_cascade_stands_open_for_the_office_of_a_province_only(
    ledger: Ledger, runtime: Runtime, come: Browsers
) -> None:
    planning = await come(PLANNING)
    assert (await planning.get("/start/cascade")).status_code == 403
    async with ledger.begin() as work:
        policy = Policy(office=OfficePolicy(cascades_kpis=True))
        await organisations.store(work, runtime.directory.organisation, policy, actor=FLOW, reason="จังหวัด")
        await work.commit()
    assert (await (await come(SECRETARIAT)).get("/start/cascade")).status_code == 403
    assert 'href="/start/cascade"' in (await planning.get("/")).text
    sent = await send(planning, "/start/cascade", CASCADE)
    assert sent.headers["location"] == "/cases/cascade-2561-dept?done=started"
    assert "ถ่ายทอดตัวชี้วัดสู่ระดับบุคคล" in (await planning.get("/cases/cascade-2561-dept")).text
    again = await send(planning, "/start/cascade", CASCADE)
    assert again.headers["location"] == sent.headers["location"]
    other = await send(planning, "/start/cascade", {**CASCADE, "sar_9_due": "17 ก.ค. 61"})
    assert other.status_code == 409
    assert "17 ก.ค. 61" in other.text  # what was typed is not lost


async def test_a_province_begins_the_six_measures_once_and_criteria_come_to_its_case(
    ledger: Ledger, runtime: Runtime, come: Browsers
) -> None:
    planning, secretariat = await come(PLANNING), await come(SECRETARIAT)
    for browser, door in ((planning, "/start/six-measures"), (secretariat, "/start/criteria")):
        assert (await browser.get(door)).status_code == 403
        assert door not in (await browser.get("/")).text
    async with ledger.begin() as work:
        policy = Policy(office=OfficePolicy(six_measures=True))
        await organisations.store(work, runtime.directory.organisation, policy, actor=FLOW, reason="จังหวัด")
        await work.commit()
    assert 'href="/start/six-measures"' in (await planning.get("/")).text
    assert (await secretariat.get("/start/six-measures")).status_code == 403
    assert (await planning.get("/start/criteria")).status_code == 403
    criteria = {"reference": "นร 1200/ว 4", "on": "1 ก.พ. 61", "text": "หลักเกณฑ์"}
    nobody = await send(secretariat, "/start/criteria", criteria)  # nobody is at work yet
    assert nobody.headers["location"] == "/cases?process=efficiency-measures&done=started"
    begun = await send(planning, "/start/six-measures", SIX_MEASURES)
    assert begun.headers["location"] == "/cases/six-measures-2561-dept?done=started"
    again = await send(planning, "/start/six-measures", SIX_MEASURES | {"subject": "อีกครั้ง"})
    assert (again.status_code, "six-measures-2561-dept" in again.text) == (409, True)
    issued = await send(secretariat, "/start/criteria", criteria)
    assert issued.headers["location"] == "/cases?process=efficiency-measures&done=started"
    assert "ได้รับข้อความ หลักเกณฑ์ตามหนังสือ นร 1200/ว 4" in (await planning.get("/cases/six-measures-2561-dept")).text
    await planning.get("/language/en")
    page = (await planning.get("/cases/six-measures-2561-dept")).text
    assert "Six measures, fiscal year (B.E.) 2561" in page
    assert "Criteria by letter นร 1200/ว 4" in page
