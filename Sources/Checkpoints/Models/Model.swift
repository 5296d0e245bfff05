public import Equations
public import Networks
public import Tensors

/// A network that is ready to run: opened from a checkpoint, or new.
public struct Model: Sendable {
  /// The shipped name, or the path as the user gave it.
  public let name: String
  public let network: Network<Float>
  /// What turns text into tokens; nil where the input is vectors, or token ids without names.
  public let vocabulary: Vocabulary?
  /// The names of the outputs, where they are no tokens that could come next.
  public let classes: [String]?
  /// The checkpoint's own tensors, in the order of the file.
  public let bindings: [TensorBinding]
  /// Free facts about the model: how it was trained, or what the checkpoint says of itself.
  public let metadata: [String: String]
  /// What the user should know, such as weights that are not finite; one line each.
  public let warnings: [String]

  public var configuration: NetworkConfiguration { network.configuration }
  public var cell: Cell { network.configuration.cell }

  /// Puts a model together; `bindings` is nil where the tensors are the network's own parameters.
  public init(
    name: String, network: Network<Float>, vocabulary: Vocabulary? = nil,
    classes: [String]? = nil, bindings: [TensorBinding]? = nil, metadata: [String: String] = [:],
    warnings: [String] = []
  ) {
    self.name = name
    self.network = network
    self.vocabulary = vocabulary
    self.classes = classes
    self.bindings = bindings ?? network.layout.entries.map { TensorBinding($0) }
    self.metadata = metadata
    self.warnings = warnings
  }

  /// Whether the logits are over the tokens that the network is given, so that it predicts the next.
  public var predictsTokens: Bool {
    guard classes == nil, let tokens = configuration.input.vocabularySize else { return false }
    return configuration.outputSize == tokens
  }

  /// One line: "lstm, 2 layers of 128, both directions, 212,345 parameters".
  public var summary: String {
    let layers = configuration.numLayers
    var text = "\(cell.name), \(layers) \(layers == 1 ? "layer" : "layers") of "
    text += "\(configuration.hiddenSize)"
    if configuration.isBidirectional { text += ", both directions" }
    return text + ", \(Self.grouped(network.layout.parameterCount)) parameters"
  }

  /// A whole number with a comma between thousands.
  static func grouped(_ number: Int) -> String {
    var result = ""
    for (index, digit) in String(number).reversed().enumerated() {
      if index > 0, index.isMultiple(of: 3) { result.append(",") }
      result.append(digit)
    }
    return String(result.reversed())
  }
}

/// Why a model can't be opened or used as asked.
public enum ModelError: Error, Sendable, CustomStringConvertible {
  case file(FileError)
  case cell(EquationError)
  /// Names and options that are unknown or don't go together.
  case request(String)

  public var description: String {
    switch self {
    case .file(let error): error.description
    case .cell(let error): error.description
    case .request(let message): message
    }
  }

  /// Runs what throws a file's error.
  static func wrap<Result>(
    _ body: () throws(FileError) -> Result
  ) throws(ModelError) -> Result {
    do throws(FileError) { return try body() } catch { throw .file(error) }
  }

  /// Runs what throws a cell's error.
  static func wrap<Result>(
    _ body: () throws(EquationError) -> Result
  ) throws(ModelError) -> Result {
    do throws(EquationError) { return try body() } catch { throw .cell(error) }
  }
}
