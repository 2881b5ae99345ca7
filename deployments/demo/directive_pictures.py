"""Pictures of what officers, operators and the minister see of directives; for the README."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from deployments.demo.camera import Shot, browser, first_page, take
from deployments.demo.directive_story import SECOND
from deployments.demo.prefect_runs import Runs
from engine.runtime import Runtime
from ledger import reading
from ledger.hand_offs import OPEN, HandOff
from schemas.base import CaseId, OfficerId

if TYPE_CHECKING:
    from playwright.async_api import Browser

OPERATORS_HEIGHT = 1400
"""Pixels; Prefect shows its list of runs below a chart."""
READ_BY: OfficerId = "ops-psd.1"
PAPERS: Mapping[str, str] = {"report-minister": "รายงานข้อสั่งการ-2561-04-20", "report-printout": "ข้อสั่งการ-กรม-(ตัวอย่าง)"}
"""Name of a picture → how the name of its PDF begins."""


@dataclass(frozen=True, slots=True)
class Album:
    """The pictures of one rehearsal, in a folder."""

    portal_url: str
    prefect_url: str
    password: str
    folder: Path

    async def fill(
        self, runtime: Runtime, roles: Mapping[str, CaseId], runs: Runs, papers: Sequence[Path]
    ) -> list[Path]:
        """Take them all; where they are."""
        report = await _open_report(runtime, roles["law_aid"])
        run = next(run for run in runs.flow_runs if run.parameters["case_id"] == roles["law_aid"])
        operator = [
            Shot(name="prefect-runs", url=f"{self.prefect_url}/runs", shows="ข้อสั่งการที่"),
            Shot(
                name="prefect-run",
                url=f"{self.prefect_url}/runs/flow-run/{run.id}",
                clicks="Task Runs",
                shows="รับทราบข้อสั่งการ",
            ),
        ]
        async with browser() as running:
            await take(running, self.folder, operator, height=OPERATORS_HEIGHT)
            await self._portal(running, report.unit + ".1", Shot(name="portal-inbox", url="/", shows="รายงานผล"))
            await self._portal(
                running, report.unit + ".1", Shot(name="portal-form", url=f"/hand-offs/{report.id}", shows="4.1")
            )
            await self._portal(
                running, READ_BY,
                Shot(name="portal-week", url=f"/weeks/{SECOND.removeprefix('week-')}", shows="แล้วเสร็จ"),
                Shot(name="portal-case", url=f"/cases/{roles['law_aid']}", shows="ประวัติ", full=True),
            )  # fmt: skip
        for name, part in PAPERS.items():
            pdf = next(paper for paper in papers if paper.name.startswith(part) and paper.suffix == ".pdf")
            await first_page(pdf, self.folder / f"{name}.png")
        return await asyncio.to_thread(lambda: sorted(self.folder.glob("*.png")))

    async def _portal(self, running: Browser, account: str, *shots: Shot) -> None:
        there = [replace(shot, url=self.portal_url + shot.url) for shot in shots]
        await take(running, self.folder, there, signs_in=(self.portal_url, account, self.password))


async def _open_report(runtime: Runtime, case: CaseId) -> HandOff:
    """The report that is asked for now, prefilled with last week's."""
    async with runtime.ledger.read() as connection:
        found = await reading.hand_offs_of_subject(connection, case)
    return next(h for h in found if h.state == OPEN and h.element == "report")
