public import Networks
public import Tensors

/// A tensor of a checkpoint and the parameters of the transformer that it holds.
public struct TransformerBinding: Sendable, Equatable {
  /// As in the file.
  public let name: String
  public let shape: [Int]
  public let parts: [ParameterPart]

  /// A tensor that is one parameter, under the transformer's own name.
  init(_ entry: TransformerLayout.Entry) {
    self.init(name: entry.name, shape: entry.shape, parts: [ParameterPart(parameter: entry.name)])
  }

  init(name: String, shape: [Int], parts: [ParameterPart]) {
    self.name = name
    self.shape = shape
    self.parts = parts
  }

  /// Copies the tensor's elements into a transformer.
  ///
  /// - Precondition: there are as many as the shape says.
  func fill(_ transformer: Transformer<Float>, from elements: Span<Float>) {
    for part in parts {
      transformer.set(
        part.parameter, from: elements.extracting(droppingFirst: part.start),
        sourceStride: part.stride, isTransposed: part.isTransposed)
    }
  }

  /// ∂L/∂tensor, row-major in the tensor's shape, from ∂L/∂parameters, laid out as they are.
  public func gradient(
    from gradients: Buffer<Float>, layout: TransformerLayout
  ) -> [Float] {
    var result = [Float](repeating: 0, count: shape.reduce(1, *))
    for part in parts {
      guard let entry = layout[part.parameter] else { continue }
      let rows = entry.shape[0], columns = entry.shape.dropFirst().reduce(1, *)
      let values = gradients.array(entry.range)
      let stride = part.stride ?? (part.isTransposed ? rows : columns)
      for row in 0..<rows {
        for column in 0..<columns {
          let place = part.isTransposed ? column * stride + row : row * stride + column
          result[part.start + place] = values[row * columns + column]
        }
      }
    }
    return result
  }
}
