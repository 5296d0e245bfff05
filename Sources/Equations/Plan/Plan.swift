/// A cell compiled for given sizes: which products run where, and what runs elementwise between.
///
/// Three stages, because only what depends on the previous step has to wait for it: the first
/// computes all steps at once (products with x are one GEMM), the loop goes step by step, the last
/// computes what no state depends on, all steps at once again.
public struct Plan: Sendable {
  enum Stage: Int, Sendable, CaseIterable, Comparable {
    case beforeLoop, loop, afterLoop
    static func < (a: Stage, b: Stage) -> Bool { a.rawValue < b.rawValue }
  }

  /// Products that share their right factor and whose sums lie side by side: one product where the
  /// weights are stacked.
  struct ProductRun: Sendable {
    let vector: Storage
    let vectorSize: Int
    let stage: Stage
    /// The first column of the pre-activation buffer, and how many.
    let column: Int
    let rows: Int
    let products: [MatrixProduct]
    let sums: [Int]
  }

  enum Step: Sendable {
    case elementwise(ElementwiseProgram)
    /// Index in `runs`.
    case product(Int)
    /// A row-wise kernel, forwards or backwards, of the kept value.
    case kernel(Int)
  }

  public let cell: Cell
  public let inputSize: Int
  public let hiddenSize: Int
  /// Elements of each equation's value.
  public let valueSizes: [Int]
  public let parameterShapes: [[Int]]

  let sums: [AffineSum]
  let kept: [(value: KeptValue, size: Int)]
  let keptSources: [Int: [Storage]]
  /// Elements of each part of a concatenation.
  let partSizes: [NodeID: Int]
  /// The column of each sum in the pre-activation buffer, and the buffer's width.
  let sumColumns: [Int]
  let sumWidth: Int
  /// Sums that the loss does not depend on.
  let idleSums: [Int]
  let runs: [ProductRun]
  let forward: [Stage: [Step]]
  let backward: [Stage: [Step]]
  /// Gradients of kept values that are used in one loop step only: they need room for one step.
  let transientGradients: Set<Int>
  /// Equations whose gradients are added to, and begin as zeros; the others' are written whole.
  let summedGradients: [Int]
  let registerCount: Int

  /// The parameters that are biases: added to products.
  public var biases: Set<Int> { Set(sums.flatMap(\.biases)) }

  /// - Parameters:
  ///   - cell: what is compiled.
  ///   - inputSize: I, the length of x.
  ///   - hiddenSize: H, the length of each state.
  public init(cell: Cell, inputSize: Int, hiddenSize: Int) {
    precondition(inputSize > 0 && hiddenSize > 0, "I = \(inputSize), H = \(hiddenSize)")
    var builder = PlanBuilder(
      graph: CellGraph(cell: cell, inputSize: inputSize, hiddenSize: hiddenSize))
    // A sum that is read after its gradient has taken its place is kept apart, and planned again.
    while let clash = builder.build() { builder = builder.saving(clash) }

    self.cell = cell
    self.inputSize = inputSize
    self.hiddenSize = hiddenSize
    valueSizes = cell.equations.indices.map { builder.cell.size(ofEquation: $0) }
    parameterShapes = cell.parameters.map {
      $0.shape(inputSize: inputSize, hiddenSize: hiddenSize)
    }
    sums = builder.cell.sums
    kept = builder.cell.kept
    keptSources = builder.keptSources
    var partSizes: [NodeID: Int] = [:]
    for case .concatenation(let parts) in builder.cell.kept.map(\.value) {
      for part in parts { partSizes[part] = builder.cell.graph.size(part) }
    }
    self.partSizes = partSizes
    sumColumns = builder.sumColumns
    sumWidth = builder.cell.sums.reduce(0) { $0 + $1.size }
    idleSums = builder.idleSums
    runs = builder.runs
    forward = builder.forward
    backward = builder.backward
    transientGradients = builder.transientGradients
    let backwardPrograms = builder.backward.values.joined().compactMap { step in
      if case .elementwise(let program) = step { program } else { nil }
    }
    summedGradients = cell.equations.indices.filter { equation in
      backwardPrograms.contains { $0.reads.contains(.incomingGradient(equation)) }
        || !backwardPrograms.contains { $0.writes.contains(.valueGradient(equation)) }
    }
    registerCount =
      (Array(builder.forward.values) + Array(builder.backward.values)).joined()
      .reduce(1) { most, step in
        if case .elementwise(let program) = step { max(most, program.registerCount) } else { most }
      }
  }
}
