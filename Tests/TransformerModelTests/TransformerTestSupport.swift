import Checkpoints
import Equations
import Foundation
import Networks
import Tensors
import Testing

/// The tensors of a file, to be renamed, cut or joined.
func tensors(of path: String) throws -> [NamedArray] {
  let file = try SafetensorsFile(path: path)
  return try file.names.map { name in
    NamedArray(name: name, shape: file[name]?.shape ?? [], data: try file.floats(name))
  }
}

extension NamedArray {
  var floats: [Float] {
    switch elements {
    case .float32(let values): values
    case .view(let view): view.array
    default: []
    }
  }

  func renamed(_ name: String) -> NamedArray {
    NamedArray(name: name, shape: shape, data: floats)
  }

  var transposed: NamedArray {
    let (rows, columns) = (shape[0], shape[1])
    let values = floats
    return NamedArray(
      name: name, shape: [columns, rows],
      data: (0..<rows * columns).map { values[$0 % rows * columns + $0 / rows] })
  }
}

/// A tensor of zeros.
func zeros(_ name: String, _ shape: Int...) -> NamedArray {
  NamedArray(name: name, shape: shape, data: [Float](repeating: 0, count: shape.reduce(1, *)))
}

/// A tensor of random numbers.
func random(_ name: String, _ shape: Int..., by generator: inout SeededRandom) -> NamedArray {
  NamedArray(
    name: name, shape: shape,
    data: (0..<shape.reduce(1, *)).map { _ in Float(0.3 * generator.normal()) })
}

func open(
  _ path: String, _ change: (inout TransformerRequest) -> Void = { _ in }
) throws -> TransformerModel {
  var request = TransformerRequest(model: path)
  change(&request)
  return try TransformerLoader.load(request)
}

/// What the error of opening says, which is one line; empty if there is none.
func message(
  _ path: String, _ change: (inout TransformerRequest) -> Void = { _ in }
) -> String {
  var request = TransformerRequest(model: path)
  change(&request)
  do throws(ModelError) {
    _ = try TransformerLoader.load(request)
    return ""
  } catch {
    #expect(!error.description.contains("\n"))
    return error.description
  }
}

/// max|a − b|; infinite where the counts differ or a value is NaN.
func largestDifference(_ a: [Float], _ b: [Float]) -> Float {
  guard a.count == b.count else { return .infinity }
  var worst: Float = 0
  for (x, y) in zip(a, b) {
    let difference = abs(x - y)
    worst = difference.isNaN ? .infinity : max(worst, difference)
  }
  return worst
}

extension TransformerTrace {
  /// The values and gradients by name.
  var byName: [String: NamedArray] {
    Dictionary(arrays.map { ($0.name, $0) }) { first, _ in first }
  }
}
