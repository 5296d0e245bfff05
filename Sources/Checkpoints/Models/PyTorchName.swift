internal import Networks

/// A tensor name of a recurrent layer, taken apart: `PREFIXweight_ih_l0_reverse`.
struct PyTorchName: Hashable {
  /// Everything in front, e.g. "encoder.lstm."; often empty.
  let prefix: String
  /// Nil for the projection of an LSTM with `proj_size`.
  let kind: PyTorchLayout.Kind?
  let id: LayerID

  /// Nil where the name is no such name.
  init?(_ name: String) {
    var rest = name[...]
    var direction = Direction.forward
    if rest.hasSuffix("_reverse") {
      rest = rest.dropLast("_reverse".count)
      direction = .reverse
    }
    let digits = rest.reversed().prefix { $0.isASCII && $0.isNumber }.count
    guard (1...4).contains(digits), let layer = Int(rest.suffix(digits)) else { return nil }
    // "l01" is not how PyTorch writes 1.
    guard String(layer).count == digits else { return nil }
    rest = rest.dropLast(digits)
    guard rest.hasSuffix("_l") else { return nil }
    rest = rest.dropLast(2)
    let kinds: [(String, PyTorchLayout.Kind?)] =
      PyTorchLayout.Kind.allCases.map { ($0.rawValue, $0) } + [("weight_hr", nil)]
    guard let (text, kind) = kinds.first(where: { rest.hasSuffix($0.0) }) else { return nil }
    prefix = String(rest.dropLast(text.count))
    self.kind = kind
    id = LayerID(layer: layer, direction: direction)
  }

  /// The name of a tensor.
  static func name(prefix: String, _ kind: PyTorchLayout.Kind, _ id: LayerID) -> String {
    "\(prefix)\(kind.rawValue)_l\(id.layer)\(id.direction == .reverse ? "_reverse" : "")"
  }
}
