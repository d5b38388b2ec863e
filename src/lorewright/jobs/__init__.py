"""Durable background work: queue, worker, retry."""

from lorewright.jobs.job import Event, Job, State
from lorewright.jobs.queue import LEASE_SECONDS, STARTED, Queue
from lorewright.jobs.staying import StayingWorker, stay
from lorewright.jobs.steps import Steps
from lorewright.jobs.worker import TAKEN, Start, Work, follow, perform, stop, worker_process

__all__ = [
    "LEASE_SECONDS",
    "STARTED",
    "TAKEN",
    "Event",
    "Job",
    "Queue",
    "Start",
    "State",
    "StayingWorker",
    "Steps",
    "Work",
    "follow",
    "perform",
    "stay",
    "stop",
    "worker_process",
]
