"""A rehearsal of `sangkan demo`: the stack is started, a story played, its outcome shown and judged."""

from __future__ import annotations

import asyncio
import signal
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Protocol

from rich.console import Console

from deployments.demo.checks import Check, delivery_check
from deployments.demo.findings import Findings
from deployments.demo.prefect_runs import Runs, read_runs, run_checks
from deployments.demo.screen import Screen
from deployments.demo.stack import standing_stack
from deployments.errors import RehearsalIsOff
from deployments.furnishing import Ministry
from deployments.opening import runtime_here
from deployments.stack import Stack
from deployments.wording import welcome
from engine.anchoring import make_anchor
from engine.runtime import Runtime
from engine.settings import Settings
from ledger import documents
from ledger.anchor_key import read_key
from notifications.mailbox import Mailbox

PRINTED = (".pdf", ".xlsx")


@dataclass(frozen=True, slots=True, kw_only=True)
class Scene:
    """Where a story is played: the real stack, and the screen on which it is told."""

    stack: Stack
    runtime: Runtime
    mailbox: Mailbox
    password: str
    screen: Screen


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What came of a story."""

    found: Findings
    checks: tuple[Check, ...]
    """What must come of it, compared with what did."""


class Play(Protocol):
    """A story as it is rehearsed."""

    begins: datetime
    ministry: Ministry
    settings: Mapping[str, str]
    """Settings of the stack that the story needs."""

    async def play(self, scene: Scene) -> None:
        """:raises RehearsalStuck: it does not go on."""
        ...

    async def outcome(self, runtime: Runtime) -> Outcome: ...

    def show(self, screen: Screen) -> None:
        """What the story is about, in tables; after `outcome`."""
        ...


Photographer = Callable[[Scene, Runs, Sequence[Path]], Awaitable[Sequence[Path]]]
"""Takes pictures when all is over: of pages, of the runs in Prefect, of the papers."""


async def rehearse(play: Play, folder: Path, photographer: Photographer | None, *, keep: bool) -> None:
    """:raises RehearsalIsOff: something is not what it must be. :raises RehearsalStuck: it does not go on."""
    screen = Screen(Console())
    screen.console.print(f"เริ่ม Prefect, worker, หน้าเว็บ และกล่องจดหมาย ใน {folder}", soft_wrap=True)
    standing = standing_stack(folder / "var", begins=play.begins, ministry=play.ministry, settings=play.settings)
    async with standing as stack:
        async with runtime_here(Settings()) as runtime:
            scene = Scene(
                stack=stack, runtime=runtime, mailbox=Mailbox(stack.home.mailbox),
                password=stack.home.demo_password, screen=screen,
            )  # fmt: skip
            checks = await _rehearsed(play, scene, folder / "papers", photographer)
        if keep:
            await _look_around(stack, screen)
    if off := sum(not check.holds for check in checks):
        raise RehearsalIsOff(count=off, of=len(checks))


async def _rehearsed(
    play: Play, scene: Scene, folder: Path, photographer: Photographer | None
) -> tuple[Check, ...]:  # fmt: skip
    screen = scene.screen
    with screen.console.status("กำลังซ้อม …") as status:
        began = time.monotonic()
        await play.play(scene)
        played = time.monotonic() - began
        status.update("กำลังตรวจผล …")
        outcome, runs = await play.outcome(scene.runtime), await read_runs(scene.stack.prefect_url)
        found = outcome.found
        papers = await _printed(scene.runtime, found, folder)
        await _witnessed(scene.runtime)
    delivered = delivery_check(found, scene.mailbox.count())
    checks = (*outcome.checks, delivered, *run_checks(runs, found.cases))
    screen.took(played)
    play.show(screen)
    screen.results(found, runs, checks, papers)
    if photographer is not None:
        with screen.console.status("กำลังถ่ายภาพ …"):
            taken = await photographer(scene, runs, papers)
        screen.files("ภาพ", taken)
    return checks


async def _witnessed(runtime: Runtime) -> None:
    """An anchor over all that was rehearsed: its clock runs past the hours in which anchors are made."""
    key = runtime.settings.anchor_key
    assert key is not None, "the stack has made one"
    await make_anchor(runtime, read_key(key), first=True)


async def _printed(runtime: Runtime, found: Findings, folder: Path) -> list[Path]:
    """The papers of all cases, as files that people can open."""
    async with runtime.ledger.read() as connection:
        papers = {
            paper.name: (await documents.get(connection, paper.sha256)).content
            for of_case in found.papers.values()
            for paper in of_case
            if paper.name.endswith(PRINTED)
        }
    return await asyncio.to_thread(_written, papers, folder)


def _written(papers: Mapping[str, bytes], folder: Path) -> list[Path]:
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in papers.items():
        (folder / name).write_bytes(content)
    return [folder / name for name in sorted(papers)]


async def _look_around(stack: Stack, screen: Screen) -> None:
    """Until Ctrl-C."""
    screen.console.print(welcome(stack.portal_url, stack.prefect_url, stack.ports.smtp, stack.home.demo_password))
    asked = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, asked.set)
    await asked.wait()
