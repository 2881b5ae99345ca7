"""The course and the end of an agreement year, each part by itself on the ledger (P5 steps 14 to 20)."""

from __future__ import annotations

from io import BytesIO

from openpyxl import load_workbook
from sqlalchemy import select

from flows import starting
from ledger import reading, tables
from rules.calendar import bangkok_date
from schemas.agreement import SurveyScored
from schemas.kpi import KpiBook, Owner, OwnerRole, Responsible, Round
from tests.conftest import ClockThatIsSet
from tests.engine.driver import ACTOR, Stage
from tests.flows.agreement import BOOK, answer_everything
from tests.flows.people import acting, at, case_of, do, do_with_file, open_work, papers_of, pass_to, settle, work_about
from tests.reports import pdf

YEAR = "agreement-2555-cdd"


async def under_way(stage: Stage, clock: ClockThatIsSet, book: KpiBook = BOOK) -> None:
    """From the baselines to the printed details, all by 3 October 2554."""
    clock.moment = at("2011-10-03")
    await starting.open_agreement_year(stage.runtime, book, actor=ACTOR)
    await settle(stage)
    await answer_everything(stage)


async def surveyed(stage: Stage, score: str = "4.25") -> None:
    scored = SurveyScored(kpi="11", score=score, reference="นร 1")
    await starting.record_survey(stage.runtime, YEAR, scored, actor=ACTOR)
    await settle(stage)


async def rounds_open(stage: Stage, clock: ClockThatIsSet, *, but: str) -> None:
    """The three rounds open, each on its day, and all work but `but` is answered."""
    for day in ("2012-04-02", "2012-07-02", "2012-10-02"):
        await pass_to(stage, clock, at(day))
        await answer_everything(stage, but=(but,))


def both(stem: str) -> list[str]:
    """A paper with its tables as a workbook."""
    return [f"{stem}.pdf", f"{stem}.xlsx"]


async def children(stage: Stage) -> set[str]:
    async with stage.runtime.ledger.read() as connection:
        c = tables.cases.c
        return set((await connection.scalars(select(c.id).where(c.parent_id == YEAR))).all())


async def test_the_meetings_and_the_visit_are_called_on_their_days(department: Stage, clock: ClockThatIsSet) -> None:
    """`followed_up` and `visited`: months on their first working day, follow-up 1 on 30 March, the visit in May."""
    await under_way(department, clock)
    assert not {case for case in await children(department) if case.startswith("follow-up")}
    await pass_to(department, clock, at("2011-11-01", "12:00"))
    assert "follow-up-2555-cdd-2011-11" in await children(department)
    await pass_to(department, clock, at("2012-03-30", "12:00"))
    assert "follow-up-2555-cdd-round-6" in await children(department)
    assert "visit-2555-cdd-pre" not in await children(department)
    await pass_to(department, clock, at("2012-05-01", "12:00"))
    assert "visit-2555-cdd-pre" in await children(department)


