"""Branches that run beside each other, where a flow goes on at a day with what there is (decision 22)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, TypeVar

from engine.branches import Branch

T = TypeVar("T")


async def everyone(branches: Iterable[Branch[Any]]) -> None:
    """Until all branches that stand now have ended."""
    for branch in tuple(branches):
        await branch


async def outcomes(branches: Iterable[Branch[T]]) -> tuple[T, ...]:
    """What all branches that stand now come to, in their order."""
    return tuple([await branch for branch in tuple(branches)])


def known(branches: Iterable[Branch[T | None]]) -> tuple[T, ...]:
    """What has come as far as the run knows; what a step makes of it is recorded. None: withdrawn from outside."""
    done = (branch.value() for branch in branches if branch.done)
    return tuple(each for each in done if each is not None)
