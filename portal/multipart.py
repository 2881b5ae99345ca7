"""Reading a form that brings files, piece by piece: a file goes to disk beyond a megabyte, and stops at its limit.

The parser is python-multipart's; what it gives is kept here, because a part that is too large must be counted and
dropped without losing the other fields, and because a visitor who is not signed in stores nothing.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from tempfile import SpooledTemporaryFile

from python_multipart.exceptions import FormParserError
from python_multipart.multipart import MultipartParser, parse_options_header

from portal.body import without_zeros
from portal.errors import BodyTooLarge, Unreadable

IN_MEMORY = 1024 * 1024
"""Bytes of one file that are kept in memory before it goes to disk."""
MOST_PARTS = 2000


@dataclass(slots=True, kw_only=True)
class SentFile:
    """A file as it came: at most the limit of its content is held; `size` counts all of it, in bytes."""

    into: str
    """Name of the form's field."""
    name: str
    """As the browser says it."""
    size: int = 0
    _content: SpooledTemporaryFile[bytes] | None = None

    def write(self, piece: bytes) -> None:
        if self._content is None:
            self._content = SpooledTemporaryFile(IN_MEMORY)  # noqa: SIM115 (closed by `close`)
        self._content.write(piece)

    def read(self) -> bytes:
        if self._content is None:
            return b""
        self._content.seek(0)
        return self._content.read()

    def close(self) -> None:
        """Give its disk space back."""
        if self._content is not None:
            self._content.close()


@dataclass(slots=True)
class _Part:
    about: bytes = b""
    """The value of its header Content-Disposition."""
    name: str = ""
    text: bytearray = field(default_factory=bytearray)
    file: SentFile | None = None


class MultipartReader:
    """Takes the pieces of one body; `fields` and `files` are complete when `read` has returned."""

    def __init__(self, boundary: bytes, *, text: int, each: int, most: int) -> None:
        """`text`: bytes of all ordinary fields together. `each`: bytes kept of a file; `most`: files with content."""
        self.fields: list[tuple[str, str]] = []
        self.files: list[SentFile] = []
        self._text, self._each, self._most = text, each, most
        self._part = _Part()
        self._header = (bytearray(), bytearray())
        self._parts = 0
        self._complete = False
        self._parser = MultipartParser(
            boundary,
            {
                "on_part_begin": self._begin,
                "on_header_field": self._header_name,
                "on_header_value": self._header_value,
                "on_header_end": self._header_read,
                "on_headers_finished": self._headers_read,
                "on_part_data": self._data,
                "on_part_end": self._end,
                "on_end": self._finish,
            },
        )

    async def read(self, body: AsyncIterator[bytes], *, at_most: int) -> None:
        """Read the body to its end.

        :raises BodyTooLarge: beyond `at_most` bytes, or too much text.
        :raises Unreadable: not a form as browsers write it, or cut short.
        """
        size = 0
        try:
            async for piece in body:
                size += len(piece)
                if size > at_most:
                    raise BodyTooLarge(at_most)
                self._parser.write(piece)
        except FormParserError as trouble:
            raise Unreadable from trouble
        if not self._complete:
            raise Unreadable
        if self._text < 0:
            raise BodyTooLarge(at_most)

    def close(self) -> None:
        """Give the files' disk space back."""
        for file in self.files:
            file.close()

    def _begin(self) -> None:
        self._part = _Part()
        self._parts += 1
        if self._parts > MOST_PARTS:
            raise Unreadable

    def _header_name(self, data: bytes, start: int, end: int) -> None:
        self._header[0].extend(data[start:end])

    def _header_value(self, data: bytes, start: int, end: int) -> None:
        self._header[1].extend(data[start:end])

    def _header_read(self) -> None:
        name, value = self._header
        if name.lower() == b"content-disposition":
            self._part.about = bytes(value)
        self._header = (bytearray(), bytearray())

    def _headers_read(self) -> None:
        said, facts = parse_options_header(self._part.about)
        if said != b"form-data" or b"name" not in facts:
            raise Unreadable
        self._part.name = _text(facts[b"name"])
        if b"filename" in facts:
            name = _text(facts[b"filename"]).replace("%22", '"')
            self._part.file = SentFile(into=self._part.name, name=name)
            self.files.append(self._part.file)

    def _data(self, data: bytes, start: int, end: int) -> None:
        file = self._part.file
        if file is None:
            self._text -= end - start
            if self._text >= 0:
                self._part.text += data[start:end]
            return
        file.size += end - start
        if file.size <= self._each and len(self.files) <= self._most:
            file.write(data[start:end])

    def _end(self) -> None:
        if self._part.file is None:
            self.fields.append((self._part.name, _text(bytes(self._part.text))))
        elif not self._part.file.name and not self._part.file.size:
            self.files.remove(self._part.file)  # a file field in which nothing was chosen

    def _finish(self) -> None:
        self._complete = True


def _text(sent: bytes) -> str:
    """UTF-8, as our pages are; browsers send a form in the encoding of its page. :raises Unreadable:"""
    try:
        return without_zeros(sent.decode())
    except UnicodeDecodeError as trouble:
        raise Unreadable from trouble


def boundary_of(content_type: str) -> bytes:
    """:raises Unreadable: not a multipart form with a boundary."""
    said, facts = parse_options_header(content_type)
    if said != b"multipart/form-data" or not 1 <= len(facts.get(b"boundary", b"")) <= 70:
        raise Unreadable
    return facts[b"boundary"]
