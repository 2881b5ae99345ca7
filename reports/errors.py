"""What can go wrong when something is printed. The docstring is the sentence, the facts are attributes."""

from __future__ import annotations

from inspect import cleandoc
from pathlib import Path


class ReportError(Exception):
    """The document could not be made."""

    def __str__(self) -> str:
        return cleandoc(type(self).__doc__ or "").format_map(vars(self))


class UnknownTemplate(ReportError):
    """There is no template «{template}»; there are: {known}."""

    def __init__(self, template: str, known: tuple[str, ...]) -> None:
        super().__init__(template, known)
        self.template = template
        self.known = ", ".join(known)


class TemplateFailed(ReportError):
    """The template «{template}» could not be typeset: {cause}."""

    def __init__(self, template: str, cause: str, diagnostic: str = "") -> None:
        super().__init__(template, cause, diagnostic)
        self.template = template
        self.cause = cause
        self.diagnostic = diagnostic
        """Typst's own words with file and line, for the log."""


class UnusableEmblem(ReportError):
    """The emblem {path} is not a readable SVG, PNG or JPEG file: {cause}."""

    def __init__(self, path: Path, cause: str) -> None:
        super().__init__(path, cause)
        self.path = path
        self.cause = cause


class CardDoesNotFit(ReportError):
    """The card of KPI {number} does not belong to the scorecard: the KPI or its result is another one."""

    def __init__(self, number: str) -> None:
        super().__init__(number)
        self.number = number


class NothingToPay(ReportError):
    """There is no award money to order: {reason}."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason
