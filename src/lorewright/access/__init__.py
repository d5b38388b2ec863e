"""Who may do what: keys, their rights, and how long they last."""

from lorewright.access.keys import Key, Keys

__all__ = ["Key", "Keys"]
