"""A play that a company acts through the portal: its story, what is read at its end, how that is judged and shown."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Generic, Protocol, TypeVar

from deployments.demo.checks import Check
from deployments.demo.company import PortalCompany
from deployments.demo.findings import Findings
from deployments.demo.rehearsal import Outcome, Scene
from deployments.demo.screen import Screen
from deployments.furnishing import Ministry
from engine.runtime import Runtime

C = TypeVar("C", bound=PortalCompany)
F = TypeVar("F", bound=Findings)


class Story(Protocol):
    async def play(self) -> None: ...


@dataclass(kw_only=True)
class PortalPlay(Generic[C, F]):
    """A `Play` in an office where nobody gives directives."""

    begins: datetime
    ministry: Ministry
    company: type[C]
    story: Callable[[C], Story]
    read: Callable[[Runtime], Awaitable[F]]
    judge: Callable[[F], tuple[Check, ...]]
    tables: Callable[[Screen, F], None]
    settings: Mapping[str, str] = field(default_factory=lambda: {"SANGKAN_REPORTING_WEEKS": "false"})

    def __post_init__(self) -> None:
        self.found: F

    async def play(self, scene: Scene) -> None:
        company = self.company(scene.runtime, scene.mailbox, password=scene.password, say=scene.screen.scene)
        try:
            await self.story(company).play()
        finally:
            await company.visits.close()

    async def outcome(self, runtime: Runtime) -> Outcome:
        self.found = await self.read(runtime)
        return Outcome(found=self.found, checks=self.judge(self.found))

    def show(self, screen: Screen) -> None:
        self.tables(screen, self.found)
