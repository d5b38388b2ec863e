"""Flows and answers to look at, some of them hostile."""

from typing import Any

from lorewright.studio.answer_text import Cite, Unsupported

STRANGE = '<img src=x onerror="window.hit=1">'
RAG: dict[str, Any] = {
    "name": "rag",
    "nodes": [
        {"id": "question", "kind": "question", "params": {}},
        {"id": "retrieve", "kind": "retrieve", "params": {"n": 5}},
        {"id": "prompt", "kind": "prompt", "params": {"instruction": "You answer for the travel desk."}},
        {"id": "generate", "kind": "generate", "params": {"adapter": "context"}},
        {"id": "ground", "kind": "ground", "params": {}},
        {"id": "answer", "kind": "answer", "params": {}},
    ],
    "edges": [
        {"source": a, "source_port": p, "target": b, "target_port": q}
        for a, p, b, q in [
            ("question", "conversation", "retrieve", "conversation"),
            ("question", "conversation", "prompt", "conversation"),
            ("retrieve", "hits", "prompt", "hits"),
            ("prompt", "messages", "generate", "messages"),
            ("question", "conversation", "ground", "conversation"),
            ("generate", "draft", "ground", "draft"),
            ("prompt", "hits", "ground", "hits"),
            ("ground", "draft", "answer", "draft"),
        ]
    ],
}
STATES: dict[str, Any] = {
    "question": {"status": "done", "ms": 0.4},
    "retrieve": {"status": "done", "ms": 41.6, "output": "1. Travel: Trains are booked in second class."},
    "prompt": {"status": "done", "ms": 3.1},
    "generate": {"status": "running", "output": "The hotel may cost"},
    "ground": {"status": "waiting"},
}


FILTERS: dict[str, Any] = {
    "name": "filters",
    "nodes": [
        {"id": "first", "kind": "filter", "params": {}},
        {"id": "second", "kind": "filter", "params": {}},
        {"id": "third", "kind": "filter", "params": {}},
        {"id": "generate", "kind": "generate", "params": {}},
    ],
    "edges": [{"source": "first", "source_port": "hits", "target": "second", "target_port": "hits"}],
}


def many(n: int) -> dict[str, Any]:
    """Return a flow of `n` nodes in chains of ten."""
    nodes = [{"id": f"node-{i}", "kind": "ground", "params": {}} for i in range(n)]
    edges = [
        {"source": f"node-{i}", "source_port": "draft", "target": f"node-{i + 1}", "target_port": "draft"}
        for i in range(n - 1)
        if i % 10 != 9
    ]
    return {"name": "many", "nodes": nodes, "edges": edges}


def strange() -> dict[str, Any]:
    """Return a flow whose every text is an attack."""
    return {
        "name": STRANGE,
        "nodes": [
            {"id": STRANGE, "kind": "question", "params": {}},
            {"id": "prompt", "kind": "prompt", "params": {"instruction": STRANGE}},
            {"id": "odd", "kind": STRANGE, "params": {}},
        ],
        "edges": [],
    }


TOUR = """## Business travel

Trains are booked in **second class**, and a hotel may cost up to 120 euros a night [1]. \
Managers approve the trip *before* it is booked. In 2031 the limit rises to 145 euros.

1. Ask your manager in `#travel`.
2. Book at the portal; keep the receipt.
   - Rail: second class
   - Flights: only above 600 km

| City | Hotel a night | Daily allowance |
| :--- | ---: | ---: |
| Lisbon | 110 € | 32 € |
| Zürich | 180 € | 64 € |

> A trip without an approval is not paid back.

```python
def allowance(days: int, rate: float = 32.0) -> float:
    # what is paid for a trip
    return days * rate  # half days count as whole ones
```

The daily allowance is $a = d \\cdot r$, and with a deduction for breakfasts:

$$
a = d \\cdot r - \\frac{b \\cdot r}{5}
$$

More stands in [the handbook](https://example.org/handbook). That costs $5 or $10.
"""
HOSTILE = """Before <script>window.hit = 1</script> <img src=x onerror="window.hit=1">

[a link](javascript:window.hit=1) and [another](data:text/html,<script>window.hit=1</script>)

![picture](https://tracker.invalid/p.png) ![own](/told?picture)

<iframe src="javascript:window.hit=1"></iframe>

```<img onerror=window.hit=1 src=x>
<img src=x onerror=window.hit=1>
```

$\\href{javascript:window.hit=1}{x}$ $\\htmlData{a=b}{x}$
"""
LONG = "\n\n".join(
    f"Paragraph {i} has *some* words, `code` and a [link](https://example.org/{i}). " * 3 for i in range(760)
)
SAMPLES = {
    "tour": TOUR,
    "hostile": HOSTILE,
    "long": LONG,
    "code": "```python\n" + "x = 1  # one\n" * 1500 + "```\n",
}
CITATIONS: list[Cite] = [
    {
        "number": 1, "position": TOUR.index(" [1]"), "title": "Travel handbook, page 3",
        "support": "A hotel may cost at most 120 euros a night.",
    },
    {"number": 2, "position": TOUR.index(" In 2031"), "title": "Approvals"},
    {"number": 3, "position": TOUR.index("64 €") + 6, "title": "Allowances abroad"},
]  # fmt: skip
UNSUPPORTED: list[Unsupported] = ["2031", (TOUR.index("145 euros"), TOUR.index("145 euros") + 9)]
