"""Durable background work: queue, worker, retry."""

from lorewright.jobs.job import Event, Job, State
from lorewright.jobs.queue import Queue
from lorewright.jobs.steps import Steps
from lorewright.jobs.worker import Work, follow, perform, stop

__all__ = ["Event", "Job", "Queue", "State", "Steps", "Work", "follow", "perform", "stop"]
