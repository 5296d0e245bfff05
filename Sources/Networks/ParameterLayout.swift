public import Equations
public import Tensors

/// Where each parameter of a network is in one flat buffer.
///
/// Names are as in the cell file, e.g. `layer0.W_f`; `embedding.weight`, `output.weight`, `output.bias`.
public struct ParameterLayout: ParameterPlaces {
  public enum Role: Hashable, Sendable {
    case embedding
    /// Parameter `index` of the cell in a layer.
    case cell(LayerID, index: Int)
    case outputWeight
    case outputBias
  }

  public let table: ParameterTable<Role>

  public init(_ configuration: NetworkConfiguration) {
    var table = ParameterTable<Role>()
    if case .embedding(let vocabulary, let size) = configuration.input {
      table.add("embedding.weight", [vocabulary, size], .embedding)
    }
    for layer in 0..<configuration.numLayers {
      for direction in configuration.directions {
        let id = LayerID(layer: layer, direction: direction)
        for (index, parameter) in configuration.cell.parameters.enumerated() {
          let shape = parameter.shape(
            inputSize: configuration.inputSize(ofLayer: layer),
            hiddenSize: configuration.hiddenSize)
          table.add("\(id.name).\(parameter.name)", shape, .cell(id, index: index))
        }
      }
    }
    if let outputSize = configuration.outputSize {
      table.add("output.weight", [outputSize, configuration.layerOutputSize], .outputWeight)
      if configuration.hasOutputBias { table.add("output.bias", [outputSize], .outputBias) }
    }
    self.table = table
  }

  /// A cell's parameters in a buffer of this layout.
  public func slice<Scalar>(_ id: LayerID, in buffer: Buffer<Scalar>) -> ParameterSlice<Scalar> {
    var offsets: [Int] = []
    for entry in entries {
      if case .cell(id, _) = entry.role { offsets.append(entry.offset) }
    }
    return ParameterSlice(buffer: buffer, offsets: offsets)
  }
}
