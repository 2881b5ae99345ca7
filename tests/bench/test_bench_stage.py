"""The stage: a contender's own database and processes, of which nothing stays behind."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from pathlib import Path

import asyncpg
import psutil
import pytest

from deployments.bench_stage import free_port, own_database, standing, until

SLEEPS = "import time; time.sleep(60)"
WITH_A_CHILD = (
    "import subprocess, sys, time; subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(60)']); "
    "time.sleep(60)"
)


@pytest.fixture(autouse=True)
def of_others() -> Iterator[set[psutil.Process]]:
    """What runs already is another test's, such as the session's Prefect server: it is neither counted nor ended."""
    OF_OTHERS.update(_children())
    yield OF_OTHERS
    OF_OTHERS.clear()


OF_OTHERS: set[psutil.Process] = set()


def _children() -> list[psutil.Process]:
    return psutil.Process().children(recursive=True)


async def children_of_this_test(expected: int) -> list[psutil.Process]:
    async def look() -> list[psutil.Process]:
        return [child for child in _children() if child not in OF_OTHERS]

    return await until(look, lambda found: len(found) >= expected, within_s=10)


class TestProcesses:
    async def test_a_process_and_its_children_end_with_the_stage(self) -> None:
        async with standing("", {}) as stage:
            stage.start("parent", "-c", WITH_A_CHILD)
            family = await children_of_this_test(2)
        assert not any(member.is_running() for member in family)

    async def test_children_end_also_when_their_parent_died_before(self) -> None:
        async with standing("", {}) as stage:
            stage.start("parent", "-c", WITH_A_CHILD)
            parent, child = await children_of_this_test(2)
            stage.sample_memory()
            parent.kill()
        assert not child.is_running()

    async def test_everything_ends_and_the_log_is_told_when_something_fails(self) -> None:
        started: list[psutil.Process] = []

        async def fail_on_stage() -> None:
            async with standing("", {}) as stage:
                stage.start("speaker", "-u", "-c", f"print('ล้มเหลว'); {SLEEPS}")
                started.extend(await children_of_this_test(1))
                log = stage.folder / "speaker.log"
                await until(lambda: asyncio.to_thread(log.read_bytes), bool, within_s=10)
                raise RuntimeError("failed")

        with pytest.raises(RuntimeError) as failure:
            await fail_on_stage()
        assert not any(process.is_running() for process in started)
        assert any("ล้มเหลว" in note for note in failure.value.__notes__)

    async def test_a_process_that_ends_at_once_is_not_waited_for(self) -> None:
        async with standing("", {}) as stage:
            stage.start("hasty", "-c", "pass")
            with pytest.raises(RuntimeError, match="hasty ended"):
                await stage.answers("hasty", free_port(), "/")

    async def test_a_command_that_fails_says_what_it_wrote(self) -> None:
        async with standing("", {}) as stage:
            await stage.run("well", "-c", "pass")
            with pytest.raises(RuntimeError, match="no such pool"):
                await stage.run("badly", "-c", "raise SystemExit('no such pool')")

    async def test_memory_is_kept_at_its_peak_by_name(self) -> None:
        async with standing("", {}) as stage:
            stage.start("parent", "-c", WITH_A_CHILD, children="runs")
            await children_of_this_test(2)
            stage.sample_memory()
            assert set(stage.peak_memory_mb) == {"parent"}, "forked for a moment, perhaps"
            stage.sample_memory()
            assert set(stage.peak_memory_mb) == {"parent", "runs"}
            assert all(1 < mb < 200 for mb in stage.peak_memory_mb.values())
            stage.peak_memory_mb["parent"] = 9999.0
            stage.sample_memory()
            assert stage.peak_memory_mb["parent"] == 9999.0

    async def test_a_contender_does_not_inherit_somebody_elses_server(
        self, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
    ) -> None:
        monkeypatch.setenv("PREFECT_API_URL", "http://127.0.0.1:1/api")
        async with standing("", {"BENCHMARK_SMTP_PORT": "25"}) as stage:
            written = tmp_path / "environment"
            script = f"import os, pathlib; pathlib.Path({str(written)!r}).write_text(repr(sorted(os.environ)))"
            await stage.run("look", "-c", script)
        assert "BENCHMARK_SMTP_PORT" in written.read_text()
        assert "PREFECT_API_URL" not in written.read_text()


async def test_what_does_not_come_in_time_is_told_with_the_last_finding() -> None:
    async def look() -> int:
        return 3

    with pytest.raises(TimeoutError, match="still 3"):
        await until(look, lambda found: found > 3, within_s=0.1)


@pytest.mark.postgres
class TestDatabase:
    async def test_it_is_there_within_and_gone_after_even_in_use(self, postgres_url: str) -> None:
        server = postgres_url.replace("+asyncpg", "")

        async def fail_while_connected() -> None:
            async with own_database(server, "sangkan_benchmark_test") as url:
                connection = await asyncpg.connect(url)
                assert await connection.fetchval("SELECT current_database()") == "sangkan_benchmark_test"
                raise ZeroDivisionError

        with pytest.raises(ZeroDivisionError):
            await fail_while_connected()
        assert await databases(server, "sangkan_benchmark_test") == 0


async def databases(server: str, name: str) -> int:
    connection = await asyncpg.connect(server)
    try:
        found: int = await connection.fetchval("SELECT count(*) FROM pg_database WHERE datname = $1", name)
        return found
    finally:
        await connection.close()
