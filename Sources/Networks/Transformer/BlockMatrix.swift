public import Equations
public import Tensors

/// A value of a block, or its gradient, of one sequence.
public struct BlockMatrix<Scalar: TensorScalar>: Sendable {
  /// `[T, columns]`, or `[heads, T, keys]` of what each head has for each query and key.
  public let shape: [Int]
  /// How many heads the value has: side by side in the columns of the first kind; 1 without.
  public let headCount: Int
  /// Row-major.
  public let view: BufferView<Scalar>

  /// The rows of one head, `[T, n]`: n are its columns or the keys.
  ///
  /// - Complexity: O(T·n); a copy.
  public func head(_ head: Int) -> [Scalar] {
    precondition(head >= 0 && head < headCount, "head \(head) of \(headCount)")
    if shape.count == 3 {
      let size = shape[1] * shape[2]
      return view.buffer.array(view.offset + head * size..<view.offset + (head + 1) * size)
    }
    let columns = shape[1] / headCount
    return (0..<shape[0]).flatMap { row in
      let start = view.offset + row * shape[1] + head * columns
      return view.buffer.array(start..<start + columns)
    }
  }
}

extension BlockPass {
  /// An equation's value of one sequence.
  public func matrix(of equation: Int, sequence: Int = 0) -> BlockMatrix<Scalar> {
    matrix(values(of: equation), equation, sequence)
  }

  /// ∂L/∂value of one sequence; nil before `backward`.
  public func gradientMatrix(of equation: Int, sequence: Int = 0) -> BlockMatrix<Scalar>? {
    gradients(of: equation).map { matrix($0, equation, sequence) }
  }

  private func matrix(
    _ all: BufferView<Scalar>, _ equation: Int, _ sequence: Int
  ) -> BlockMatrix<Scalar> {
    precondition(sequence >= 0 && sequence < batchSize, "sequence \(sequence) of \(batchSize)")
    let shape = shape(of: equation)
    let count = shape.reduce(1, *)
    return BlockMatrix(
      shape: shape,
      headCount: plan.block.equations[equation].isPerHead ? plan.sizes.headCount : 1,
      view: BufferView(all.buffer, offset: all.offset + sequence * count, count: count))
  }
}
