"""The rehearsal of `sangkan demo framework`."""

from __future__ import annotations

from deployments.demo.company import PortalCompany
from deployments.demo.framework_expected import checks
from deployments.demo.framework_findings import FrameworkFindings, read_findings
from deployments.demo.framework_screen import show_provinces
from deployments.demo.framework_story import BEGINS, Answer, FrameworkStory
from deployments.demo.portal_play import PortalPlay
from deployments.furnishing import CENTRAL_OFFICE


class FrameworkPortalCompany(PortalCompany):
    """The central office and the provinces, through the portal."""

    sign_in = frozenset({"opdc-monitoring.1"})

    async def open_framework(self, order: Answer) -> None:
        await self.start("/start/framework", order, officer="opdc-monitoring.1")


def framework_play() -> PortalPlay[FrameworkPortalCompany, FrameworkFindings]:
    """The framework of fiscal year 2563."""
    return PortalPlay(
        begins=BEGINS, ministry=CENTRAL_OFFICE, company=FrameworkPortalCompany, story=FrameworkStory,
        read=read_findings, judge=checks, tables=show_provinces,
    )  # fmt: skip
