"""The migrations lead to the tables that the program uses, once, however many processes start together."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Collection
from contextlib import asynccontextmanager
from datetime import timedelta
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Column, Connection, MetaData, Select, String, Table, inspect, select, text
from sqlalchemy.engine import make_url
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine
from sqlalchemy.pool import NullPool

from engine.links import without_token
from ledger import conformances, documents, enclosures, migrate, reading, tables, waits, year_days
from ledger.anchor_key import AnchorKey
from ledger.canonical import sha256
from ledger.database import open_database
from ledger.dialect import officer_of
from ledger.restore import differences_everywhere
from ledger.verify import verify_all
from ledger.work import Ledger
from schemas.attachment import AttachedFile
from schemas.deadline import OnYearDay
from schemas.year import YearDay
from tests.conftest import FRIDAY_NOON, ClockThatIsSet
from tests.ledger.anchored import anchored
from tests.ledger.scene import DIRECTIVE, WEEK, handed_off, opened, order, story

pytestmark = [
    pytest.mark.filterwarnings("ignore:Skipped unsupported reflection of expression-based index"),
    pytest.mark.filterwarnings("ignore:autogenerate skipping metadata-specified expression-based index"),
]
"""Such an index cannot be read back from SQLite and compared; another test of this file looks whether it serves."""


def _differences(connection: Connection) -> list[Any]:
    # Alembic misreads SQLite's quoted defaults; one revision serves both databases and PostgreSQL's are compared.
    options = {"compare_server_default": connection.dialect.name == "postgresql"}
    context = MigrationContext.configure(connection, opts=options)
    return list(compare_metadata(context, tables.metadata))


async def test_migrations_equal_the_models(database: AsyncEngine) -> None:
    async with database.connect() as connection:
        assert await connection.run_sync(_differences) == []


async def test_a_column_that_no_migration_made_is_noticed(database: AsyncEngine) -> None:
    async with database.connect() as connection:
        await connection.execute(text("ALTER TABLE cases ADD COLUMN stray TEXT"))
        found = await connection.run_sync(_differences)
        assert [(what, column.name) for what, _, _, column in found] == [("remove_column", "stray")]
        await connection.rollback()


async def test_a_migrated_database_stands_at_the_newest_revision(database: AsyncEngine) -> None:
    assert await migrate.current(database) == migrate.newest()


async def test_migrating_again_changes_nothing(database: AsyncEngine) -> None:
    await migrate.upgrade(database)
    assert await migrate.current(database) == migrate.newest()


async def test_an_empty_database_has_no_revision(tmp_path: Path) -> None:
    engine = open_database(f"sqlite+aiosqlite:///{tmp_path / 'empty.db'}")
    assert await migrate.current(engine) is None
    await engine.dispose()


async def _start_four(url: str) -> list[str | None]:
    engines = [open_database(url) for _ in range(4)]
    try:
        async with asyncio.timeout(30):
            ends = await asyncio.gather(*(migrate.upgrade(engine) for engine in engines), return_exceptions=True)
        assert ends == [None] * 4
        return [await migrate.current(engine) for engine in engines]
    finally:
        for engine in engines:
            await engine.dispose()


async def test_processes_that_start_together_do_not_collide_on_sqlite(tmp_path: Path) -> None:
    for number in range(5):  # of a hundred times SQLite refused one or two
        assert await _start_four(f"sqlite+aiosqlite:///{tmp_path / f'{number}.db'}") == [migrate.newest()] * 4


async def test_a_file_that_another_process_is_making_is_waited_for(tmp_path: Path) -> None:
    other = sqlite3.connect(tmp_path / "new.db", isolation_level=None)
    other.execute("BEGIN EXCLUSIVE")
    starting = asyncio.create_task(_start_four(f"sqlite+aiosqlite:///{tmp_path / 'new.db'}"))
    assert not (await asyncio.wait({starting}, timeout=0.5))[0]
    other.execute("COMMIT")
    other.close()
    assert await starting == [migrate.newest()] * 4


@pytest.mark.postgres
async def test_processes_that_start_together_do_not_collide_on_postgresql(postgres_url: str) -> None:
    url = make_url(postgres_url)
    engine = open_database(postgres_url)
    async with engine.connect() as connection:
        await connection.execution_options(isolation_level="AUTOCOMMIT")
        await connection.execute(text(f"CREATE DATABASE {url.database}_new"))
        fresh = url.set(database=f"{url.database}_new").render_as_string(hide_password=False)
        try:
            assert await _start_four(fresh) == [migrate.newest()] * 4
        finally:
            await connection.execute(text(f"DROP DATABASE {url.database}_new WITH (FORCE)"))
    await engine.dispose()


async def plan_of(database: AsyncEngine, query: Select[Any]) -> str:
    """How the database answers a question when it may use an index."""
    plain = str(query.compile(dialect=database.dialect, compile_kwargs={"literal_binds": True}))
    async with database.connect() as connection:
        if database.dialect.name == "postgresql":
            await connection.execute(text("SET LOCAL enable_seqscan = off"))
        how = "EXPLAIN" if database.dialect.name == "postgresql" else "EXPLAIN QUERY PLAN"
        return " ".join(str(row) for row in await connection.execute(text(f"{how} {plain}".replace(":", r"\:"))))


async def test_the_index_over_officers_serves_the_question_for_which_it_was_made(database: AsyncEngine) -> None:
    e = tables.events.c
    query = select(e.case_id).where(officer_of(e.actor) == "dept-plan.1", e.at >= FRIDAY_NOON)
    assert "ix_events_officer" in await plan_of(database, query)


async def test_who_listens_for_a_signal_is_found_without_a_look_at_all_waits(database: AsyncEngine) -> None:
    assert "ix_waits_name" in await plan_of(database, waits.cases_listening("YearDayMoved:2555/cdd"))


async def test_revision_0006_makes_the_index_over_officers_as_the_question_is_written(database: AsyncEngine) -> None:
    """A revision is written out by itself and never changes; an index on another expression would serve nobody."""
    revision = import_module("ledger.migrations.versions.0006_readings_and_findings")
    asked = str(officer_of(tables.events.c.actor).compile(dialect=database.dialect)).replace("events.actor", "actor")
    assert revision.OFFICER[database.dialect.name] == asked


# --- the rows of an older ledger ---------------------------------------------------------------------------

SIGNING = OnYearDay(agency="cdd", fiscal_year=2555, day=YearDay.SIGNING)
REVISIONS = sorted(
    each.revision
    for each in ScriptDirectory.from_config(migrate._config()).walk_revisions()
    if each.revision != migrate.newest()
)
"""Every revision that came before the newest."""


@asynccontextmanager
async def older_ledger(like: AsyncEngine, revision: str, folder: Path) -> AsyncIterator[AsyncEngine]:
    """A database of its own at an older revision, on the same kind of server as `like`."""
    url = like.url.set(database=str(folder / "older.db"))
    server: AsyncEngine | None = None
    if like.dialect.name == "postgresql":
        url = like.url.set(database=f"{like.url.database}_older")
        server = create_async_engine(like.url, isolation_level="AUTOCOMMIT", poolclass=NullPool)
        async with server.connect() as connection:
            await connection.execute(text(f"CREATE DATABASE {url.database}"))
    engine = open_database(url.render_as_string(hide_password=False))
    try:
        async with engine.begin() as connection:
            await connection.run_sync(lambda bare: command.upgrade(migrate._config(bare), revision))
        yield engine
    finally:
        await engine.dispose()
        if server is not None:
            async with server.connect() as connection:
                await connection.execute(text(f"DROP DATABASE {url.database} WITH (FORCE)"))


def _columns(connection: Connection) -> dict[str, list[str]]:
    """The columns of each of the ledger's tables, as the database has them and this code knows them, parents first."""
    found = inspect(connection)
    there = set(found.get_table_names())
    return {
        table.name: [column["name"] for column in found.get_columns(table.name) if column["name"] in table.c]
        for table in tables.metadata.sorted_tables
        if table.name in there
    }


