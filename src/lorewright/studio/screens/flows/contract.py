"""What the parts of the flow editor's page need of it."""

from typing import Protocol

from lorewright.studio.flow_editor import FlowEditor
from lorewright.studio.visit import Visit


class OpenFlow(Protocol):
    """A flow that is open on a page."""

    visit: Visit
    name: str
    editor: FlowEditor

    def take_whole(self) -> None:
        """Keep what is on the canvas now, put there from outside of the editor."""

    def export(self) -> str:
        """Return the flow with its layout as a file's text."""
