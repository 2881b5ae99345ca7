"""The rehearsals are played on SQLite, as the command plays them; what flows do is tested on both databases."""

from __future__ import annotations

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine


@pytest.fixture
def database(sqlite: AsyncEngine) -> AsyncEngine:
    return sqlite