async def rows_of(engine: AsyncEngine, columns: dict[str, list[str]]) -> dict[str, list[tuple[Any, ...]]]:
    """The content of these columns, in the order of each table's key."""
    kept = {}
    async with engine.connect() as connection:
        for name, named in columns.items():
            table = tables.metadata.tables[name]
            found = await connection.execute(select(*(table.c[each] for each in named)).order_by(*table.primary_key))
            kept[name] = [tuple(row) for row in found]
    return kept


TAKEN_AWAY = {"reminders": {"state": "pending"}, "hand_offs": {"context": "{}"}}
"""Columns that later revisions took away (0008, 0012), with what an older ledger holds there for rows that are left."""


def _taken_away(connection: Connection) -> dict[str, dict[str, str]]:
    """What of `TAKEN_AWAY` this ledger still has."""
    found = inspect(connection)
    return {
        name: {column["name"]: held[column["name"]] for column in found.get_columns(name) if column["name"] in held}
        for name, held in TAKEN_AWAY.items()
    }


def _as_it_was(name: str, columns: Collection[str], taken_away: Collection[str]) -> Table:
    """A table of an older ledger, for writing into it."""
    known = (Column(each, tables.metadata.tables[name].c[each].type) for each in columns)
    return Table(name, MetaData(), *known, *(Column(each, String) for each in taken_away))


