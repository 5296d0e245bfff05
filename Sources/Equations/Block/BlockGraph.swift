/// How a value of a block is laid out in memory, for B sequences and all heads.
struct BlockLayout: Hashable, Sendable {
  enum Columns: Hashable, Sendable {
    /// `[B, T, heads·n]`: the heads side by side.
    case fixed(Int)
    /// One column per token of an input: `[B, heads, T, keys]`.
    case tokens(Int)
  }

  /// The input whose tokens are the rows.
  let rows: Int
  let columns: Columns
  let isPerHead: Bool
}

/// A value that a pass keeps.
struct BlockValue: Sendable {
  let layout: BlockLayout
  /// The equation that it is the value of; nil for an input and for a value without a name.
  var equation: Int?
  /// Which input it is.
  var input: Int?
  /// The value whose memory this is, seen with the heads joined.
  var joined: Int?
}

/// Numbers that a pass works with besides values and parameters; no gradient flows to them.
enum BlockConstantMatrix: Hashable, Sendable {
  /// 0 where a query (a token of `rows`) may look at a key (of `columns`), else −∞.
  case mask(rows: Int, columns: Int)
  /// 0 where an element of the equation's value is dropped, else 1/(1 − rate).
  case dropout(equation: Int, layout: BlockLayout)

  var layout: BlockLayout {
    switch self {
    case .mask(let rows, let columns):
      BlockLayout(rows: rows, columns: .tokens(columns), isPerHead: false)
    case .dropout(_, let layout): layout
    }
  }
}

/// A factor of a product.
struct BlockFactor: Hashable, Sendable {
  /// `.value`, `.parameter` or a gradient of either.
  let storage: Storage
  var isTransposed: Bool

  var turned: BlockFactor { BlockFactor(storage: storage, isTransposed: !isTransposed) }
}

/// scale · left · right, written to a value or added to it.
struct BlockProduct: Hashable, Sendable {
  let target: Storage
  let left: BlockFactor
  let right: BlockFactor
  let scale: Double
  var accumulates: Bool
  /// A vector parameter that every row starts with.
  var bias: Int?
}

/// What computes a value.
enum BlockOperation: Sendable {
  case elementwise(NodeID)
  case product(BlockProduct)
  case softmax(source: Int)
  case normalize(source: Int, epsilon: Double)
  case unit(source: Int)
  /// Scores of Bahdanau's kind; the vector is a parameter, or ones.
  case additive(queries: Int, keys: Int, vector: Int?)
}

/// A block as a list of operations in order, each giving one value.
///
/// Elementwise work is nodes of the same graph that cells use; `Storage.value` counts the values
/// here, `.kept` the constant matrices.
struct BlockGraph: Sendable {
  struct Step: Sendable {
    var target: Int
    let operation: BlockOperation
    /// The equation that this step is a part of.
    let equation: Int
  }

  let block: Block
  let sizes: BlockSizes
  let isTraining: Bool
  var graph = Graph()
  var values: [BlockValue] = []
  var steps: [Step] = []
  var constantMatrices: [BlockConstantMatrix] = []
  /// Per equation its value.
  var valueOfEquation: [Int] = []
  let parameterShapes: [[Int]]
  private let parameterIndex: [Identifier: Int]

  /// The inputs alone; `BlockLowering` adds the steps. With `isTraining` the values that `dropout`
  /// names are dropped.
  init(block: Block, sizes: BlockSizes, isTraining: Bool) {
    self.block = block
    self.sizes = sizes
    self.isTraining = isTraining
    parameterShapes = block.parameters.map { $0.shape(sizes) }
    parameterIndex = Dictionary(
      uniqueKeysWithValues: block.parameters.enumerated().map { ($1.name, $0) })
    for index in block.inputs.indices {
      let layout = BlockLayout(rows: index, columns: .fixed(sizes.modelSize), isPerHead: false)
      values.append(BlockValue(layout: layout, input: index))
      _ = memory(index)
    }
  }

  func parameter(_ name: Identifier) -> Int? { parameterIndex[name] }

  /// The value itself, whose memory it is.
  func root(_ value: Int) -> Int { values[value].joined ?? value }

  /// The node that reads a value. Graph sizes only tell numbers from matrices here.
  mutating func memory(_ value: Int) -> NodeID { graph.memory(.value(value), size: 1) }

  mutating func addValue(_ value: BlockValue) -> Int {
    values.append(value)
    return values.count - 1
  }

  mutating func constantMatrix(_ matrix: BlockConstantMatrix) -> NodeID {
    let index = constantMatrices.firstIndex(of: matrix) ?? constantMatrices.count
    if index == constantMatrices.count { constantMatrices.append(matrix) }
    return graph.memory(.kept(index), size: 1)
  }
}
