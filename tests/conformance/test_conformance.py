"""Every endpoint that is served passes its checks."""

from pathlib import Path

from openai.types import FileDeleted
from tests.conformance.drive import drive
from tests.conformance.inventory import endpoints, shape
from tests.conformance.strict import mismatches


def test_the_inventory_is_that_of_the_sdk() -> None:
    """Were the SDK written in another way one day, nothing would be known, and so nothing missing."""
    known = {str(endpoint) for endpoint in endpoints()}
    assert {"POST /chat/completions", "GET /files/{file_id}/content", "GET /vector_stores"} <= known
    assert len(known) > 300


def test_what_the_sdk_lets_pass_is_found() -> None:
    """The SDK builds its objects from whatever comes."""
    assert mismatches(FileDeleted, {"id": "a", "object": "file", "deleted": True}) == []
    assert mismatches(FileDeleted, {"id": "a", "object": "file"}) == ["deleted: Field required"]
    assert mismatches(FileDeleted, {"id": 1, "object": "file", "deleted": True}) == [
        "id: Input should be a valid string"
    ]


def test_what_is_served_is_what_the_sdk_expects(tmp_path: Path) -> None:
    probe, served = drive(tmp_path)
    failed = [check for check in probe.checks if check.instead and shape(check.endpoint) in served]
    assert failed == []
