"""Every error lorewright raises on purpose.

LorewrightError
├── UserError            the caller can fix it      exit 2, HTTP 4xx, job failed
│   ├── UnknownName          a registered name that does not exist
│   ├── MissingExtra         a part whose optional dependency is not installed
│   ├── BrokenPlugin         an installed plug-in that does not load, or is not what its kind asks for
│   ├── InvalidSetting       a setting with a value it cannot have, or a key nobody knows
│   ├── NotADomain           a folder without lorewright.toml
│   ├── AlreadyADomain       init on a folder that holds one
│   ├── InvalidBackup        a file that no domain can be restored from
│   ├── UnreadableDocument   a file no reader gets text from
│   ├── NoDocuments          retrieval without anything to retrieve
│   ├── InvalidExamples      an examples or questions file that cannot be understood
│   ├── TooFewExamples       a dataset that is too small to tune on
│   ├── NoLabels             examples whose answers are not chosen from closed sets
│   ├── TooLittleMemory      work that would not fit into this machine
│   ├── UnfitBase            a base model that cannot be tuned here
│   ├── InvalidFlow          nodes and edges that do not fit
│   ├── IndexMismatch        an index built with another embedding model
│   ├── UnknownModel         a model source that cannot be understood or found
│   ├── UnusableJudge        a judge whose file is missing or damaged
│   ├── NothingMeasured      a report asked for before a comparison
│   ├── BelowBar             a version whose measurements do not meet the bar
│   ├── BadParameter         a parameter of a request with a value it cannot have
│   ├── NotFound             something that is not there, or not for this caller
│   ├── NotAllowed           a caller without the right to do it
│   ├── Unauthenticated      a caller without a valid key or session
│   ├── Overtaken            somebody else changed it in between          HTTP 409
│   ├── InUse                something still in use that cannot be removed
│   ├── LimitReached         more than a caller may use    HTTP 429 with Retry-After
│   │   └── QuotaReached         more money than a month allows
│   ├── OutOfSpace           a disk that is full            HTTP 507, the job can be continued
│   ├── ReadOnly             a domain that is read-only
│   ├── UnusableDatabase     a database server that lets us in nowhere, or a newer schema
│   ├── UnusableCluster      a Ray cluster that is not there, or nodes that cannot do our work
│   └── Busy                 another process is doing this job
├── EngineError          an engine or a remote API failed
│   ├── Transient            can be retried             HTTP 503, job retried
│   │   ├── Overloaded           too many requests wait     HTTP 429 with Retry-After
│   │   └── DatabaseDown         the database server does not respond
│   └── Permanent            will fail again            HTTP 502, job failed
│       ├── PromptTooLong        only a shorter prompt helps     HTTP 400
│       └── RequestRefused       only another request helps      HTTP 400
└── Cancelled            the user stopped it; what was finished is kept
"""

import errno
import re

_SPACE_WORDS = re.compile(r"No space left on device|database or disk is full|\(os error 28\)")

_SPACE_NAMES = ("SQLITE_FULL", "SQLITE_IOERR_WRITE", "SQLITE_IOERR_SHMSIZE", "SQLITE_IOERR_TRUNCATE")
"""What SQLite calls a write that there is no room for."""


class LorewrightError(Exception):
    """Root of the tree; `hint` says what to do next."""

    def __init__(self, message: str, *, hint: str = "") -> None:
        super().__init__(message)
        self.hint = hint


class UserError(LorewrightError):
    """The caller can fix it."""


class UnknownName(UserError):
    """A name that is not registered."""


class MissingExtra(UserError):
    """A part whose optional dependency is not installed."""


class BrokenPlugin(UserError):
    """An installed plug-in that does not load, or does not keep to what its kind asks for."""


class InvalidSetting(UserError):
    """A setting with a value it cannot have, or a key nobody knows."""


class NotADomain(UserError):
    """A folder without lorewright.toml."""


class AlreadyADomain(UserError):
    """A folder that already holds a domain."""


class InvalidBackup(UserError):
    """A file that no domain can be restored from."""


class UnreadableDocument(UserError):
    """A file no reader gets text from."""


class NoDocuments(UserError):
    """Retrieval was asked for and there is nothing to retrieve."""


class InvalidExamples(UserError):
    """An examples or questions file that cannot be understood."""


class TooFewExamples(UserError):
    """A dataset that is too small to tune on and still hold some back."""


class NoLabels(UserError):
    """Examples whose answers are not labels of a closed set, where a classifier is asked for."""


class TooLittleMemory(UserError):
    """Work that would not fit into this machine's memory."""


class UnfitBase(UserError):
    """A base model that cannot be tuned here."""


class InvalidFlow(UserError):
    """Nodes and edges that do not fit."""


