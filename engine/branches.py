"""Branches of a flow: coroutines that run side by side until none of them can go on.

A flow runs in asyncio tasks, one a branch. A branch is *ready* while it computes or works, and *parked* while it waits
for people, time or another branch. Flows use `all_of` and `fork`, never `asyncio.gather`, which this cannot see.
When no branch is ready the run asks the ledger for news; without news it is suspended. Whoever ends a wait makes the
branch ready first, so that the count never falls to zero by accident.
"""

from __future__ import annotations

import asyncio
import math
from collections.abc import Callable, Coroutine, Iterable, Sequence
from contextvars import ContextVar
from typing import Any, Generic, NamedTuple, Protocol, TypeVar

from engine.errors import CalledCaseCancelled, Withdrawn

T = TypeVar("T")


class Member(Protocol):
    """Something that can be waited for: a wait on the ledger, or a branch."""

    @property
    def done(self) -> bool: ...

    @property
    def done_seq(self) -> int:
        """Ledger position at which it was done; decides races."""
        ...

    def when_done(self, callback: Callable[[], None]) -> None: ...

    def value(self) -> Any:
        """The result; raises what the member failed with."""
        ...


class _Never:
    """A member that is never done: who parks for it does not go on in this run."""

    done = False
    done_seq = 0

    def when_done(self, callback: Callable[[], None]) -> None:
        """Nothing to remember: it will not be called."""

    def value(self) -> Any:
        raise LookupError("never done")


NEVER = _Never()


class _Turn(NamedTuple):
    """Somebody who waits until the others have parked."""

    order: tuple[float, bool, int]
    """Position in the ledger of what follows, whether it is to read, and how far from within: the least goes first."""
    come: asyncio.Event


NOT_YET = math.inf
"""Position of what the ledger does not hold yet."""


class Branches:
    """Counts ready branches and says when all are parked."""

    def __init__(self) -> None:
        self._ready = 0
        self._waiting: list[_Turn] = []
        """Turns of those who let the others park before they end some of them, or read what is shared."""
        self.quiet = asyncio.Event()
        self.all: dict[str, Branch[Any]] = {}

    def fork(self, branch_id: str, work: Coroutine[Any, Any, T]) -> Branch[T]:
        """Start a branch under a name that is unique within the case."""
        if branch_id in self.all:
            work.close()
            raise ValueError(f"branch «{branch_id}» was started twice; give each an `of=`")
        branch = self.all[branch_id] = Branch(branch_id, self)
        self.make_ready()
        branch.start(work)
        return branch

    def make_ready(self) -> None:
        self._ready += 1
        self.quiet.clear()

    def make_parked(self) -> None:
        self._ready -= 1
        if self._ready == 0:
            self.quiet.set()
        self._give_turn()

    async def park(self, members: Iterable[Member], enough: int) -> None:
        """Park the current branch until `enough` of the members are done."""
        missing, waiting = enough, []
        for member in members:
            if member.done:
                missing -= 1
            else:
                waiting.append(member)
        if missing <= 0:
            return
        latch: asyncio.Future[None] = asyncio.get_running_loop().create_future()

        def one_done() -> None:
            nonlocal missing
            missing -= 1
            if missing == 0 and not latch.done():
                self.make_ready()
                latch.set_result(None)

        for member in waiting:
            member.when_done(one_done)
        current = current_branch()
        current.parked = True
        self.make_parked()
        try:
            await latch
        finally:
            # A branch that is dropped while it waits stays parked; one that was just released does not.
            current.parked = not latch.done() or latch.cancelled()

    async def let_others_park(self, *, seq: float = NOT_YET) -> None:
        """Go on once all other branches are parked.

        A branch is ended only then, live as in a replay, so that what it did before does not depend on the moment.
        Of several, who stands first in the ledger goes first. Of those who do not stand there yet, who waits within
        another's branch does: the other may end it.

        :param seq: where the ledger holds what ends the branch.
        """
        await self._wait((seq, False, -current_branch().depth))

    async def let_others_go_on(self, *, seq: float = NOT_YET) -> None:
        """Go on once all other branches are parked, and those who let others park have gone on as well.

        :param seq: where the ledger holds what the branch did next.
        """
        await self._wait((seq, True, 0))

    async def _wait(self, order: tuple[float, bool, int]) -> None:
        turn = _Turn(order, asyncio.Event())
        self._waiting.append(turn)
        try:
            while not (self._all_wait() and self._next() is turn):
                turn.come.clear()
                self._give_turn()
                await turn.come.wait()
        finally:
            self._waiting.remove(turn)
            self._give_turn()

    def _all_wait(self) -> bool:
        """Whether no branch computes or works but those who wait for the others."""
        return self._ready <= len(self._waiting)

    def _next(self) -> _Turn:
        """Who is first, and of equals who came last: the others wait for it as well."""
        return min(reversed(self._waiting), key=lambda turn: turn.order)

    def _give_turn(self) -> None:
        """Wake who is next. Woken too early, it waits again."""
        if self._waiting and self._all_wait():
            self._next().come.set()

    def end(self, names: Sequence[str]) -> None:
        """End these branches and all that were begun within them."""
        for branch in self.all.values():
            if is_within(branch.id, names):
                branch.cancel()

    async def drop_all(self) -> None:
        """End every branch and forget it; used when the run is suspended or ends."""
        tasks = [task for branch in self.all.values() if (task := branch.cancel()) is not None]
        await asyncio.gather(*tasks, return_exceptions=True)
        self.all.clear()

    def failure(self) -> BaseException | None:
        """The first error that ends the run: trouble, or what a branch was told for which nobody waits."""
        unheard = (b.error for b in self.all.values() if b.error is not None and not (b.joined or b.dropped))
        return self.trouble() or next(unheard, None)

    def trouble(self) -> BaseException | None:
        """The first error that no flow is told of, as of its own code or of the database; whoever waits for others."""
        errors = (b.error for b in self.all.values())
        return next((e for e in errors if e is not None and not isinstance(e, Withdrawn | CalledCaseCancelled)), None)


