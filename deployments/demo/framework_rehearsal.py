"""The rehearsal of `sangkan demo framework`."""

from __future__ import annotations

from collections.abc import Mapping

from deployments.demo.company import PortalCompany
from deployments.demo.framework_expected import checks
from deployments.demo.framework_findings import FrameworkFindings, read_findings
from deployments.demo.framework_screen import show_provinces
from deployments.demo.framework_story import BEGINS, Answer, FrameworkStory
from deployments.demo.rehearsal import Outcome, Scene
from deployments.demo.screen import Screen
from deployments.furnishing import CENTRAL_OFFICE
from engine.runtime import Runtime


class FrameworkPortalCompany(PortalCompany):
    """The central office and the provinces, through the portal."""

    sign_in = frozenset({"opdc-monitoring.1"})

    async def open_framework(self, order: Answer) -> None:
        await self.start("/start/framework", order, officer="opdc-monitoring.1")


class FrameworkPlay:
    """The framework of fiscal year 2563."""

    begins = BEGINS
    ministry = CENTRAL_OFFICE
    settings: Mapping[str, str] = {"SANGKAN_REPORTING_WEEKS": "false"}  # nobody gives directives here

    def __init__(self) -> None:
        self.found: FrameworkFindings

    async def play(self, scene: Scene) -> None:
        company = FrameworkPortalCompany(
            scene.runtime, scene.mailbox, password=scene.password, say=scene.screen.scene
        )  # fmt: skip
        try:
            await FrameworkStory(company).play()
        finally:
            await company.visits.close()

    async def outcome(self, runtime: Runtime) -> Outcome:
        self.found = await read_findings(runtime)
        return Outcome(found=self.found, checks=checks(self.found))

    def show(self, screen: Screen) -> None:
        show_provinces(screen, self.found)
