"""What can go wrong when something is said. The docstring is the sentence, the facts are attributes."""

from __future__ import annotations


class NotificationError(Exception):
    """Something about a mail or a mailbox is wrong."""

    def __init__(self, **facts: object) -> None:
        self.__dict__.update(facts)
        self.facts = facts
        super().__init__(str(self))

    def __str__(self) -> str:
        sentence = (self.__doc__ or "").strip()
        facts = ", ".join(f"{name}={value!r}" for name, value in self.facts.items())
        return f"{sentence} ({facts})" if facts else sentence


class UnknownMessage(NotificationError):
    """The message class has no folder of templates."""


class UnsafeLink(NotificationError):
    """A link in a mail must be an absolute http or https address."""


class NaiveMoment(NotificationError):
    """A moment without a time zone was given."""


class InvalidMessageId(NotificationError):
    """A Message-ID has the form <left@right> without spaces."""


class InvalidAddress(NotificationError):
    """The e-mail address cannot be written in a header or an SMTP command."""


class NoRecipients(NotificationError):
    """A mail needs at least one recipient."""


class MailerClosed(NotificationError):
    """The mailer is used outside its `async with` block."""


class MailNotFound(NotificationError):
    """There is no mail with this id in the mailbox."""


class MailboxNotLocal(NotificationError):
    """The local mailbox listens on the loopback interface only."""


class MailboxNotStarted(NotificationError):
    """The local mailbox could not begin to listen."""
