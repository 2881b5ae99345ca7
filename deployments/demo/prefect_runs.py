"""What the operators see of the rehearsal: its runs in Prefect."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from prefect.client.orchestration import PrefectClient
from prefect.client.schemas.objects import FlowRun

from deployments.demo.checks import Check
from ledger.cases import CaseView

THAI = re.compile(r"[\u0e00-\u0e7f]")
AT_ONCE = 200
STATE_OF = {"open": "Suspended", "completed": "Completed"}
"""State of a case → the name of its run's state, at rest."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Runs:
    """The flow runs, and how many task runs they had."""

    flow_runs: Sequence[FlowRun]
    task_runs: int

    def by_process(self) -> Mapping[tuple[str, str], int]:
        """(process, state) → how many."""
        return Counter((process_of(run), run.state_name or "") for run in self.flow_runs)


def process_of(run: FlowRun) -> str:
    return next(tag.removeprefix("process:") for tag in run.tags if tag.startswith("process:"))


async def read_runs(prefect_url: str) -> Runs:
    async with PrefectClient(f"{prefect_url}/api") as client:
        flow_runs = await client.read_flow_runs(limit=AT_ONCE)
        task_runs, offset = 0, 0
        while page := await client.read_task_runs(limit=AT_ONCE, offset=offset):
            task_runs, offset = task_runs + len(page), offset + AT_ONCE
    return Runs(flow_runs=flow_runs, task_runs=task_runs)


def run_checks(runs: Runs, cases: Mapping[str, CaseView]) -> Iterator[Check]:
    """One run a case, in the state of its case, under a Thai name, saying in Thai whom it waits for."""
    states = {str(run.parameters["case_id"]): run.state_name or "" for run in runs.flow_runs}
    expected = {case.id: STATE_OF[case.state] for case in cases.values()}
    yield Check("Prefect: หนึ่ง flow run ต่อเรื่อง", str(len(cases)), str(len(runs.flow_runs)))
    yield Check("Prefect: สถานะตรงกับเรื่อง", _list(expected), _list(states))
    foreign = [run.name for run in runs.flow_runs if not THAI.search(run.name)]
    silent = [
        run.name for run in runs.flow_runs
        if run.state_name == "Suspended" and not THAI.search((run.state and run.state.message) or "")
    ]  # fmt: skip
    yield Check("Prefect: ชื่อและข้อความเป็นภาษาไทย", "", ", ".join(foreign + silent))


def _list(states: Mapping[str, str]) -> str:
    return "\n".join(f"{case}: {state}" for case, state in sorted(states.items()))
