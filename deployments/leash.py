"""Runs a module as a child that ends with its parent: `python -m deployments.leash MODULE ARGUMENTS…`.

The parent holds the other end of our standard input and never writes to it. When the parent is gone, however it went,
the pipe closes: we end in an orderly way, and after some seconds in any way. This works on every Unix and needs
neither a process group nor a system call of Linux's own.
"""

from __future__ import annotations

import os
import runpy
import signal
import sys
import threading
import time

GRACE_SECONDS = 20.0


def follow_parent() -> None:
    """Watch standard input from a thread; it costs nothing while the parent lives."""
    threading.Thread(target=_watch, name="leash", daemon=True).start()


def _watch() -> None:
    # The descriptor itself: a buffered reader would hold a lock that the interpreter wants at its end.
    while os.read(0, 1):
        pass
    os.kill(os.getpid(), signal.SIGTERM)
    time.sleep(GRACE_SECONDS)
    os._exit(1)


def main() -> None:
    follow_parent()
    module, *arguments = sys.argv[1:]
    sys.argv = [module, *arguments]
    runpy.run_module(module, run_name="__main__", alter_sys=True)


if __name__ == "__main__":
    main()
