"""The rehearsal of `sangkan demo agreement-year`."""

from __future__ import annotations

from collections.abc import Mapping

from deployments.demo import year_scenes
from deployments.demo.rehearsal import Outcome, Scene
from deployments.demo.screen import Screen
from deployments.demo.year_checks import checks
from deployments.demo.year_company import YearPortalCompany
from deployments.demo.year_findings import YearFindings, abbreviations, read_findings
from deployments.demo.year_screen import show_year
from deployments.demo.year_story import BEGINS
from deployments.furnishing import COMMUNITY_DEVELOPMENT
from engine.runtime import Runtime
from schemas.base import UnitId


class YearPlay:
    """FY2555 of the Community Development Department."""

    begins = BEGINS
    ministry = COMMUNITY_DEVELOPMENT
    settings: Mapping[str, str] = {
        # Nobody gives directives here, and a week that is opened now and then as the clock jumps would only be noise.
        "SANGKAN_REPORTING_WEEKS": "false",
    }

    def __init__(self) -> None:
        self.found: YearFindings
        self.units: Mapping[UnitId, str]

    async def play(self, scene: Scene) -> None:
        company = YearPortalCompany(scene.runtime, scene.mailbox, password=scene.password, say=scene.screen.scene)
        try:
            await year_scenes.play(company)
        finally:
            await company.visits.close()

    async def outcome(self, runtime: Runtime) -> Outcome:
        self.found = await read_findings(runtime)
        self.units = abbreviations(runtime)
        return Outcome(found=self.found, checks=checks(self.found))

    def show(self, screen: Screen) -> None:
        show_year(screen, self.found, self.units)
