"""Pictures of pages and papers, of a fixed size."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from deployments.errors import PicturesNeedABrowser, RehearsalStuck

if TYPE_CHECKING:
    from playwright.async_api import Browser, Page

WIDTH, HEIGHT = 1280, 860
"""Pixels."""
CHROMIUM = ("chromium", "chromium-browser", "google-chrome")
ARGUMENTS = ["--disable-gpu", "--disable-background-networking", "--no-first-run", "--no-sandbox"]
PATIENCE_MS = 30_000
SETTLE_MS = 800
"""For fonts and the last transitions of a page that builds itself."""
DOTS_PER_INCH = "80"


@dataclass(frozen=True, slots=True, kw_only=True)
class Shot:
    """One picture: a file's name, a page, and what must be seen on it before it is taken."""

    name: str
    url: str
    shows: str
    """Text that the page shows once it is complete."""
    clicks: str = ""
    """What is clicked first, by its text."""
    full: bool = False
    """The whole page, not only the window."""


def require_tools() -> None:
    """:raises PicturesNeedABrowser: before a rehearsal of minutes, not after it."""
    there = {
        "chromium": any(map(shutil.which, CHROMIUM)),
        "pdftoppm": shutil.which("pdftoppm"),
        "playwright": find_spec("playwright"),
    }
    if missing := [name for name, found in there.items() if not found]:
        raise PicturesNeedABrowser(missing=", ".join(missing))


@asynccontextmanager
async def browser() -> AsyncIterator[Browser]:
    from playwright.async_api import async_playwright

    path = next(found for name in CHROMIUM if (found := shutil.which(name)))
    async with async_playwright() as playwright:
        running = await playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        try:
            yield running
        finally:
            await running.close()


async def take(
    browser: Browser, folder: Path, shots: Sequence[Shot], *, height: int = HEIGHT,
    signs_in: tuple[str, str, str] | None = None,
) -> None:  # fmt: skip
    """Take pictures in one visit.

    :param signs_in: (address of the portal, account, password) of an officer who signs in first.
    :raises RehearsalStuck: a page does not show what it must.
    """
    from playwright.async_api import Error

    context = await browser.new_context(viewport={"width": WIDTH, "height": height}, locale="th-TH")
    context.set_default_timeout(PATIENCE_MS)
    page = await context.new_page()
    if signs_in is not None:
        await _sign_in(page, *signs_in)
    for shot in shots:
        try:
            await _take(page, folder, shot)
        except Error as trouble:
            raise RehearsalStuck(what=f"{shot.name}: {trouble.message.splitlines()[0]} {shot.url}") from trouble
    await context.close()


async def _take(page: Page, folder: Path, shot: Shot) -> None:
    await page.goto(shot.url)
    if shot.clicks:
        await page.locator(f"text={shot.clicks} >> visible=true").last.click()
    await page.locator(f"text={shot.shows} >> visible=true").first.wait_for()
    await page.wait_for_timeout(SETTLE_MS)
    await page.screenshot(path=folder / f"{shot.name}.png", full_page=shot.full)


async def _sign_in(page: Page, portal_url: str, account: str, password: str) -> None:
    await page.goto(f"{portal_url}/sign-in")
    await page.fill("#account", account)
    await page.fill("#password", password)
    await page.click("button.main")
    await page.wait_for_url(f"{portal_url}/")


async def first_page(pdf: Path, picture: Path) -> None:
    """The first page of a PDF as a picture. :raises RehearsalStuck: it could not be drawn."""
    stem = str(picture.with_suffix(""))
    drawn = await asyncio.create_subprocess_exec(
        "pdftoppm", "-png", "-r", DOTS_PER_INCH, "-f", "1", "-l", "1", "-singlefile", str(pdf), stem
    )
    if await drawn.wait():
        raise RehearsalStuck(what=f"pdftoppm {pdf}")
