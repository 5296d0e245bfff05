internal import Equations
internal import Networks
internal import Tensors

/// Finds the first number of a pass that is not finite, in the order in which a reader would step:
/// forward by step, at each by equation and then the logits; then back.
struct NonFiniteSearch {
  let pass: NetworkPass<Float>
  let gradients: Buffer<Float>
  let update: Int

  func run() -> NonFiniteValue {
    let unrolling = pass.layers[0][0]
    let equations = unrolling.plan.cell.equations
    if let found = pass.network.firstNonFinite {
      return value(found.entry.name, .parameter(index: found.index))
    }
    for time in 0..<pass.seqLen {
      for equation in equations.indices {
        if let (sequence, unit) = first(unrolling.values(of: equation), time) {
          return value(
            equations[equation].name.text,
            .value(time: time, sequence: sequence, unit: unit))
        }
      }
      if let head = pass.head, let (sequence, unit) = first(BufferView(head.logits), time) {
        return value("logits", .value(time: time, sequence: sequence, unit: unit))
      }
    }
    for time in (0..<pass.seqLen).reversed() {
      for equation in equations.indices.reversed() {
        if let view = unrolling.gradients(of: equation),
          let (sequence, unit) = first(view, time)
        {
          return value(
            equations[equation].name.text,
            .gradient(time: time, sequence: sequence, unit: unit))
        }
      }
    }
    for entry in pass.network.layout.entries {
      if let index = entry.range.first(where: { !gradients[$0].isFinite }) {
        return value(entry.name, .parameterGradient(index: index - entry.offset))
      }
    }
    return value("loss", .loss)
  }

  private func value(_ name: String, _ place: NonFiniteValue.Place) -> NonFiniteValue {
    NonFiniteValue(update: update, name: name, place: place)
  }

  private func first(
    _ view: BufferView<Float>, _ time: Int
  ) -> (sequence: Int, unit: Int)? {
    let size = view.count / (pass.seqLen * pass.batchSize)
    let start = time * pass.batchSize * size
    for index in 0..<pass.batchSize * size where !view[start + index].isFinite {
      return (index / size, index % size)
    }
    return nil
  }
}
