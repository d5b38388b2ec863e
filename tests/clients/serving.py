"""A server as a user starts it, with the default model, on a small domain of our own."""

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import openai

PAGES = {
    "leaving.md": "# Leaving\n\nThe notice period is 3 months to the end of a month.\n",
    "travel.md": "# Travel\n\nTravel is by train. A hotel may cost 120 euros a night.\n",
    "leave.md": "# Leave\n\nEvery employee has 28 days of leave a year.\n",
}


@dataclass(frozen=True, slots=True)
class Address:
    """Where a server is, its key, and the names of what it serves."""

    url: str
    key: str
    model: str
    rag: str
    embedding: str

    def environment(self) -> dict[str, str]:
        """Return what the checks read."""
        return {
            "LOREWRIGHT_URL": self.url, "LOREWRIGHT_KEY": self.key, "LOREWRIGHT_MODEL": self.model,
            "LOREWRIGHT_RAG": self.rag, "LOREWRIGHT_EMBEDDING": self.embedding,
        }  # fmt: skip


@contextmanager
def served(folder: Path) -> Iterator[Address]:
    """Serve a new domain with three documents, in a process of its own."""
    domain = folder / "handbook"
    _run(folder, "init", str(domain))
    for name, text in PAGES.items():
        (domain / "documents" / name).write_text(text)
    _run(domain, "add", "--sync")
    command = [*_COMMAND, "serve", "--port", "0", "--no-studio", "--json"]
    with subprocess.Popen(command, cwd=domain, stdout=subprocess.PIPE, text=True) as process:
        try:
            yield _address(process)
        finally:
            process.terminate()


_COMMAND = (sys.executable, "-m", "lorewright.cli")


def _run(folder: Path, *words: str) -> None:
    subprocess.run([*_COMMAND, *words], cwd=folder, check=True, stdout=subprocess.DEVNULL)


def _address(process: "subprocess.Popen[str]") -> Address:
    assert process.stdout is not None
    text = ""
    while not text.endswith("}\n"):
        text += process.stdout.readline()
    told = json.loads(text)
    client = openai.OpenAI(base_url=told["base_url"], api_key=told["key"])
    models = [(model.id, getattr(model, "kind", "")) for model in client.models.list()]
    return Address(
        url=told["base_url"].removesuffix("/v1"),
        key=told["key"],
        model=models[0][0],
        rag=next(name for name, _ in models if name.endswith("/rag")),
        embedding=next(name for name, kind in models if kind == "embedding"),
    )
