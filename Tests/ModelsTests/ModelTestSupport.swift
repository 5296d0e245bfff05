import Checkpoints
import TestSupport

extension NamedArray {
  /// Some rows of a matrix, or some elements of a vector.
  func rows(_ range: Range<Int>, named name: String) -> NamedArray {
    let width = shape.dropFirst().reduce(1, *)
    return NamedArray(
      name: name, shape: [range.count] + shape.dropFirst(),
      data: Array(floats[range.lowerBound * width..<range.upperBound * width]))
  }
}

/// The recurrent tensors of an LSTM with H = 3 and I = 2, all zero.
func smallLSTM(_ prefix: String = "") -> [NamedArray] {
  [
    zeros(prefix + "weight_ih_l0", 12, 2), zeros(prefix + "weight_hh_l0", 12, 3),
    zeros(prefix + "bias_ih_l0", 12), zeros(prefix + "bias_hh_l0", 12),
  ]
}

func load(
  _ path: String?, _ change: (inout ModelRequest) -> Void = { _ in }
) throws(ModelError) -> Model {
  var request = ModelRequest()
  request.model = path
  change(&request)
  return try ModelLoader.load(request)
}

/// What the error of loading says; empty if there is none.
func message(_ path: String?, _ change: (inout ModelRequest) -> Void = { _ in }) -> String {
  errorMessage { () throws(ModelError) in try load(path, change) }
}
