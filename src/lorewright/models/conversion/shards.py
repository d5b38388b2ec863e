"""Tensors of a safetensors folder, read one at a time, without torch."""

import json
import struct
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from lorewright.errors import UnknownModel

Array = NDArray[Any]
INDEX = "model.safetensors.index.json"

_TYPES = {"F64": np.float64, "F32": np.float32, "F16": np.float16, "BF16": np.uint16}
_MAX_HEADER_BYTES = 100_000_000  # the format's own bound


@dataclass(frozen=True, slots=True)
class _Place:
    file: Path
    start: int
    n_bytes: int
    kind: str
    shape: tuple[int, ...]


class Shards:
    """The tensors of a folder, by name; a file that is damaged or missing is an `UnknownModel`."""

    def __init__(self, folder: Path) -> None:
        self._places: dict[str, _Place] = {}
        for file in sorted(folder.glob("*.safetensors")):
            self._places |= _places(file)
        if not self._places:
            raise UnknownModel(f"{folder} contains no safetensors.", hint="Download the model again.")
        _need_all_of_index(folder, self._places)

    @property
    def names(self) -> tuple[str, ...]:
        """The names of all tensors."""
        return tuple(self._places)

    def shape(self, name: str) -> tuple[int, ...]:
        """Return the shape of a tensor."""
        return self._places[name].shape

    def read(self, name: str) -> Array:
        """Return a tensor's numbers in 32 bits."""
        place = self._places[name]
        if place.kind not in _TYPES:
            raise UnknownModel(
                f"{place.file.name} holds {name} as {place.kind}, which cannot be converted.",
                hint="Choose a repository with weights in 16 or 32 bits.",
            )
        numbers = np.fromfile(
            place.file,
            dtype=np.dtype(_TYPES[place.kind]).newbyteorder("<"),
            count=int(np.prod(place.shape, dtype=np.int64)),
            offset=place.start,
        )
        if place.kind == "BF16":  # the upper half of a number of 32 bits
            numbers = (numbers.astype(np.uint32) << 16).view(np.float32)
        return numbers.astype(np.float32, copy=False).reshape(place.shape)


def _places(file: Path) -> dict[str, _Place]:
    """Return where the tensors of a file are, by its header."""
    size = file.stat().st_size
    try:
        with file.open("rb") as opened:
            (n_header,) = struct.unpack("<Q", opened.read(8))
            if n_header > min(size, _MAX_HEADER_BYTES):
                raise ValueError(n_header)
            header: dict[str, Any] = json.loads(opened.read(n_header))
        places = {}
        for name, tensor in header.items():
            if name != "__metadata__":
                start, end = (int(offset) for offset in tensor["data_offsets"])
                if 8 + n_header + end > size:
                    raise ValueError(name)
                shape = tuple(int(n) for n in tensor["shape"])
                places[name] = _Place(file, 8 + n_header + start, end - start, str(tensor["dtype"]), shape)
    except (struct.error, ValueError, KeyError, TypeError) as error:
        raise UnknownModel(
            f"{file} is damaged or was cut short.",
            hint="The download may be incomplete: remove the model and download it again.",
        ) from error
    return places


def _need_all_of_index(folder: Path, places: dict[str, _Place]) -> None:
    """Raise `UnknownModel` where the index names tensors that no file holds."""
    index = folder / INDEX
    if not index.is_file():
        return
    named: dict[str, str] = json.loads(index.read_text(encoding="utf-8")).get("weight_map", {})
    missing = sorted({file for name, file in named.items() if name not in places})
    if missing:
        raise UnknownModel(
            f"{folder} lacks weights that its index names: {', '.join(missing[:3])}.",
            hint="The download may be incomplete: remove the model and download it again.",
        )
