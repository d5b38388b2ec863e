"""Parse, find the verb, run it, and turn errors into one clear line and an exit code."""

import argparse
import os
import sys
from collections.abc import Sequence
from importlib import import_module
from keyword import iskeyword
from types import ModuleType
from typing import TYPE_CHECKING

from lorewright import __version__
from lorewright.cli import resident
from lorewright.cli.unused_options import need_used
from lorewright.errors import Cancelled, LorewrightError, UserError, known_error

if TYPE_CHECKING:
    from lorewright.workspace.domain.open_domain import OpenDomain

VERBS = {
    "init": "create the folder of a new domain",
    "import": "import files exported from OpenAI as examples, questions and documents",
    "add": "index new and changed documents, remove deleted ones",
    "search": "find chunks: score, document, page, heading path",
    "ask": "answer a question with citations",
    "chat": "chat with the documents at the prompt",
    "agent": "give a task to an agent that plans, searches and calls tools",
    "questions": "suggest held-out questions from the documents, accept or reject them",
    "data": "check examples and questions, mask personal data, export preference pairs",
    "tune": "train adapters on examples, without and with retrieved chunks",
    "compare": "measure every arm and write the report",
    "advise": "recommend which arm to use, from what is known so far",
    "report": "show the latest comparison, or write it to a file",
    "deploy": "deploy an arm under a model name, in versions: live, canary, shadow, rollback",
    "access": "restrict folders and documents to groups of users",
    "serve": "serve the studio and an API for OpenAI's and Anthropic's clients",
    "worker": "do the jobs of a domain that several hosts share",
    "mcp": "serve the domain to agents over MCP, on standard input and output",
    "models": "list, download and remove models",
    "backup": "back up the whole domain to one file, also while it is served",
    "restore": "restore a domain from a backup",
    "move": "move the state into another database: PostgreSQL, or back to SQLite",
    "doctor": "check this machine and this domain",
    "demo": "run everything on a bundled example domain",
}

EXIT_USER_ERROR, EXIT_ENGINE_ERROR, EXIT_CANCELLED = 2, 1, 130


def main(argv: Sequence[str] | None = None, *, domain: "OpenDomain | None" = None) -> int:
    """Run one command line and return its exit code: 0, 2 for a user's error, 130 when cancelled.

    A process that stays hands over the `domain` that it has open.
    """
    words = list(sys.argv[1:] if argv is None else argv)
    if not words or words[0] in ("-h", "--help", "--version") or words[0] not in VERBS:
        _overview().parse_args(words or ["--help"])
        return EXIT_USER_ERROR
    verb = find_verb(words[0])
    parser = argparse.ArgumentParser(
        prog=f"lorewright {words[0]}",
        description=verb.__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--json", action="store_true", help="print the result as JSON")
    verb.add_arguments(parser)
    arguments = parser.parse_args(words[1:])
    os.umask(os.umask(0o077) | 0o077)  # what we write is for its owner only, and for what we start
    try:
        need_used(verb, parser, arguments)
        arguments.kept = domain
        if domain is None and resident.may_answer(words):
            return _run_or_have_run(verb, words, arguments)
        return int(verb.run(arguments))
    except KeyboardInterrupt:
        stopped = Cancelled("Stopped.", hint="Run the same command again to continue.")
        return _fail(stopped, as_json=arguments.json)
    except LorewrightError as error:
        return _fail(error, as_json=arguments.json)
    except BrokenPipeError:
        sys.stderr.close()  # the reader of our output left: nobody is there to be told
        return 0
    except Exception as error:  # noqa: BLE001 - no traceback reaches a user
        return _fail(known_error(error) or _unknown(error), as_json=arguments.json)


def _run_or_have_run(verb: ModuleType, words: Sequence[str], arguments: argparse.Namespace) -> int:
    """Have a process do the command that an earlier one left behind, or do it and leave one behind."""
    code = resident.answered(words, arguments.domain)
    is_there = code == resident.DECLINED
    if code is not None and not is_there:
        return code
    code = int(verb.run(arguments))
    if not is_there:
        resident.leave_behind(arguments.domain, getattr(arguments, "stay_minutes", 0.0))
    return code


def find_verb(name: str) -> ModuleType:
    """Return the module of a verb; one whose verb is a Python keyword ends in an underscore."""
    return import_module(f"lorewright.cli.{name}{'_' if iskeyword(name) else ''}")


def _unknown(error: Exception) -> LorewrightError:
    """Return the one line for a bug; its traceback goes into a file of the user's."""
    import traceback
    from uuid import uuid4

    from lorewright.settings import cache_folder

    name = f"error-{uuid4().hex[:8]}"
    log = cache_folder() / "errors" / f"{name}.log"
    try:
        log.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        log.write_text("".join(traceback.format_exception(error)), encoding="utf-8")
        hint = f"Please report it with the details in {log}."
    except OSError:
        hint = "The details could not be written to a file."
    return LorewrightError(f"An unexpected error ({name}): {type(error).__name__}: {error}", hint=hint)


def _fail(error: LorewrightError, *, as_json: bool) -> int:
    if as_json:
        import json

        details = {"type": type(error).__name__, "message": str(error), "hint": error.hint}
        sys.stdout.write(json.dumps({"error": details}, ensure_ascii=False) + "\n")
    sys.stderr.write(f"lorewright: {error}" + (f" {error.hint}" if error.hint else "") + "\n")
    if isinstance(error, Cancelled):
        return EXIT_CANCELLED
    return EXIT_USER_ERROR if isinstance(error, UserError) else EXIT_ENGINE_ERROR


def _overview() -> argparse.ArgumentParser:
    width = max(map(len, VERBS))
    verbs = "\n".join(f"  {name:<{width}}  {summary}" for name, summary in VERBS.items())
    parser = argparse.ArgumentParser(
        prog="lorewright",
        usage="lorewright VERB [options]",
        description="Fine-tune, RAG, or both? Build every arm, measure them all, deploy the best.",
        epilog=f"verbs:\n{verbs}\n\nexample:\n  lorewright init my-domain && cd my-domain\n"
        "  lorewright add ~/handbook && lorewright ask 'How many days of leave do I have?'\n\n"
        "lorewright VERB --help explains each verb with an example.",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--version", action="version", version=f"lorewright {__version__}")
    parser.add_argument("verb", choices=VERBS, metavar="VERB", help=argparse.SUPPRESS)
    return parser


if __name__ == "__main__":
    sys.exit(main())