async def filled(engine: AsyncEngine, source: AsyncEngine) -> tuple[dict[str, list[str]], dict[str, list[Any]]]:
    """An older ledger gets what it would hold of the source's story: (its columns, its rows)."""
    async with engine.connect() as connection:
        columns = await connection.run_sync(_columns)
        taken_away = await connection.run_sync(_taken_away)
    rows = await rows_of(source, columns)
    async with engine.begin() as connection:
        for name, found in rows.items():
            if found:
                more = taken_away.get(name, {})
                values = [dict(zip(columns[name], row, strict=True)) | more for row in found]
                await connection.execute(_as_it_was(name, columns[name], more).insert(), values)
    return columns, rows


@pytest.mark.parametrize("revision", REVISIONS)
async def test_what_an_older_ledger_holds_is_kept_and_goes_on(
    ledger: Ledger, clock: ClockThatIsSet, key: AnchorKey, tmp_path: Path, revision: str
) -> None:
    """Every row is as it was, the history is whole and tells the tables, and the new tables take what is new."""
    await story(ledger)
    await anchored(ledger, key, clock)
    async with older_ledger(ledger.engine, revision, tmp_path) as engine:
        columns, before = await filled(engine, ledger.engine)
        assert len(before["events"]) > 20
        await migrate.upgrade(engine)
        async with engine.connect() as connection:
            assert await connection.run_sync(_differences) == []
            now = await connection.run_sync(_columns)
        assert await rows_of(engine, columns) == before

        older = Ledger(engine, clock)
        assert (await verify_all(older)).whole
        assert await differences_everywhere(older) == ()
        added = {name: sorted(set(now[name]) - set(columns.get(name, ()))) for name in now}
        await goes_on(older, key, clock, {name: names for name, names in added.items() if names})


async def test_revision_0007_names_nobody_for_the_work_of_before(ledger: Ledger, tmp_path: Path) -> None:
    """Whose own work it is was unknown then, so it stays any officer's of the unit (decision 40)."""
    revision = import_module("ledger.migrations.versions.0007_named_officers")
    await story(ledger)
    async with older_ledger(ledger.engine, revision.down_revision, tmp_path) as engine:
        columns, before = await filled(engine, ledger.engine)
        assert "officer" not in columns["hand_offs"]
        assert before["hand_offs"]
        async with engine.begin() as connection:
            await connection.run_sync(lambda bare: command.upgrade(migrate._config(bare), revision.revision))
        named = await rows_of(engine, {"hand_offs": ["id", "officer"]})
        assert [officer for _, officer in named["hand_offs"]] == [None] * len(before["hand_offs"])


async def test_revision_0008_keeps_the_rungs_that_are_still_to_come(ledger: Ledger, tmp_path: Path) -> None:
    """What was sent or cancelled stands in the events (decision 45)."""
    revision = import_module("ledger.migrations.versions.0008_rungs_still_to_come")
    await story(ledger)
    async with older_ledger(ledger.engine, revision.down_revision, tmp_path) as engine:
        columns, before = await filled(engine, ledger.engine)
        (to_come, *_) = (dict(zip(columns["reminders"], row, strict=True)) for row in before["reminders"])
        taken = [to_come | {"rung": 90 + n, "state": state} for n, state in enumerate(("fired", "cancelled"))]
        async with engine.begin() as connection:
            await connection.execute(_as_it_was("reminders", columns["reminders"], ["state"]).insert(), taken)
            await connection.run_sync(lambda bare: command.upgrade(migrate._config(bare), revision.revision))
        assert await rows_of(engine, {"reminders": columns["reminders"]}) == {"reminders": before["reminders"]}


async def test_revision_0009_lets_a_signal_of_an_older_ledger_find_who_listens(ledger: Ledger, tmp_path: Path) -> None:
    revision = import_module("ledger.migrations.versions.0009_who_listens")
    listens = waits.cases_listening("YearDayMoved:2555/cdd")
    async with older_ledger(ledger.engine, revision.down_revision, tmp_path) as engine:
        assert "ix_waits_name" not in await plan_of(engine, listens)
        async with engine.begin() as connection:
            await connection.run_sync(lambda bare: command.upgrade(migrate._config(bare), revision.revision))
        assert "ix_waits_name" in await plan_of(engine, listens)


