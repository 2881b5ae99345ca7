"""A framework of three provinces, which called a circular; and a cascade that calls one case for each agency."""

from __future__ import annotations

from datetime import timedelta

from ledger import hand_offs, reading
from ledger.work import Ledger
from tests.conftest import ClockThatIsSet
from tests.portal import scene

FRAMEWORK, CIRCULAR, CASCADE = "framework-2562", "circular-framework-2562", "cascade-2562"
OFFICES = ("dept3-plan", "oja-plan", "dept-plan")
"""As the case names them; in protocol order it is the other way round."""
CENTRAL = "ops-psd"
DRAFTING, ADVISER = "dept-plan.1", "ops-psd.1"


async def framework_under_way(ledger: Ledger, clock: ClockThatIsSet) -> None:
    """จันทร์ 16 เมษายน – ศุกร์ 20 เมษายน 2561.

    The department's draft was late and came back twice, the office's is advised, department 3 has not drafted.
    """
    now = clock.moment
    clock.moment = now - timedelta(days=4)
    await scene.opened(
        ledger, FRAMEWORK, process="kpi-framework", title="กรอบการประเมินและตัวชี้วัดจังหวัด ปีงบประมาณ พ.ศ. 2562", data={},
        units=(CENTRAL, *OFFICES),
    )  # fmt: skip
    await _asked(ledger, clock, "draft_framework", CENTRAL, days=1)
    await _answered(ledger, "draft_framework", ADVISER)
    await _called(ledger, CIRCULAR, "circular", FRAMEWORK, "tell/notify", (CENTRAL, *OFFICES))
    for office in OFFICES:
        key = f"settled[everyone]/recipients[{office}]/acknowledge"
        await _asked(ledger, clock, key, office, days=2, case_id=CIRCULAR)
    await _answered(ledger, "settled[everyone]/recipients[oja-plan]/acknowledge", "oja-plan.1", case_id=CIRCULAR)
    for office in OFFICES:
        await _asked(ledger, clock, f"provinces[{office}]/draft", office, days=2)
    clock.moment = now - timedelta(days=1)
    for office in ("dept-plan", "oja-plan"):
        await _answered(ledger, f"provinces[{office}]/draft", f"{office}.1")
        await _asked(ledger, clock, f"provinces[{office}]/advise", CENTRAL, days=3)
    await _answered(ledger, "provinces[dept-plan]/advise", ADVISER)
    for again in ("", "#2"):
        await _asked(ledger, clock, f"provinces[dept-plan]/revise{again}", "dept-plan", days=3)
        if not again:
            await _answered(ledger, "provinces[dept-plan]/revise", DRAFTING)
    await _asked(ledger, clock, "provinces[dept3-plan]/revise", "dept3-plan", days=3)
    await _taken_back(ledger, "provinces[dept3-plan]/revise")
    clock.moment = now


async def cascade_under_way(ledger: Ledger, clock: ClockThatIsSet) -> None:
    """One case for each agency, in which divisions of one name sign; the province is the ministry."""
    await scene.opened(ledger, CASCADE, process="kpi-cascade", title="การถ่ายทอดตัวชี้วัด", data={}, units=(CENTRAL,))
    for agency in ("dept2", "dept", "oja"):
        case_id, division = f"{CASCADE}-{agency}", f"{agency}-div-a"
        await _called(
            ledger, case_id, "trial-agency-cascade", CASCADE, f"agencies[{agency}]/agency", (agency, division)
        )
        await _asked(ledger, clock, "sign", agency, days=3, case_id=case_id)
        await _asked(ledger, clock, f"groups[{division}]/accept", division, days=3, case_id=case_id)


async def _called(ledger: Ledger, case_id: str, process: str, parent: str, key: str, units: tuple[str, ...]) -> None:
    await scene.opened(
        ledger, case_id, process=process, title=f"เรื่อง {case_id}", data={}, units=units, parent=(parent, key)
    )


async def _asked(
    ledger: Ledger, clock: ClockThatIsSet, key: str, unit: str, *, days: int, case_id: str = FRAMEWORK
) -> None:
    element = key.rpartition("/")[2].partition("#")[0]
    order = scene.directive_order(
        key,
        element=element,
        unit=unit,
        title="งานของจังหวัด",
        subject=case_id,
        due_at=clock.moment + timedelta(days=days),
    )
    await scene.handed_off(ledger, order, case_id=case_id)


async def _answered(ledger: Ledger, key: str, by: str, *, case_id: str = FRAMEWORK) -> None:
    await scene.submitted(ledger, key, {}, case_id=case_id, by=by)


async def _taken_back(ledger: Ledger, key: str) -> None:
    async with ledger.begin() as work:
        await work.lock(FRAMEWORK)
        found = await reading.hand_off(work.connection, hand_offs.hand_off_id(FRAMEWORK, key))
        hand_offs.drop(work, [found], reason="ไม่ต้องปรับปรุง", actor=scene.FLOW)
        await work.commit()
