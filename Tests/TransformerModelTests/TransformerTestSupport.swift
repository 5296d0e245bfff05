import Checkpoints
import Tensors
import TestSupport
import Testing

extension NamedArray {
  var transposed: NamedArray {
    let (rows, columns) = (shape[0], shape[1])
    let values = floats
    return NamedArray(
      name: name, shape: [columns, rows],
      data: (0..<rows * columns).map { values[$0 % rows * columns + $0 / rows] })
  }
}

/// A tensor of random numbers.
func random(_ name: String, _ shape: Int..., by generator: inout SeededRandom) -> NamedArray {
  NamedArray(
    name: name, shape: shape,
    data: (0..<shape.reduce(1, *)).map { _ in Float(0.3 * generator.normal()) })
}

func open(
  _ path: String, _ change: (inout TransformerRequest) -> Void = { _ in }
) throws(ModelError) -> TransformerModel {
  var request = TransformerRequest(model: path)
  change(&request)
  return try TransformerLoader.load(request)
}

/// What the error of opening says, which is one line; empty if there is none.
func message(
  _ path: String, _ change: (inout TransformerRequest) -> Void = { _ in }
) -> String {
  let message = errorMessage { () throws(ModelError) in try open(path, change) }
  #expect(!message.contains("\n"))
  return message
}
