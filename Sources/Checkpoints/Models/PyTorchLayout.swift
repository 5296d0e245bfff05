internal import Equations

/// How PyTorch's recurrent layers store the parameters of a cell: the rows of each tensor come in
/// blocks of H, each of which is one parameter.
///
/// Both biases are added to the parameters they name: a cell with one bias has their sum, and its
/// gradient is the gradient of each.
///
/// - Source: torch.nn.LSTM, GRU and RNN, section "Variables".
struct PyTorchLayout {
  /// The shipped cell that computes what the layer does.
  let cell: String
  /// What PyTorch calls the layer.
  let module: String
  /// Per block of rows of `weight_ih`, `[blocks·H, I]`.
  let inputMatrices: [Identifier]
  /// Of `weight_hh`, `[blocks·H, H]`.
  let recurrentMatrices: [Identifier]
  /// Of `bias_ih`, `[blocks·H]`.
  let inputBiases: [Identifier]
  /// Of `bias_hh`, `[blocks·H]`.
  let recurrentBiases: [Identifier]

  static let all = [
    PyTorchLayout(
      cell: "lstm", module: "LSTM",
      inputMatrices: ["W_i", "W_f", "W_g", "W_o"],
      recurrentMatrices: ["U_i", "U_f", "U_g", "U_o"],
      inputBiases: ["b_i", "b_f", "b_g", "b_o"],
      recurrentBiases: ["b_i", "b_f", "b_g", "b_o"]),
    PyTorchLayout(
      cell: "gru-torch", module: "GRU",
      inputMatrices: ["W_r", "W_z", "W_n"],
      recurrentMatrices: ["U_r", "U_z", "U_n"],
      inputBiases: ["b_r", "b_z", "b_in"],
      recurrentBiases: ["b_r", "b_z", "b_hn"]),
    PyTorchLayout(
      cell: "rnn", module: "RNN",
      inputMatrices: ["W"], recurrentMatrices: ["U"], inputBiases: ["b"], recurrentBiases: ["b"]),
  ]

  /// The number of blocks of H rows.
  var blocks: Int { inputMatrices.count }

  /// The parameters in the rows of a tensor of the given kind.
  func parameters(of kind: Kind) -> [Identifier] {
    switch kind {
    case .inputMatrix: inputMatrices
    case .recurrentMatrix: recurrentMatrices
    case .inputBias: inputBiases
    case .recurrentBias: recurrentBiases
    }
  }

  /// Every parameter that the layout fills.
  var parameters: Set<Identifier> {
    Set(inputMatrices + recurrentMatrices + inputBiases + recurrentBiases)
  }

  /// The four tensors of a layer in one direction.
  enum Kind: String, CaseIterable {
    case inputMatrix = "weight_ih"
    case recurrentMatrix = "weight_hh"
    case inputBias = "bias_ih"
    case recurrentBias = "bias_hh"

    var isBias: Bool { self == .inputBias || self == .recurrentBias }
  }
}
