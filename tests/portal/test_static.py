"""Files for browsers: other people's are byte for byte what they published."""

from __future__ import annotations

import hashlib

import httpx
import pytest

from portal.static import FOLDER, VENDORED, address_of_static, assets
from tests.portal.conftest import Browsers


def test_every_vendored_file_has_its_hash_its_licence_and_its_version() -> None:
    folders = {path.parent for path in VENDORED}
    assert folders == set((FOLDER / "vendor").iterdir())
    for folder in folders:
        lines = (folder / "SHA256SUMS").read_text("utf-8").splitlines()
        sums = {name: digest for digest, name in (line.split("  ") for line in lines)}
        kept = {path.name for path in folder.iterdir()} - {"SHA256SUMS", "README.md"}
        assert sums == {name: hashlib.sha256((folder / name).read_bytes()).hexdigest() for name in kept}
        assert "LICENSE" in kept


def test_the_note_names_the_version_that_the_file_itself_names() -> None:
    (viewer,) = VENDORED
    head = viewer.read_text("utf-8")[:200]
    version = head.partition(" v")[2].partition(" ")[0]
    assert f"bpmn-js {version}," in (viewer.parent / "README.md").read_text("utf-8")


def test_the_watermark_is_not_hidden() -> None:
    """The licence of bpmn-js asks that it stays visible; no rule of ours names it."""
    assert "bjs-powered-by" not in (FOLDER / "diagram.css").read_text("utf-8")
    assert "bjs-powered-by" in VENDORED[0].read_text("utf-8")


@pytest.mark.parametrize("name", sorted(assets()))
async def test_a_file_is_served_for_ever_under_its_version(come: Browsers, name: str) -> None:
    browser: httpx.AsyncClient = await come()
    answer = await browser.get(address_of_static(name))
    assert answer.content == assets()[name].content
    assert "immutable" in answer.headers["cache-control"]
    assert (await browser.get("/static/vendor")).status_code == 404
