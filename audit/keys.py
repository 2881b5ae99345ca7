"""Keys of a case's events as elements of its model: the one reading from which conformance and the diagram both speak.

A key is a path, `joining/reports[directive-7]/check#2`: the branches of the flow in which something happened, then the
element, the instance of it in brackets, and how often it was asked for after the first time.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

SEGMENT = re.compile(r"(?P<element>[^\[\]#/]+)(?:\[(?P<name>[^\]]*)\])?(?:#\d+)?")


def branch_of(key: str) -> str:
    """The branch of the flow in which a key stands; empty for the flow itself."""
    return key.rpartition("/")[0]


def element_of(key: str) -> str:
    """The id of the element in the model; empty for a key that names none."""
    part = SEGMENT.fullmatch(key.rpartition("/")[2])
    return part["element"] if part else ""


def name_of(key: str) -> str:
    """The instance of the element, as the flow names it; empty where there is one only."""
    part = SEGMENT.fullmatch(key.rpartition("/")[2])
    return (part["name"] or "") if part else ""


def branches_around(key: str) -> Iterator[str]:
    """The branches in which a key stands, from without: `a`, `a/b[c]` for `a/b[c]/d`."""
    end = key.find("/")
    while end >= 0:
        yield key[:end]
        end = key.find("/", end + 1)
