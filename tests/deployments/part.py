"""A part for tests of the supervisor: writes its process id into a file, then does what it is told."""

from __future__ import annotations

import os
import signal
import sys
import time
from pathlib import Path


def main() -> None:
    folder, what = Path(sys.argv[1]), sys.argv[2]
    if what == "stubborn":
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
    births = folder / "births"
    with births.open("a", encoding="utf-8") as file:
        file.write(f"{os.getpid()}\n")
    if what == "ends":
        sys.exit(3)
    while True:
        time.sleep(0.1)


if __name__ == "__main__":
    main()
