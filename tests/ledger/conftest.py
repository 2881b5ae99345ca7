"""A ledger with two anchors, on each database."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from ledger.anchor_key import AnchorKey, make_key
from ledger.anchors import Anchor
from ledger.work import Ledger
from tests.conftest import ClockThatIsSet
from tests.ledger.anchored import OTHER, anchored, note
from tests.ledger.scene import opened, story


@pytest.fixture
def key(tmp_path: Path) -> AnchorKey:
    return make_key(tmp_path / "anchor.pem")


@pytest.fixture
def played(ledger: Ledger, key: AnchorKey, clock: ClockThatIsSet) -> Callable[[], Any]:
    """Two cases with two anchors: the first has seen the story, the second three notes more; one note is unseen."""

    async def play() -> list[Anchor]:
        await story(ledger)
        await opened(ledger, OTHER)
        made = [await anchored(ledger, key, clock)]
        clock.advance(hours=2)
        await note(ledger, OTHER, "a", "b", "c")
        made.append(await anchored(ledger, key, clock))
        clock.advance(hours=2)
        await note(ledger, OTHER, "d")
        return made

    return play
