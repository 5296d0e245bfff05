/// What later rows of X read of earlier ones in a block that can be run one row at a time.
///
/// Nearly every operation gives row t of its result from row t of its operands. The others read keys:
/// a product's right factor, or the second operand of additive scores. Of these the rows up to t are
/// read, which is what a causal mask leaves of them.
struct BlockKeptRows: Sendable {
  /// The values that are read whole, made of X: keys and values of its attention. None is a view.
  let values: [Int]

  /// Nil where a row of a value depends on more than X up to that row, such as Xᵀ·X, or rows of a
  /// context that look at X.
  init?(_ graph: BlockGraph) {
    var values: [Int] = []
    for step in graph.steps {
      let layout = graph.values[step.target].layout
      let keys: Int?
      switch step.operation {
      case .product(let product):
        guard case .value(let left) = product.left.storage, !product.left.isTransposed,
          graph.values[left].layout.rows == layout.rows
        else { return nil }
        keys = if case .value(let value) = product.right.storage { value } else { nil }
      case .additive(_, let second, _): keys = second
      case .elementwise, .softmax, .normalize, .unit: keys = nil
      }
      guard layout.rows == 0 else {
        // Made once, before there are later rows of X.
        if layout.columns == .tokens(0) || keys.map({ graph.values[$0].layout.rows }) == 0 {
          return nil
        }
        continue
      }
      guard let keys, graph.values[keys].layout.rows == 0 else { continue }
      // An earlier row of such a value has no column for a later token.
      guard graph.values[keys].layout.columns != .tokens(0) else { return nil }
      let root = graph.root(keys)
      if !values.contains(root) { values.append(root) }
    }
    self.values = values
  }
}

extension BlockPlan {
  /// Whether the block can be run one row of X at a time, because no row depends on more than X up to
  /// that row as soon as `M` hides later tokens.
  public var runsByRows: Bool { keptRows != nil }
}
