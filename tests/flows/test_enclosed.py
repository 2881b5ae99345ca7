"""Papers travel with the work: what came with a directive, a call or a circular lies before whoever acts on it."""

from __future__ import annotations

import pytest

from engine.post import FILES_NAMED
from flows import starting
from flows.measures_opening import issue_criteria, open_measures
from ledger.restore import differences_everywhere
from schemas.mail import TaskMail
from schemas.measures import CriteriaIssued
from schemas.opinion import OpinionCall
from tests.conftest import ClockThatIsSet
from tests.engine.driver import ACTOR, Stage
from tests.flows.people import (
    accepted,
    at,
    case_of,
    do,
    do_with_file,
    messages_of,
    open_work,
    papers_of,
    put_file,
    register,
    settle,
    work_about,
)
from tests.flows.test_circular import sent
from tests.flows.test_directive import NOT_OURS
from tests.flows.test_measures import CRITERIA, OFFICE, ORDER, approved, begun, chosen, planned
from tests.flows.test_opinion import AGENCIES, APPROVED, OPINION

ASSIGNED = {"divisions": ["dept-div-a"], "lead": "dept-div-a", "mode": "planning_keys"}


@pytest.fixture
def october(clock: ClockThatIsSet) -> ClockThatIsSet:
    """พุธ 11 ตุลาคม 2560 เวลา 9.00 น."""
    clock.moment = at("2017-10-11")
    return clock


async def names_before(stage: Stage, case: str, element: str, *, unit: str | None = None) -> list[str]:
    """What lies beside the form of whoever has that work."""
    return [file.name for file in (await open_work(stage, case, element, unit=unit)).context.files]


async def test_what_came_with_a_directive_lies_before_all_who_receive_it(
    ministry: Stage, monday: ClockThatIsSet
) -> None:
    order = await put_file(ministry, "บันทึกสั่งการ.pdf")
    (case,) = await register(ministry, files=(order,))
    assert list(await papers_of(ministry, case)) == [order.name]
    assert await names_before(ministry, case, "receive") == [order.name]
    await do(ministry, case, "receive", {"decision": "accept"})
    assert await names_before(ministry, case, "assign") == [order.name]
    await do(ministry, case, "assign", ASSIGNED)
    assert await names_before(ministry, case, "accept") == [order.name]


async def test_the_mail_that_asks_names_the_first_files_that_lie_beside_the_form_and_counts_the_others(
    ministry: Stage, monday: ClockThatIsSet
) -> None:
    orders = [await put_file(ministry, f"บันทึกสั่งการ แผ่นที่ {number}.pdf") for number in range(1, FILES_NAMED + 3)]
    (case,) = await register(ministry, files=orders)
    asked, *_ = await messages_of(ministry, case, "task")
    assert isinstance(asked, TaskMail)
    assert asked.files == tuple(file.name for file in orders[:FILES_NAMED])
    assert asked.more_files == 2


async def test_it_goes_along_to_the_agency_to_which_the_directive_is_sent_on(
    ministry: Stage, monday: ClockThatIsSet
) -> None:
    order = await put_file(ministry, "บันทึกสั่งการ.pdf")
    (case,) = await register(ministry, files=(order,))
    await do(ministry, case, "receive", NOT_OURS)
    assert await names_before(ministry, case, "reroute") == [order.name]
    await do(ministry, case, "reroute", {"decision": "reroute", "agency": "oja", "reason": "อยู่ในภารกิจของ สกธ."})
    successor = (await case_of(ministry, case)).result["rerouted_to"]
    assert await names_before(ministry, successor, "receive") == [order.name]
    assert list(await papers_of(ministry, successor)) == [order.name]
    assert await differences_everywhere(ministry.runtime.ledger) == ()


async def test_a_directive_without_papers_is_written_as_it_was_before_there_could_be_any(
    ministry: Stage, monday: ClockThatIsSet
) -> None:
    (case,) = await register(ministry)
    await accepted(ministry, case)
    assert "attachments" not in (await case_of(ministry, case)).data["directive"]
    for asked in await messages_of(ministry, case, "task"):
        assert asked.model_dump(mode="json").keys().isdisjoint({"files", "more_files"})


async def test_the_draft_lies_before_every_agency_and_what_they_attach_before_whoever_sums_up(
    ministry: Stage, monday: ClockThatIsSet
) -> None:
    draft = await put_file(ministry, "ร่างยุทธศาสตร์.pdf")
    call = OpinionCall(subject="ร่างยุทธศาสตร์ชาติ", text="ขอความเห็น", due_on="2018-02-28", attachments=(draft,))
    case = await starting.open_opinion_call(ministry.runtime, call, actor=ACTOR)
    await settle(ministry)
    for agency in AGENCIES:
        unit = f"{agency}-plan"
        assert await names_before(ministry, case, "write", unit=unit) == [draft.name]
        await do_with_file(ministry, case, "write", f"ภาคผนวก {agency}.pdf", OPINION, unit=unit)
        assert await names_before(ministry, case, "approve", unit=agency) == [f"ภาคผนวก {agency}.pdf", draft.name]
        await do(ministry, case, "approve", APPROVED, unit=agency)
    await do(ministry, case, "order_overview", {"unit": "oja"})
    annexes = [f"ภาคผนวก {agency}.pdf" for agency in AGENCIES]
    assert await names_before(ministry, case, "write_overview") == [draft.name, *annexes]
    await do(ministry, case, "write_overview", {"overview": "เห็นควรสนับสนุน"})
    said = (await case_of(ministry, case)).result["opinions"]
    assert [[file["name"] for file in each["attachments"]] for each in said] == [[name] for name in annexes]


