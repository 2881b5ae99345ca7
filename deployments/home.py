"""The folder that holds everything of an embedded stack (`var/`): data, secrets, logs, and how it was last started."""

from __future__ import annotations

import fcntl
import os
import secrets
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from deployments.errors import AlreadyRunning

DATA = "SANGKAN_DATA"
"""Names the folder, where it is not `var` in the current directory."""


@dataclass(frozen=True)
class Home:
    """One folder; every name in it is here."""

    folder: Path

    @property
    def ledger(self) -> Path:
        return self.folder / "ledger.db"

    @property
    def prefect(self) -> Path:
        return self.folder / "prefect"

    @property
    def mailbox(self) -> Path:
        return self.folder / "mailbox"

    @property
    def environment(self) -> Path:
        """The settings of the last start, which the other commands take over."""
        return self.folder / "stack.env"

    @property
    def anchor_key(self) -> Path:
        """The key that signs anchors; made at the first start."""
        return self.folder / "anchor-key.pem"

    def log(self, part: str) -> Path:
        return self.folder / "log" / f"{part}.log"

    @cached_property
    def secret_key(self) -> str:
        return _kept(self.folder / "secret-key", lambda: secrets.token_urlsafe(48))

    @cached_property
    def demo_password(self) -> str:
        """Password of all role accounts of the sample ministry; made at the first start, in no other place."""
        return _kept(self.folder / "demo-password", _spoken_password)

    def prepare(self) -> None:
        for folder in (self.folder, self.prefect, self.log("").parent):
            folder.mkdir(parents=True, exist_ok=True, mode=0o700)

    @contextmanager
    def locked(self) -> Iterator[None]:
        """For one stack at a time; the lock ends with the process, however it ends. :raises AlreadyRunning:"""
        with (self.folder / "lock").open("w") as file:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                raise AlreadyRunning(folder=self.folder) from None
            yield

    def keep_environment(self, environment: Mapping[str, str]) -> None:
        lines = "".join(f"{name}={value}\n" for name, value in sorted(environment.items()))
        _write_private(self.environment, lines)

    def kept_environment(self) -> dict[str, str]:
        """What `keep_environment` wrote last; nothing before the first start."""
        if not self.environment.exists():
            return {}
        lines = self.environment.read_text(encoding="utf-8").splitlines()
        return dict(line.split("=", 1) for line in lines if "=" in line)


def home_here() -> Home:
    return Home(Path(os.environ.get(DATA, "var")).absolute())


def _kept(path: Path, make: Callable[[], str]) -> str:
    if not path.exists():
        _write_private(path, make())
    return path.read_text(encoding="utf-8").strip()


def _write_private(path: Path, text: str) -> None:
    """Readable by its owner only from the first moment, and never half written."""
    fresh = path.with_name(f".{path.name}.{os.getpid()}")
    with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as file:
        file.write(text)
    fresh.replace(path)


def _spoken_password() -> str:
    """Four groups that can be read aloud: no l, o, 0 or 1; about 79 bits."""
    letters = "abcdefghjkmnpqrstuvwxyz23456789"
    return "-".join("".join(secrets.choice(letters) for _ in range(4)) for _ in range(4))
