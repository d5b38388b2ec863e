"""Lorewright: build every way to answer from your domain, measure them, ship the winner."""

__version__ = "0.1.0"
