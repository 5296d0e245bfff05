#!/usr/bin/env python3
"""Makes the golden figures of transformer decoders: state dicts and what they compute.

    Scripts/make_decoder_goldens.py FOLDER            (python3 with NumPy)
    Scripts/make_decoder_goldens.py FOLDER --torch    compares with torch.nn.TransformerDecoder too

Writes NAME.safetensors, a state dict of random weights under the names of
torch.nn.TransformerDecoder, and NAME.expected.safetensors: the input, the memory (what an
encoder gave), every named value, the loss per row (half the sum of squares of the result),
and the gradients of the summed loss by values, input, memory and parameters. Values are
named as `unroll trace` names them.

The forward pass is written out here in float64; nothing of the program is used. Gradients
are taken by complex steps, which are exact to rounding: with an imaginary part of 1e-30 at
one number, the loss's imaginary part is 1e-30 times the derivative (Squire & Trapp 1998).

The same NumPy gives the same bytes.
"""

import math

import numpy as np

from goldens import (
    ComplexSteps, drawing_from, expect_torch, folder_and_torch, layer_norm, softmax,
    write_goldens)

SIZE, HEADS, WIDE, LAYERS, ROWS, MEMORY_ROWS = 12, 3, 20, 2, 5, 4
CASES = {
    "decoder_12_3": {"norm_first": False, "activation": "relu", "causal": True, "norm": True},
    "decoder_12_3_pre": {"norm_first": True, "activation": "gelu", "causal": False, "norm": False},
}
erf = np.vectorize(math.erf)


def relu(x):
    return np.where(x.real > 0, x, 0)


def gelu(x):
    """x/2 (1 + erf(x/√2)); the imaginary part of erf by its derivative."""
    z = x / math.sqrt(2)
    return x / 2 * (1 + erf(z.real) + 2j / math.sqrt(math.pi) * np.exp(-(z.real**2)) * z.imag)


