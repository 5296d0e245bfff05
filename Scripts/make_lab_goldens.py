#!/usr/bin/env python3
"""Makes the golden figures of gradients through time for the gradient lab's tests.

    Scripts/make_lab_goldens.py OUT.safetensors

Small networks with random weights learn one batch each of the lab's tasks. Forward pass
and backpropagation through time are written out here by hand, one sequence and one step
at a time, in float64; sequences are drawn with the lab's generator, written anew. Nothing
of the program is used.

Per case NAME: `NAME/PARAMETER` (float32, the program's names and shapes), `NAME/loss`,
`NAME/h`, `NAME/grad.h` and, of the LSTM, `NAME/grad.c`: the total derivative of the loss by
the state of each step, [T, B, H] in float64. Loss: the mean over the batch of the last
step's cross-entropy (recall) or squared error (adding).

The same NumPy gives the same bytes.
"""

import sys

import numpy as np

from goldens import sigmoid, write_safetensors

SEQ_LEN, BATCH, HIDDEN, SEED, UPDATE = 14, 3, 6, 5, 2
SYMBOLS, DISTRACTORS = 4, 4
MASK = (1 << 64) - 1


class SeededRandom:
    """xoshiro256++ seeded by splitmix64. Blackman & Vigna 2021."""

    def __init__(self, seed):
        self.state = []
        for _ in range(4):
            seed = (seed + 0x9E3779B97F4A7C15) & MASK
            x = seed
            x = ((x ^ (x >> 30)) * 0xBF58476D1CE4E5B9) & MASK
            x = ((x ^ (x >> 27)) * 0x94D049BB133111EB) & MASK
            self.state.append(x ^ (x >> 31))

    def next(self):
        s = self.state
        total = (s[0] + s[3]) & MASK
        result = ((((total << 23) | (total >> 41)) & MASK) + s[0]) & MASK
        t = (s[1] << 17) & MASK
        s[2] ^= s[0]
        s[3] ^= s[1]
        s[1] ^= s[2]
        s[0] ^= s[3]
        s[2] ^= t
        s[3] = ((s[3] << 45) | (s[3] >> 19)) & MASK
        return result

    def uniform(self):
        return (self.next() >> 11) * 2.0**-53

    def below(self, bound):
        """Lemire 2019: the upper half of a product, without bias."""
        threshold = ((1 << 64) - bound) % bound
        while True:
            product = self.next() * bound
            if product & MASK >= threshold:
                return product >> 64


def batch_random():
    mixed = ((SEED + 0x6A09E667F3BCC909) * 0xD1342543DE82EF95) & MASK
    return SeededRandom(mixed ^ ((UPDATE * 0x9E3779B9) & MASK))


def recall_batch():
    """Inputs [T, B, I] one-hot, the symbol of each sequence."""
    random = batch_random()
    x = np.zeros((SEQ_LEN, BATCH, SYMBOLS + DISTRACTORS + 1))
    targets = []
    for b in range(BATCH):
        symbol = random.below(SYMBOLS)
        targets.append(symbol)
        x[0, b, symbol] = 1
        for t in range(1, SEQ_LEN - 1):
            x[t, b, SYMBOLS + random.below(DISTRACTORS)] = 1
        x[SEQ_LEN - 1, b, SYMBOLS + DISTRACTORS] = 1
    return x, targets


def adding_batch():
    """Inputs [T, B, 2], the sum that is asked for."""
    random = batch_random()
    x = np.zeros((SEQ_LEN, BATCH, 2))
    targets = []
    half = SEQ_LEN // 2
    for b in range(BATCH):
        marked = [random.below(half), half + random.below(SEQ_LEN - half)]
        for t in range(SEQ_LEN):
            x[t, b] = [np.float32(random.uniform()), float(t in marked)]
        # The program adds in float32.
        targets.append(float(np.float32(x[marked[0], b, 0]) + np.float32(x[marked[1], b, 0])))
    return x, targets


class Rnn:
    """h = phi(W x + U h' + b)"""

    gates = [""]

    def __init__(self, activation):
        self.activation = activation

    def forward(self, p, x, h, c):
        a = p["W"] @ x + p["U"] @ h + p["b"]
        new = np.tanh(a) if self.activation == "tanh" else np.maximum(a, 0)
        return new, c, {"h": new}

    def backward(self, p, kept, h, c, dh, dc):
        new = kept["h"]
        da = dh * ((1 - new * new) if self.activation == "tanh" else (new > 0))
        return p["U"].T @ da, dc


