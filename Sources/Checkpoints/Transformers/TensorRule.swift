internal import Networks

/// What a tensor of a checkpoint is in a transformer of ours.
struct TensorRule {
  /// Its name after the checkpoint's prefix, and others that older checkpoints have.
  let names: [String]
  /// The parameters that it holds, side by side; usually one.
  let parameters: [String]
  /// Whether its matrices are `[out, in]`, as torch.nn.Linear has them.
  let isTransposed: Bool
  /// Whether a checkpoint may lack it.
  let isOptional: Bool
  /// Whether the checkpoint's prefix stands in front.
  let hasPrefix: Bool

  init(
    _ names: [String], _ parameters: [String], isTransposed: Bool = false,
    isOptional: Bool = false, hasPrefix: Bool = true
  ) {
    self.names = names
    self.parameters = parameters
    self.isTransposed = isTransposed
    self.isOptional = isOptional
    self.hasPrefix = hasPrefix
  }

  /// Weight and bias of a torch.nn.Linear.
  static func linear(
    _ module: String, _ weight: String, _ bias: String, hasPrefix: Bool = true
  ) -> [TensorRule] {
    [
      TensorRule(["\(module).weight"], [weight], isTransposed: true, hasPrefix: hasPrefix),
      TensorRule(["\(module).bias"], [bias], hasPrefix: hasPrefix),
    ]
  }

  /// Gain and shift of a layer norm; TensorFlow's checkpoints call them gamma and beta.
  static func norm(
    _ module: String, _ gain: String, _ shift: String, hasPrefix: Bool = true
  ) -> [TensorRule] {
    [
      TensorRule(["\(module).weight", "\(module).gamma"], [gain], hasPrefix: hasPrefix),
      TensorRule(["\(module).bias", "\(module).beta"], [shift], hasPrefix: hasPrefix),
    ]
  }

  /// The rule for a tensor that a transformer with this layout has.
  ///
  /// - Precondition: the layout has the parameters.
  func binding(name: String, layout: TransformerLayout) -> TransformerBinding {
    let entries = parameters.map { parameter in
      guard let entry = layout[parameter] else { preconditionFailure("no parameter \(parameter)") }
      return entry
    }
    let first = entries[0].shape
    if first.count == 1 {
      return TransformerBinding(
        name: name, shape: [first[0] * entries.count],
        parts: entries.enumerated().map { index, entry in
          .init(parameter: entry.name, start: index * first[0])
        })
    }
    let (rows, columns) = (first[0], first[1])
    if isTransposed {
      return TransformerBinding(
        name: name, shape: [columns * entries.count, rows],
        parts: entries.enumerated().map { index, entry in
          .init(parameter: entry.name, start: index * columns * rows, isTransposed: true)
        })
    }
    return TransformerBinding(
      name: name, shape: [rows, columns * entries.count],
      parts: entries.enumerated().map { index, entry in
        .init(
          parameter: entry.name, start: index * columns,
          stride: entries.count > 1 ? columns * entries.count : nil)
      })
  }
}
