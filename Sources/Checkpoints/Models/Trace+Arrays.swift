internal import Equations
internal import Networks
internal import Tensors

extension Trace {
  /// Every named value, and every gradient after a backward pass, each `[T, n]`.
  ///
  /// In order: what the network is given (`input` or `embeddings`; nothing for one-hot tokens),
  /// each layer's values by equation, `output`, `logits`, `loss`; then their gradients and those of
  /// the checkpoint's own tensors, `grad.param.NAME`.
  public var arrays: [NamedArray] { values + (run.parameterGradients.map(gradients) ?? []) }

  private var configuration: NetworkConfiguration { model.configuration }

  private var pass: NetworkPass<Float> { run.pass }

  private func rows(_ name: String, _ elements: BufferView<Float>) -> NamedArray {
    NamedArray(name: name, shape: [input.seqLen, elements.count / input.seqLen], data: elements)
  }

  /// The name of what the first layer is given.
  private var inputName: String? {
    switch configuration.input {
    case .vectors: "input"
    case .embedding: "embeddings"
    case .oneHot: nil
    }
  }

  private var layerIDs: [LayerID] {
    (0..<configuration.numLayers).flatMap { layer in
      configuration.directions.map { LayerID(layer: layer, direction: $0) }
    }
  }

  private var values: [NamedArray] {
    var arrays: [NamedArray] = []
    if let inputName { arrays.append(rows(inputName, BufferView(pass.input))) }
    for id in layerIDs {
      for (index, equation) in model.cell.equations.enumerated() {
        arrays.append(rows("\(id.name).\(equation.name)", pass[id].values(of: index)))
      }
    }
    arrays.append(rows("output", pass.output))
    if let head = pass.head { arrays.append(rows("logits", BufferView(head.logits))) }
    arrays.append(
      NamedArray(name: "loss", shape: [losses.count], data: losses.map { Float($0) }))
    return arrays
  }

  private func gradients(_ parameters: Buffer<Float>) -> [NamedArray] {
    var arrays: [NamedArray] = []
    if let inputName, let gradient = pass.inputGradient {
      arrays.append(rows("grad.\(inputName)", BufferView(gradient)))
    }
    for id in layerIDs {
      for (index, equation) in model.cell.equations.enumerated() {
        guard let gradient = pass[id].gradients(of: index) else { continue }
        arrays.append(rows("grad.\(id.name).\(equation.name)", gradient))
      }
    }
    arrays.append(rows("grad.output", outputGradient))
    if pass.head != nil { arrays.append(rows("grad.logits", logitGradient)) }
    for binding in model.bindings {
      arrays.append(
        NamedArray(
          name: "grad.param.\(binding.name)", shape: binding.shape,
          data: binding.gradient(from: parameters)))
    }
    return arrays
  }

  /// Zero where the loss does not look at the logits.
  private var logitGradient: BufferView<Float> {
    guard let head = pass.head else { preconditionFailure("a network without logits") }
    if lossKind != .sumOfSquares, let gradient = head.logitGradients { return BufferView(gradient) }
    return BufferView(Buffer(count: head.logits.count))
  }

  /// The gradient of the last layer's state, the directions side by side.
  private var outputGradient: BufferView<Float> {
    let top = pass.layers[pass.layers.count - 1]
    let parts = top.compactMap { $0.gradients(of: $0.plan.cell.outputEquation) }
    if parts.count == 1 { return parts[0] }
    let size = configuration.hiddenSize
    let joined = Buffer<Float>(count: input.seqLen * size * parts.count)
    for time in 0..<input.seqLen {
      for (index, part) in parts.enumerated() {
        let row = part.buffer.array(
          part.offset + time * size..<part.offset + (time + 1) * size)
        joined.copy(from: row, at: (time * parts.count + index) * size)
      }
    }
    return BufferView(joined)
  }

  /// Everything, ready for a file.
  public var export: TraceExport {
    TraceExport(
      model: model.name, tokens: input.labels, metadata: [("loss_kind", lossKind.rawValue)],
      values: arrays)
  }
}
