"""Files that a command is asked to write."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from deployments.errors import CannotBeWritten


@contextmanager
def writing(file: Path) -> Iterator[None]:
    """What keeps a file, or the unfinished one beside it, from being written is said of the file that was asked for.

    :raises CannotBeWritten:
    """
    try:
        yield
    except OSError as trouble:
        if not str(trouble.filename or "").startswith(str(file)):
            raise
        raise CannotBeWritten(file=file, why=trouble.strerror) from trouble
