"""May this file be attached? Its name, its size and what it contains, against the limits of the field."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from pathlib import PurePosixPath

from rules.errors import FileNotTaken
from rules.file_kind import Unfit, kind_of_file
from rules.thai import normalise_thai
from schemas.attachment import ENDINGS, MEDIA_TYPES, AttachedFile, FileKind, FileLimits

LONGEST_NAME = 200
"""Characters."""
# Control characters, and marks that turn the direction of writing: «xcod.exe» must not be shown as «exe.docx».
_UNSEEN = re.compile("[\x00-\x1f\x7f-\x9f\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u2069\ufeff]")

_EDGES = re.compile(r"^[\s.]+|[\s.]+$")
"""Blanks of every kind, the unbreakable one too, and points: at the edges of a name nobody sees them."""


def clean_name(name: str) -> str:
    """A file's name without folders, control characters and surplus length; «ไฟล์» when nothing is left."""
    plain = _UNSEEN.sub("", normalise_thai(name.replace("\n", "").replace("\r", "")))
    plain = _EDGES.sub("", re.split(r"[/\\]", plain)[-1])
    stem, point, ending = plain.rpartition(".")
    if len(plain) > LONGEST_NAME and point and len(ending) < 10:
        plain = f"{stem[: LONGEST_NAME - len(ending) - 1]}.{ending}"
    return _EDGES.sub("", plain[:LONGEST_NAME]) or "ไฟล์"


def ending_of(name: str) -> str:
    """The ending of a file's name in small letters, without the point; empty when it has none."""
    return PurePosixPath(name).suffix[1:].lower()


def check_before_reading(name: str, size: int, limits: FileLimits, standing: int) -> None:
    """What can be said before the content is looked at; `standing`: files that the field holds already.

    :raises FileNotTaken: with the reason.
    """
    if standing >= limits.most:
        raise FileNotTaken(reason="too_many", file=name, most=limits.most)
    if size == 0:
        raise FileNotTaken(reason="empty", file=name)
    if size > limits.largest:
        raise FileNotTaken(reason="too_large", file=name, size=in_megabytes(size), limit=limits.megabytes)
    kind = ENDINGS.get(ending_of(name))
    if kind is None or kind not in limits.kinds:
        raise FileNotTaken(reason="ending", file=name, ending=ending_of(name) or "–", kinds=names_of(limits.kinds))


def take_file(
    name: str, content: bytes, sha256: str, limits: FileLimits, standing: Collection[AttachedFile]
) -> AttachedFile:
    """The file as it will stand in the form. `standing`: what the field holds already.

    :raises FileNotTaken: with the reason, in both languages.
    """
    name = clean_name(name)
    check_before_reading(name, len(content), limits, len(standing))
    promised, found = ENDINGS[ending_of(name)], kind_of_file(content)
    if isinstance(found, Unfit):
        raise FileNotTaken(reason=found.value, file=name, ending=ending_of(name), kinds=names_of(limits.kinds))
    if found is not promised:
        raise FileNotTaken(reason="mismatch", file=name, ending=ending_of(name), found=found.value)
    for other in standing:
        if other.sha256 == sha256:
            raise FileNotTaken(reason="twice", file=name, other=other.name)
    return AttachedFile(name=name, media_type=MEDIA_TYPES[found], size=len(content), sha256=sha256)


def each_once(files: Iterable[AttachedFile]) -> tuple[AttachedFile, ...]:
    """Files from several hands, in order, each content once."""
    return tuple({file.sha256: file for file in files}.values())


def names_of(kinds: Collection[FileKind]) -> str:
    """The kinds as people say them: PDF, PNG, …"""
    return ", ".join(kind.value.upper() for kind in kinds)


def in_megabytes(size: int) -> str:
    """A size as people read it; kB below one megabyte, never nought."""
    if size < 1024 * 1024:
        return f"{max(1, round(size / 1024)):,} kB"
    return f"{size / (1024 * 1024):,.1f} MB"
