"""Chats that grow by a turn at a time: what a turn costs `lorewright serve`, beside llama.cpp.

    python -m benchmarks.growing_chats --chats 6 --turns 4

Every chat sends all of its turns again with each question, as every client does; `--at-once` chats
take turns with each other. llama.cpp runs alone in a process, with its caches, the same file,
slots and threads. Prints, per server and turn, the CPU seconds of the server (user and system, its
children too), the tokens that came from the cache and the wall time to the first token, and at the
end lorewright's CPU seconds over llama.cpp's for the same turns. Both write answers of the same
length, greedily; the ratio is the figure to read.
"""

import argparse
import json
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from http.client import HTTPConnection
from statistics import mean
from typing import Any

from benchmarks.cpu_time import cpu_seconds
from benchmarks.serving_load import Running, llama_server, lorewright_server

MAX_TOKENS = 24
LLAMA_CACHE_MB = 8192  # its own default
BACKGROUND = (
    "The reading room opens at nine and closes at six; on Thursdays it stays open until eight. Bags go "
    "into a locker, which takes a coin of one euro. Books are ordered at the desk before noon and are "
    "brought in the afternoon. Pencils are allowed, ink is not. Photographs may be taken without a flash. "
    "A guest ticket is valid for a day, a yearly ticket costs forty euros, and members of the society pay "
    "half. The café on the ground floor serves soup until three. Lost property is kept for sixty days. "
)
QUESTIONS = (
    "When does the reading room close on Thursdays?",
    "And what does a yearly ticket cost?",
    "May I take photographs there?",
    "What is in the café at noon?",
    "How long is lost property kept?",
    "What does the locker take?",
)


@dataclass(frozen=True, slots=True)
class Turn:
    """What one turn took."""

    cpu: float
    first_token: float
    n_prompt: int
    n_cached: int


def main() -> None:
    """Chat with both servers in turn and print what it took."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--chats", type=int, default=6)
    parser.add_argument("--turns", type=int, default=4, choices=range(1, len(QUESTIONS) + 1))
    parser.add_argument("--at-once", type=int, default=3)
    parser.add_argument("--slots", type=int, default=4)
    given = parser.parse_args()
    totals = []
    kept_by_llama = partial(llama_server, cache_mb=LLAMA_CACHE_MB)
    for name, serve in (("llama.cpp", kept_by_llama), ("lorewright", lorewright_server)):
        with serve(given.slots) as server:
            ask(server, [{"role": "user", "content": "Hello."}])  # the model is loaded
            turns = [
                chat
                for first in range(0, given.chats, given.at_once)
                for chat in together(
                    server, range(first, min(first + given.at_once, given.chats)), given.turns
                )
            ]
        print(f"{name}:")
        totals.append(report(turns, given.turns))
    print(f"lorewright / llama.cpp: {totals[1] / totals[0]:.2f} of the CPU seconds")


def together(server: Running, chats: Sequence[int], n_turns: int) -> list[list[Turn]]:
    """Return the turns of some chats whose questions alternate."""
    messages: list[list[dict[str, str]]] = [
        [{"role": "system", "content": f"You are guide number {chat}. {BACKGROUND * 2}"}] for chat in chats
    ]
    took: list[list[Turn]] = [[] for _ in chats]
    for question in QUESTIONS[:n_turns]:
        for place in range(len(chats)):
            messages[place].append({"role": "user", "content": question})
            text, turn = ask(server, messages[place])
            messages[place].append({"role": "assistant", "content": text})
            took[place].append(turn)
    return took


def ask(server: Running, messages: Sequence[Mapping[str, str]]) -> tuple[str, Turn]:
    """Read one streamed answer to its end."""
    before, begun, first = cpu_seconds(server.pid), time.monotonic(), 0.0
    body = {
        "model": server.model, "stream": True, "max_tokens": MAX_TOKENS, "temperature": 0,
        "stream_options": {"include_usage": True}, "messages": messages,
    }  # fmt: skip
    headers = {"Authorization": f"Bearer {server.key}", "Content-Type": "application/json"}
    connection = HTTPConnection(server.address, timeout=300)
    connection.request("POST", "/v1/chat/completions", json.dumps(body), headers)
    response = connection.getresponse()
    if response.status != 200:
        raise ValueError(f"status {response.status}: {response.read()[:300]!r}")
    usage: dict[str, Any] = {}
    text = ""
    for line in response:
        if not line.startswith(b"data: {"):
            continue
        chunk: dict[str, Any] = json.loads(line.removeprefix(b"data: "))
        for choice in chunk["choices"]:
            text += choice["delta"].get("content") or ""
        first = first or (time.monotonic() - begun if text else 0.0)
        usage = chunk.get("usage") or usage
    connection.close()
    time.sleep(0.1)  # what is done behind the answer counts too
    cached = (usage.get("prompt_tokens_details") or {}).get("cached_tokens") or 0
    return text, Turn(cpu_seconds(server.pid) - before, first, usage.get("prompt_tokens", 0), cached)


def report(chats: Sequence[Sequence[Turn]], n_turns: int) -> float:
    """Print the means of every turn; return the CPU seconds of all."""
    for number in range(n_turns):
        turns = [chat[number] for chat in chats]
        print(
            f"  turn {number + 1}: {mean(turn.cpu for turn in turns):.2f} CPU-s, first token "
            f"{mean(turn.first_token for turn in turns):.2f} s, {mean(turn.n_cached for turn in turns):.0f} "
            f"of {mean(turn.n_prompt for turn in turns):.0f} prompt tokens from the cache (n={len(turns)})"
        )
    total = sum(turn.cpu for chat in chats for turn in chat)
    print(f"  {total / sum(map(len, chats)):.2f} CPU-s a turn")
    return total


if __name__ == "__main__":
    main()
