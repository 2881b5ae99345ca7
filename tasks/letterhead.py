"""What the office puts on every document."""

from __future__ import annotations

from engine.runtime import Runtime
from reports.typesetting import Letterhead


def letterhead_of(runtime: Runtime) -> Letterhead:
    """The ministry's Thai name, and its emblem where one is configured."""
    organisation = runtime.directory.organisation
    name = runtime.directory.unit(organisation.ministry).th
    emblem = runtime.settings.emblem
    return Letterhead(ministry_th=name) if emblem is None else Letterhead(ministry_th=name, emblem=emblem)