async def test_what_a_province_gathered_lies_before_whoever_prepares_the_visit(
    department: Stage, clock: ClockThatIsSet
) -> None:
    """And what was printed lies beside the form of whoever works with it next."""
    clock.moment = at("2011-10-03")
    await starting.open_agreement_year(department.runtime, BOOK, actor=ACTOR)
    await settle(department)
    await answer_everything(department, but=("write_details", "receive_book", "gather_evidence"))
    (writing, *_) = [h for h in await work_about(department, YEAR) if h.element == "write_details"]
    assert [file.name for file in writing.context.files] == both("คำรับรองการปฏิบัติราชการ-2555")
    await answer_everything(department, but=("receive_book", "gather_evidence"))
    (receiving, *_) = [h for h in await work_about(department, YEAR) if h.element == "receive_book"]
    assert [file.name for file in receiving.context.files] == both("รายละเอียดตัวชี้วัด-2555")

    gathered = {"activities": "ประชุมประชาคม", "evidence": "รายงานการประชุม"}
    await do_with_file(department, YEAR, "gather_evidence", "ข.pdf", gathered, unit="cdd-province-b")
    await do_with_file(department, YEAR, "gather_evidence", "ก.pdf", gathered, unit="cdd-province-a")
    await answer_everything(department, but=("prepare", "send", "acknowledge"))
    assert {"ก.pdf", "ข.pdf"} <= set(await papers_of(department, YEAR))
    await pass_to(department, clock, at("2012-05-01", "12:00"))
    await answer_everything(department, but=("prepare", "send", "acknowledge"))
    preparing = await open_work(department, "visit-2555-cdd-pre", "prepare")
    assert [file.name for file in preparing.context.files] == ["ก.pdf", "ข.pdf"]

    six = "sar-2555-cdd-6"
    printed = ["e-SAR-6-เดือน-2555.pdf", "SAR-6-เดือน-2555.pdf", "SAR-6-เดือน-2555.xlsx"]
    assert [file.name for file in (await open_work(department, six, "send")).context.files] == printed
    await answer_everything(department, but=("prepare", "acknowledge"))
    assert [file.name for file in (await open_work(department, six, "acknowledge")).context.files] == printed


async def test_who_signed_for_the_director_general_stands_in_the_agreement_as_acting(
    department: Stage, clock: ClockThatIsSet
) -> None:
    """The other papers do the same (decision 28): an account of an office signs by its position, without a name."""
    clock.moment = at("2011-10-03")
    instrument = "คำสั่งกรมการพัฒนาชุมชน ที่ 900/2554"
    await acting(department, "cdd.deputy-1", "นายสมบัติ ใจดี", unit="cdd", instrument=instrument)
    await starting.open_agreement_year(department.runtime, BOOK, actor=ACTOR)
    await settle(department)
    await answer_everything(department, but=("sign_maker",))
    signing = await open_work(department, YEAR, "sign_maker")
    await department.intake.submit(signing.id, {"signed_on": "2011-12-20"}, officer="cdd.deputy-1", through="test")
    await settle(department)
    await answer_everything(department, but=("write_details",))
    papers = await papers_of(department, YEAR)
    annex = load_workbook(BytesIO(papers["คำรับรองการปฏิบัติราชการ-2555.xlsx"]))["เอกสารแนบท้าย"]
    assert [annex.cell(row, 1).value for row in (4, 5)] == [
        "ผู้รับคำรับรอง: ปลัดกระทรวงมหาดไทย ลงนามวันที่ 20 ธันวาคม 2554",
        "ผู้ทำคำรับรอง: นายสมบัติ ใจดี รองอธิบดี รักษาราชการแทนอธิบดีกรมการพัฒนาชุมชน ลงนามวันที่ 20 ธันวาคม 2554",
    ]
    signed = pdf.text(papers["คำรับรองการปฏิบัติราชการ-2555.pdf"], page=1)
    assert signed.count("นายสมบัติใจดี") == 2, "in the first clause and beneath"
    assert "รองอธิบดีรักษาราชการแทนอธิบดีกรมการพัฒนาชุมชน" in signed


async def test_a_round_gets_the_survey_that_came_before_it_opened(department: Stage, clock: ClockThatIsSet) -> None:
    """`year_course.surveyed` and `round_of`: the last score for a KPI stands, whatever the replay comes to first."""
    await under_way(department, clock)
    for score in ("3.5", "4.25"):
        await surveyed(department, score)
    for day in ("2012-04-02", "2012-07-02", "2012-10-02"):
        await pass_to(department, clock, at(day))
        if day != "2012-10-02":
            await answer_everything(department)
    opened = await case_of(department, f"sar-2555-cdd-{Round.TWELVE}")
    assert opened.data["external"] == {"11": "4.25"}


