"""A supervisor with one part, to be killed by a test: `python -m tests.deployments.parent FOLDER`."""

from __future__ import annotations

import asyncio
import os
import sys
from pathlib import Path

from deployments.supervisor import Part, Supervisor


async def main() -> None:
    folder = Path(sys.argv[1])
    supervisor = Supervisor(dict(os.environ), lambda event, facts: None)
    part = Part(name="part", command=("tests.deployments.part", str(folder), "lives"), log=folder / "part.log")
    await supervisor.start(part)
    await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(main())
