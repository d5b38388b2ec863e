"""Durable background work: queue, worker, retry."""

from lorewright.jobs.job import Event, Job, State
from lorewright.jobs.queue import Queue
from lorewright.jobs.staying import StayingWorker, stay
from lorewright.jobs.steps import Steps
from lorewright.jobs.worker import Start, Work, follow, perform, stop, worker_process

__all__ = [
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
