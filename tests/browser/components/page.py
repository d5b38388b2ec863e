"""A small application that shows one component: `python -m tests.browser.components.page flow_editor`.

It prints its port, and what the component told it as JSON, one line each.
"""

import asyncio
import json
import socket
from typing import Any

import uvicorn
from fastapi import FastAPI, Request
from nicegui import app as pages
from nicegui import ui
from tests.fixtures.component_samples import (
    CITATIONS,
    FILTERS,
    RAG,
    SAMPLES,
    STATES,
    UNSUPPORTED,
    many,
    strange,
)

from lorewright.flows import describe_kinds
from lorewright.studio.answer_text import AnswerText
from lorewright.studio.flow_editor import STATIC, FlowEditor


def main() -> None:
    """Serve the pages on a free port until the process ends."""
    app = FastAPI()
    told: list[dict[str, Any]] = []

    @app.get("/told")
    def get_told() -> list[dict[str, Any]]:
        return told

    def tell(name: str) -> Any:
        return lambda value: told.append({"event": name, "value": _plain(value)})

    @ui.page("/flow")
    def flow_page(request: Request) -> None:
        asked = request.query_params
        told.clear()
        _dress(asked.get("dark") == "1")
        flows = {
            "rag": RAG,
            "filters": FILTERS,
            "empty": {"name": "e", "nodes": [], "edges": []},
            "strange": strange(),
        }
        flow = many(int(asked["many"])) if "many" in asked else flows[asked.get("flow", "rag")]
        with ui.element("main").style("position: fixed; inset: 0"):
            ui.html("<h1 class='hidden-title'>Flow</h1>", sanitize=False)
            editor = FlowEditor(
                describe_kinds(), flow,
                {"notes": [{"id": "note", "text": "Hotels change in March.", "x": 20, "y": 420}]}
                if asked.get("note") else None,
                states=STATES if asked.get("states") else None,
                readonly=asked.get("readonly") == "1",
                on_change=tell("change"), on_select=tell("select"), on_run_from=tell("run_from"),
                on_open_output=tell("open_output"), on_refused=tell("refused"),
            )  # fmt: skip
        if asked.get("run"):
            ui.timer(0.5, lambda: editor.set_state("retrieve", STATES["retrieve"]), once=True)

    @ui.page("/answer")
    async def answer_page(request: Request) -> None:
        asked = request.query_params
        told.clear()
        _dress(asked.get("dark") == "1")
        with ui.element("main").style("display: block; max-width: 760px; margin: 32px auto; padding: 0 20px"):
            ui.html("<h1 class='hidden-title'>Answer</h1>", sanitize=False)
            answer = AnswerText(on_cite=tell("cite"))
        text = asked.get("markdown") or SAMPLES[asked.get("text", "tour")]
        if asked.get("stream"):
            await ui.context.client.connected()
            rate = float(asked["stream"])
            for start in range(0, len(text), 4):
                answer.append(text[start : start + 4])
                await asyncio.sleep(1 / rate)
        cited, unsupported = (CITATIONS, UNSUPPORTED) if asked.get("cited") else ([], [])
        if "at" in asked:
            cited = [{"number": 1, "position": int(asked["at"]), "title": "Travel"}]
        answer.finish(text, cited, unsupported)

    # Quasar's bar for requests has no name, and axe-core makes requests.
    pages.config.quasar_config["loadingBar"]["skipHijack"] = True
    ui.run_with(app, show_welcome_message=False, tailwind=False, language="en-US", reconnect_timeout=10)
    listening = socket.create_server(("127.0.0.1", 0))
    print(json.dumps({"port": listening.getsockname()[1]}), flush=True)
    server = uvicorn.Server(uvicorn.Config(app, log_level="warning"))
    asyncio.run(server.serve(sockets=[listening]))


def _dress(is_dark: bool) -> None:
    ui.dark_mode(is_dark)
    ui.add_css((STATIC.parent / "look" / "lorewright.css").read_text())
    ui.add_css(".hidden-title { position: absolute; clip-path: inset(50%) }")


def _plain(value: Any) -> Any:
    return json.loads(json.dumps(value, default=lambda v: {s: getattr(v, s) for s in v.__slots__}))


if __name__ == "__main__":
    main()
