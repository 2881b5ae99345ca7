"""On PostgreSQL auditors' pages work with a role of their own, which can neither write nor read what is secret."""

from __future__ import annotations

import uuid
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from pydantic import SecretStr
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncEngine

from deployments import auditing
from engine.runtime import Runtime
from ledger import audit_role, tables
from ledger.database import open_database
from ledger.errors import NotOnPostgreSQL, UnknownRole
from ledger.work import Ledger
from tests.conftest import ClockThatIsSet
from tests.portal import audit_ministry, scene
from tests.portal.conftest import Browsers

PAGES = (
    "/audit", "/audit?unit=dept&officer=dept2-plan.1&since=1/2/2561&until=20/4/2561&deadline=missed",
    "/audit?deadline=kept&basis=closed&until=เม.ย. 2561&q=2561", "/audit/deviations?standing=all", "/audit/findings",
    "/audit/readings", "/audit/processes", "/audit/processes/directive-lifecycle",
    f"/audit/cases/{audit_ministry.REPORTED}", f"/audit/cases/{audit_ministry.REPORTED}/steps?seq=2",
    f"/audit/cases/{audit_ministry.REPORTED}/whole",
    f"/audit/cases/{audit_ministry.REPORTED}/findings",
)  # fmt: skip
CLOSED = (
    "SELECT password_hash FROM accounts", "SELECT * FROM drafts", "SELECT * FROM uploads", "SELECT context FROM mails",
    "SELECT content FROM documents", "SELECT * FROM security_events",
)  # fmt: skip


@pytest_asyncio.fixture
async def ledger(postgres: AsyncEngine, clock: ClockThatIsSet) -> Ledger:
    ledger = Ledger(postgres, clock)
    await audit_ministry.audited_ministry(ledger, clock)
    return ledger


@pytest_asyncio.fixture
async def role(ledger: Ledger) -> AsyncIterator[str]:
    """A role that may sign in and had been allowed too much."""
    name = f"sangkan_audit_{uuid.uuid4().hex[:8]}"
    async with ledger.engine.begin() as connection:
        await connection.execute(text(f"CREATE ROLE {name} LOGIN"))
        await connection.execute(text(f"GRANT ALL ON accounts, cases TO {name}"))
    await audit_role.grant(ledger.engine, name)
    yield name
    async with ledger.engine.begin() as connection:
        await connection.execute(text(f"DROP OWNED BY {name}"))
        await connection.execute(text(f"DROP ROLE {name}"))


@pytest.fixture
def auditors_url(ledger: Ledger, role: str) -> str:
    return ledger.engine.url.set(username=role, password=None).render_as_string(hide_password=False)


@pytest.fixture
def runtime(ledger: Ledger, auditors_url: str) -> Runtime:
    return scene.runtime_over(ledger, scene.settings(audit_database_url=SecretStr(auditors_url)))


@pytest.mark.postgres
async def test_every_page_of_auditors_works_with_the_role(come: Browsers) -> None:
    browser = await come(scene.AUDITOR)
    for path in PAGES:
        assert (await browser.get(path)).status_code == 200, path
    signed = await scene.send(
        browser, PAGES[-1], {"judgement": "refer", "remark": "ส่งกองนิติการ", "about": "case", "seen": "1"},
        seen=PAGES[-1],
    )  # fmt: skip
    assert signed.status_code == 303
    assert "ส่งกองนิติการ" in (await browser.get(PAGES[4])).text
    replayed = await scene.send(browser, f"/audit/cases/{audit_ministry.REPORTED}/replay", {})
    assert (replayed.status_code, "เล่นซ้ำ" in replayed.text) == (200, True)


@pytest.mark.postgres
@pytest.mark.parametrize("read_only", [True, False], ids=["as the pages connect", "as an intruder would"])
async def test_the_role_can_write_nothing_and_reads_no_secret(auditors_url: str, *, read_only: bool) -> None:
    engine = open_database(auditors_url, read_only=read_only)
    refused = r"permission denied|read-only transaction" if read_only else "permission denied"
    writes = [f"DELETE FROM {table.name}" for table in tables.metadata.sorted_tables]
    writes += ["UPDATE events SET payload = '{}'", "UPDATE cases SET state = 'x'", "CREATE TABLE taken (id INTEGER)"]
    try:
        for statement in (*writes, *CLOSED):
            async with engine.connect() as connection:
                with pytest.raises(DBAPIError, match=refused):
                    await connection.execute(text(statement))
    finally:
        await engine.dispose()


@pytest.mark.postgres
async def test_the_command_grants_and_prints_what_it_granted(
    ledger: Ledger, role: str, capsys: pytest.CaptureFixture[str]
) -> None:
    url = ledger.engine.url.render_as_string(hide_password=False)
    await auditing.grant_role(scene.settings(database_url=url), role)
    said = capsys.readouterr().out
    assert f"GRANT SELECT (sha256, media_type, size) ON documents TO {role};" in said
    assert "accounts" not in said
    assert "SANGKAN_AUDIT_DATABASE_URL" in said


@pytest.mark.postgres
async def test_a_role_that_does_not_exist_is_named(ledger: Ledger) -> None:
    with pytest.raises(UnknownRole, match="createuser nobody_here"):
        await audit_role.grant(ledger.engine, "nobody_here")


async def test_a_file_knows_no_roles(sqlite: AsyncEngine) -> None:
    with pytest.raises(NotOnPostgreSQL):
        await audit_role.grant(sqlite, "sangkan_audit")
