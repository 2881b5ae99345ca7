"""Death between any two steps: the office is killed at every point that it passes, and the story ends the same."""

from __future__ import annotations

import gc
from collections import Counter
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
import pytest_asyncio
from sqlalchemy.ext.asyncio import AsyncEngine

import flows
from engine import prefect_run
from ledger import organisations
from ledger.work import Ledger
from notifications.envelope import message_id
from schemas.actor import system
from tests.conftest import ClockThatIsSet
from tests.faults.award_story import appeal_and_award
from tests.faults.dying import Fault, Faults, lived
from tests.faults.ledger_state import Kept, Told, differing, keep, not_whole, tell
from tests.faults.office import SETTINGS, InPlace, MachineClock, Office, Screens, quick
from tests.faults.sar_story import sar_round
from tests.faults.sink import Sink
from tests.faults.story import Act, Story, fortnight

assert flows.__all__  # the processes enter the register
DOMAIN = SETTINGS.mail_from.rpartition("@")[2]


@dataclass(frozen=True)
class Chapter:
    """An act as it goes without a fault: the ledger before it, what it says after it, and the points passed."""

    act: Act
    began: Any
    before: Kept
    after: Told
    points: tuple[str, ...]


class Theatre:
    """Plays acts on one database, with or without a fault."""

    def __init__(self, story: Story, database: AsyncEngine, clock: ClockThatIsSet, machine: MachineClock, sink: Sink,
                 monkeypatch: pytest.MonkeyPatch) -> None:  # fmt: skip
        self.story = story
        self.database, self.clock, self.machine, self.sink = quick(database), clock, machine, sink
        self.url = database.url.render_as_string(hide_password=False)
        self.ledger = Ledger(database, clock)
        self._monkeypatch = monkeypatch

    async def furnish(self) -> None:
        async with self.ledger.begin() as work:
            story = self.story
            await organisations.store(work, story.organisation, story.policy, actor=system("test"), reason="test")
            await work.commit()

    async def play(self, act: Act, faults: Faults, screens: Screens) -> bool:
        """One life of the office; False when it died."""
        performer = InPlace()
        performer.faults = faults
        self._monkeypatch.setattr(prefect_run, "PrefectPerformer", lambda: performer)

        async def life() -> None:
            async with Office(self.url, self.clock, self.machine, faults, screens, self.sink.port) as office:
                await act.play(office)

        return await lived(life(), faults)

    async def rehearse(self) -> list[Chapter]:
        """The whole story without a fault."""
        chapters = []
        await self.furnish()
        for act in self.story.acts:
            began, before, faults = self.clock.moment, await keep(self.database), Faults()
            assert await self.play(act, faults, Screens())
            after = tell(await keep(self.database))
            chapters.append(Chapter(act, began, before, after, tuple(faults.points)))
        return chapters

    async def strike(self, chapter: Chapter, faults: Faults) -> list[str]:
        """Play an act with a fault, and after a death once more; what came out otherwise than without."""
        await chapter.before.bring_back(self.database)
        self.clock.moment = chapter.began
        self.sink.taken.clear()
        screens, unsettled = Screens(), Counter[str]()
        if not await self.play(chapter.act, faults, screens):
            unsettled = await self._unsettled()
            self.machine.ahead += timedelta(hours=1)
            assert await self.play(chapter.act, Faults(), screens)
        assert faults.struck
        after = await keep(self.database)
        broken = await not_whole(self.ledger, chapter.before, after)
        return broken + differing(chapter.after, tell(after)) + self._mails_twice(unsettled, faults)

    async def _unsettled(self) -> Counter[str]:
        """Mails that the server had taken when the office died, and of which the ledger does not know."""
        mails = (await keep(self.database)).rows["mails"]
        queued = {message_id(mail["once"], DOMAIN) for mail in mails if mail["state"] == "queued"}
        return Counter({sent: 1 for sent in self.sink.taken if sent in queued})

    def _mails_twice(self, unsettled: Counter[str], faults: Faults) -> list[str]:
        """SMTP cannot do better than one mail in flight for each connection, and that under the same Message-ID."""
        most = SETTINGS.smtp_connections
        said = [f"{unsettled.total()} mails were in flight"] if unsettled.total() > most else []
        allowed = unsettled.total() if faults.fault is Fault.DEATH else most
        extra = self.sink.counts() - Counter(set(self.sink.taken))
        return said + ([f"{extra.total()} mails were sent twice"] if extra.total() > allowed else [])


@pytest_asyncio.fixture(params=[fortnight, sar_round, appeal_and_award])
async def theatre(
    request: pytest.FixtureRequest, database: AsyncEngine, clock: ClockThatIsSet, machine: MachineClock, sink: Sink,
    without_prefect: None, monkeypatch: pytest.MonkeyPatch,
) -> AsyncIterator[Theatre]:  # fmt: skip
    story: Story = request.param()
    clock.moment = story.acts[0].at - timedelta(minutes=30)
    yield Theatre(story, database, clock, machine, sink, monkeypatch)
    monkeypatch.undo()
    gc.collect()  # what asyncio says of the tasks of dead processes belongs to this test


def chosen(points: Sequence[str], fault: Fault, *, every: int) -> list[int]:
    """Numbers of the points to strike at: all at which the world changes, and some of the others.

    What a dead process leaves is what the database and the mail server have. So the world changes with a commit and
    with a mail that was taken; two deaths between the same two changes differ only by a transaction that was open.
    """
    changes = {"after commit", "after mail"} if fault is Fault.DEATH else {"after commit"}
    between = {Fault.DEATH: set(points), Fault.LOST_CONNECTION: {"before commit"}}[fault] - changes
    others = [number for number, point in enumerate(points) if point in between]
    found = [number for number, point in enumerate(points) if point in changes]
    return sorted({*found[::every], *others[:: 4 * every]})


@pytest.mark.parametrize("fault", list(Fault))
async def test_whatever_the_moment_of_a_fault_nothing_is_lost_and_nothing_happens_twice(
    theatre: Theatre, fault: Fault
) -> None:
    """On SQLite as often as the story says; on PostgreSQL, with the same code, at every fifth of those."""
    every = theatre.story.every * (1 if theatre.database.dialect.name == "sqlite" else 5)
    found: list[str] = []
    for chapter in await theatre.rehearse():
        for number in chosen(chapter.points, fault, every=every):
            wrong = await theatre.strike(chapter, Faults(number, fault))
            place = f"{fault} in «{chapter.act.name}», {chapter.points[number]} ({number})"
            found += [f"{place}: {each}" for each in wrong]
    assert found == []
