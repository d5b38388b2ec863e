"""The server against its own OpenAPI document: nothing undocumented, nothing broken, whatever is sent."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import httpx2
import pytest
from tests.fixtures.served import Served, lay_out

CHECKS = "not_a_server_error,status_code_conformance,content_type_conformance,response_schema_conformance"
N_EXAMPLES = 4
"""For each of some 160 operations and each of the phases: about three minutes on two cores."""


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Served]:
    started = Served(lay_out(tmp_path / "handbook"))
    yield started
    started.close()


def test_every_operation_is_tagged_and_tells_its_errors(server: Served) -> None:
    document = httpx2.get(f"{server.url}/openapi.json", timeout=60).json()
    for path, operations in document["paths"].items():
        for method, operation in operations.items():
            assert operation["tags"], f"{method} {path}"
            assert {"400", "401", "403", "404", "409", "429"} <= set(operation["responses"])
            assert "422" not in operation["responses"], f"{method} {path}"


def test_schemathesis_finds_nothing(server: Served, tmp_path: Path) -> None:
    """Logging in and out is left to tests of their own: it would end what it is tested with."""
    httpx2.get(f"{server.url}/openapi.json", timeout=60)  # made once, and slowly
    done = subprocess.run(
        [
            sys.executable, "-c", "from schemathesis.cli import schemathesis; schemathesis()", "run",
            f"{server.url}/openapi.json", "--header", f"Authorization: Bearer {server.key}",
            "--checks", CHECKS, "--phases", "examples,coverage,fuzzing",
            "--max-examples", str(N_EXAMPLES), "--seed", "1", "--workers", "1", "--no-color",
            "--warnings", "off", "--continue-on-failure", "--suppress-health-check", "all",
            "--generation-database", "none", "--generation-with-security-parameters", "false",
            "--request-timeout", "60", "--exclude-path-regex", "/(login|logout)$",
        ],
        cwd=tmp_path, capture_output=True, text=True, timeout=900, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout[-20_000:] + done.stderr
