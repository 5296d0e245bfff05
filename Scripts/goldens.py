"""What the scripts that make golden figures share."""

import json
import math
import struct
import sys

import numpy as np

# The imaginary part of a complex step.
STEP = 1e-30


def sigmoid(x):
    return 1 / (1 + np.exp(-x))


def softmax(x):
    powers = np.exp(x - x.real.max(axis=-1, keepdims=True))
    return powers / powers.sum(axis=-1, keepdims=True)


def layer_norm(x, weight, bias):
    centred = x - x.mean(axis=-1, keepdims=True)
    variance = (centred * centred).mean(axis=-1, keepdims=True)
    return centred / np.sqrt(variance + 1e-5) * weight + bias


def drawing_from(random):
    """A function that draws weights of a shape: float32 numbers, to be computed with in float64."""

    def draw(*shape, mean=0.0):
        scale = 1 / math.sqrt(shape[-1]) if len(shape) > 1 else 0.3
        return (mean + scale * random.standard_normal(shape)).astype(np.float32).astype(float)

    return draw


class ComplexSteps:
    """A computation whose gradients are taken by complex steps. Squire & Trapp 1998.

    `run(nudge)` computes `values`, among them "loss", with `begin(nudge)` first, and passes each
    number through `nudged` or `keep`.
    """

    def begin(self, nudge):
        """`nudge` = (name, index): there the imaginary part begins."""
        self.nudge = nudge
        self.values = {}

    def nudged(self, name, value):
        if self.nudge and self.nudge[0] == name:
            value = value.copy()
            value[self.nudge[1]] += 1j * STEP
        return value

    def keep(self, name, value):
        self.values[name] = self.nudged(name, value)
        return self.values[name]

    def gradient(self, name, shape):
        """∂L/∂NAME, number by number."""
        result = np.empty(shape)
        for index in np.ndindex(*shape):
            result[index] = self.run((name, index))["loss"].sum().imag / STEP
        return result


def folder_and_torch(usage):
    """The folder to write to, and whether PyTorch is to be compared with."""
    if len(sys.argv) < 2 or sys.argv[2:] not in ([], ["--torch"]):
        sys.exit(usage)
    return sys.argv[1], "--torch" in sys.argv


def expect_torch(name, found, figures):
    """Fails where the figures are not those that PyTorch has found."""
    import torch

    worst = max(abs(figures[key] - value.detach().numpy()).max() for key, value in found.items())
    print(f"{name}: torch {torch.__version__} differs by at most {worst:.1e}")
    assert worst < 1e-11


def write_goldens(folder, name, parameters, figures):
    """A state dict and what it computes, as float32."""
    for tensors, ending in ((parameters, ""), (figures, ".expected")):
        numbers = {key: value.astype(np.float32) for key, value in tensors.items()}
        write_safetensors(numbers, f"{folder}/{name}{ending}.safetensors")


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
