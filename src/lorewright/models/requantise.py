"""A GGUF file in a form that this processor reads prompts faster from."""

import os
from pathlib import Path
from typing import Any

import gguf
import numpy as np

Q8_0 = gguf.GGMLQuantizationType.Q8_0


def requantise(
    path: Path, to: Path, *, slow_types: frozenset[int], to_type: gguf.GGMLQuantizationType = Q8_0
) -> None:
    """Write the GGUF file `path` to `to`, every matrix of a slow type in `to_type`.

    8 bits hold 4-bit weights almost exactly: measured against 16 bits, the copy strays no further
    than the original does (docs/experiments.md). Half a file never stands under the name `to`.
    """
    part = to.with_name(f"{to.name}.{os.getpid()}.part")
    reader = gguf.GGUFReader(path)
    writer = gguf.GGUFWriter(part, str(reader.fields[gguf.Keys.General.ARCHITECTURE].contents()))
    try:
        for field in reader.fields.values():
            _copy_field(field, writer)
        for tensor in reader.tensors:
            if tensor.tensor_type in slow_types and len(tensor.shape) > 1:
                weights = gguf.dequantize(tensor.data, tensor.tensor_type).astype(np.float32)
                writer.add_tensor(tensor.name, gguf.quantize(weights, to_type), raw_dtype=to_type)
            else:
                writer.add_tensor(tensor.name, tensor.data, raw_dtype=tensor.tensor_type)
        writer.write_header_to_file()
        writer.write_kv_data_to_file()
        writer.write_tensors_to_file()
        writer.close()
        part.replace(to)
    finally:
        part.unlink(missing_ok=True)


def _copy_field(field: Any, writer: Any) -> None:
    if field.name.startswith("GGUF.") or field.name == gguf.Keys.General.ARCHITECTURE:
        return  # the writer counts, and knows the architecture
    kind = field.types[0]
    of = field.types[-1] if kind == gguf.GGUFValueType.ARRAY else None
    writer.add_key_value(field.name, field.contents(), kind, sub_type=of)
