"""Write (or check) the hashed lock files; called by `make lock` and `make lock-check` with the path of uv.

A lock holds exact versions and hashes and no address of an index, so that it installs from any mirror.
`--check` resolves with the committed lock as preference and compares: a difference means that pyproject.toml
and the lock have parted.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).parent.parent
# hatchling and editables build the project's own (editable) install without a network.
LOCKS: dict[str, tuple[str, ...]] = {
    "runtime": (),
    "dev": ("dev",),
    "compare": ("dev", "compare"),
    "mining": ("mining",),
}
BUILD = ROOT / "requirements" / "build.in"


def resolve(uv: str, extras: tuple[str, ...], output: Path) -> None:
    """Resolve pyproject.toml with `extras` into `output`, keeping the versions already there where they fit."""
    command = [
        uv, "pip", "compile", "--quiet", "--universal", "--generate-hashes",
        "--no-emit-index-url", "--no-header", "--no-annotate", "--python-version", "3.11",
        "--output-file", str(output), "pyproject.toml", str(BUILD.relative_to(ROOT)),
    ]  # fmt: skip
    for extra in extras:
        command += ["--extra", extra]
    subprocess.run(command, cwd=ROOT, check=True)


def main(arguments: list[str]) -> int:
    """0 when the locks were written, or are as they should be; 1 when a check finds them out of date."""
    uv, check = str(Path(arguments[0]).absolute()), "--check" in arguments
    stale: list[str] = []
    for name, extras in LOCKS.items():
        committed = ROOT / "requirements" / f"{name}.txt"
        if not check:
            resolve(uv, extras, committed)
            continue
        with tempfile.TemporaryDirectory() as folder:
            fresh = Path(folder) / committed.name
            fresh.write_bytes(committed.read_bytes())
            resolve(uv, extras, fresh)
            if fresh.read_bytes() != committed.read_bytes():
                stale.append(committed.name)
    if stale:
        print(f"out of date, run `make lock`: {', '.join(stale)}", file=sys.stderr)
    return 1 if stale else 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
