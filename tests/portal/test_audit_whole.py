"""The auditor's pages of a case say whether its history is whole, and how far anchors bear witness to it."""

from __future__ import annotations

from pathlib import Path

import httpx
import pytest
import pytest_asyncio
from sqlalchemy import update

from engine.runtime import Runtime
from ledger import reading, readings, tables
from ledger.anchor_key import AnchorKey, make_key
from ledger.anchoring import anchor
from ledger.work import Ledger
from portal import audit_case
from tests.conftest import ClockThatIsSet
from tests.ledger.anchored import note, rewrite
from tests.portal import audit_scene, scene
from tests.portal.audit_scene import CASE
from tests.portal.conftest import Browsers

AT = f"/audit/cases/{CASE}"
WHOLE, DAMAGED = "✓ ประวัติครบถ้วน ไม่พบการแก้ไข", "✕ หลักฐานของเรื่องนี้เสียหายหรือถูกแก้ไข"
CONFORMS, SAME = "✓ เป็นไปตามแบบจำลองที่อนุมัติ", "✓ ตรงกันทั้งหมด"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "anchor-key.pem"


@pytest.fixture
def key(file: Path) -> AnchorKey:
    return make_key(file)


@pytest.fixture
def runtime(ledger: Ledger, file: Path, key: AnchorKey) -> Runtime:
    assert key.public
    return scene.runtime_over(ledger, scene.settings(anchor_key=file))


@pytest_asyncio.fixture
async def auditor(ledger: Ledger, clock: ClockThatIsSet, come: Browsers) -> httpx.AsyncClient:
    await audit_scene.played(ledger, clock)
    return await come(scene.AUDITOR)


async def anchored(ledger: Ledger, key: AnchorKey, clock: ClockThatIsSet) -> None:
    """Time passes, and the first anchor of all is made."""
    clock.advance(hours=3)
    assert await anchor(ledger, key, first=True) is not None


def others_may_read(file: Path) -> None:
    """Of such a key nothing is read."""
    file.chmod(0o644)


async def both(auditor: httpx.AsyncClient) -> tuple[str, str]:
    """The auditor's page of the case, and that of its replay."""
    return (await auditor.get(AT)).text, (await scene.send(auditor, f"{AT}/replay", {})).text


async def test_a_whole_history_says_up_to_which_moment_an_anchor_bears_witness(
    auditor: httpx.AsyncClient, ledger: Ledger, key: AnchorKey, clock: ClockThatIsSet
) -> None:
    for page in await both(auditor):
        assert WHOLE in page
        assert "ยังไม่มีหมุดหลักฐานรับรองเรื่องนี้" in page
    await anchored(ledger, key, clock)
    for page in await both(auditor):
        assert WHOLE in page
        assert "หมุดหลักฐานที่ 1 (" in page
        assert "รับรองถึงเหตุการณ์ล่าสุด" in page
    await note(ledger, CASE, "one", "two")
    page = (await auditor.get(AT)).text
    assert WHOLE in page
    assert "เหตุการณ์หลังจากนั้น 2 รายการยังไม่มีหมุดหลักฐานรับรอง" in page


async def test_a_history_that_was_forged_and_chained_anew_is_named_before_all_else(
    auditor: httpx.AsyncClient, ledger: Ledger, key: AnchorKey, clock: ClockThatIsSet
) -> None:
    assert CONFORMS in (await auditor.get(AT)).text
    await anchored(ledger, key, clock)
    async with ledger.read() as connection:
        (first,) = await reading.history(connection, CASE, limit=1)
    await rewrite(ledger, CASE, 1, f"{first.payload.decode()} ")  # it says the same, and is another history
    for page in await both(auditor):
        assert DAMAGED in page
        assert f"«{CASE}» ขาดที่ลำดับ" in page
        assert "เคยรับรองประวัติเดิมถึงเหตุการณ์ที่" in page
        assert CONFORMS not in page
        assert SAME not in page
    assert "ตรงกันทั้งหมด</strong> ผลนี้ได้จากประวัติที่เสียหายหรือถูกแก้ไข" in page
    await note(ledger, CASE, "one")
    assert await anchor(ledger, key) is not None
    page = (await auditor.get(AT)).text
    assert "ไม่รับรองเรื่องนี้ เพราะประวัติไม่ต่อจากที่หมุดก่อนหน้ารับรองไว้" in page
    await auditor.get("/language/en?next=/")
    page = (await auditor.get(AT)).text
    assert "The evidence of this case is damaged" in page
    assert f"The hash chain of case «{CASE}» breaks at event" in page


async def test_a_long_history_is_verified_after_its_page_which_says_nothing_of_it_before(
    auditor: httpx.AsyncClient, ledger: Ledger, key: AnchorKey, clock: ClockThatIsSet, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(audit_case, "VERIFIED_AT_ONCE", 1)
    page, result = (await auditor.get(AT)).text, (await auditor.get(f"{AT}/whole")).text
    assert f'data-later="{AT}/whole"' in page
    assert CONFORMS.removeprefix("✓ ") in page
    assert not [said for said in (WHOLE, DAMAGED, CONFORMS) if said in page]
    assert [said for said in (WHOLE, DAMAGED, CONFORMS) if said in result] == [WHOLE, CONFORMS]
    async with ledger.read() as connection:
        assert [each.what for each in await readings.latest(connection, case_id=CASE, limit=2)] == ["whole", "audit"]
        (first,) = await reading.history(connection, CASE, limit=1)
    await rewrite(ledger, CASE, 2, f"{first.payload.decode()} ")
    async with ledger.engine.begin() as connection:
        await connection.execute(update(tables.events).where(tables.events.c.case_id == CASE).values(kind="case:phase"))
    result = (await auditor.get(f"{AT}/whole")).text
    assert DAMAGED in result
    assert WHOLE not in result
    assert CONFORMS not in result
    assert (await auditor.get("/audit/cases/none/whole")).status_code == 404


async def test_anchors_of_a_strange_key_are_told_where_the_portal_has_its_own(
    auditor: httpx.AsyncClient, ledger: Ledger, clock: ClockThatIsSet, tmp_path: Path
) -> None:
    await anchored(ledger, make_key(tmp_path / "strange.pem"), clock)
    assert DAMAGED in (await auditor.get(AT)).text


async def test_without_a_key_that_can_be_read_nothing_is_said_of_keys(
    auditor: httpx.AsyncClient, ledger: Ledger, key: AnchorKey, clock: ClockThatIsSet, file: Path
) -> None:
    await anchored(ledger, key, clock)
    others_may_read(file)
    page = (await auditor.get(AT)).text
    assert WHOLE in page
    assert "กุญแจ" not in page
