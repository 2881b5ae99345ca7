"""The rehearsal of `sangkan demo directive`: the stack is started, the story played, its outcome shown and judged."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import Iterator, Mapping
from pathlib import Path

from rich.console import Console

from deployments.demo_company import PortalCompany
from deployments.demo_expected import Check, checks
from deployments.demo_findings import Findings, read_findings
from deployments.demo_pictures import Album
from deployments.demo_prefect import read_runs, run_checks
from deployments.demo_screen import Screen
from deployments.demo_stack import standing_stack
from deployments.demo_story import BEGINS, Story
from deployments.errors import RehearsalIsOff
from deployments.opening import runtime_here
from deployments.stack import Stack
from deployments.wording import welcome
from engine.runtime import Runtime
from engine.settings import Settings
from ledger import documents
from notifications.mailbox import Mailbox

PRINTED = (".pdf", ".xlsx")


async def rehearse(folder: Path, pictures: Path | None, *, keep: bool) -> None:
    """:raises RehearsalIsOff: something is not what it must be. :raises RehearsalStuck: it does not go on."""
    screen = Screen(Console())
    screen.console.print(f"เริ่ม Prefect, worker, หน้าเว็บ และกล่องจดหมาย ใน {folder}", soft_wrap=True)
    async with standing_stack(folder / "var", begins=BEGINS) as stack:
        async with runtime_here(Settings()) as runtime:
            made = await _played(stack, runtime, screen, folder / "papers", pictures)
        if keep:
            await _look_around(stack, screen)
    if off := sum(not check.holds for check in made):
        raise RehearsalIsOff(count=off, of=len(made))


async def _played(
    stack: Stack, runtime: Runtime, screen: Screen, papers: Path, pictures: Path | None
) -> tuple[Check, ...]:
    mailbox = Mailbox(stack.home.mailbox)
    password = stack.home.demo_password
    with screen.console.status("กำลังซ้อม …") as status:
        story = Story(PortalCompany(runtime, mailbox, password=password, say=screen.scene))
        await story.play()
        status.update("กำลังตรวจผล …")
        found, runs = await read_findings(runtime), await read_runs(stack.prefect_url)
        printed = await _printed(runtime, found, papers)
        made = (*checks(story.cases, found), *_delivered(found, mailbox), *run_checks(runs, found.cases))
    screen.results(found, runs, made, printed)
    if pictures is not None:
        album = Album(stack.portal_url, stack.prefect_url, password, pictures)
        with screen.console.status("กำลังถ่ายภาพ …"):
            taken = await album.fill(runtime, story.cases, runs, printed)
        screen.files("ภาพ", taken)
    return made


def _delivered(found: Findings, mailbox: Mailbox) -> Iterator[Check]:
    sent = sum(mail.state == "sent" for mail in found.mails)
    yield Check("อีเมลที่ถึงกล่องจดหมายทาง SMTP", str(sent), str(mailbox.count()))


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
