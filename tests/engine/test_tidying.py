"""Drafts of withdrawn work go after the days that the policy gives them, with the files that lay beside them."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import func, select

from engine.tidying import tidy_once
from ledger import documents, drafts, enclosures, hand_offs, tables, uploads
from ledger.canonical import sha256
from schemas.attachment import AttachedFile
from tests.conftest import ClockThatIsSet
from tests.engine.driver import ACTOR, Stage
from tests.engine.processes import Brief
from tests.engine.test_sweep import errands

PAPER = b"%PDF-1.7 evidence"
OFFICER = "div-a.1"


async def counted(stage: Stage) -> tuple[int, int, int]:
    """Drafts, files beside them, contents."""
    async with stage.runtime.ledger.read() as connection:
        found = [
            await connection.scalar(select(func.count()).select_from(table))
            for table in (tables.drafts, tables.uploads, tables.documents)
        ]
    return found[0] or 0, found[1] or 0, found[2] or 0


async def test_a_draft_outlives_its_work_by_the_days_of_the_policy(stage: Stage, clock: ClockThatIsSet) -> None:
    ledger = stage.runtime.ledger
    await stage.open(errands.name, Brief())
    await stage.run()
    first, second = (work.id for work in list((await stage.open_work()).values())[:2])
    digest = sha256(PAPER)
    file = AttachedFile(name="หลักฐาน.pdf", media_type="application/pdf", size=len(PAPER), sha256=digest)
    for work_id in (first, second):
        assert await drafts.save(ledger, work_id, OFFICER, {"text": "ร่าง"}, clock.moment)
        assert await uploads.add(ledger, work_id, OFFICER, "files", file, PAPER, clock.moment)
    async with ledger.begin() as work:
        (taken_back,) = [each for each in (await stage.open_work()).values() if each.id == first]
        await work.lock(taken_back.case_id)
        await hand_offs.withdraw(work, [taken_back], reason="ไม่ต้องดำเนินการแล้ว", actor=ACTOR)
        await work.commit()
    clock.moment += timedelta(days=90)
    assert (await tidy_once(stage.runtime), await counted(stage)) == (0, (2, 2, 1))
    clock.moment += timedelta(seconds=1)
    assert (await tidy_once(stage.runtime), await counted(stage)) == (1, (1, 1, 1)), "the other work is still open"
    assert await tidy_once(stage.runtime) == 0


async def test_what_was_chosen_on_a_page_goes_with_the_session_unless_a_case_has_it(
    stage: Stage, clock: ClockThatIsSet
) -> None:
    ledger, hours = stage.runtime.ledger, stage.runtime.settings.session_hours
    case = await stage.open(errands.name, Brief())
    sent, left = PAPER, PAPER + b" of a page that nobody sent"
    for content in (sent, left):
        file = AttachedFile(name="ร่าง.pdf", media_type="application/pdf", size=len(content), sha256=sha256(content))
        await enclosures.add(ledger, "page", OFFICER, "files", file, content)
    async with ledger.begin() as work:
        await documents.attach(
            work, case, name="ร่าง.pdf", sha256=sha256(sent), media_type="application/pdf", size=len(sent), actor=ACTOR
        )
        await work.commit()
    clock.moment += timedelta(hours=hours)
    assert (await tidy_once(stage.runtime), await counted(stage)) == (0, (0, 0, 2))
    clock.moment += timedelta(seconds=1)
    assert (await tidy_once(stage.runtime), await counted(stage)) == (2, (0, 0, 1))
    async with ledger.read() as connection:
        assert (await documents.get(connection, sha256(sent))).content == sent
        assert await enclosures.of_officer(connection, "page", OFFICER) == {}