async def test_a_survey_that_is_put_right_while_the_last_round_is_open_stands_in_the_announcement(
    department: Stage, clock: ClockThatIsSet
) -> None:
    """`year_end.announcement`: the round has scored what it knew when it opened."""
    await under_way(department, clock)
    await surveyed(department, "3.5")
    await rounds_open(department, clock, but="acknowledge")
    await surveyed(department, "4.25")
    for round_ in Round:
        await do(department, f"sar-2555-cdd-{round_}", "acknowledge", {})
    (asked,) = [h for h in await work_about(department, YEAR) if h.key == "announce[11]"]
    assert ("คะแนนประเมินตนเอง", "3.5000") in asked.context.facts
    assert asked.context.prefill == {"score": "4.25"}


async def test_a_round_opens_though_the_one_before_is_not_acknowledged(
    department: Stage, clock: ClockThatIsSet
) -> None:
    """`year_course.round_of` (decision 50): what another office has not acknowledged keeps nobody from reporting."""
    await under_way(department, clock)
    await surveyed(department)
    await rounds_open(department, clock, but="acknowledge")
    six, nine, twelve = (f"sar-2555-cdd-{round_}" for round_ in Round)
    assert [(await case_of(department, sar)).state for sar in (six, nine, twelve)] == ["open"] * 3
    for sar in (twelve, six, nine):
        assert {h.element for h in await work_about(department, YEAR)} & {"announce"} == set()
        await do(department, sar, "acknowledge", {})
    assert {h.element for h in await work_about(department, YEAR)} >= {"announce"}


async def test_a_visit_that_is_going_on_ends_with_the_announcement(department: Stage, clock: ClockThatIsSet) -> None:
    """`visits_end` is replayed after all that the visits had come to before (S1, slide 14)."""
    await under_way(department, clock)
    await surveyed(department)
    await rounds_open(department, clock, but="announce")
    await pass_to(department, clock, at("2012-12-03"))
    assert (await case_of(department, "visit-2555-cdd-post")).state == "open"
    await answer_everything(department, but=("schedule", "draft"))
    async with department.runtime.ledger.read() as connection:
        assert await reading.events_named(connection, YEAR, "branch:end", "visits_end")


async def test_the_announcement_asks_for_every_kpi_of_the_year(department: Stage, clock: ClockThatIsSet) -> None:
    """`year_end.announcement`: by the calendar's day, the department's own score filled in."""
    await under_way(department, clock)
    await surveyed(department)
    await rounds_open(department, clock, but="announce")
    asked = {h.key: h for h in await work_about(department, YEAR) if h.element == "announce"}
    assert set(asked) == {f"announce[{kpi.number}]" for kpi in BOOK.kpis}
    assert asked["announce[1.1.1]"].context.prefill == {"score": "3.4000"}
    shown = [file.name for file in asked["announce[7]"].context.files]
    book = ["e-SAR-12-เดือน-2555.pdf", "SAR-12-เดือน-2555.pdf", "SAR-12-เดือน-2555.xlsx"]
    assert shown == [*book, "บันทึกการตรวจประเมิน-ครั้งที่-1-2555.pdf"]  # the second visit is still to come
    assert {bangkok_date(h.due_at).isoformat() for h in asked.values() if h.due_at} == {"2013-02-28"}


async def test_the_award_is_told_who_does_the_work_of_the_kpis(department: Stage, clock: ClockThatIsSet) -> None:
    """`year_end.award`: by the table of owners and supporters, the highest part of each (S1 slide 15)."""
    community, finance, *others = BOOK.kpis
    owned = (
        community.replace(responsible=Responsible(owners=(Owner(officer="c-1", role=OwnerRole.SUPPORTER),))),
        finance.replace(responsible=Responsible(owners=(Owner(officer="c-1", role=OwnerRole.CO_OWNER),))),
    )
    await under_way(department, clock, BOOK.replace(kpis=(*owned, *others)))
    await surveyed(department)
    await rounds_open(department, clock, but="")
    await pass_to(department, clock, at("2013-06-03"))
    award = await case_of(department, "award-2555-cdd")
    assert award.data["roles"] == {"c-1": "co_owner"}
