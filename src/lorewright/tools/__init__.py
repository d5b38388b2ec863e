"""What other programs do when asked: tools on servers, listed and called by name."""

from lorewright.tools.tool import Result, Tool, Tools

__all__ = ["Result", "Tool", "Tools"]
