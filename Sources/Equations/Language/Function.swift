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
  /// Rows scaled to length 1; in blocks.
  case unit
  /// Σ_d v_d · tanh(Q_id + K_jd) for each query i and key j (Bahdanau et al. 2015); in blocks.
  case additive
  /// The activation chosen on the command line.
  case activation = "φ"

  /// The functions of cells. Blocks have two more.
  public static let allCases: [Function] = [
    .sigmoid, .tanh, .relu, .leakyReLU, .elu, .gelu, .geluTanh, .exp, .log, .abs, .softmax, .max,
    .min, .layerNorm, .activation,
  ]

  /// All spellings of each function, in a cell file and in what the user types.
  static let spellings: [Identifier: Function] = {
    var table: [Identifier: Function] = [
      "sigmoid": .sigmoid, "phi": .activation, "ϕ": .activation, "LeakyReLU": .leakyReLU,
      "ReLU": .relu, "GELU": .gelu, "ELU": .elu, "ln": .log, "LayerNorm": .layerNorm,
    ]
    for function in allCases { table[Identifier(function.rawValue)] = function }
    return table
  }()

  /// The spellings in a block file, which has functions on matrices besides.
  static let blockSpellings: [Identifier: Function] = spellings.merging(
    [Function.unit, .additive].map { (Identifier($0.rawValue), $0) }
  ) { first, _ in first }

  /// How many arguments the function takes.
  var arity: ClosedRange<Int> {
    switch self {
    case .max, .min: 2...2
    case .layerNorm: 3...4
    case .additive: 2...3
    default: 1...1
    }
  }

  /// Whether the function works on each element by itself.
  public var isElementwise: Bool {
    self != .softmax && self != .layerNorm && !isForBlocks
  }

  /// Whether the function works on the rows of matrices, which only blocks have.
  var isForBlocks: Bool { self == .unit || self == .additive }

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
