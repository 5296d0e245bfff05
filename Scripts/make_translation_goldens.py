#!/usr/bin/env python3
"""Makes the golden figures of encoder-decoders: state dicts and what they compute.

    Scripts/make_translation_goldens.py FOLDER            (python3 with NumPy)
    Scripts/make_translation_goldens.py FOLDER --torch    compares the hidden states with PyTorch's too

Writes NAME.safetensors, a state dict of random weights, and NAME.expected.safetensors: the token
ids of both sides, every named value, the loss per word, and the gradients of the summed loss by
values and parameters, for

    pair_transformer  torch.nn.Transformer with embeddings, positions and an output layer
    pair_gru          a GRU that reads both ways, two layers, and a GRU that writes
    pair_lstm_luong   LSTMs of one direction, with the dot products of Luong et al. 2015

and additive_attention.safetensors: the attention of Bahdanau et al. 2015 written out number by
number, in float64, with its gradients by finite differences.

The forward passes are written out here in float64; nothing of the program is used. Gradients of
the three are taken by complex steps, which are exact to rounding: with an imaginary part of 1e-30
at one number, the loss's imaginary part is 1e-30 times the derivative (Squire & Trapp 1998).

The same NumPy gives the same bytes.
"""

import math

import numpy as np

from goldens import (
    STEP, ComplexSteps, drawing_from, expect_torch, folder_and_torch, layer_norm, sigmoid, softmax,
    write_goldens, write_safetensors)

SOURCE, TARGET = [4, 1, 6, 2, 5], [1, 7, 3, 3]


class Model(ComplexSteps):
    """Keeps every value under the name that `unroll trace` gives it."""

    def __init__(self, parameters):
        self.parameters = parameters

    def run(self, nudge=None):
        """All values."""
        self.begin(nudge)
        p = {name: self.nudged(name, value.astype(complex))
             for name, value in self.parameters.items()}
        logits = self.keep("logits", self.logits(p))
        # Each word that is given is what the step before it should say.
        powers = np.exp(logits)
        self.values["probabilities"] = powers / powers.sum(axis=-1, keepdims=True)
        losses = [-np.log(self.values["probabilities"][t, word])
                  for t, word in enumerate(TARGET[1:])]
        self.values["loss"] = np.array(losses + [0])
        return self.values

    def figures(self):
        values = {name: value.real for name, value in self.run().items()}
        skipped = ("loss", "probabilities", "last_hidden_state", "output")
        wanted = [name for name in values if name.split(".")[-1] not in skipped
                  or ".layer" in name]
        gradients = {f"grad.{name}": self.gradient(name, values[name].shape) for name in wanted}
        for name, value in self.parameters.items():
            gradients[f"grad.param.{name}"] = self.gradient(name, value.shape)
        return values | gradients


