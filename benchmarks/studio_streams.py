"""Many open chats of the studio, each streaming: gaps between pieces, and what the server takes for it.

    python -m benchmarks.studio_streams --clients 50 --seconds 40

The model is scripted at 40 tokens a second, so that all the work measured is the studio's. Clients
are sockets without a browser: they take what a page would be sent.
"""

import argparse
import asyncio
import json
import re
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from itertools import count, pairwise
from pathlib import Path
from typing import Any
from urllib.parse import urlencode
from uuid import uuid4

import httpx2
import socketio

from lorewright.messages import Message
from lorewright.models import Piece, Sampling, Stopped, Usage, never
from lorewright.models.fakes import ScriptedEngine

TOKENS_A_SECOND = 40.0
OPEN_EVERY_SECONDS = 0.25


def main() -> None:
    """Measure, and print one line of JSON."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--clients", type=int, default=50)
    parser.add_argument("--seconds", type=float, default=40.0)
    parser.add_argument("--serve", metavar="FOLDER", help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.serve:
        _serve(Path(arguments.serve))
        return
    with tempfile.TemporaryDirectory() as folder:
        found = _measure(Path(folder), arguments.clients, arguments.seconds)
    print(json.dumps({**found, "core_share_of_the_model_alone": round(_alone(arguments.clients, 10.0), 2)}))


def _measure(folder: Path, n_clients: int, seconds: float) -> dict[str, Any]:
    (folder / "lorewright.toml").write_text(
        '[models]\nembedding = "hashing"\nchat = "file:/models/steady.gguf"\n'
        "[serve]\nn_slots = 64\naccess_log = false\n"
    )
    command = [sys.executable, "-m", "benchmarks.studio_streams", "--serve", str(folder)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as server:
        assert server.stdout is not None
        url = json.loads(server.stdout.readline())["url"]
        try:
            return asyncio.run(_clients(url, server.pid, n_clients, seconds))
        finally:
            server.kill()


async def _clients(url: str, pid: int, n_clients: int, seconds: float) -> dict[str, Any]:
    await _one(url, 0.5)  # the first visitor pays for what is loaded once
    idle = _memory_mb(pid)
    begun_cpu, begun = _cpu_seconds(pid), time.perf_counter()
    asked = [_one(url, seconds, after=n * OPEN_EVERY_SECONDS) for n in range(n_clients)]
    busy = asyncio.create_task(_steady_cpu(pid, seconds))
    gaps = [gap for one in await asyncio.gather(*asked) for gap in one]
    share = await busy
    peak, whole = _memory_mb(pid), (_cpu_seconds(pid) - begun_cpu) / (time.perf_counter() - begun)
    await asyncio.sleep(110)  # a closed page is remembered for 30 s, its answer is written on for 60
    ordered = sorted(gaps)
    return {
        "n_clients": n_clients, "n_pieces": len(gaps),
        "gap_p50_ms": round(ordered[len(ordered) // 2] * 1000),
        "gap_p95_ms": round(ordered[int(len(ordered) * 0.95)] * 1000),
        "core_share_while_all_stream": round(share, 2), "core_share_with_opening": round(whole, 2),
        "memory_mb_before": idle, "memory_mb_at_end": peak, "memory_mb_after_closing": _memory_mb(pid),
    }  # fmt: skip


async def _steady_cpu(pid: int, seconds: float) -> float:
    """Return the share of one core that the server takes in the middle, when all pages are open."""
    await asyncio.sleep(seconds * 0.5)
    begun, at = _cpu_seconds(pid), time.perf_counter()
    await asyncio.sleep(seconds * 0.4)
    return (_cpu_seconds(pid) - begun) / (time.perf_counter() - at)


async def _one(url: str, seconds: float, *, after: float = 0.0) -> list[float]:
    """Return the gaps between the pieces of one chat (seconds): opened, asked, and closed."""
    arrived: list[float] = []
    over = time.perf_counter() + seconds
    await asyncio.sleep(after)
    async with httpx2.AsyncClient(timeout=60) as http:
        page = (await http.get(f"{url}/studio/chat", params={"question": "Speak."})).text
    query = {
        "client_id": _found(r"'client_id': '([^']+)'", page), "next_message_id": "0",
        "implicit_handshake": "true", "document_id": str(uuid4()), "tab_id": str(uuid4()),
    }  # fmt: skip
    socket = socketio.AsyncClient()

    def hear(message: Mapping[str, Any]) -> None:
        if "'append'" in str(message.get("code", "")):
            arrived.append(time.perf_counter())

    socket.on("run_javascript", hear)

    path = "/studio/_nicegui_ws/socket.io"
    await socket.connect(
        f"{url}?{urlencode(query)}", socketio_path=path, transports=["websocket"], wait_timeout=30
    )
    await asyncio.sleep(max(0.5, over - time.perf_counter()))
    await socket.disconnect()
    return [after - before for before, after in pairwise(arrived)]


def _found(pattern: str, page: str) -> str:
    found = re.search(pattern, page)
    if found is None:
        raise SystemExit("The page names no client: has NiceGUI changed?")
    return found[1]


def _serve(folder: Path) -> None:
    """Serve the studio with a model that says a word every 25 ms."""
    import socket as sockets

    import uvicorn

    from lorewright.api.app import build_app
    from lorewright.studio.mount import mount_studio
    from lorewright.workspace.server.server import Server

    running = Server(folder, open_one=lambda _: SteadyEngine({}, name="steady"))
    app = build_app(running, is_open=True)
    mount_studio(app)
    listening = sockets.create_server(("127.0.0.1", 0))
    print(json.dumps({"url": f"http://127.0.0.1:{listening.getsockname()[1]}"}), flush=True)
    config = uvicorn.Config(app, log_level="warning", access_log=False, ws_per_message_deflate=False)
    uvicorn.Server(config).run(sockets=[listening])  # as `lorewright serve` does


def _alone(n_clients: int, seconds: float) -> float:
    """Return the share of one core that the scripted model takes by itself: a thread for each chat."""
    over = time.perf_counter() + seconds

    def listen() -> None:
        for _ in SteadyEngine({}).stream((), sampling=Sampling(), stopped=lambda: time.perf_counter() > over):
            pass

    threads = [threading.Thread(target=listen) for _ in range(n_clients)]
    begun, at = time.process_time(), time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return (time.process_time() - begun) / (time.perf_counter() - at)


class SteadyEngine(ScriptedEngine):
    """Says its words at a steady pace, until it is stopped."""

    def stream(
        self, messages: Sequence[Message], *, sampling: Sampling, stopped: Stopped = never
    ) -> Iterator[Piece]:
        """Yield one word after another, at 40 a second."""
        del messages, sampling
        begun = time.perf_counter()
        for n in count():
            time.sleep(max(0.0, begun + n / TOKENS_A_SECOND - time.perf_counter()))
            if stopped():
                break
            yield Piece(f"word{n} ")
        yield Piece("", Usage(1, 1), "stop")


def _cpu_seconds(pid: int) -> float:
    fields: Sequence[str] = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / 100


def _memory_mb(pid: int) -> int:
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return int(next(line for line in lines if line.startswith("VmRSS")).split()[1]) // 1024


if __name__ == "__main__":
    main()
