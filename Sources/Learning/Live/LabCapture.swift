internal import Equations
public import Networks
public import Tensors

/// One sequence of a training, with the weights of that moment: to be stepped through.
public struct LabCapture: Sendable {
  public let lane: Int
  /// Updates that the weights have seen.
  public let update: Int
  /// Index in the batch.
  public let sequence: Int
  public let network: Network<Float>
  /// With the task's targets: the loss is `.targets`.
  public let input: RunInput
}

extension GradientLab {
  /// A copy of the weights with one sequence of the batch of the next update.
  ///
  /// Its loss is the sum over the sequence's targets; that of an update is the mean over all targets
  /// of the batch.
  func capture(lane: Int, sequence: Int) -> LabCapture {
    let copy = Network<Float>(network.configuration)
    copy.parameters.copy(from: network.parameters)
    let batch = task.batch(seed: settings.seed, update: updateCount, size: settings.batchSize)
    let one = batch.repeating(sequence, count: 1, seqLen: settings.seqLen)
    let targets: RunInput.Targets? =
      switch LabLoss(task: task, batch: one).target {
      case .crossEntropy(let classes): .classes(classes)
      case .squaredError(let values): .values(values)
      case .sumOfSquares, .outputGradient: nil
      }
    let names = task.inputLabels
    let input =
      one.vectors.isEmpty
      ? RunInput(
        source: .tokens(one.tokens), labels: one.tokens.map { names[Int($0)] }, targets: targets)
      : RunInput(
        source: .vectors(one.vectors), labels: (0..<settings.seqLen).map(String.init),
        targets: targets)
    return LabCapture(
      lane: lane, update: updateCount, sequence: sequence, network: copy, input: input)
  }
}
