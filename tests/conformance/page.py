"""The results as a page for people."""

from collections import Counter
from collections.abc import Iterable, Sequence

from tests.conformance.inventory import Endpoint, shape
from tests.conformance.probe import Check, Probe

DRIVEN = (
    "models", "chat", "responses", "conversations", "completions", "embeddings", "files", "uploads",
    "vector_stores", "fine_tuning", "evals", "batches",
)  # fmt: skip
"""The groups whose every endpoint is asked for; the others are counted."""


def table(known: Sequence[Endpoint], probe: Probe) -> list[tuple[Endpoint, int, int]]:
    """Return passed checks and checks of every endpoint of the driven groups."""
    found = probe.by_endpoint()
    return [
        (endpoint, sum(not check.instead for check in checks), len(checks))
        for endpoint in sorted(known, key=lambda one: (DRIVEN.index(one.group), one.path, one.verb))
        for checks in [found.get(shape(str(endpoint)), [])]
    ]


def missing(known: Iterable[Endpoint], served: Iterable[str]) -> list[Endpoint]:
    """Return the endpoints that the server does not have; `served` are shapes like `GET /files/{}`."""
    there = set(served)
    return [endpoint for endpoint in known if shape(str(endpoint)) not in there]


def render(known: Sequence[Endpoint], served: Sequence[str], probe: Probe, *, version: str, day: str) -> str:
    """Return the page."""
    driven = [endpoint for endpoint in known if endpoint.group in DRIVEN]
    rows = table(driven, probe)
    lacking = missing(driven, served)
    refusing = _refusing(driven, probe)
    there = [row for row in rows if row[0] not in lacking]
    n_passed, n_checks = sum(row[1] for row in there), sum(row[2] for row in there)
    elsewhere = Counter(one.group for one in missing(known, served) if one.group not in DRIVEN)
    failed = [check for check in probe.checks if check.instead and not _is_missing(check, lacking)]
    lines = [
        "# Conformance with OpenAI's API",
        "",
        "Written by `make conformance`: every endpoint below is called through OpenAI's own SDK, unmodified,",
        "against a real server with scripted models. Responses are checked strictly against the SDK's types",
        "(the SDK itself accepts anything), then against what the call should have done.",
        "",
        f"openai {version}, {day}: of the {len(known)} endpoints in the SDK,",
        f"{len(known) - len(missing(known, served)) - len(refusing)} work. In the groups that "
        f"Lorewright covers, {len(driven) - len(lacking) - len(refusing)} of {len(driven)} work,",
        f"{len(refusing)} refuse with a reason, and {len(lacking)} are missing;",
        f"{n_passed} of their {n_checks} checks pass.",
        "",
        "| endpoint | passed | checks | |",
        "|---|---:|---:|---|",
        *(
            _row(*row, said="missing" if row[0] in lacking else "refuses" if row[0] in refusing else "")
            for row in rows
        ),
        "",
        "## Failed checks",
        "",
        *(f"- `{check.endpoint}` {check.claim}: {check.instead}" for check in failed),
        *(["None."] if not failed else []),
        "",
        "## Missing endpoints",
        "",
        *(f"- `{one}`" for one in lacking),
        *(f"- {group}: {n} endpoints" for group, n in elsewhere.most_common()),
        "",
    ]
    return "\n".join(lines)


def _is_missing(check: Check, lacking: Sequence[Endpoint]) -> bool:
    return shape(check.endpoint) in {shape(str(one)) for one in lacking}


def _refusing(driven: Sequence[Endpoint], probe: Probe) -> list[Endpoint]:
    """Return the endpoints that do nothing but say why not."""
    found = probe.by_endpoint()
    asked = [(endpoint, found.get(shape(str(endpoint)), [])) for endpoint in driven]
    return [endpoint for endpoint, checks in asked if checks and all(check.is_refusal for check in checks)]


def _row(endpoint: Endpoint, passed: int, n: int, *, said: str) -> str:
    if said == "missing":
        return f"| `{endpoint}` | | | missing |"
    more = "not checked" if n == 0 else "" if passed == n else "see below"
    return f"| `{endpoint}` | {passed} | {n} | {', '.join(filter(None, (said, more)))} |"
