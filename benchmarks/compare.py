"""One command: the same weekly peak on our engine and on the others, one after the other, with the ratios.

    python -m benchmarks.compare --directives 200

Needs requirements/compare.txt and a PostgreSQL server; everything stays on the loopback interface.
"""

from __future__ import annotations

import asyncio
import os
import platform
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Literal

import cyclopts
import uvloop
from rich.console import Console
from rich.table import Table

from benchmarks.contenders import CONTENDERS, NotInstalled, peak
from benchmarks.result import FIGURES, BenchmarkResult, Comparison, Figure, ratio, read

Key = Literal["prefect", "dbos", "spiff"]
POSTGRES = "postgresql://postgres@127.0.0.1:5432/postgres"
OURS_WITHIN_S = 3600

app = cyclopts.App(name="compare", help=__doc__, help_format="plaintext")
console = Console()


@app.default
def compare(
    *,
    directives: int = 200,
    prefect_directives: int = CONTENDERS["prefect"].at_most,
    engines: Annotated[tuple[Key, ...], cyclopts.Parameter(consume_multiple=True)] = ("dbos", "spiff", "prefect"),
    ours: tuple[Path, ...] = (),
    without_ours: bool = False,
    postgres: str = POSTGRES,
    json: Path | None = None,
) -> None:
    """Measure, and print the absolute figures and the ratios ours / other.

    Parameters
    ----------
    directives
        Reports in the peak of DBOS, SpiffWorkflow and our engine.
    prefect_directives
        Reports in the peak of plain Prefect, which starts an interpreter for each; ours runs at this size too.
    engines
        The engines to measure.
    ours
        A JSON file of `sangkan bench weekly-peak`, instead of running it; may be given once a size.
    without_ours
        Measure only the others.
    postgres
        URL of a database on the server where the engines' own databases are created and dropped.
    json
        Where to write everything that was measured.
    """
    sizes = {key: min(prefect_directives, directives) if key == "prefect" else directives for key in engines}
    try:
        others = tuple(_measured(sizes, postgres))
    except NotInstalled as missing:
        console.print(f"[red]{missing}")
        sys.exit(2)
    own = () if without_ours else _own(ours, sorted(set(sizes.values()), reverse=True))
    comparison = Comparison(
        measured_at=datetime.now(UTC),
        machine=f"{platform.system()} {platform.machine()}, Python {platform.python_version()}",
        cores=os.cpu_count() or 1,
        ours=own,
        others=others,
    )
    show(comparison)
    if json is not None:
        json.write_text(comparison.model_dump_json(indent=2) + "\n", encoding="utf-8")


def _measured(sizes: dict[Key, int], postgres: str) -> Iterable[BenchmarkResult]:
    for key, directives in sizes.items():
        with console.status(f"{CONTENDERS[key].title}: {directives} directives"):
            yield uvloop.run(_until_terminated(key, directives, postgres))


async def _until_terminated(key: Key, directives: int, postgres: str) -> BenchmarkResult:
    """A SIGTERM unwinds like Ctrl-C, so that databases and processes are cleaned up."""
    task = asyncio.current_task()
    assert task is not None
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, task.cancel)
    return await peak(key, directives, postgres=postgres)


def _own(files: Sequence[Path], sizes: Sequence[int]) -> tuple[BenchmarkResult, ...]:
    given = tuple(map(read, files))
    return given or tuple(map(_run_ours, sizes))


def _run_ours(directives: int) -> BenchmarkResult:
    with (
        tempfile.TemporaryDirectory(prefix="benchmark-") as folder,
        console.status(f"sangkan: {directives} directives"),
    ):
        file = Path(folder) / "ours.json"
        subprocess.run(
            [
                sys.executable, "-c", "from deployments.cli import main; main()",
                "bench", "weekly-peak", "--directives", str(directives), "--json", str(file),
            ],
            check=True,
            timeout=OURS_WITHIN_S,
            stdout=subprocess.DEVNULL,
        )  # fmt: skip
        return read(file)


# --- the table ---------------------------------------------------------------------------------------------


def show(comparison: Comparison) -> None:
    """One table a size; ours beside the others of the same size."""
    console.print(f"\n{comparison.machine}, {comparison.cores} cores, {comparison.measured_at:%Y-%m-%d %H:%M} UTC")
    for size in sorted({other.directives for other in comparison.others}, reverse=True):
        ours = next((own for own in comparison.ours if own.directives == size), None)
        others = [other for other in comparison.others if other.directives == size]
        console.print(_table(ours, others))
        for result in filter(None, (ours, *others)):
            _print_particulars(result)
    if unused := {own.directives for own in comparison.ours} - {o.directives for o in comparison.others}:
        console.print(f"not shown, because no other engine was measured at this size: {sorted(unused)}")


def _table(ours: BenchmarkResult | None, others: Sequence[BenchmarkResult]) -> Table:
    sized = others[0]
    table = Table(title=f"{sized.directives} directives, {sized.clients} clients", title_justify="left")
    table.add_column("")
    if ours is not None:
        table.add_column(f"{ours.engine}\n{ours.database}", justify="right")
    for other in others:
        table.add_column(f"{other.engine}\n{other.database}", justify="right")
        if ours is not None:
            table.add_column("ours /\nother", justify="right")
    for figure in FIGURES:
        table.add_row(*_row(figure, ours, others))
    return table


def _row(figure: Figure, ours: BenchmarkResult | None, others: Sequence[BenchmarkResult]) -> list[str]:
    cells = [figure.label]
    if ours is not None:
        cells.append(f"{figure.of(ours):,.1f}")
    for other in others:
        cells.append(f"{figure.of(other):,.1f}")
        if ours is not None:
            cells.append(_ratio_cell(figure, ratio(figure, ours, other)))
    return cells


def _ratio_cell(figure: Figure, value: float | None) -> str:
    if value is None:
        return "–"
    ahead = value >= 1 if figure.more_is_better else value <= 1
    return f"[{'green' if ahead else 'red'}]{value:.3g}×"


def _print_particulars(result: BenchmarkResult) -> None:
    memory = ", ".join(f"{name} {mb:,.0f} MB" for name, mb in result.peak_memory_mb.items())
    refused = (f"{result.refused} submissions refused",) if result.refused else ()
    console.print(f"[bold]{result.engine}[/]: {'; '.join((memory, *refused, *result.notes))}")


if __name__ == "__main__":
    app()
