public import Checkpoints
internal import Equations
internal import Tensors

/// The tensors of a file, to be renamed, cut or joined.
public func tensors(of path: String) throws -> [NamedArray] {
  let file = try SafetensorsFile(path: path)
  return try file.names.map { name in
    NamedArray(name: name, shape: file[name]?.shape ?? [], data: try file.floats(name))
  }
}

extension NamedArray {
  /// Its numbers, if they are floats or whole numbers.
  public var floats: [Float] {
    switch elements {
    case .float32(let values): values
    case .view(let view): view.array
    case .int64(let values): values.map { Float($0) }
    default: []
    }
  }

  public func renamed(_ name: String) -> NamedArray {
    NamedArray(name: name, shape: shape, data: floats)
  }
}

extension Sequence<NamedArray> {
  /// - Precondition: each name is there once.
  public var byName: [String: NamedArray] {
    Dictionary(uniqueKeysWithValues: map { ($0.name, $0) })
  }
}

/// A tensor of zeros.
public func zeros(_ name: String, _ shape: Int...) -> NamedArray {
  NamedArray(name: name, shape: shape, data: [Float](repeating: 0, count: shape.reduce(1, *)))
}

/// max|a − b|; infinite where the counts differ or a difference is NaN.
public func largestDifference(_ a: [Float], _ b: [Float]) -> Float {
  guard a.count == b.count else { return .infinity }
  var worst: Float = 0
  for (x, y) in zip(a, b) {
    let difference = abs(x - y)
    worst = difference.isNaN ? .infinity : max(worst, difference)
  }
  return worst
}

/// max|a − b| / max|b|.
public func relativeError(_ a: [Float], _ b: [Float]) -> Float {
  let largest = b.map { abs($0) }.max() ?? 0
  return largestDifference(a, b) / (largest == 0 ? 1 : largest)
}
