"""The rehearsal of `sangkan demo six-measures`."""

from __future__ import annotations

from collections.abc import Mapping

from deployments.demo.company import PortalCompany
from deployments.demo.measures_expected import checks
from deployments.demo.measures_findings import MeasuresFindings, read_findings
from deployments.demo.measures_screen import show_provinces
from deployments.demo.measures_story import BEGINS, PROVINCES, Answer, MeasuresStory, Province
from deployments.demo.rehearsal import Outcome, Scene
from deployments.demo.screen import Screen
from deployments.furnishing import SAMUT_SAKHON
from engine.runtime import Runtime

CENTRAL_OFFICER = "opdc-monitoring.1"


class MeasuresPortalCompany(PortalCompany):
    """The central office, the provinces and their agencies, through the portal."""

    sign_in = frozenset(
        {CENTRAL_OFFICER}
        | {f"{p.id}-{unit}.1" for p in PROVINCES for unit in ("strategy", "energy", "health", "treasury", "office")}
    )

    async def begin(self, province: Province, order: Answer) -> None:
        await self.start("/start/six-measures", order, officer=f"{province.office}.1")

    async def issue_criteria(self, criteria: Answer) -> None:
        await self.start("/start/criteria", criteria, officer=CENTRAL_OFFICER)


class MeasuresPlay:
    """The six measures of fiscal year 2561."""

    begins = BEGINS
    ministry = SAMUT_SAKHON
    settings: Mapping[str, str] = {"SANGKAN_REPORTING_WEEKS": "false"}  # nobody gives directives here

    def __init__(self) -> None:
        self.found: MeasuresFindings

    async def play(self, scene: Scene) -> None:
        company = MeasuresPortalCompany(
            scene.runtime, scene.mailbox, password=scene.password, say=scene.screen.scene
        )  # fmt: skip
        try:
            await MeasuresStory(company).play()
        finally:
            await company.visits.close()

    async def outcome(self, runtime: Runtime) -> Outcome:
        self.found = await read_findings(runtime)
        return Outcome(found=self.found, checks=checks(self.found))

    def show(self, screen: Screen) -> None:
        show_provinces(screen, self.found)
