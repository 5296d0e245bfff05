/// A training, or a comparison of some, that shows one thing, with what to look for.
public struct LabPreset: Sendable, Equatable {
  public let name: String
  /// What to look for, in one sentence.
  public let lookFor: String
  /// As `LaneText` reads them: one for a single net, two to four to compare.
  public let lanes: [String]
  public let seqLen: Int
  /// After so many updates it can be seen.
  public let updates: Int

  init(_ name: String, _ lookFor: String, _ lanes: [String], seqLen: Int = 60, updates: Int) {
    self.name = name
    self.lookFor = lookFor
    self.lanes = lanes
    self.seqLen = seqLen
    self.updates = updates
  }

  /// ln 60: σ of it is 60/61, so that a lag of 60 steps costs a factor of e.
  static let longMemory = "forget-bias=4.094"

  /// For one net.
  public static let single: [LabPreset] = [
    LabPreset(
      "vanish",
      "Every step back multiplies the gradient by at most 0.5, the largest singular value of U: "
        + "after 60 steps nothing is left.",
      ["rnn/tanh/orthogonal/gain=0.5"], updates: 100),
    LabPreset(
      "keep",
      "With an orthogonal U and small inputs tanh is steep everywhere: the gradient arrives at the "
        + "first step almost as large as it left the last.",
      ["rnn/tanh/orthogonal/input-scale=0.01"], updates: 100),
    LabPreset(
      "saturate",
      "The same U with inputs of unit variance: units leave the steep part of tanh, and the gradient "
        + "is lost on its flat ends.",
      ["rnn/tanh/orthogonal/input-scale=1"], updates: 100),
    LabPreset(
      "explode",
      "Half of the ReLUs pass the gradient on, so the critical gain is √2; with 2.5 it grows at each "
        + "step back, and clipping shortens every update.",
      ["rnn/relu/orthogonal/gain=2.5"], updates: 100),
    LabPreset(
      "remember",
      "A forget bias of ln(lag) keeps c for as long as the lag: the LSTM learns to recall.",
      ["lstm/\(longMemory)"], seqLen: 61, updates: 250),
    LabPreset(
      "forget",
      "A forget bias of 1 keeps σ(1) = 0.73 of c a step: the LSTM forgets within some five steps, "
        + "and a lag of 60 is too long for it.",
      ["lstm/forget-bias=1"], seqLen: 61, updates: 250),
  ]

  /// For several nets side by side.
  public static let comparisons: [LabPreset] = [
    LabPreset(
      "activations",
      "The slope of φ decides: σ' is at most a quarter, tanh' at most 1, relu' 0 or 1.",
      ["rnn/tanh/orthogonal", "rnn/relu/orthogonal", "rnn/sigmoid/orthogonal"], updates: 100),
    LabPreset(
      "inits",
      "The same ReLU net with four starts of U: only the identity keeps the gradient, and learns "
        + "to recall.",
      ["rnn/relu/identity", "rnn/relu/orthogonal", "rnn/relu/xavier", "rnn/relu/uniform"],
      seqLen: 61, updates: 250),
    LabPreset(
      "cells",
      "At a lag of 60 the identity ReLU net and the LSTM with a forget bias of ln(lag) learn; the "
        + "tanh net stays at chance, and so does the LSTM with a forget bias of 1.",
      ["rnn/tanh", "rnn/relu/identity", "lstm/\(longMemory)", "lstm/forget-bias=1"], seqLen: 61,
      updates: 250),
    LabPreset(
      "clipping",
      "The same net with and without clipping: without it the first large gradients throw the "
        + "weights beyond all numbers, with it the net learns.",
      [
        "rnn/relu/identity/gain=1.2/optimizer=sgd/lr=0.01/clip=off",
        "rnn/relu/identity/gain=1.2/optimizer=sgd/lr=0.01/clip=1",
      ],
      seqLen: 31, updates: 400),
  ]
}
