"""What holds what examples answer: the first chunks, or the parts of them that examples teach to choose.

    python -m benchmarks.importers eol-support --data DATA /tmp/eol
    lorewright add --sync --domain /tmp/eol
    python -m benchmarks.shown_parts /tmp/eol

Prints for how many of up to 200 answerable examples that claim something all of it stands in what is shown.
Each example is judged by parts that were fitted to others, as in a tuning.
"""

import argparse
from dataclasses import replace
from pathlib import Path

from lorewright.access import LOCAL
from lorewright.flows import style_from
from lorewright.progress import quiet
from lorewright.workspace.dataset.material import material_for
from lorewright.workspace.domain.workspace import Workspace
from lorewright.workspace.tuning.part_fit import fit_parts


def main() -> None:
    """Print a line for each number of chunks and one for the chosen parts."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("domain", type=Path, help="a domain with documents that were added, and examples")
    parser.add_argument("--chunks", type=int, nargs="+", default=[1, 2, 3, 5])
    given = parser.parse_args()
    with Workspace(given.domain) as workspace:
        material = material_for(workspace, LOCAL)
        style = style_from(material.train, workspace.settings)
        for n in given.chunks:
            asked = replace(style, retrieval=replace(style.retrieval, n_kept=n))
            fit = fit_parts(material.train, style=asked, retriever=workspace.collection, progress=quiet)
            chosen = f"{fit.choice.n} are chosen" if fit.choice else "chunks stay whole"
            print(
                f"{n} chunks {fit.usual:.2f}, parts {fit.held:.2f}, n={fit.n_examples}: {chosen}", flush=True
            )


if __name__ == "__main__":
    main()
