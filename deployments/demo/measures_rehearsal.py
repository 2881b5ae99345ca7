"""The rehearsal of `sangkan demo six-measures`."""

from __future__ import annotations

from deployments.demo.company import PortalCompany
from deployments.demo.measures_expected import checks
from deployments.demo.measures_findings import MeasuresFindings, read_findings
from deployments.demo.measures_screen import show_provinces
from deployments.demo.measures_story import BEGINS, PROVINCES, Answer, MeasuresStory, Province
from deployments.demo.portal_play import PortalPlay
from deployments.furnishing import SAMUT_SAKHON

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


def measures_play() -> PortalPlay[MeasuresPortalCompany, MeasuresFindings]:
    """The six measures of fiscal year 2561."""
    return PortalPlay(
        begins=BEGINS, ministry=SAMUT_SAKHON, company=MeasuresPortalCompany, story=MeasuresStory, read=read_findings,
        judge=checks, tables=show_provinces,
    )  # fmt: skip
