"""The rehearsal of `sangkan demo cascade`."""

from __future__ import annotations

from collections.abc import Sequence

from deployments.demo.cascade_data import OFFICE, Answer
from deployments.demo.cascade_expected import checks
from deployments.demo.cascade_findings import CascadeFindings, read_findings
from deployments.demo.cascade_screen import show_agencies
from deployments.demo.cascade_story import BEGINS, CascadeStory
from deployments.demo.company import PortalCompany
from deployments.demo.portal_play import PortalPlay
from deployments.furnishing import AYUTTHAYA
from ledger import reading
from ledger.hand_offs import HandOff

AT_MOST = 1000
"""Open work of the province; far more than there ever is."""


class CascadePortalCompany(PortalCompany):
    """The governor, the agencies and their staff, through the portal."""

    sign_in = frozenset({"ayutthaya.head", f"{OFFICE}.1"})

    async def open_cascade(self, order: Answer) -> None:
        await self.start("/start/cascade", order, officer=f"{OFFICE}.1")

    async def asked(self, element: str) -> Sequence[HandOff]:
        await self.at_rest()
        units = [unit.id for unit in self.runtime.directory.units()]
        async with self.runtime.ledger.read() as connection:
            found = await reading.inbox(connection, units, limit=AT_MOST)
        return [work for work in found if work.element == element]


def cascade_play() -> PortalPlay[CascadePortalCompany, CascadeFindings]:
    """Ayutthaya in fiscal year 2553."""
    return PortalPlay(
        begins=BEGINS, ministry=AYUTTHAYA, company=CascadePortalCompany, story=CascadeStory, read=read_findings,
        judge=checks, tables=show_agencies,
    )  # fmt: skip