class Lstm:
    gates = ["_f", "_i", "_g", "_o"]

    def forward(self, p, x, h, c):
        a = {k: p[f"W_{k}"] @ x + p[f"U_{k}"] @ h + p[f"b_{k}"] for k in "figo"}
        f, i, g, o = sigmoid(a["f"]), sigmoid(a["i"]), np.tanh(a["g"]), sigmoid(a["o"])
        new_c = f * c + i * g
        return o * np.tanh(new_c), new_c, {"f": f, "i": i, "g": g, "o": o, "c": new_c}

    def total_memory(self, kept, dh, dc):
        """dL/dc_t: what comes back from the next step, and the way through h_t."""
        squashed = np.tanh(kept["c"])
        return dc + dh * kept["o"] * (1 - squashed * squashed)

    def backward(self, p, kept, h, c, dh, dc):
        f, i, g, o = kept["f"], kept["i"], kept["g"], kept["o"]
        total = self.total_memory(kept, dh, dc)
        da_o = dh * np.tanh(kept["c"]) * o * (1 - o)
        da_f = total * c * f * (1 - f)
        da_i = total * g * i * (1 - i)
        da_g = total * i * (1 - g * g)
        back = p["U_f"].T @ da_f + p["U_i"].T @ da_i + p["U_g"].T @ da_g + p["U_o"].T @ da_o
        return back, total * f


class Gru:
    gates = ["_r", "_z", "_n"]

    def forward(self, p, x, h, c):
        r = sigmoid(p["W_r"] @ x + p["U_r"] @ h + p["b_r"])
        z = sigmoid(p["W_z"] @ x + p["U_z"] @ h + p["b_z"])
        n = np.tanh(p["W_n"] @ x + p["U_n"] @ (r * h) + p["b_n"])
        return z * h + (1 - z) * n, c, {"r": r, "z": z, "n": n}

    def backward(self, p, kept, h, c, dh, dc):
        r, z, n = kept["r"], kept["z"], kept["n"]
        da_n = dh * (1 - z) * (1 - n * n)
        da_z = dh * (h - n) * z * (1 - z)
        reset = p["U_n"].T @ da_n
        da_r = reset * h * r * (1 - r)
        return dh * z + reset * r + p["U_z"].T @ da_z + p["U_r"].T @ da_r, dc


def parameters(cell, input_size, output_size, random):
    """As the program stores them: float32."""
    p = {}
    for gate in cell.gates:
        p["W" + gate] = random.normal(0, 0.6, (HIDDEN, input_size))
        p["U" + gate] = random.normal(0, 0.9 / np.sqrt(HIDDEN), (HIDDEN, HIDDEN))
        p["b" + gate] = random.normal(0, 0.3, HIDDEN) + (1 if gate == "_f" else 0)
    p["output.weight"] = random.normal(0, 0.5, (output_size, HIDDEN))
    p["output.bias"] = random.normal(0, 0.2, output_size)
    return {name: value.astype(np.float32) for name, value in p.items()}


def case(cell, task, random):
    x, targets = recall_batch() if task == "recall" else adding_batch()
    stored = parameters(cell, x.shape[2], SYMBOLS if task == "recall" else 1, random)
    p = {name: value.astype(np.float64) for name, value in stored.items()}
    states = np.zeros((SEQ_LEN, BATCH, HIDDEN))
    grad_h = np.zeros((SEQ_LEN, BATCH, HIDDEN))
    grad_c = np.zeros((SEQ_LEN, BATCH, HIDDEN))
    loss = 0.0
    for b in range(BATCH):
        h, c = np.zeros(HIDDEN), np.zeros(HIDDEN)
        steps = []
        for t in range(SEQ_LEN):
            before = (h, c)
            h, c, kept = cell.forward(p, x[t, b], h, c)
            states[t, b] = h
            steps.append((kept, before))
        y = p["output.weight"] @ h + p["output.bias"]
        if task == "recall":
            shares = np.exp(y - y.max()) / np.exp(y - y.max()).sum()
            loss += -np.log(shares[targets[b]]) / BATCH
            shares[targets[b]] -= 1
            dy = shares / BATCH
        else:
            loss += (y[0] - targets[b]) ** 2 / BATCH
            dy = 2 * (y - targets[b]) / BATCH
        dh, dc = p["output.weight"].T @ dy, np.zeros(HIDDEN)
        for t in reversed(range(SEQ_LEN)):
            kept, (old_h, old_c) = steps[t]
            grad_h[t, b] = dh
            if isinstance(cell, Lstm):
                grad_c[t, b] = cell.total_memory(kept, dh, dc)
            dh, dc = cell.backward(p, kept, old_h, old_c, dh, dc)
    values = {"loss": np.array([loss]), "h": states, "grad.h": grad_h}
    if isinstance(cell, Lstm):
        values["grad.c"] = grad_c
    for name, value in stored.items():
        values[name if name.startswith("output.") else "layer0." + name] = value
    return values


def main():
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    cells = {"rnn_tanh": Rnn("tanh"), "rnn_relu": Rnn("relu"), "lstm": Lstm(), "gru": Gru()}
    random = np.random.default_rng(20)
    tensors = {}
    for name, cell in cells.items():
        for task in ("recall", "adding"):
            values = case(cell, task, random)
            tensors |= {f"{name}.{task}/{key}": value for key, value in values.items()}
    # float64 first, so that all numbers are aligned.
    order = sorted(tensors, key=lambda key: tensors[key].dtype == np.float32)
    metadata = {
        "seqLen": str(SEQ_LEN),
        "batch": str(BATCH),
        "hidden": str(HIDDEN),
        "seed": str(SEED),
        "update": str(UPDATE),
    }
    write_safetensors({key: tensors[key] for key in order}, sys.argv[1], metadata)


if __name__ == "__main__":
    main()
