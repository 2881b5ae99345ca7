"""Papers that a step makes, and that go into the case with it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from engine.step import Step
from ledger import documents
from ledger.canonical import sha256
from ledger.work import Work
from schemas.actor import system
from schemas.base import Sha256

PDF = "application/pdf"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
FLOW = system("flow")


class Paper(NamedTuple):
    """A document as it is kept: its name in the case, its media type, its content."""

    name: str
    media_type: str
    content: bytes


def bind(step: Step, papers: Sequence[Paper]) -> tuple[Sha256, ...]:
    """Keep the papers and put them into the case, in the transaction that records the step; their hashes in order."""

    async def write(work: Work) -> None:
        for paper in papers:
            digest = await documents.put(work, paper.content, paper.media_type)
            await documents.attach(
                work, step.case_id, name=paper.name, sha256=digest, media_type=paper.media_type,
                size=len(paper.content), actor=FLOW,
            )  # fmt: skip

    step.then(write)
    return tuple(sha256(paper.content) for paper in papers)
