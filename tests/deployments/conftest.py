"""The session's Prefect server for these tests."""

from tests.stack import prefect_api, prefect_server

__all__ = ["prefect_api", "prefect_server"]
