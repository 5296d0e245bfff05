"""What the scripts that make golden figures share."""

import json
import struct

import numpy as np


def write_safetensors(tensors, path, metadata=None):
    """The safetensors format: length of the header, header as JSON, numbers (float32 or float64)."""
    header = {"__metadata__": metadata} if metadata else {}
    body = b""
    for name, value in tensors.items():
        data = np.ascontiguousarray(value).tobytes()
        header[name] = {
            "dtype": {"float32": "F32", "float64": "F64"}[value.dtype.name],
            "shape": list(value.shape),
            "data_offsets": [len(body), len(body) + len(data)],
        }
        body += data
    text = json.dumps(header).encode()
    text += b" " * (-len(text) % 8)
    with open(path, "wb") as file:
        file.write(struct.pack("<Q", len(text)) + text + body)
