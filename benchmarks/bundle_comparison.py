"""Make the finished comparison that is shipped with a template, from a domain that was measured.

python -m benchmarks.bundle_comparison DOMAIN [TEMPLATE]

Without a name, the domain is the version desk.
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
from lorewright.workspace.domain.templates import VERSION_DESK, get_template
from lorewright.workspace.domain.workspace import Workspace


def bundle(folder: Path, name: str = VERSION_DESK) -> Path:
    """Write the latest comparison of a domain, with how its answers came about; return where to."""
    digest = digest_of(folder)
    if digest != bundled_digest(name):
        sys.exit(
            f"{folder} is not the template: lay it out anew (lorewright init --template) and measure that."
        )
    target = Path(str(get_template(name).place)) / NAME
    with Workspace(folder) as workspace:
        comparison = workspace.comparisons.latest()
        if comparison is None or (comparison.drill is None and (folder / "update").is_dir()):
            sys.exit(
                f"{folder} has no comparison, or none with its update drill: run lorewright compare there."
            )
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
            "command": "lorewright demo" if name == VERSION_DESK else f"lorewright init --template {name}",
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
    target.write_bytes(gzip.compress(text.encode(), mtime=0))
    return target


if __name__ == "__main__":
    written = bundle(Path(sys.argv[1]), *sys.argv[2:])
    sys.stdout.write(f"{written}: {written.stat().st_size:,} bytes\n")
