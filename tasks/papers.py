"""Papers that a step makes, and that go into the case with it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from engine.step import Step
from ledger import documents
from ledger.canonical import sha256
from ledger.work import Work
from schemas.actor import Actor, system
from schemas.attachment import AttachedFile
from schemas.base import CaseId

JSON, PDF = "application/json", "application/pdf"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
FLOW = system("flow")


class Paper(NamedTuple):
    """A document as it is kept: its name in the case, its media type, its content."""

    name: str
    media_type: str
    content: bytes

    @property
    def file(self) -> AttachedFile:
        """As it is named beside a form of whoever needs it next."""
        return AttachedFile(
            name=self.name, media_type=self.media_type, size=len(self.content), sha256=sha256(self.content)
        )


def file_name(*parts: object) -> str:
    """The name of a file, without its ending: numbers of letters and names of offices hold strokes and blanks."""
    return "-".join(re.sub(r"[\s/\\]+", "-", str(part)) for part in parts)


async def put_document(
    work: Work, case_id: CaseId, name: str, media_type: str, content: bytes, *, actor: Actor = FLOW
) -> None:
    """Keep a document and put it into a case; `actor` is the flow, or who brought it."""
    digest = await documents.put(work, content, media_type)
    await documents.attach(
        work, case_id, name=name, sha256=digest, media_type=media_type, size=len(content), actor=actor
    )


def bind(step: Step, papers: Sequence[Paper]) -> tuple[AttachedFile, ...]:
    """Keep the papers and put them into the case, in the transaction that records the step.

    :returns: how they are named beside a form, in order.
    """

    async def write(work: Work) -> None:
        for paper in papers:
            await put_document(work, step.case_id, *paper)

    step.then(write)
    return tuple(paper.file for paper in papers)
