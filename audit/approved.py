"""The approved models: which BPMN file stands for a version of a process, who approved it, when, and on what basis."""

from __future__ import annotations

from datetime import date
from functools import cache
from pathlib import Path

import yaml
from pydantic import TypeAdapter

import flows
from audit.errors import ModelIsUnknown, ModelWasChanged
from audit.notation import Model, read_model
from ledger.canonical import sha256
from schemas.base import Identifier, Record, Sha256, ShortText

FOLDER = Path(flows.__file__).parent
REGISTER = FOLDER / "models.yaml"


class Approval(Record):
    """One approved version of a model. A version that cases run under stays in the register, with its file."""

    process: Identifier
    version: int
    """Version of the process that the model describes."""
    file: ShortText
    sha256: Sha256
    approved_by: ShortText
    """Post of who approved it, in Thai."""
    approved_on: date
    basis: ShortText
    """On what the approval rests, in Thai."""

    @property
    def path(self) -> Path:
        return FOLDER / self.file

    def content(self) -> bytes:
        """The file as approved. :raises ModelWasChanged:"""
        content = self.path.read_bytes()
        if (found := sha256(content)) != self.sha256:
            raise ModelWasChanged(file=self.file, approved=self.sha256, found=found)
        return content


@cache
def approvals() -> tuple[Approval, ...]:
    """The register, the latest approval of a process last."""
    read = yaml.safe_load(REGISTER.read_text(encoding="utf-8"))
    return TypeAdapter(tuple[Approval, ...]).validate_python(read)


def approval_of(process: str, version: int, digest: str | None) -> Approval:
    """The model that a case recorded when it was opened; of a case from before that, the latest of its version.

    :raises ModelIsUnknown:
    """
    for approval in reversed(approvals()):
        if approval.process != process:
            continue
        if approval.sha256 == digest or (digest is None and approval.version == version):
            return approval
    raise ModelIsUnknown(process=process, sha256=digest)


@cache
def model_of(approval: Approval) -> Model:
    """:raises ModelWasChanged:"""
    return read_model(approval.content(), approval.process)
