"""The next year of the same agency goes its own way, also where both are under way at once."""

from __future__ import annotations

from flows import starting
from ledger import organisations
from schemas.agreement import KpiChangeRequest
from schemas.year import YearCalendar
from tests.conftest import ClockThatIsSet
from tests.engine.driver import ACTOR, Stage
from tests.flows.agreement import BOOK, answer_everything
from tests.flows.people import at, case_of, do, mails_of, pass_to, settle
from tests.flows.test_agreement import OFFICER
from tests.flows.test_agreement import october as october

NEXT = 2556


async def both_years_open(department: Stage, october: ClockThatIsSet) -> None:
    runtime = department.runtime
    (calendar,) = [year for year in runtime.policy.years if year.agency == "cdd"]
    following = YearCalendar.model_validate(calendar.model_dump(mode="json") | {"fiscal_year": NEXT})
    async with runtime.ledger.begin() as work:
        policy = runtime.policy.replace(years=(*runtime.policy.years, following))
        organisation = runtime.directory.organisation
        await organisations.store(work, organisation, policy, actor=ACTOR, reason="ปีถัดไป")
        await work.commit()
    await runtime.refresh(at_once=True)
    for year in (2555, NEXT):
        await starting.open_agreement_year(runtime, BOOK.replace(fiscal_year=year), actor=ACTOR)
        await settle(department)
        await answer_everything(department, but=("notify_result",))
        october.moment = max(october.moment, at("2011-11-21"))
        await answer_everything(department)


async def test_a_change_of_a_kpi_is_settled_in_each_year_and_told_of_in_each(
    department: Stage, october: ClockThatIsSet
) -> None:
    await both_years_open(department, october)
    await pass_to(department, october, at("2012-03-15"))
    for year in (2555, NEXT):
        case = f"agreement-{year}-cdd"
        asked = KpiChangeRequest(kpi="1.1.1", reason="น้ำท่วม", target="77")
        await starting.request_kpi_change(department.runtime, case, asked, unit="cdd-community", actor=OFFICER)
        await settle(department)
        await do(department, case, "check_change", {"decision": "approve"})
        await do(department, case, "decide_change", {"decision": "approve"})
        told = [mail.once for mail in await mails_of(department, case, "notice") if mail.once.startswith("change:")]
        assert told
        assert (await case_of(department, case)).state == "open"
