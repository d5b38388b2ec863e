"""Durable background work: queue, worker, retry."""