class Transformer(Model):
    """torch.nn.Transformer: normalised after each sum, relu, a norm at the end of both halves."""

    size, heads, wide, layers, places = 8, 2, 10, 2, 6

    def state_dict(self, draw):
        tensors = {"src_embed.weight": draw(7, self.size), "tgt_embed.weight": draw(9, self.size),
                   "pos_encoder.pe": draw(self.places, 1, self.size)}
        for half, attentions in (("encoder", ("self_attn",)),
                                 ("decoder", ("self_attn", "multihead_attn"))):
            for layer in range(self.layers):
                start = f"transformer.{half}.layers.{layer}."
                for attention in attentions:
                    tensors[f"{start}{attention}.in_proj_weight"] = draw(3 * self.size, self.size)
                    tensors[f"{start}{attention}.in_proj_bias"] = draw(3 * self.size)
                    tensors[f"{start}{attention}.out_proj.weight"] = draw(self.size, self.size)
                    tensors[f"{start}{attention}.out_proj.bias"] = draw(self.size)
                tensors[f"{start}linear1.weight"] = draw(self.wide, self.size)
                tensors[f"{start}linear1.bias"] = draw(self.wide)
                tensors[f"{start}linear2.weight"] = draw(self.size, self.wide)
                tensors[f"{start}linear2.bias"] = draw(self.size)
                for index in range(len(attentions) + 1):
                    tensors[f"{start}norm{index + 1}.weight"] = draw(self.size, mean=1.0)
                    tensors[f"{start}norm{index + 1}.bias"] = draw(self.size)
            tensors[f"transformer.{half}.norm.weight"] = draw(self.size, mean=1.0)
            tensors[f"transformer.{half}.norm.bias"] = draw(self.size)
        tensors["generator.weight"] = draw(9, self.size)
        tensors["generator.bias"] = draw(9)
        return tensors

    def logits(self, p):
        places = p["pos_encoder.pe"][:, 0]
        x = self.keep("encoder.embeddings", p["src_embed.weight"][SOURCE] + places[: len(SOURCE)])
        memory = self.half("encoder", p, x, None)
        x = self.keep("decoder.embeddings", p["tgt_embed.weight"][TARGET] + places[: len(TARGET)])
        x = self.half("decoder", p, x, memory)
        return x @ p["generator.weight"].T + p["generator.bias"]

    def half(self, half, p, x, memory):
        for layer in range(self.layers):
            ours, theirs = f"{half}.layer{layer}.", f"transformer.{half}.layers.{layer}."
            parts = [lambda x: self.attention(ours, f"{theirs}self_attn.", p, x, x, memory is not None)]
            if memory is not None:
                parts.append(lambda x: self.attention(
                    f"{ours}cross.", f"{theirs}multihead_attn.", p, x, memory, False))
            parts.append(lambda x: self.feed_forward(theirs, p, x))
            for index, part in enumerate(parts, 1):
                norm = (p[f"{theirs}norm{index}.weight"], p[f"{theirs}norm{index}.bias"])
                x = layer_norm(x + part(x), *norm)
            x = self.keep(f"{ours}output", x)
        norm = (p[f"transformer.{half}.norm.weight"], p[f"transformer.{half}.norm.bias"])
        return self.keep(f"{half}.last_hidden_state", layer_norm(x, *norm))

    def feed_forward(self, theirs, p, x):
        wide = x @ p[f"{theirs}linear1.weight"].T + p[f"{theirs}linear1.bias"]
        wide = np.where(wide.real > 0, wide, 0)
        return wide @ p[f"{theirs}linear2.weight"].T + p[f"{theirs}linear2.bias"]

    def attention(self, ours, theirs, p, rows, source, is_causal):
        weights = np.split(p[f"{theirs}in_proj_weight"], 3)
        biases = np.split(p[f"{theirs}in_proj_bias"], 3)
        q, k, v = (x @ weight.T + bias
                   for x, weight, bias in zip((rows, source, source), weights, biases))
        q, k, v = (np.stack(np.split(x, self.heads, axis=1)) for x in (q, k, v))
        scores = q @ k.transpose(0, 2, 1) / math.sqrt(self.size // self.heads)
        if is_causal:
            scores = np.where(np.tri(len(rows), dtype=bool), scores, -np.inf)
        attention = self.keep(f"{ours}attention", softmax(scores))
        joined = np.concatenate(list(attention @ v), axis=1)
        return joined @ p[f"{theirs}out_proj.weight"].T + p[f"{theirs}out_proj.bias"]

    def torch_states(self, torch, parameters, figures):
        net = torch.nn.Transformer(self.size, self.heads, self.layers, self.layers, self.wide,
                                   dropout=0.0, batch_first=True)
        net.load_state_dict({name.removeprefix("transformer."): value
                             for name, value in parameters.items()
                             if name.startswith("transformer.")})
        mask = torch.nn.Transformer.generate_square_subsequent_mask(len(TARGET))
        source, target = (torch.from_numpy(figures[f"{half}.embeddings"]).unsqueeze(0)
                          for half in ("encoder", "decoder"))
        return {"decoder.last_hidden_state": net(source, target, tgt_mask=mask)[0],
                "encoder.last_hidden_state": net.encoder(source)[0]}


class Recurrent(Model):
    """An encoder whose last states are the decoder's first ones."""

    def __init__(self, kind, layers, both_ways, concat, parameters=None):
        super().__init__(parameters)
        self.kind, self.layers, self.both_ways, self.concat = kind, layers, both_ways, concat

    embedding, size = 5, 6

    def state_dict(self, draw):
        gates = {"gru": 3, "lstm": 4}[self.kind]
        tensors = {}
        for half, words in (("encoder", 7), ("decoder", 9)):
            ways = ("", "_reverse") if self.both_ways and half == "encoder" else ("",)
            size = self.size // len(ways)
            tensors[f"{half}.embedding.weight"] = draw(words, self.embedding)
            for layer in range(self.layers):
                for way in ways:
                    columns = self.embedding if layer == 0 else self.size
                    end = f"_l{layer}{way}"
                    start = f"{half}.{self.kind}."
                    tensors[f"{start}weight_ih{end}"] = draw(gates * size, columns)
                    tensors[f"{start}weight_hh{end}"] = draw(gates * size, size)
                    tensors[f"{start}bias_ih{end}"] = draw(gates * size)
                    tensors[f"{start}bias_hh{end}"] = draw(gates * size)
        if self.concat:
            tensors["decoder.concat.weight"] = draw(self.size, 2 * self.size)
            tensors["decoder.concat.bias"] = draw(self.size)
        tensors["decoder.out.weight"] = draw(9, self.size)
        tensors["decoder.out.bias"] = draw(9)
        return tensors

    def cell(self, p, start, end, x, state):
        wx = p[f"{start}weight_ih{end}"] @ x + p[f"{start}bias_ih{end}"]
        wh = p[f"{start}weight_hh{end}"] @ state[0] + p[f"{start}bias_hh{end}"]
        if self.kind == "gru":
            (xr, xz, xn), (hr, hz, hn) = np.split(wx, 3), np.split(wh, 3)
            r, z = sigmoid(xr + hr), sigmoid(xz + hz)
            n = np.tanh(xn + r * hn)
            return [(1 - z) * n + z * state[0]]
        i, f, g, o = np.split(wx + wh, 4)
        c = sigmoid(f) * state[1] + sigmoid(i) * np.tanh(g)
        return [sigmoid(o) * np.tanh(c), c]

    def half(self, half, p, words, first):
        x = self.keep(f"{half}.embeddings", p[f"{half}.embedding.weight"][words])
        ways = ("", "_reverse") if self.both_ways and half == "encoder" else ("",)
        last = []
        for layer in range(self.layers):
            outputs, lasts = [], []
            for way in ways:
                name = f"{half}.layer{layer}.{'reverse.' if way else ''}h"
                size = self.size // len(ways)
                count = 1 if self.kind == "gru" else 2
                state = first[layer] if first else [np.zeros(size, complex)] * count
                rows = np.zeros((len(words), size), complex)
                steps = range(len(words))
                for t in reversed(steps) if way else steps:
                    state = self.cell(p, f"{half}.{self.kind}.", f"_l{layer}{way}", x[t], state)
                    # A nudge of the state goes on to the next step.
                    if self.nudge and self.nudge[0] == name and self.nudge[1][0] == t:
                        state[0] = np.array(state[0])
                        state[0][self.nudge[1][1]] += STEP * 1j
                    rows[t] = state[0]
                self.values[name] = rows
                outputs.append(rows)
                lasts.append(state)
            x = np.concatenate(outputs, axis=1)
            last.append([np.concatenate(parts) for parts in zip(*lasts)])
        self.values[f"{half}.output"] = x
        return x, last

    def logits(self, p):
        states, last = self.half("encoder", p, SOURCE, None)
        x, _ = self.half("decoder", p, TARGET, last)
        if self.concat:
            alignment = self.keep("alignment", softmax(x @ states.T))
            context = self.keep("context", alignment @ states)
            joined = np.concatenate([x, context], axis=1)
            x = np.tanh(joined @ p["decoder.concat.weight"].T + p["decoder.concat.bias"])
            x = self.keep("attention.output", x)
        return x @ p["decoder.out.weight"].T + p["decoder.out.bias"]

    def torch_states(self, torch, parameters, figures):
        states = {}
        hidden = None
        for half in ("encoder", "decoder"):
            both = self.both_ways and half == "encoder"
            net = getattr(torch.nn, self.kind.upper())(
                self.embedding, self.size // (2 if both else 1), self.layers, batch_first=True,
                bidirectional=both)
            start = f"{half}.{self.kind}."
            net.load_state_dict({name.removeprefix(start): value
                                 for name, value in parameters.items() if name.startswith(start)})
            x = torch.from_numpy(figures[f"{half}.embeddings"]).unsqueeze(0)
            output, last = net(x, hidden)
            states[f"{half}.output"] = output[0]
            parts = last if isinstance(last, tuple) else (last,)
            if both:
                parts = [part.reshape(self.layers, 2, 1, -1).transpose(1, 2)
                         .reshape(self.layers, 1, -1) for part in parts]
            hidden = tuple(parts) if self.kind == "lstm" else parts[0]
        return states


def additive_attention(random):
    """Scores, weights, context and result, each number by loops, and derivatives of half the sum of
    squares of the result by finite differences of fourth order."""
    queries, keys, size, width = 3, 5, 4, 6
    shapes = {"X": (queries, size), "E": (keys, size), "W_s": (size, width), "W_h": (size, width),
              "v": (width,), "W_c": (size, size), "W_x": (size, size), "b": (size,)}
    given = {name: random.standard_normal(shape) for name, shape in shapes.items()}

    def run(g):
        values = {"S": np.zeros((queries, keys)), "A": np.zeros((queries, keys)),
                  "C": np.zeros((queries, size)), "Y": np.zeros((queries, size))}
        for i in range(queries):
            for j in range(keys):
                for k in range(width):
                    total = 0.0
                    for d in range(size):
                        total += g["X"][i, d] * g["W_s"][d, k] + g["E"][j, d] * g["W_h"][d, k]
                    values["S"][i, j] += g["v"][k] * math.tanh(total)
            largest = max(values["S"][i])
            normalizer = sum(math.exp(s - largest) for s in values["S"][i])
            for j in range(keys):
                values["A"][i, j] = math.exp(values["S"][i, j] - largest) / normalizer
                for d in range(size):
                    values["C"][i, d] += values["A"][i, j] * g["E"][j, d]
            for k in range(size):
                total = g["b"][k]
                for d in range(size):
                    total += values["C"][i, d] * g["W_c"][d, k] + g["X"][i, d] * g["W_x"][d, k]
                values["Y"][i, k] = math.tanh(total)
        return values

    def loss(name, index, by):
        nudged = dict(given)
        nudged[name] = given[name].copy()
        nudged[name][index] += by
        return 0.5 * sum(y * y for y in run(nudged)["Y"].flatten())

    figures = given | run(given)
    for name, shape in shapes.items():
        gradient = np.empty(shape)
        for index in np.ndindex(*shape):
            near = loss(name, index, 1e-3) - loss(name, index, -1e-3)
            far = loss(name, index, 2e-3) - loss(name, index, -2e-3)
            gradient[index] = (8 * near - far) / 12e-3
        figures[f"grad.{name}"] = gradient
    return figures


def compare_with_torch(name, model, figures):
    import torch

    torch.set_default_dtype(torch.float64)
    parameters = {key: torch.from_numpy(value) for key, value in model.parameters.items()}
    with torch.no_grad():
        states = model.torch_states(torch, parameters, figures)
    expect_torch(name, states, figures)


def main():
    folder, has_torch = folder_and_torch(__doc__)
    random = np.random.default_rng(29)
    draw = drawing_from(random)
    models = {"pair_transformer": Transformer(None), "pair_gru": Recurrent("gru", 2, True, False),
              "pair_lstm_luong": Recurrent("lstm", 1, False, True)}
    for name, model in models.items():
        model.parameters = model.state_dict(draw)
        golden = model.figures()
        if has_torch:
            compare_with_torch(name, model, golden)
        golden |= {"input": np.array(SOURCE), "target": np.array(TARGET)}
        write_goldens(folder, name, model.parameters, golden)
    write_safetensors(additive_attention(random), f"{folder}/additive_attention.safetensors")


if __name__ == "__main__":
    main()
