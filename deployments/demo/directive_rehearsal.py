"""The rehearsal of `sangkan demo directive`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from deployments.demo.directive_company import DirectivePortalCompany
from deployments.demo.directive_expected import checks
from deployments.demo.directive_findings import DirectiveFindings, read_findings
from deployments.demo.directive_pictures import Album
from deployments.demo.directive_screen import show_weeks
from deployments.demo.directive_story import BEGINS, DirectiveStory
from deployments.demo.prefect_runs import Runs
from deployments.demo.rehearsal import Outcome, Scene
from deployments.demo.screen import Screen
from deployments.furnishing import SAMPLE
from engine.runtime import Runtime


class DirectivePlay:
    """Three weeks of directives in the sample ministry."""

    begins = BEGINS
    ministry = SAMPLE
    settings: Mapping[str, str] = {}

    def __init__(self) -> None:
        self.story: DirectiveStory
        self.found: DirectiveFindings

    async def play(self, scene: Scene) -> None:
        company = DirectivePortalCompany(
            scene.runtime, scene.mailbox, password=scene.password, say=scene.screen.scene
        )  # fmt: skip
        self.story = DirectiveStory(company)
        try:
            await self.story.play()
        finally:
            await company.visits.close()

    async def outcome(self, runtime: Runtime) -> Outcome:
        self.found = await read_findings(runtime)
        return Outcome(found=self.found, checks=checks(self.story.cases, self.found))

    def show(self, screen: Screen) -> None:
        show_weeks(screen, self.found)

    async def take_pictures(self, folder: Path, scene: Scene, runs: Runs, papers: Sequence[Path]) -> Sequence[Path]:
        """Into a folder."""
        album = Album(scene.stack.portal_url, scene.stack.prefect_url, scene.password, folder)
        return await album.fill(scene.runtime, self.story.cases, runs, papers)