class IndexMismatch(UserError):
    """An index built with another embedding model than the one configured."""


class UnknownModel(UserError):
    """A model source that cannot be understood or found."""


class UnusableJudge(UserError):
    """The judge's file is missing, or it is not what was shipped; rules judge in its place."""


class NothingMeasured(UserError):
    """A report was asked for before anything was compared."""


class BelowBar(UserError):
    """A version whose measurements do not meet the bar."""


class BadParameter(UserError):
    """A parameter with a value it cannot have; `param` is its place in the request."""

    def __init__(self, param: str, message: str, *, code: str | None = None) -> None:
        super().__init__(message)
        self.param = param
        self.code = code


class Busy(UserError):
    """Another process is doing this job right now."""


class NotFound(UserError):
    """Something that is not there, or not for this caller: the two look the same.

    `param` is its place in a request, `code` what OpenAI's API calls the case.
    """

    def __init__(
        self, message: str, *, hint: str = "", param: str | None = None, code: str | None = None
    ) -> None:
        super().__init__(message, hint=hint)
        self.param = param
        self.code = code


class NotAllowed(UserError):
    """A caller without the right to do it."""


class Unauthenticated(UserError):
    """A caller without a valid key or session: none, a wrong one, or an expired one."""


class Overtaken(UserError):
    """Somebody else changed the same thing in between."""


class InUse(UserError):
    """Something still in use that cannot be removed."""


class LimitReached(UserError):
    """A caller has used as much as they may; `retry_after_seconds` says when there is more."""

    code = "rate_limit_exceeded"

    def __init__(self, message: str, *, hint: str = "", retry_after_seconds: float = 1.0) -> None:
        super().__init__(message, hint=hint)
        self.retry_after_seconds = retry_after_seconds


class QuotaReached(LimitReached):
    """A caller has used up the money of this month."""

    code = "insufficient_quota"


class OutOfSpace(UserError):
    """A disk that is full."""


class ReadOnly(UserError):
    """A domain that is read-only."""


class UnusableDatabase(UserError):
    """A database server that does not let us in, has no such database, or has one of a later release."""


class UnusableCluster(UserError):
    """A Ray cluster that does not answer, or one of its nodes lacks what the work takes."""


class EngineError(LorewrightError):
    """An engine or a remote API failed."""


class Transient(EngineError):
    """A failure that may pass: it can be retried."""


class Overloaded(Transient):
    """Too many requests are waiting; `retry_after_seconds` says when to try again."""

    def __init__(self, message: str, *, hint: str = "", retry_after_seconds: float = 1.0) -> None:
        super().__init__(message, hint=hint)
        self.retry_after_seconds = retry_after_seconds


class DatabaseDown(Transient):
    """The database server does not respond; nothing of what was begun was written."""


class IndexUnavailable(Transient):
    """The index is on another machine, and that does not do what it is asked."""


class Permanent(EngineError):
    """A failure that will come back: do not try again."""


class PromptTooLong(Permanent):
    """A prompt that is longer than the model's context: only a shorter one helps."""


class RequestRefused(Permanent):
    """A request that an engine does not take as it is; `param` is what it names, where it names one."""

    def __init__(
        self, message: str, *, hint: str = "", param: str | None = None, code: str | None = None
    ) -> None:
        super().__init__(message, hint=hint)
        self.param = param
        self.code = code


class Cancelled(LorewrightError):
    """The user stopped it; what was finished is kept."""


def out_of_space(host: str = "") -> OutOfSpace:
    """Return the error for a disk that is full; `host` is named where it may be another one's."""
    return OutOfSpace(
        f"The disk is full on {host}." if host else "The disk is full.",
        hint=f"Free some disk space{' there' if host else ''}, then run it again: finished work is kept.",
    )


def read_only() -> ReadOnly:
    """Return the error for a write to a domain that is read-only."""
    return ReadOnly(
        "This domain is read-only: its folder is not writable.",
        hint="Give your user write access to the folder, or work on a copy.",
    )


def known_error(error: BaseException) -> LorewrightError | None:
    """Return what an error of the system or of a library means to a user, or `None` where that is unknown.

    Libraries wrap each other's errors: the whole chain of causes is looked at.
    """
    seen: BaseException | None = error
    while seen is not None:
        if isinstance(seen, LorewrightError):
            return seen
        number = getattr(seen, "errno", None)
        name = getattr(seen, "sqlite_errorname", "")
        if number in (errno.ENOSPC, errno.EDQUOT) or _SPACE_WORDS.search(str(seen)) or name in _SPACE_NAMES:
            return out_of_space()
        if number == errno.EROFS or "readonly database" in str(seen):
            return read_only()
        seen = seen.__cause__ or seen.__context__
    return None
