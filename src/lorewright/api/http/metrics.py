"""`/metrics`: what the server does, for Prometheus."""

from collections.abc import Iterable

from fastapi import APIRouter, Request
from fastapi.responses import Response
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from lorewright.api.http.caller import caller_of
from lorewright.api.http.origins import is_local
from lorewright.models import Call
from lorewright.workspace.server.server import Server

router = APIRouter(tags=["metrics"])

SECONDS = (0.005, 0.02, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 180)


class Metrics:
    """What is counted since this process began, and what a server is like now."""

    def __init__(self, server: Server) -> None:
        self.registry = CollectorRegistry()
        self._requests = Counter(
            "lorewright_requests", "Requests answered.", ("method", "route", "status"), registry=self.registry
        )
        self._seconds = Histogram(
            "lorewright_request_seconds", "Time to complete a response.", ("method", "route"),
            buckets=SECONDS, registry=self.registry,
        )  # fmt: skip
        self._tokens = Counter(
            "lorewright_tokens",
            "Input and output tokens of models.",
            ("model", "kind"),
            registry=self.registry,
        )
        self._calls = Counter("lorewright_model_calls", "Model calls.", ("model",), registry=self.registry)
        self.registry.register(_HomeNow(server))
        server.ledger.listeners.append(self.hear)

    def seen(self, method: str, route: str, status: int, seconds: float) -> None:
        """Count a request that is over."""
        self._requests.labels(method, route, str(status)).inc()
        self._seconds.labels(method, route).observe(seconds)

    def hear(self, call: Call, model: str) -> None:
        """Count a call of a model."""
        self._calls.labels(model).inc()
        self._tokens.labels(model, "prompt").inc(call.usage.prompt_tokens)
        self._tokens.labels(model, "completion").inc(call.usage.completion_tokens)


class _HomeNow(Collector):
    """Asks a server how it is whenever somebody looks."""

    def __init__(self, server: Server) -> None:
        self._server = server

    def describe(self) -> Iterable[Metric]:
        """Say nothing yet: nobody looks when this is registered."""
        return ()

    def collect(self) -> Iterable[Metric]:
        """Yield what waits, what is loaded, and which jobs there are."""
        pool = self._server.pool
        yield GaugeMetricFamily(
            "lorewright_waiting_requests", "Requests waiting for a model.", value=pool.n_waiting()
        )
        loaded = pool.loaded()
        yield GaugeMetricFamily("lorewright_loaded_engines", "Loaded engines.", value=len(loaded))
        sizes = GaugeMetricFamily("lorewright_engine_bytes", "Memory used by an engine.", labels=("model",))
        for key, size_bytes in loaded.items():
            sizes.add_metric((key.metered_name,), size_bytes)
        yield sizes
        jobs = GaugeMetricFamily("lorewright_jobs", "Jobs by state.", labels=("state",))
        for state, count in self._server.workspace.queue.counts().items():
            jobs.add_metric((state,), count)
        yield jobs


@router.get("/metrics")
def get_metrics(request: Request) -> Response:
    """Return the metrics, to this machine itself or to an administrator."""
    if not is_local(request):
        caller_of(request).need("admin")
    metrics: Metrics = request.app.state.metrics
    return Response(generate_latest(metrics.registry), media_type=CONTENT_TYPE_LATEST)