class Decoder(ComplexSteps):
    """torch.nn.TransformerDecoder, with every value kept under the trace's name."""

    def __init__(self, case, parameters, x, memory):
        self.case = case
        self.parameters = parameters
        self.inputs = {"input": x, "memory": memory}

    def run(self, nudge=None):
        """All values."""
        self.begin(nudge)
        p = {}
        for name, value in (self.parameters | self.inputs).items():
            p[name] = self.nudged(name, value.astype(complex))
        x = p["input"]
        for layer in range(LAYERS):
            x = self.layer(f"layer{layer}.", f"layers.{layer}.", p, x)
        if self.case["norm"]:
            x = layer_norm(x, p["norm.weight"], p["norm.bias"])
        x = self.keep("last_hidden_state", x)
        self.values["loss"] = (x * x).sum(axis=-1) / 2
        return self.values

    def layer(self, ours, theirs, p, x):
        def attend(rows):
            return self.attention(ours, f"{theirs}self_attn.", p, rows, rows, self.case["causal"])

        def cross(rows):
            name = f"{theirs}multihead_attn."
            return self.attention(f"{ours}cross.", name, p, rows, p["memory"], False)

        def feed_forward(rows):
            activation = relu if self.case["activation"] == "relu" else gelu
            wide = rows @ p[f"{theirs}linear1.weight"].T + p[f"{theirs}linear1.bias"]
            return activation(wide) @ p[f"{theirs}linear2.weight"].T + p[f"{theirs}linear2.bias"]

        for index, part in enumerate((attend, cross, feed_forward), 1):
            norm = (p[f"{theirs}norm{index}.weight"], p[f"{theirs}norm{index}.bias"])
            if self.case["norm_first"]:
                x = x + part(layer_norm(x, *norm))
            else:
                x = layer_norm(x + part(x), *norm)
        return self.keep(f"{ours}output", x)

    def attention(self, ours, theirs, p, rows, source, is_causal):
        weights = np.split(p[f"{theirs}in_proj_weight"], 3)
        biases = np.split(p[f"{theirs}in_proj_bias"], 3)
        q, k, v = (
            self.keep(f"{ours}{letter}", x @ weight.T + bias)
            for letter, x, weight, bias in zip("qkv", (rows, source, source), weights, biases)
        )
        heads = [np.stack(np.split(x, HEADS, axis=1)) for x in (q, k, v)]
        scores = heads[0] @ heads[1].transpose(0, 2, 1) / math.sqrt(SIZE // HEADS)
        if is_causal:
            scores = np.where(np.tri(ROWS, dtype=bool), scores, -np.inf)
        scores = self.keep(f"{ours}scores", scores)
        attention = self.keep(f"{ours}attention", softmax(scores))
        joined = np.concatenate(list(attention @ heads[2]), axis=1)
        return joined @ p[f"{theirs}out_proj.weight"].T + p[f"{theirs}out_proj.bias"]


def state_dict(case, random):
    """Random weights in the order of torch's state_dict."""
    draw = drawing_from(random)
    tensors = {}

    def norm(name):
        tensors[f"{name}.weight"] = draw(SIZE, mean=1.0)
        tensors[f"{name}.bias"] = draw(SIZE)

    for layer in range(LAYERS):
        start = f"layers.{layer}."
        for attention in ("self_attn", "multihead_attn"):
            tensors[f"{start}{attention}.in_proj_weight"] = draw(3 * SIZE, SIZE)
            tensors[f"{start}{attention}.in_proj_bias"] = draw(3 * SIZE)
            tensors[f"{start}{attention}.out_proj.weight"] = draw(SIZE, SIZE)
            tensors[f"{start}{attention}.out_proj.bias"] = draw(SIZE)
        for index, (rows, columns) in enumerate(((WIDE, SIZE), (SIZE, WIDE)), 1):
            tensors[f"{start}linear{index}.weight"] = draw(rows, columns)
            tensors[f"{start}linear{index}.bias"] = draw(rows)
        for index in (1, 2, 3):
            norm(f"{start}norm{index}")
    if case["norm"]:
        norm("norm")
    return tensors


def figures(case, parameters, x, memory):
    decoder = Decoder(case, parameters, x, memory)
    values = {"input": x, "memory": memory}
    values |= {name: value.real for name, value in decoder.run().items()}
    wanted = [name for name in values if name not in ("loss", "last_hidden_state")]
    gradients = {f"grad.{name}": decoder.gradient(name, values[name].shape) for name in wanted}
    for name, value in parameters.items():
        gradients[f"grad.param.{name}"] = decoder.gradient(name, value.shape)
    return values | gradients


def compare_with_torch(name, case, parameters, figures):
    import torch

    torch.set_default_dtype(torch.float64)
    layer = torch.nn.TransformerDecoderLayer(
        SIZE, HEADS, WIDE, dropout=0.0, activation=case["activation"],
        norm_first=case["norm_first"], batch_first=True)
    norm = torch.nn.LayerNorm(SIZE) if case["norm"] else None
    decoder = torch.nn.TransformerDecoder(layer, LAYERS, norm)
    assert list(decoder.state_dict()) == list(parameters)
    decoder.load_state_dict({key: torch.from_numpy(value) for key, value in parameters.items()})
    x, memory = (
        torch.from_numpy(figures[key]).unsqueeze(0).requires_grad_() for key in ("input", "memory")
    )
    mask = torch.nn.Transformer.generate_square_subsequent_mask(ROWS) if case["causal"] else None
    result = decoder(x, memory, tgt_mask=mask)
    loss = result.square().sum(dim=-1) / 2
    loss.sum().backward()
    found = {"last_hidden_state": result[0], "loss": loss[0], "grad.input": x.grad[0],
             "grad.memory": memory.grad[0]}
    found |= {f"grad.param.{key}": value.grad for key, value in decoder.named_parameters()}
    expect_torch(name, found, figures)


def main():
    folder, has_torch = folder_and_torch(__doc__)
    random = np.random.default_rng(12)
    for name, case in CASES.items():
        parameters = state_dict(case, random)
        x, memory = (
            random.standard_normal((rows, SIZE)).astype(np.float32).astype(float)
            for rows in (ROWS, MEMORY_ROWS)
        )
        golden = figures(case, parameters, x, memory)
        if has_torch:
            compare_with_torch(name, case, parameters, golden)
        write_goldens(folder, name, parameters, golden)


if __name__ == "__main__":
    main()