async def test_what_an_agency_attached_is_there_again_when_its_opinion_comes_back(
    ministry: Stage, monday: ClockThatIsSet
) -> None:
    call = OpinionCall(subject="ร่างยุทธศาสตร์ชาติ", text="ขอความเห็น", due_on="2018-02-28")
    case = await starting.open_opinion_call(ministry.runtime, call, actor=ACTOR)
    await settle(ministry)
    await do_with_file(ministry, case, "write", "ภาคผนวก.pdf", OPINION, unit="dept-plan")
    await do(ministry, case, "approve", {"decision": "return", "comment": "ขอเพิ่มข้อเสนอ"}, unit="dept")
    (again,) = [h for h in await work_about(ministry, case) if h.key.endswith("write#2")]
    assert [file["name"] for file in again.context.prefill["attachments"]] == ["ภาคผนวก.pdf"]


async def test_the_letter_that_orders_the_six_measures_lies_before_whoever_makes_the_plan(
    ministry: Stage, october: ClockThatIsSet
) -> None:
    order, summary = await put_file(ministry, "หนังสือสั่งการ.pdf"), await put_file(ministry, "สรุปผลการประชุม.pdf")
    form = ORDER.replace(
        order="หนังสือสำนักงาน ก.พ.ร. ที่ นร 1200/ว 20", attachments=(order,), files=(summary,),
        enclosures="สรุปผลการประชุม จำนวน 1 ชุด",
    )  # fmt: skip
    case = await open_measures(ministry.runtime, form, office=OFFICE, actor=ACTOR)
    await settle(ministry)
    assert list(await papers_of(ministry, case)) == [order.name, summary.name]
    counting = await open_work(ministry, case, "count_six")
    assert counting.context.files == (order,)
    assert ("หนังสือสั่งการ", "หนังสือสำนักงาน ก.พ.ร. ที่ นร 1200/ว 20") in counting.context.facts
    for receipt in await work_about(ministry, f"circular-{case}"):
        assert receipt.context.files[1:] == (summary,)
    assert summary.name in await papers_of(ministry, f"circular-{case}")
    await do(ministry, case, "count_six", {"counted": True})
    assert await names_before(ministry, case, "choose") == [order.name]
    await do(ministry, case, "choose", chosen(6))
    plans = [w for w in await work_about(ministry, case) if w.element == "plan_activity"]
    assert [work.context.files for work in plans] == [(order,)] * 12
    await planned(ministry, case)
    assert await names_before(ministry, case, "approve") == [order.name]
    assert await differences_everywhere(ministry.runtime.ledger) == ()


async def test_written_criteria_lie_before_whoever_adapts_the_plan(ministry: Stage, october: ClockThatIsSet) -> None:
    case = await begun(ministry)
    await approved(ministry, case)
    letter = await put_file(ministry, "หลักเกณฑ์.pdf")
    await issue_criteria(ministry.runtime, CRITERIA.replace(files=(letter,)), sender="sps", actor=ACTOR)
    await settle(ministry)
    assert letter.name in await papers_of(ministry, case)
    *plan, last = await names_before(ministry, case, "revise")
    assert (len(plan), last) == (2, letter.name)
    await do(ministry, case, "revise", {"activities": ["paper"]})
    assert await names_before(ministry, case, "adapt") == [letter.name]
    await planned(ministry, case, "adapt")
    assert await names_before(ministry, case, "approve") == [letter.name]


async def test_six_measures_without_papers_are_written_as_they_were_before_there_could_be_any(
    ministry: Stage, october: ClockThatIsSet
) -> None:
    case = await begun(ministry)
    said = (await case_of(ministry, case)).data
    assert said.keys().isdisjoint({"order", "attachments", "enclosed"})
    assert "files" not in (await case_of(ministry, f"circular-{case}")).data
    assert "files" not in CriteriaIssued(**CRITERIA.model_dump()).model_dump(mode="json")
    counting = await open_work(ministry, case, "count_six")
    assert [label for label, _ in counting.context.facts] == ["จังหวัด", "ปีงบประมาณ", "ส่งแผนถึงสำนักงาน ก.พ.ร."]


async def test_enclosures_go_out_with_the_letter_to_every_recipient(ministry: Stage, monday: ClockThatIsSet) -> None:
    enclosed = await put_file(ministry, "สรุปผลการประชุม.pdf")
    case = await sent(ministry, files=(enclosed,))
    for asked in await work_about(ministry, case):
        letter, file = asked.context.files
        assert (letter.name.split("-")[0], file) == ("หนังสือเวียน", enclosed)
    assert enclosed.name in await papers_of(ministry, case)
