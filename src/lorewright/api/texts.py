"""Message contents as clients send them, as texts."""

from lorewright.workspace.texts import conversation_from, text_of

__all__ = ["conversation_from", "text_of"]
