"""Clients that people have, unmodified, against a server with the default model; `make clients`."""
