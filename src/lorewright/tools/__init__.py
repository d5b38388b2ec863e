"""What other programs do when asked: tools on servers and in plug-ins, listed and called by name."""

from lorewright.tools.plugins import PluginTool
from lorewright.tools.tool import Result, Tool, Tools

__all__ = ["PluginTool", "Result", "Tool", "Tools"]
