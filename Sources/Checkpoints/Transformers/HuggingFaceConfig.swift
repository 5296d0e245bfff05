internal import Equations

/// The architectures that can be opened, by their `model_type`.
enum HuggingFaceArchitecture: String, CaseIterable {
  case bert, distilbert, gpt2

  /// How the names of their classes begin, which `architectures` holds.
  var classPrefix: String {
    switch self {
    case .bert: "Bert"
    case .distilbert: "DistilBert"
    case .gpt2: "GPT2"
    }
  }

  /// What stands before a layer's number in the names of tensors.
  var layerPrefix: String {
    switch self {
    case .bert: "encoder.layer."
    case .distilbert: "transformer.layer."
    case .gpt2: "h."
    }
  }

  var tokenizerKind: Tokenizer.Kind { self == .gpt2 ? .byteLevelBPE : .wordPiece }
}

/// The values of a `config.json`, checked as they are read.
struct HuggingFaceConfig {
  let fields: JSONFields

  /// No real model comes near.
  private static let largestSize = 1 << 24

  /// What `model_type` says, which `architectures` must not contradict: some models that compute
  /// something else keep the type of the model that they were made from.
  func architecture() throws(FileError) -> HuggingFaceArchitecture {
    let type = try fields.text("model_type")
    guard let architecture = type.flatMap(HuggingFaceArchitecture.init) else {
      throw fields.mismatch(
        "model_type",
        expected: Suggestion.listed(HuggingFaceArchitecture.allCases.map { "\"\($0.rawValue)\"" }),
        found: type.map { Printable.quote($0) } ?? "nothing")
    }
    for (index, element) in try (fields.list("architectures") ?? []).enumerated() {
      guard case .string(let name) = element, name.hasPrefix(architecture.classPrefix) else {
        throw fields.mismatch(
          "architectures[\(index)]",
          expected: "\(architecture.classPrefix)…, as model_type is \"\(architecture.rawValue)\"",
          found: element.summary)
      }
    }
    return architecture
  }

  /// A size that has to be there.
  func size(_ key: String, upTo limit: Int = Self.largestSize) throws(FileError) -> Int {
    try fields.required(
      key, "a whole number from 1 to \(limit)", try fields.whole(key, in: 1...limit))
  }

  /// The number of heads, which divides the model's size.
  func heads(_ key: String, of sizeKey: String) throws(FileError) -> Int {
    let heads = try size(key), size = try size(sizeKey)
    guard size.isMultiple(of: heads) else {
      throw fields.mismatch(
        key, expected: "a divisor of \(sizeKey), \(size)", found: "\(heads)")
    }
    return heads
  }

  func layers(_ key: String) throws(FileError) -> Int { try size(key, upTo: 1 << 10) }

  func epsilon(_ key: String, default standard: Double) throws(FileError) -> Double {
    let value = try fields.number(key) ?? standard
    guard value > 0, value < 1 else {
      throw fields.mismatch(key, expected: "a number between 0 and 1")
    }
    return value
  }

  /// GELU has many names: gelu is the erf form, the others are the tanh form.
  func activation(_ key: String, default standard: String) throws(FileError) -> Function {
    let name = try fields.text(key) ?? standard
    switch name {
    case "gelu", "gelu_python": return .gelu
    case "gelu_new", "gelu_fast", "gelu_pytorch_tanh": return .geluTanh
    case "relu": return .relu
    case "tanh": return .tanh
    default:
      throw fields.mismatch(
        key, expected: "gelu, gelu_new, gelu_fast, gelu_pytorch_tanh, relu or tanh",
        found: Printable.quote(name))
    }
  }

  /// A switch that changes what is computed, in the only position that can be computed here.
  func expect(_ key: String, _ value: Bool) throws(FileError) {
    guard let found = try fields.flag(key), found != value else { return }
    throw fields.mismatch(key, expected: "\(value): nothing else is supported")
  }

  /// One block per layer, all alike.
  func blocks(
    _ name: String, layers: Int, activation: Function, epsilon: Double
  ) throws(FileError) -> [Block] {
    do throws(EquationError) {
      guard
        let block = try Block.shipped(
          name, activation: activation, constants: ["ε": epsilon])
      else { preconditionFailure("no block \(name)") }
      return Array(repeating: block, count: layers)
    } catch {
      preconditionFailure("the shipped block \(name): \(error)")
    }
  }
}
