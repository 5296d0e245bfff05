public import Equations
internal import Tensors

/// How a new network's weights are drawn.
public struct InitializationOptions: Sendable, Equatable {
  /// For the recurrent matrices, those that multiply something that depends on a state.
  public var recurrent: Initializer
  /// For the matrices that multiply the input; nil for PyTorch's uniform.
  public var input: Initializer?
  /// For the output layer; nil for PyTorch's uniform.
  public var output: Initializer?
  /// The bias of the forget gate, `b_f`, where the cell has one.
  public var forgetBias: Double?
  public var seed: UInt64

  public init(
    recurrent: Initializer = .uniform(low: nil, high: nil), input: Initializer? = nil,
    output: Initializer? = nil, forgetBias: Double? = nil, seed: UInt64 = 1
  ) {
    self.recurrent = recurrent
    self.input = input
    self.output = output
    self.forgetBias = forgetBias
    self.seed = seed
  }
}

extension Initializer {
  /// The initialiser with its gain multiplied.
  public func scaled(by factor: Double) -> Initializer {
    switch self {
    case .xavier(let gain): .xavier(gain: gain * factor)
    case .he(let gain): .he(gain: gain * factor)
    case .orthogonal(let gain): .orthogonal(gain: gain * factor)
    case .identity(let gain): .identity(gain: gain * factor)
    case .constant(let value): .constant(value * factor)
    case .normal(let mean, let deviation):
      .normal(mean: mean * factor, deviation: deviation * factor)
    case .uniform(.some(let low), .some(let high)):
      .uniform(low: low * factor, high: high * factor)
    // Applied when the bound 1/√H is known: see `fill`.
    case .uniform: factor == 1 ? self : .uniform(low: -factor, high: nil)
    }
  }
}

extension Network {
  /// Draws all weights anew. The same options give the same weights on every machine.
  public func initialize(_ options: InitializationOptions) {
    var random = SeededRandom(seed: options.seed)
    let standard = Initializer.uniform(low: nil, high: nil)
    let hidden = configuration.hiddenSize
    for entry in layout.entries {
      switch entry.role {
      case .embedding: fill(entry, .normal(mean: 0, deviation: 1), fanIn: hidden, &random)
      case .cell(_, let index):
        let parameter = configuration.cell.parameters[index]
        var initializer =
          parameter.isRecurrent
          ? options.recurrent : parameter.isMatrix ? options.input ?? standard : standard
        if let own = parameter.initializer { initializer = own }
        if parameter.name == Cell.forgetBias, let bias = options.forgetBias {
          initializer = .constant(bias)
        }
        fill(entry, initializer, fanIn: hidden, &random)
      case .outputWeight, .outputBias:
        let initializer = entry.role == .outputWeight ? options.output ?? standard : standard
        fill(entry, initializer, fanIn: configuration.layerOutputSize, &random)
      }
    }
  }

  /// `fanIn` is n of PyTorch's uniform within ±1/√n.
  private func fill(
    _ entry: ParameterLayout.Entry, _ initializer: Initializer, fanIn: Int,
    _ random: inout SeededRandom
  ) {
    let rows = entry.shape[0]
    let columns = entry.shape.count > 1 ? entry.shape[1] : 1
    func set(_ next: (Int, Int) -> Double) {
      for row in 0..<rows {
        for column in 0..<columns {
          parameters[entry.offset + row * columns + column] = Scalar(next(row, column))
        }
      }
    }
    switch initializer {
    case .uniform(let low, let high):
      let bound = 1 / Double(fanIn).squareRoot()
      let range = high.map { (low ?? -bound, $0) } ?? { ($0 * -bound, $0 * bound) }(-(low ?? -1))
      set { _, _ in random.uniform(range.0, range.1) }
    case .normal(let mean, let deviation): set { _, _ in mean + deviation * random.normal() }
    case .xavier(let gain):
      let bound = gain * (6 / Double(rows + columns)).squareRoot()
      set { _, _ in random.uniform(-bound, bound) }
    case .he(let gain):
      let deviation = gain * (2 / Double(columns)).squareRoot()
      set { _, _ in deviation * random.normal() }
    case .orthogonal(let gain):
      let matrix = Self.orthogonal(rows: rows, columns: columns, &random)
      set { row, column in gain * matrix[row * columns + column] }
    case .identity(let gain): set { row, column in row == column ? gain : 0 }
    case .constant(let value): set { _, _ in value }
    }
  }

  /// A random matrix with orthonormal rows or columns, whichever are fewer: Gram–Schmidt, twice,
  /// on normally distributed vectors, which makes it uniform over all such matrices.
  private static func orthogonal(
    rows: Int, columns: Int, _ random: inout SeededRandom
  ) -> [Double] {
    let count = min(rows, columns), length = max(rows, columns)
    var vectors: [[Double]] = []
    while vectors.count < count {
      var vector = (0..<length).map { _ in random.normal() }
      for _ in 0..<2 {
        for other in vectors {
          let dot = zip(vector, other).reduce(0) { $0 + $1.0 * $1.1 }
          for index in 0..<length { vector[index] -= dot * other[index] }
        }
      }
      let norm = vector.reduce(0) { $0 + $1 * $1 }.squareRoot()
      if norm > 1e-8 { vectors.append(vector.map { $0 / norm }) }
    }
    return (0..<rows * columns).map { index in
      let row = index / columns, column = index % columns
      return rows <= columns ? vectors[row][column] : vectors[column][row]
    }
  }
}
