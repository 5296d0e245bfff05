public import Networks
public import Tensors

/// A tensor of a checkpoint and the parameters of an encoder-decoder that it stands for.
///
/// Parameters are the sum of the tensors that name them: a cell's bias is the sum of PyTorch's two. A
/// tensor may name several, side by side (stacked gates) or the same elements twice (a tied table).
public struct EncoderDecoderBinding: Sendable, Equatable {
  /// As in the file.
  public let name: String
  public let shape: [Int]
  public let parts: [ParameterPart]

  init(name: String, shape: [Int], parts: [ParameterPart]) {
    self.name = name
    self.shape = shape
    self.parts = parts
  }

  /// A tensor that is one parameter, under the model's own name.
  init(_ entry: EncoderDecoderLayout.Entry) {
    self.init(name: entry.name, shape: entry.shape, parts: [ParameterPart(parameter: entry.name)])
  }

  /// Calls `body` with each place of the tensor and the place among the parameters that it stands for.
  private func eachElement(
    _ layout: EncoderDecoderLayout, _ body: (_ place: Int, _ parameter: Int) -> Void
  ) {
    for part in parts {
      guard let entry = layout[part.parameter] else {
        preconditionFailure("no parameter \(part.parameter)")
      }
      guard part.isTransposed else {
        for index in 0..<entry.count { body(part.start + index, entry.offset + index) }
        continue
      }
      let rows = entry.shape[0], columns = entry.shape[1]
      let stride = part.stride ?? rows
      for row in 0..<rows {
        for column in 0..<columns {
          body(part.start + column * stride + row, entry.offset + row * columns + column)
        }
      }
    }
  }

  /// Adds the tensor's elements to a model's parameters, which are zeros in a new one.
  ///
  /// - Precondition: there are as many as the shape says.
  func add(_ elements: [Float], to model: EncoderDecoder<Float>) {
    precondition(elements.count == shape.reduce(1, *), "\(elements.count) elements for \(shape)")
    let parameters = model.parameters
    eachElement(model.layout) { place, parameter in parameters[parameter] += elements[place] }
  }

  /// ∂L/∂tensor, row-major in the tensor's shape, from ∂L/∂parameters, laid out as they are.
  public func gradient(
    from gradients: Buffer<Float>, layout: EncoderDecoderLayout
  ) -> [Float] {
    var result = [Float](repeating: 0, count: shape.reduce(1, *))
    eachElement(layout) { place, parameter in result[place] += gradients[parameter] }
    return result
  }
}
