"""One answer of an arm with what it took, and what made it."""

import json
import time
from hashlib import sha256
from typing import Any

from lorewright.evaluation import Question, to_json
from lorewright.flows import Flow, adapters_of, flow_hash, retrieves, run
from lorewright.peak_memory import peak_bytes
from lorewright.workspace.flows.parts import DomainParts


def answered(flow: Flow, question: Question, parts: DomainParts) -> dict[str, Any]:
    """Return an arm's answer to a question, as JSON, with its CPU time and the memory of the process."""
    begun = time.process_time()  # of all threads: unlike the latency, the same on a busy machine
    answer = run(flow, question.conversation, parts)
    cpu_seconds = time.process_time() - begun
    return {"answer": to_json(answer), "peak_memory_bytes": peak_bytes(), "cpu_seconds": cpu_seconds}


def made_of(flow: Flow, parts: DomainParts) -> str:
    """Identify flow, weights and index; opening them here keeps it out of the first answer's time."""
    weights = "\n".join(parts.weights(adapter) for adapter in adapters_of(flow))
    index = parts.retriever().version if retrieves(flow) else ""
    return sha256(json.dumps([flow_hash(flow), weights, index]).encode()).hexdigest()[:16]
