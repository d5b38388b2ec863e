"""Files from the browser."""

from nicegui import ui


class Uploader(ui.upload):
    """An uploader that lets go of its page when that is closed.

    Its route belongs to it alone, and FastAPI remembers the functions of the last 4,096 routes: what
    they hold would stay, and that is everything the handlers know.
    """

    def _handle_delete(self) -> None:
        super()._handle_delete()
        for handlers in (self._begin_upload_handlers, self._upload_handlers, self._multi_upload_handlers):
            handlers.clear()
        self._event_listeners.clear()
