/// The functions of the equation language.
public enum Function: String, Sendable, CaseIterable {
  case sigmoid = "σ"
  case tanh
  case relu
  case leakyReLU = "leaky_relu"
  case elu
  case gelu
  case geluTanh = "gelu_tanh"
  case exp
  case log
  case abs
  case softmax
  case max
  case min
  case layerNorm = "layernorm"
  /// The activation chosen on the command line.
  case activation = "φ"

  /// Spellings other than the canonical one.
  static let spellings: [Identifier: Function] = {
    var table: [Identifier: Function] = [
      "sigmoid": .sigmoid, "phi": .activation, "ϕ": .activation, "LeakyReLU": .leakyReLU,
      "ReLU": .relu, "GELU": .gelu, "ELU": .elu, "ln": .log, "LayerNorm": .layerNorm,
    ]
    for function in allCases { table[Identifier(function.rawValue)] = function }
    return table
  }()

  /// How many arguments the function takes.
  var arity: ClosedRange<Int> {
    switch self {
    case .max, .min: 2...2
    case .layerNorm: 3...4
    default: 1...1
    }
  }

  /// Whether the function works on each element by itself.
  public var isElementwise: Bool { self != .softmax && self != .layerNorm }

  /// Whether the derivative jumps somewhere.
  public var hasKink: Bool {
    switch self {
    case .relu, .leakyReLU, .abs, .max, .min: true
    default: false
    }
  }

  /// The functions that can be chosen as the activation φ.
  public static let activations: [Function] = [
    .tanh, .relu, .sigmoid, .leakyReLU, .elu, .gelu, .geluTanh,
  ]

  /// The activation of the given name, as the command line spells it.
  public init?(activation name: String) {
    guard let function = Self.spellings[Identifier(name)], Self.activations.contains(function)
    else { return nil }
    self = function
  }

  /// The name that the command line uses: ASCII.
  public var asciiName: String {
    switch self {
    case .sigmoid: "sigmoid"
    case .activation: "phi"
    default: rawValue
    }
  }
}