def is_within(branch: str, names: Sequence[str]) -> bool:
    """Whether a branch is one of these, or was begun within one."""
    return any(branch == name or branch.startswith(f"{name}/") for name in names)


_current: ContextVar[Branch[Any]] = ContextVar("branch")


def current_branch() -> Branch[Any]:
    """The branch in which the caller runs."""
    return _current.get()


class Branch(Generic[T]):
    """One coroutine of the flow. Await it to join it."""

    def __init__(self, branch_id: str, branches: Branches) -> None:
        self.id = branch_id
        self.depth = branch_id.count("/") + bool(branch_id)
        self.repeats: dict[str, int] = {}
        """How often each element was met in this branch, for the numbers in its keys."""
        self.done_seq = 0
        self.parked = False
        self.joined = False
        self.dropped = False
        self.error: BaseException | None = None
        self._branches = branches
        self._result: Any = None
        self._done = False
        self._callbacks: list[Callable[[], None]] = []
        self._work: Coroutine[Any, Any, T] | None = None
        """The coroutine until it begins."""
        self._task: asyncio.Task[None] | None = None

    @property
    def done(self) -> bool:
        return self._done

    def start(self, work: Coroutine[Any, Any, T]) -> None:
        self._work = work
        self._task = asyncio.create_task(self._run(), name=self.id or "main")

    async def _run(self) -> None:
        if (work := self._work) is None:
            return  # ended before it began
        self._work = None
        token = _current.set(self)
        try:
            self._result = await work
            self._done = True
        except asyncio.CancelledError:
            if not self.dropped:
                raise
        except Exception as error:
            self.error, self._done = error, True
        finally:
            _current.reset(token)
            if self._done:
                for callback in self._callbacks:
                    callback()
            if not self.parked:
                self._branches.make_parked()

    def when_done(self, callback: Callable[[], None]) -> None:
        self.joined = True
        self._callbacks.append(callback)

    def value(self) -> T:
        self.joined = True
        if self.error is not None:
            raise self.error
        result: T = self._result
        return result

    def cancel(self) -> asyncio.Task[None] | None:
        """Stop the coroutine without a result; returns its task when it was still going."""
        self.dropped = True
        if self._work is not None:
            self._work.close()
            self._work = None
            self._branches.make_parked()
            return self._task
        if self._task is None or self._task.done():
            return None
        self._task.cancel()
        return self._task

    def __await__(self) -> Any:
        return self._join().__await__()

    async def _join(self) -> T:
        self.joined = True
        if not self.done:
            await self._branches.park([self], 1)
        # Who joins a branch is done no earlier than it: a race among those who join is decided by what they joined.
        joining = current_branch()
        joining.done_seq = max(joining.done_seq, self.done_seq)
        return self.value()