async def test_revision_0010_takes_links_out_of_the_security_log(ledger: Ledger, tmp_path: Path) -> None:
    """What stays tells the uses of one link apart from another's, as entries of today do."""
    revision = import_module("ledger.migrations.versions.0010_links_in_the_security_log")
    paths = ["/l/WyJv.first", "/l/WyJv.first", "/l/WyJv.second", "/invitation/WyJv.third", "/links", "/sign-in"]
    async with older_ledger(ledger.engine, revision.down_revision, tmp_path) as engine:
        async with engine.begin() as connection:
            entry = {"at": FRIDAY_NOON, "kind": "sign_in:link", "address": "10.0.0.1", "detail": ""}
            await connection.execute(tables.security_events.insert(), [entry | {"path": path} for path in paths])
            await connection.run_sync(lambda bare: command.upgrade(migrate._config(bare), revision.revision))
        kept = [path for (path,) in (await rows_of(engine, {"security_events": ["path"]}))["security_events"]]
    assert kept == [without_token(path) for path in paths]
    assert kept[0] == kept[1] != kept[2]
    assert kept[4:] == paths[4:]


async def test_revision_0011_lets_a_page_keep_files_and_finds_what_nobody_sent_by_its_age(
    ledger: Ledger, clock: ClockThatIsSet, tmp_path: Path
) -> None:
    revision = import_module("ledger.migrations.versions.0011_enclosures")
    content, e = b"%PDF-1.7", tables.enclosures.c
    file = AttachedFile(name="ร่าง.pdf", media_type="application/pdf", size=len(content), sha256=sha256(content))
    async with older_ledger(ledger.engine, revision.down_revision, tmp_path) as engine:
        async with engine.begin() as connection:
            await connection.run_sync(lambda bare: command.upgrade(migrate._config(bare), revision.revision))
        newer = Ledger(engine, clock)
        await enclosures.add(newer, "page", "somchai", "attachments", file, content)
        async with newer.read() as connection:
            assert await enclosures.of_officer(connection, "page", "somchai") == {"attachments": (file,)}
        assert "ix_enclosures_at" in await plan_of(engine, select(e.page).where(e.at < FRIDAY_NOON))
        async with newer.begin() as work:
            later = clock.moment + timedelta(seconds=1)
            assert await enclosures.drop_outlived(work, chosen_before=later, limit=9) == 1
            assert await documents.kept(work, [file.sha256]) == frozenset()


async def test_revision_0012_leaves_what_stands_above_a_form_where_it_was_asked(
    ledger: Ledger, clock: ClockThatIsSet, tmp_path: Path
) -> None:
    revision = import_module("ledger.migrations.versions.0012_context_in_its_event")
    await story(ledger)
    async with older_ledger(ledger.engine, revision.down_revision, tmp_path) as engine:
        _, before = await filled(engine, ledger.engine)
        async with engine.begin() as connection:
            await connection.run_sync(lambda bare: command.upgrade(migrate._config(bare), revision.revision))
        newer = Ledger(engine, clock)
        async with ledger.read() as here, newer.read() as there:
            cases = {row[0] for row in before["cases"]}
            asked, found = [await reading.hand_offs_of_cases(connection, cases) for connection in (here, there)]
    assert found == asked
    assert any(work.context.facts for works in found.values() for work in works)


async def goes_on(ledger: Ledger, key: AnchorKey, clock: ClockThatIsSet, added: dict[str, list[str]]) -> None:
    """What each revision brought works on the rows that were there before it."""
    for name, names in added.items():
        before = await rows_of(ledger.engine, {name: names})
        assert all(value is None for row in before[name] for value in row), "an old row has nothing in a new column"
    async with ledger.read() as connection:  # 0003: work of before rests on no day of a calendar
        assert await year_days.open_on_days_of(connection, ["2555/cdd"]) == ()
    await opened(ledger, "agreement-2555-cdd")
    await handed_off(ledger, order("report", year_day=SIGNING), case_id="agreement-2555-cdd")
    async with ledger.read() as connection:
        (planned,) = await year_days.open_on_days_of(connection, ["2555/cdd"])
    assert (planned.key, planned.year_day) == ("report", SIGNING)

    made = await anchored(ledger, key, clock)  # 0004: the first anchor covers the cases of before
    assert (made.number, made.cases) == (1 if "anchors" in added else 2, 3)
    assert (await verify_all(ledger)).whole

    async with ledger.begin() as work:  # 0005
        found = conformances.Kept(
            case_id=DIRECTIVE, head_seq=3, model="a" * 64, deviation=None, checked_at=work.now
        )  # fmt: skip
        await conformances.keep(work, [found])
        await work.commit()
    async with ledger.read() as connection:
        assert await conformances.of_cases(connection, [DIRECTIVE, WEEK]) == {DIRECTIVE: found}

    await handed_off(ledger, order("own", officer="suda"), case_id="agreement-2555-cdd")  # 0007
    async with ledger.read() as connection:
        found_work = await reading.hand_offs_of_case(connection, "agreement-2555-cdd")
    assert {work.key: work.officer for work in found_work} == {"report": None, "own": "suda"}
