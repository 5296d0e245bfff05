internal import Equations
internal import Networks
internal import Tensors

/// ‖∂L_t/∂h_k‖: from which later losses an early state still learns.
public struct LossMatrix: Sendable, Equatable {
  /// The steps t whose losses were taken, in ascending order: one a row.
  public let lossSteps: [Int]
  /// `[rows, T]`, row-major; 0 where k > t.
  public let norms: [Double]
  public let seqLen: Int

  /// The losses that are taken at most: their rows are one batch, in memory.
  public static let mostRows = 64

  public subscript(row: Int, step: Int) -> Double { norms[row * seqLen + step] }
}

extension GradientLab {
  /// The matrix of one sequence, the losses batched as rows of one pass.
  ///
  /// Where there are more than `LossMatrix.mostRows` losses some are taken, evenly spread, the last
  /// one among them.
  ///
  /// - Parameter sequence: index in the batch of the next update.
  /// - Returns: the norms.
  /// - Complexity: a forward and a backward pass with as many sequences as rows, which has buffers
  ///   of its own: `pass` stays as it is.
  public func lossMatrix(sequence: Int = 0) -> LossMatrix {
    precondition(sequence < settings.batchSize, "sequence \(sequence) of \(settings.batchSize)")
    let all = Array(task.lossSteps)
    let count = min(all.count, LossMatrix.mostRows)
    let steps = (1...count).map { all[$0 * all.count / count - 1] }
    let batch = task.batch(seed: settings.seed, update: updateCount, size: settings.batchSize)
    let rows = NetworkPass(network: network, seqLen: settings.seqLen, batchSize: count)
    let one = batch.repeating(sequence, count: count, seqLen: settings.seqLen)
    one.setInput(of: rows)
    rows.forward()

    let width = task.outputSize
    func isTaken(_ index: Int, _ width: Int) -> Bool {
      let (time, row) = (index / width).quotientAndRemainder(dividingBy: count)
      return steps[row] == time
    }
    switch task.loss {
    case .crossEntropy:
      let targets = one.classes.enumerated().map { isTaken($0.offset, 1) ? $0.element : -1 }
      _ = rows.head?.losses(targets: targets)
      rows.backward(.crossEntropy(targets: targets), gradients: Buffer(count: gradients.count))
    case .squaredError:
      let targets = one.values.enumerated().map { isTaken($0.offset, width) ? $0.element : .nan }
      rows.backward(.squaredError(targets: targets), gradients: Buffer(count: gradients.count))
    }
    let unrolling = rows.layers[0][0]
    var norms = [Double](repeating: 0, count: count * settings.seqLen)
    if let view = unrolling.gradients(of: unrolling.plan.cell.outputEquation) {
      let size = settings.hiddenSize
      for time in 0..<settings.seqLen {
        for row in 0..<count where steps[row] >= time {
          let start = view.offset + (time * count + row) * size
          norms[row * settings.seqLen + time] =
            view.buffer.sumOfSquares(start..<start + size).squareRoot()
        }
      }
    }
    return LossMatrix(lossSteps: steps, norms: norms, seqLen: settings.seqLen)
  }
}

extension TaskBatch {
  /// One of the sequences, several times side by side.
  func repeating(_ sequence: Int, count: Int, seqLen: Int) -> TaskBatch {
    func column<Element>(_ elements: [Element]) -> [Element] {
      guard !elements.isEmpty else { return [] }
      let width = elements.count / (seqLen * batchSize)
      var result: [Element] = []
      result.reserveCapacity(seqLen * count * width)
      for time in 0..<seqLen {
        let start = (time * batchSize + sequence) * width
        for _ in 0..<count { result += elements[start..<start + width] }
      }
      return result
    }
    var batch = TaskBatch(batchSize: count)
    batch.tokens = column(tokens)
    batch.vectors = column(vectors)
    batch.classes = column(classes)
    batch.values = column(values)
    return batch
  }
}
