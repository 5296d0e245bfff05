public import Equations
public import Networks

/// Everything that can be said about the model to open, as on the command line.
public struct ModelRequest: Sendable {
  /// A shipped or installed name, or a path.
  public var model: String?
  /// A shipped cell's name, or a path.
  public var cell: String?
  /// Weights named as in `cell`.
  public var weights: String?
  /// A JSON file of tokens.
  public var vocabulary: String?
  /// What φ stands for.
  public var activation: Function?
  public var embedding = TensorChoice.automatic
  public var output = TensorChoice.automatic
  /// Which of several recurrent modules of a state dict.
  public var prefix: String?
  public var new = NewNetwork()

  public init() {}
}

/// A network that starts from random weights. What is nil has a default.
public struct NewNetwork: Sendable, Equatable {
  public static let defaultHiddenSize = 32

  public var hiddenSize: Int?
  public var numLayers: Int?
  public var isBidirectional = false
  /// The size of the vectors that it is given, where it is given no tokens.
  public var inputSize: Int?
  /// The columns of a trained embedding; one-hot tokens without it.
  public var embeddingSize: Int?
  public var seed: UInt64?
  /// For the recurrent matrices.
  public var initializer: Initializer?
  /// Multiplies what `initializer` draws.
  public var gain: Double?
  public var forgetBias: Double?
  /// For the matrices that multiply the input; PyTorch's uniform without it.
  public var inputInitializer: Initializer?
  /// For the output layer; PyTorch's uniform without it.
  public var outputInitializer: Initializer?

  public init() {}

  /// The options that were given, as the command line spells them.
  var given: [String] {
    let all: [(String, Bool)] = [
      ("--hidden", hiddenSize != nil), ("--layers", numLayers != nil),
      ("--bidirectional", isBidirectional), ("--embedding-size", embeddingSize != nil),
      ("--input-size", inputSize != nil),
      ("--seed", seed != nil), ("--init", initializer != nil), ("--gain", gain != nil),
      ("--forget-bias", forgetBias != nil), ("--input-init", inputInitializer != nil),
      ("--output-init", outputInitializer != nil),
    ]
    return all.filter(\.1).map(\.0)
  }

  /// How the weights are drawn.
  public var initialization: InitializationOptions {
    var options = InitializationOptions(
      input: inputInitializer, output: outputInitializer, forgetBias: forgetBias)
    if let seed { options.seed = seed }
    options.recurrent = (initializer ?? options.recurrent).scaled(by: gain ?? 1)
    return options
  }
}
