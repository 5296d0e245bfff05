internal import Networks
internal import Tensors

#if canImport(Glibc)
  internal import Glibc
#elseif canImport(Musl)
  internal import Musl
#endif

/// A batch's targets, and how predictions are judged by them.
struct LabLoss {
  let task: any SequenceTask
  let target: LossTarget<Float>
  /// Targets in the batch.
  let targetCount: Int
  private let batchSize: Int

  /// - Parameters:
  ///   - task: what the batch is of.
  ///   - batch: the targets.
  ///   - lossAtLastStep: whether all targets but those of the last step are left out.
  init(task: any SequenceTask, batch: TaskBatch, lossAtLastStep: Bool = false) {
    self.task = task
    batchSize = batch.batchSize
    let steps = lossAtLastStep ? task.seqLen - 1..<task.seqLen : task.lossSteps
    targetCount = steps.count * batch.batchSize
    let first = steps.lowerBound * batch.batchSize
    switch task.loss {
    case .crossEntropy:
      var classes = batch.classes
      for row in 0..<first { classes[row] = -1 }
      target = .crossEntropy(targets: classes)
    case .squaredError:
      var values = batch.values
      for index in 0..<first * task.outputSize { values[index] = .nan }
      target = .squaredError(targets: values)
    }
  }

  /// The mean loss per target, and the share of right predictions.
  ///
  /// - Precondition: `pass.forward()` came before.
  func judge(_ pass: NetworkPass<Float>) -> (loss: Double, accuracy: Double) {
    guard let head = pass.head else { preconditionFailure("a lab's network has an output layer") }
    let losses: [Double]
    let isRight: (Int) -> Bool
    switch target {
    case .crossEntropy(let targets):
      losses = head.losses(targets: targets)
      isRight = { row in
        guard targets[row] >= 0 else { return false }
        let start = row * head.outputSize
        let own = head.logits[start + Int(targets[row])]
        return (0..<head.outputSize).allSatisfy {
          head.logits[start + $0] < own || $0 == Int(targets[row])
        }
      }
    case .squaredError(let targets):
      losses = head.squaredErrors(targets: targets)
      isRight = { row in
        let start = row * head.outputSize
        return (start..<start + head.outputSize).allSatisfy {
          abs(Double(head.logits[$0] - targets[$0])) <= TaskLoss.tolerance
        }
      }
    case .sumOfSquares, .outputGradient: preconditionFailure("not a task's loss")
    }
    let rows = task.scoredSteps.lowerBound * batchSize..<task.scoredSteps.upperBound * batchSize
    return (
      losses.reduce(0, +) / Double(targetCount),
      Double(rows.count { isRight($0) }) / Double(rows.count)
    )
  }
}
