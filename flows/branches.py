"""Branches that run beside each other, where a flow goes on at a day with what there is (decision 22)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TypeVar

from engine.branches import Branch

T = TypeVar("T")


async def everyone(branches: Iterable[Branch[T | None]]) -> None:
    """Until all branches that stand now have ended."""
    for branch in tuple(branches):
        await branch


def known(branches: Iterable[Branch[T | None]]) -> tuple[T, ...]:
    """What has come as far as the run knows; what a step makes of it is recorded. None: withdrawn from outside."""
    done = (branch.value() for branch in branches if branch.done)
    return tuple(each for each in done if each is not None)
