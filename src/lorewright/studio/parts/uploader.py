"""Files from the browser."""

from typing import Any, cast

from fastapi import HTTPException, Request
from nicegui import Client, events, ui
from nicegui.elements.upload_files import create_file_upload
from starlette.datastructures import UploadFile

PATH = "/_uploads/{client_id}/{element_id}"
"""Where the files of every uploader of every page arrive, below the studio."""
_ENVELOPE_BYTES = 10_000


class Uploader(ui.upload):
    """NiceGUI's uploader, without a route of its own.

    Each route that comes and goes lets FastAPI look at all of them again, and it remembers the functions
    of the last 4,096: with them the whole page of an uploader would stay in memory.
    """

    def __init__(
        self,
        *,
        max_file_size: int,
        multiple: bool = False,
        on_upload: events.Handler[events.UploadEventArguments] | None = None,
        on_multi_upload: events.Handler[events.MultiUploadEventArguments] | None = None,
        on_rejected: events.Handler[events.UiEventArguments] | None = None,
    ) -> None:
        """Show one that uploads what is chosen at once; files beyond `max_file_size` bytes are rejected."""
        super(ui.upload, self).__init__(label="")
        self.max_file_size, self.is_multiple = max_file_size, multiple
        self._props["url"] = PATH.format(client_id=self.client.id, element_id=self.id)
        self._props["auto-upload"] = True
        self._props["max-file-size"] = max_file_size
        self._props.set_bool("multiple", multiple)
        self._props.set_bool("batch", multiple and on_multi_upload is not None)
        self._begin_upload_handlers = []
        self._upload_handlers = [on_upload] if on_upload else []
        self._multi_upload_handlers = [on_multi_upload] if on_multi_upload else []
        if on_rejected:
            self.on_rejected(on_rejected)

    def _handle_delete(self) -> None:
        super(ui.upload, self)._handle_delete()


async def take_upload(client_id: str, element_id: int, request: Request) -> dict[str, Any]:
    """Hand files to the uploader of the page that sent them."""
    client = Client.instances.get(client_id)
    uploader = client.elements.get(element_id) if client else None
    if not isinstance(uploader, Uploader):
        raise HTTPException(404, "This page was closed.")
    if uploader.is_ignoring_events:
        raise HTTPException(403, "Uploads are not possible right now.")
    if not uploader.is_multiple:
        _need_small(int(request.headers.get("content-length") or 0) - _ENVELOPE_BYTES, uploader)
    async with request.form() as form:
        sent = [cast("UploadFile", part) for part in form.values()]
        for part in sent:
            _need_small(part.size or 0, uploader)
        await uploader.handle_uploads([await create_file_upload(part) for part in sent])
    return {"upload": "success"}


def _need_small(n_bytes: int, uploader: Uploader) -> None:
    if n_bytes > uploader.max_file_size:
        raise HTTPException(413, f"At most {uploader.max_file_size:,} bytes per file.")
