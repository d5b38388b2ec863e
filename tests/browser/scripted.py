"""A studio over a domain, its model scripted: `python -m tests.browser.scripted FOLDER [--keys] [--port=N]`.

Prints its address, and with --keys the key of the administrator, as one line of JSON.
"""

import gc
import json
import signal
import socket
import sys
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

import uvicorn

from lorewright.api.app import build_app
from lorewright.messages import Message, last_user_turn
from lorewright.models import Engine, EngineKey, Piece, Sampling, Stopped, never
from lorewright.models.fakes import ScriptedEngine
from lorewright.studio.mount import mount_studio
from lorewright.workspace.server.server import Server

SECONDS_A_SLOW_WORD = 0.15
COUNTED = ("lorewright.studio", "nicegui.element")
_WORD = "-".join(
    ["every", "**long**", "`word`", "of", "an", "answer", "is", "read", "by", "its", "reader"] * 6
)
AT_LENGTH = "\n\n".join(f"{n}. {_WORD}" for n in range(270))[:100_000]
"""A long answer of few words: a model is cut off after a thousand tokens."""


def say(messages: Sequence[Message]) -> str:
    """Say what the first numbered text says, or else repeat what the user said; invent who founded it."""
    turn = last_user_turn(messages)
    if turn == "At length":
        return AT_LENGTH
    if not turn.startswith("[1]"):
        return f"You said: {turn}"
    read, _, question = turn.partition("\n\nQuestion:")
    invented = " It was founded by Bartholomew Quill in 1871." if "founded" in question else ""
    return read.partition("\n\n[2]")[0].splitlines()[-1] + " [1]" + invented


class Speaker(ScriptedEngine):
    """Says what its script says, and says it slowly to whoever asks for that."""

    def stream(
        self, messages: Sequence[Message], *, sampling: Sampling, stopped: Stopped = never
    ) -> Iterator[Piece]:
        """Yield the scripted text word by word."""
        is_slow = "slowly" in last_user_turn(messages)
        for piece in super().stream(messages, sampling=sampling, stopped=stopped):
            time.sleep(SECONDS_A_SLOW_WORD if is_slow else 0.0)
            yield piece


def opened(key: EngineKey) -> Engine:
    """Return the scripted model; one with an adapter goes by the adapter's name."""
    name = Path(key.adapter).stem if key.adapter else "parrot"
    return Speaker(say, name=name, fingerprint=f"sha256:{name}")


def count_objects(folder: Path) -> None:
    """Write down how many objects of the studio there are, by their class."""
    gc.collect()
    kinds = (type(one) for one in gc.get_objects())
    counts = Counter(kind.__qualname__ for kind in kinds if str(kind.__module__).startswith(COUNTED))
    (folder / "counting.json").write_text(json.dumps(counts))
    (folder / "counting.json").rename(folder / "objects.json")


def main() -> None:
    """Serve until killed."""
    wanted = next((int(word.partition("=")[2]) for word in sys.argv if word.startswith("--port=")), 0)
    server = Server(Path(sys.argv[1]), open_one=opened)
    is_open = "--keys" not in sys.argv
    key = "" if is_open else server.keys.make("administrator", is_admin=True)[1]
    server.resume()
    app = build_app(server, is_open=is_open)
    mount_studio(app, server, is_open=is_open)
    signal.signal(signal.SIGUSR1, lambda *_: count_objects(Path(sys.argv[1])))
    listening = socket.create_server(("127.0.0.1", wanted))
    url = f"http://127.0.0.1:{listening.getsockname()[1]}"
    print(json.dumps({"url": url, "key": key, "at": time.time()}), flush=True)
    config = uvicorn.Config(app, log_level="warning", access_log=False, ws_per_message_deflate=False)
    uvicorn.Server(config).run(sockets=[listening])


if __name__ == "__main__":
    main()
