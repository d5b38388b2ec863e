"""Make the finished comparison that is shipped with the version desk, from a domain that was measured.

python -m benchmarks.bundle_comparison DOMAIN
"""

import gzip
import json
import sys
import time
from dataclasses import replace
from pathlib import Path

from lorewright.access import LOCAL
from lorewright.evaluation import comparison_to_json, questions_in, to_json
from lorewright.workspace.comparisons.bundled import NAME, bundled_digest, digest_of
from lorewright.workspace.comparisons.evidence import find_evidence
from lorewright.workspace.dataset.material import read_material
from lorewright.workspace.domain.workspace import Workspace

TARGET = Path(__file__).parents[1] / "src" / "lorewright" / "version_desk" / NAME


def bundle(folder: Path) -> Path:
    """Write the latest comparison of a domain, with how its answers came about; return where to."""
    digest = digest_of(folder)
    if digest != bundled_digest():
        sys.exit(f"{folder} is not the bundled domain: lay it out anew (lorewright demo) and measure that.")
    with Workspace(folder) as workspace:
        comparison = workspace.comparisons.latest()
        if comparison is None or comparison.drill is None:
            sys.exit(f"{folder} has no comparison with an update drill: run lorewright compare there.")
        day = time.strftime("%d %B %Y", time.gmtime(comparison.created_at)).lstrip("0")
        origin = f"measured before shipping, on {day}, not on this machine"
        shipped = replace(comparison, measured=replace(comparison.measured, origin=origin))
        makings = {
            arm: {
                question.question_id: to_json(
                    find_evidence(workspace, LOCAL, comparison.id, arm, question.question_id)
                )
                for question in questions_in(comparison)
            }
            for arm in comparison.arms
        }
        read_material(workspace)  # finds near duplicates, and remembers them
        pairs = {
            path.name: json.loads(path.read_text(encoding="utf-8"))
            for path in sorted((workspace.state_folder / "material").glob("*.json"))
        }
    body = {
        "format": 1,
        "provenance": {
            "command": "lorewright demo",
            "measured_by": "the authors of lorewright, before shipping",
            "measured_at": comparison.created_at,
            "lorewright": comparison.measured.lorewright,
            "machine": dict(comparison.measured.machine),
        },
        "domain": digest,
        "comparison": comparison_to_json(shipped),
        "makings": makings,
        "pairs": pairs,
    }
    text = json.dumps(body, ensure_ascii=False, sort_keys=True)
    TARGET.write_bytes(gzip.compress(text.encode(), mtime=0))
    return TARGET


if __name__ == "__main__":
    written = bundle(Path(sys.argv[1]))
    sys.stdout.write(f"{written}: {written.stat().st_size:,} bytes\n")
