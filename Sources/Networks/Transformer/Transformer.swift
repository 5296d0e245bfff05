internal import Equations
public import Tensors

/// A transformer with its weights.
public final class Transformer<Scalar: TensorScalar>: Sendable {
  public let configuration: TransformerConfiguration
  public let layout: TransformerLayout
  /// All parameters, laid out by `layout`.
  public let parameters: Buffer<Scalar>
  let stages: [TransformerStage]
  /// Per stage its program; with dropout for training.
  private let plans: [BlockPlan]
  private let trainingPlans: [BlockPlan]

  /// A transformer of zeros; fill it with `set` or `initialize`.
  ///
  /// - Parameters:
  ///   - configuration: what it consists of.
  ///   - parameters: memory for its parameters, a part of a larger model's; nil for memory of its own.
  /// - Precondition: the number of heads divides D; a head needs tokens; a block has X and at most one
  ///   further input, the context.
  public init(_ configuration: TransformerConfiguration, parameters: Buffer<Scalar>? = nil) {
    precondition(
      configuration.head == .none || configuration.vocabularySize != nil,
      "a head without a vocabulary")
    precondition(
      configuration.blocks.allSatisfy { $0.inputs.count <= 2 }, "a block with several contexts")
    self.configuration = configuration
    layout = TransformerLayout(configuration)
    precondition(parameters?.count ?? layout.count == layout.count, "memory of another size")
    self.parameters = parameters ?? Buffer(count: layout.count)
    let stages = configuration.stages
    self.stages = stages.map(\.stage)
    func plans(isTraining: Bool) -> [BlockPlan] {
      var known: [BlockPlan] = []
      return stages.map { _, block in
        if let plan = known.first(where: {
          $0.block.text == block.text && $0.block.activation == block.activation
        }) {
          return plan
        }
        let plan = BlockPlan(block: block, sizes: configuration.sizes, isTraining: isTraining)
        known.append(plan)
        return plan
      }
    }
    self.plans = plans(isTraining: false)
    trainingPlans = configuration.dropout > 0 ? plans(isTraining: true) : self.plans
  }

  func plans(isTraining: Bool) -> [BlockPlan] { isTraining ? trainingPlans : plans }

  public func values(of entry: TransformerLayout.Entry) -> [Scalar] {
    parameters.array(entry.range)
  }

  /// Copies a tensor in, in one pass over it.
  ///
  /// - Parameters:
  ///   - name: the parameter's name in `layout`.
  ///   - source: the tensor's elements, row-major.
  ///   - sourceStride: elements from one row of the source to the next, where it is a part of a wider
  ///     tensor; nil for rows that lie behind each other.
  ///   - isTransposed: whether the source is `[columns, rows]`, as torch.nn.Linear stores it.
  /// - Precondition: the layout has the parameter; the source has its elements.
  public func set(
    _ name: String, from source: Span<Scalar>, sourceStride: Int? = nil,
    isTransposed: Bool = false
  ) {
    guard let entry = layout[name] else { preconditionFailure("no parameter \(name)") }
    let rows = entry.shape[0]
    let columns = entry.shape.count > 1 ? entry.shape[1] : 1
    let (sourceRows, sourceColumns) = isTransposed ? (columns, rows) : (rows, columns)
    let stride = sourceStride ?? sourceColumns
    precondition(
      stride >= sourceColumns && source.count >= (sourceRows - 1) * stride + sourceColumns,
      "\(source.count) elements for \(name) \(entry.shape)")
    unsafe source.withUnsafeBufferPointer { elements in
      guard let from = elements.baseAddress else { return }
      let to = unsafe parameters.base + entry.offset
      if isTransposed {
        unsafe Self.transpose(
          from, sourceRows: sourceRows, sourceColumns: sourceColumns, stride: stride, to: to)
      } else {
        for row in 0..<rows {
          unsafe (to + row * columns).update(from: from + row * stride, count: columns)
        }
      }
    }
  }

  /// In squares that fit the first-level cache.
  @_specialize(where Scalar == Float)
  private static func transpose(
    _ from: UnsafePointer<Scalar>, sourceRows: Int, sourceColumns: Int, stride: Int,
    to: UnsafeMutablePointer<Scalar>
  ) {
    let side = 32
    var firstRow = 0
    while firstRow < sourceRows {
      let endRow = min(firstRow + side, sourceRows)
      var firstColumn = 0
      while firstColumn < sourceColumns {
        let endColumn = min(firstColumn + side, sourceColumns)
        for column in firstColumn..<endColumn {
          let target = unsafe to + column * sourceRows
          for row in firstRow..<endRow { unsafe target[row] = from[row * stride + column] }
        }
        firstColumn = endColumn
      }
      firstRow = endRow
    }
  }

  /// The same transformer in another precision.
  public func converted<Other: TensorScalar>(to type: Other.Type) -> Transformer<Other> {
    let other = Transformer<Other>(configuration)
    for index in 0..<parameters.count { other.parameters[index] = Other(parameters[index]) }
    return other
  }

  /// The first parameter that holds a NaN or an infinity, with the index of that element.
  public var firstNonFinite: (entry: TransformerLayout.Entry, index: Int)? {
    guard let position = parameters.firstNonFinite else { return nil }
    return layout.entries.first { $0.range.contains(position) }
      .map { ($0, position - $0.offset) }
  }

  /// Draws all weights anew. The same seed gives the same weights on every machine.
  ///
  /// Tables are normal with deviation 0.02, biases 0, gains of layer norms 1.
  ///
  /// - Parameters:
  ///   - seed: of the random numbers.
  ///   - deviation: of the matrices, which then are normal (GPT-2 and BERT: 0.02); nil for
  ///     Glorot & Bengio's uniform form (Xavier).
  public func initialize(seed: UInt64, deviation: Double? = nil) {
    var random = SeededRandom(seed: seed)
    for entry in layout.entries {
      let bound = (6 / Double(entry.shape.reduce(0, +))).squareRoot()
      for index in entry.range {
        let value: Double =
          switch entry.role {
          case .tokens, .positions, .tokenTypes: 0.02 * random.normal()
          case .matrix, .outputWeight:
            deviation.map { $0 * random.normal() } ?? random.uniform(-bound, bound)
          case .vector(let isGain): isGain ? 1 : 0
          case .outputBias: 0
          }
        parameters[index] = Scalar(value)
      }
    }
  }
}
