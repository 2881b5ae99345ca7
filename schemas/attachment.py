"""Files that people attach to a form: what is kept of each, which kinds are taken, and how many, how large."""

from __future__ import annotations

import operator
from enum import StrEnum
from typing import Annotated

from pydantic import Field

from schemas.base import Record, Sha256, ShortText

MEBIBYTE = 1024 * 1024


class FileKind(StrEnum):
    """A kind of file by what it contains; the value is the usual ending of its name."""

    PDF = "pdf"
    PNG = "png"
    JPEG = "jpg"
    DOCX = "docx"
    XLSX = "xlsx"
    PPTX = "pptx"
    DOC = "doc"
    XLS = "xls"
    PPT = "ppt"
    ODT = "odt"
    ODS = "ods"


_OOXML = "application/vnd.openxmlformats-officedocument."
MEDIA_TYPES: dict[FileKind, str] = {
    FileKind.PDF: "application/pdf",
    FileKind.PNG: "image/png",
    FileKind.JPEG: "image/jpeg",
    FileKind.DOCX: f"{_OOXML}wordprocessingml.document",
    FileKind.XLSX: f"{_OOXML}spreadsheetml.sheet",
    FileKind.PPTX: f"{_OOXML}presentationml.presentation",
    FileKind.DOC: "application/msword",
    FileKind.XLS: "application/vnd.ms-excel",
    FileKind.PPT: "application/vnd.ms-powerpoint",
    FileKind.ODT: "application/vnd.oasis.opendocument.text",
    FileKind.ODS: "application/vnd.oasis.opendocument.spreadsheet",
}
ENDINGS: dict[str, FileKind] = {**{str(kind): kind for kind in FileKind}, "jpeg": FileKind.JPEG}
"""By the ending of a file's name, in small letters, without the point."""


class AttachedFile(Record):
    """One file as it stands in a form: its content lies under its hash."""

    name: ShortText
    """As the officer's own file is called, without folders and control characters."""
    media_type: Annotated[str, Field(pattern=r"^[a-z]+/[a-z0-9.+\-]+$", max_length=128)]
    """By its content, never by what the browser says."""
    size: int = Field(ge=1)
    """Bytes."""
    sha256: Sha256


AttachedFiles = Annotated[tuple[AttachedFile, ...], Field(max_length=100)]
"""The value of a field that takes files; a hundred is the ceiling of every policy."""

FilesIfAny = Annotated[AttachedFiles, Field(exclude_if=operator.not_)]
"""As above, and not written while there are none: what is older than the field is made anew the same."""


class FileLimits(Record):
    """What a field that takes files accepts. [DEFAULT]: no source says how many, how large, or of which kinds."""

    most: int = Field(default=20, ge=1, le=100)
    """Files in one field."""
    megabytes: int = Field(default=20, ge=1, le=100)
    """Largest size of one file, in units of 1 048 576 bytes, as Windows shows them."""
    kinds: tuple[FileKind, ...] = Field(default=tuple(FileKind), min_length=1)

    @property
    def largest(self) -> int:
        """Bytes of one file."""
        return self.megabytes * MEBIBYTE

    def within(self, own: FileLimits | None) -> FileLimits:
        """The office's limits, narrowed to a field's own where it has some."""
        if own is None:
            return self
        return FileLimits(
            most=min(self.most, own.most),
            megabytes=min(self.megabytes, own.megabytes),
            kinds=tuple(kind for kind in self.kinds if kind in own.kinds) or own.kinds,
        )
