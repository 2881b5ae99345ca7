"""The rehearsal of `sangkan demo cascade`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from deployments.demo.cascade_data import OFFICE, Answer
from deployments.demo.cascade_expected import checks
from deployments.demo.cascade_findings import CascadeFindings, read_findings
from deployments.demo.cascade_screen import show_agencies
from deployments.demo.cascade_story import BEGINS, CascadeStory
from deployments.demo.company import PortalCompany
from deployments.demo.rehearsal import Outcome, Scene
from deployments.demo.screen import Screen
from deployments.furnishing import AYUTTHAYA
from engine.runtime import Runtime
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


class CascadePlay:
    """Ayutthaya in fiscal year 2553."""

    begins = BEGINS
    ministry = AYUTTHAYA
    settings: Mapping[str, str] = {"SANGKAN_REPORTING_WEEKS": "false"}  # nobody gives directives here

    def __init__(self) -> None:
        self.found: CascadeFindings

    async def play(self, scene: Scene) -> None:
        company = CascadePortalCompany(
            scene.runtime, scene.mailbox, password=scene.password, say=scene.screen.scene
        )  # fmt: skip
        try:
            await CascadeStory(company).play()
        finally:
            await company.visits.close()

    async def outcome(self, runtime: Runtime) -> Outcome:
        self.found = await read_findings(runtime)
        return Outcome(found=self.found, checks=checks(self.found))

    def show(self, screen: Screen) -> None:
        show_agencies(screen, self.found)
