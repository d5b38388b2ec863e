"""A served domain whose model is on another server, which answers as a test wants it to."""

import json
import threading
from collections.abc import Mapping, Sequence
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from tests.integration.api.conftest import Served, lay_out

from lorewright.models import Engine, EngineKey
from lorewright.models.engines.openai import OpenAICompatible

Delta = Mapping[str, Any]
USAGE = {"prompt_tokens": 5, "completion_tokens": 7, "total_tokens": 12}
DIES = {"dies": True}
"""Instead of a delta: the connection breaks here."""


class Upstream:
    """A server that speaks chat completions: it gives the next of `answers`, and keeps what it was asked."""

    def __init__(self) -> None:
        self.answers: list[Sequence[Delta]] = []
        self.requests: list[dict[str, Any]] = []
        self.ends_by = "stop"
        self.go_on = threading.Event()
        """Unset, an answer waits after its first delta."""
        self.go_on.set()
        self._listener = ThreadingHTTPServer(("127.0.0.1", 0), self._speaker())
        self.url = f"http://127.0.0.1:{self._listener.server_port}/v1"
        self._thread = threading.Thread(target=self._listener.serve_forever, args=(0.01,))
        self._thread.start()

    def forget(self) -> None:
        """Begin again: nothing to answer, nothing was asked."""
        self.answers.clear()
        self.requests.clear()
        self.ends_by = "stop"
        self.go_on.set()

    def says(self, *texts: str) -> None:
        """Let the next answer be these pieces of text."""
        self.answers.append([{"content": text} for text in texts])

    def calls(self, name: str, *arguments: str) -> None:
        """Let the next answer be the call of a function, its arguments in pieces."""
        first = {"index": 0, "id": "call_1", "type": "function", "function": {"name": name, "arguments": ""}}
        pieces = [{"index": 0, "function": {"arguments": piece}} for piece in arguments]
        self.answers.append([{"tool_calls": [piece]} for piece in (first, *pieces)])

    def close(self) -> None:
        """Stop the server and wait for its end."""
        self.go_on.set()
        self._listener.shutdown()
        self._thread.join()
        self._listener.server_close()

    def _speaker(self) -> type[BaseHTTPRequestHandler]:
        upstream = self

        class Speaker(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self) -> None:
                upstream.requests.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
                self.send_response(200)
                self.send_header("Content-Type", "text/event-stream")
                self.send_header("Transfer-Encoding", "chunked")
                self.end_headers()
                for delta in upstream.answers.pop(0):
                    if delta is DIES:
                        self.close_connection = True
                        self.connection.close()
                        return
                    self._send({"choices": [{"index": 0, "delta": delta, "finish_reason": None}]})
                    upstream.go_on.wait(10)
                self._send({"choices": [{"index": 0, "delta": {}, "finish_reason": upstream.ends_by}]})
                self._send({"choices": [], "usage": USAGE})
                self._write(b"data: [DONE]\n\n")
                self._write(b"")

            def _send(self, chunk: Mapping[str, Any]) -> None:
                frame = {"id": "1", "object": "chat.completion.chunk", "created": 0, "model": "m"}
                self._write(f"data: {json.dumps({**frame, **chunk})}\n\n".encode())

            def _write(self, data: bytes) -> None:
                self.wfile.write(f"{len(data):x}\r\n".encode() + data + b"\r\n")
                self.wfile.flush()

            def log_message(self, *_: object) -> None:
                """Keep the terminal clean."""

        return Speaker


class Remote(Served):
    """A server whose engines all ask one upstream."""

    def __init__(self, folder: Path, upstream: Upstream) -> None:
        self.upstream = upstream
        super().__init__(lay_out(folder / "handbook"))

    def _open(self, key: EngineKey) -> Engine:
        self.opened.append(key)
        return OpenAICompatible("large", base_url=self.upstream.url, n_retries=0)
