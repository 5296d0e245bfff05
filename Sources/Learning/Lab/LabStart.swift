internal import Equations
public import Networks
internal import Tensors

// Where a training begins: the network that settings ask for, and its first weights.

extension LabSettings {
  /// The network that learns.
  ///
  /// - Throws: a task that cannot be made.
  public func configuration() throws(TaskError) -> NetworkConfiguration {
    configuration(for: try task.make(seqLen: seqLen))
  }

  private func configuration(for task: any SequenceTask) -> NetworkConfiguration {
    NetworkConfiguration(
      input: task.input, cell: cell, hiddenSize: hiddenSize, outputSize: task.outputSize)
  }

  func network(for task: any SequenceTask) -> Network<Float> {
    Network(configuration(for: task))
  }

  /// Draws the weights. Biases are zero, so that a unit starts where its activation is steepest.
  func initialize(_ network: Network<Float>, for task: any SequenceTask) {
    let deviation = inputScale / task.inputMeanSquare.squareRoot()
    network.initialize(
      InitializationOptions(
        recurrent: initializer.scaled(by: gain),
        input: .normal(mean: 0, deviation: deviation), seed: seed))
    for entry in network.layout.entries {
      switch entry.role {
      case .cell(let id, let index):
        let parameter = cell.parameters[index]
        if parameter.name == Cell.forgetBias, let forgetBias {
          network.parameters.fill(entry.range, Float(forgetBias))
        } else if parameter.initializer == nil, network.plans[id.layer].biases.contains(index) {
          network.parameters.fill(entry.range, 0)
        }
      case .outputBias: network.parameters.fill(entry.range, 0)
      case .embedding, .outputWeight: break
      }
    }
  }
}

extension Buffer<Float> {
  fileprivate func fill(_ range: Range<Int>, _ value: Float) {
    for index in range { self[index] = value }
  }
}
