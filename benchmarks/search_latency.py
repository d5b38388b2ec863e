"""What a search costs: milliseconds of CPU and of waiting, query embedding included.

    python -m benchmarks.search_latency --data DATA --set aws-docs --index FOLDER

Uses the index that benchmarks.retrieval keeps in FOLDER, and builds it where it is not there yet.
"""

import argparse
import os
import time
from pathlib import Path
from statistics import median, quantiles

from benchmarks.judged_sets import SETS, read_judged
from benchmarks.retrieval import indexed


def main() -> None:
    """Search for every question three times and print p50 and p95."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument(
        "--data", type=Path, default=os.environ.get("LOREWRIGHT_DATA"), help="the data folder"
    )
    parser.add_argument("--set", default="aws-docs", choices=SETS)
    parser.add_argument("--index", type=Path, required=True, help="folder of the indexes")
    given = parser.parse_args()
    if given.data is None:
        parser.error("name the data folder with --data or LOREWRIGHT_DATA")
    collection = indexed(given.data / given.set, given.index / given.set)
    queries = [judged.query for judged in read_judged(given.data / given.set)][:100]
    for query in queries[:5]:
        collection.search(query)
    cpu_ms, wall_ms = [], []
    for query in queries * 3:
        cpu, wall = time.process_time(), time.perf_counter()
        collection.search(query)
        cpu_ms.append((time.process_time() - cpu) * 1000)
        wall_ms.append((time.perf_counter() - wall) * 1000)
    print(f"{given.set}: {collection.n_chunks} chunks, {len(cpu_ms)} searches")
    for kind, taken in (("CPU", cpu_ms), ("waiting", wall_ms)):
        print(f"{kind:8} p50 {median(taken):.1f} ms, p95 {quantiles(taken, n=20)[-1]:.1f} ms")


if __name__ == "__main__":
    main()
