"""The list of the decisions, from their headings."""

from pathlib import Path

FOLDER = Path(__file__).parents[1] / "decisions"


def decisions_block() -> str:
    """Return a link to every decision, the first one first."""
    return "".join(f"- [{_title(path)}]({path.name})\n" for path in sorted(FOLDER.glob("0*.md")))


def _title(path: Path) -> str:
    return path.read_text(encoding="utf-8").partition("\n")[0].removeprefix("# ")
