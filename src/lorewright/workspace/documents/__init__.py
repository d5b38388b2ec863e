"""The documents of a domain: added, listed, edited, their versions."""
