"""A run's file of losses and samples, as it is read back."""

import json
from pathlib import Path

from lorewright.tuning.curve import NAME, Sample, read_curve


def test_samples_of_a_run_made_by_an_earlier_release_are_read(tmp_path: Path) -> None:
    """Whoever upgrades still sees what their model answered while it learned."""
    sample = {"asked": "Which plan?", "wanted": "Gold.", "said": "Silver."}
    look = {"look": {"step": 3, "loss": 0.5, "samples": [sample]}}
    (tmp_path / NAME).write_text(json.dumps(look) + "\n", encoding="utf-8")
    expected = Sample(question="Which plan?", expected="Gold.", reply="Silver.")
    assert read_curve(tmp_path).looks[0].samples == (expected,)
