"""The organisation and the policy as they stood at a moment: who held the work, which calendar set the deadline."""

from __future__ import annotations

from bisect import bisect_right
from datetime import UTC, datetime, timedelta

from engine.runtime import Runtime
from ledger import organisations

TAKEN_UP_WITHIN = timedelta(minutes=2)
"""So long after a change of the organisation a process may still have worked under the one before."""

EVER, FOREVER = datetime.min.replace(tzinfo=UTC), datetime.max.replace(tzinfo=UTC)


class Offices:
    """Runtimes by moment; each version of the organisation is read once, when it is first asked for."""

    def __init__(self, runtime: Runtime, since: tuple[tuple[int, datetime], ...]) -> None:
        self._runtime = runtime
        self._versions = [version for version, _ in since]
        self._since = [at for _, at in since]
        self._made: dict[int, Runtime] = {}
        self._found: tuple[Runtime, ...] = ()
        """What stood when it was asked for last, and from when until when that holds: changes are rare."""
        self._from, self._until = FOREVER, FOREVER

    async def read_for(self, first: datetime, last: datetime) -> None:
        """Read every version that counts from one moment to another; until then `at` knows of none between them."""
        for place in self._places(first, last):
            if place not in self._made:
                self._made[place] = await self._read(self._versions[place])

    async def _read(self, version: int) -> Runtime:
        if version == self._runtime.version:
            return self._runtime.as_it_stands()
        async with self._runtime.ledger.read() as connection:
            return self._runtime.as_of(await organisations.numbered(connection, version))

    def at(self, moment: datetime) -> tuple[Runtime, ...]:
        """Under what the system worked at a moment: the standing version, and shortly after a change the one before."""
        if not self._from <= moment < self._until:
            places = self._places(moment, moment)
            self._found = tuple(self._made[place] for place in places)
            self._from, self._until = self._span_of(places)
        return self._found

    async def since(self, moment: datetime) -> tuple[Runtime, ...]:
        """Under what the system may have worked from a moment until now, the latest first."""
        await self.read_for(moment, FOREVER)
        return tuple(self._made[place] for place in self._places(moment, FOREVER))

    def _span_of(self, places: range) -> tuple[datetime, datetime]:
        """From when until when these are all that count; nothing can be said of the minutes after a change."""
        (place, *others) = places
        if others:
            return FOREVER, FOREVER
        begins = self._since[place] + TAKEN_UP_WITHIN if place else EVER
        return begins, self._since[place + 1] if place + 1 < len(self._since) else FOREVER

    def _places(self, first: datetime, last: datetime) -> range:
        """The versions that count from one moment to another, the latest first."""
        standing = max(0, bisect_right(self._since, last) - 1)
        earlier = max(0, bisect_right(self._since, first - TAKEN_UP_WITHIN) - 1)
        return range(standing, earlier - 1, -1)


async def offices_of(runtime: Runtime) -> Offices:
    """:raises NoOrganisation: none was ever loaded."""
    await runtime.refresh(at_once=True)
    async with runtime.ledger.read() as connection:
        return Offices(runtime, await organisations.since_when(connection))
