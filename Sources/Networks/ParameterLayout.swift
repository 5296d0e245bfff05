public import Equations
public import Tensors

/// Where each parameter of a network is in one flat buffer.
public struct ParameterLayout: Sendable {
  public enum Role: Hashable, Sendable {
    case embedding
    /// Parameter `index` of the cell in a layer.
    case cell(LayerID, index: Int)
    case outputWeight
    case outputBias
  }

  public struct Entry: Sendable {
    /// As in the cell file, e.g. `layer0.W_f`; `embedding.weight`, `output.weight`, `output.bias`.
    public let name: String
    public let shape: [Int]
    public let offset: Int
    public let role: Role

    public var count: Int { shape.reduce(1, *) }
    public var range: Range<Int> { offset..<offset + count }
  }

  public let entries: [Entry]
  public let count: Int

  public init(_ configuration: NetworkConfiguration) {
    var entries: [Entry] = []
    var offset = 0
    func add(_ name: String, _ shape: [Int], _ role: Role) {
      entries.append(Entry(name: name, shape: shape, offset: offset, role: role))
      // Each parameter starts on a cache line.
      offset += (shape.reduce(1, *) + 15) & ~15
    }
    if case .embedding(let vocabulary, let size) = configuration.input {
      add("embedding.weight", [vocabulary, size], .embedding)
    }
    for layer in 0..<configuration.numLayers {
      for direction in configuration.directions {
        let id = LayerID(layer: layer, direction: direction)
        for (index, parameter) in configuration.cell.parameters.enumerated() {
          let shape = parameter.shape(
            inputSize: configuration.inputSize(ofLayer: layer),
            hiddenSize: configuration.hiddenSize)
          add("\(id.name).\(parameter.name)", shape, .cell(id, index: index))
        }
      }
    }
    if let outputSize = configuration.outputSize {
      add("output.weight", [outputSize, configuration.layerOutputSize], .outputWeight)
      if configuration.hasOutputBias { add("output.bias", [outputSize], .outputBias) }
    }
    self.entries = entries
    self.count = offset
  }

  public subscript(role: Role) -> Entry? { entries.first { $0.role == role } }

  public subscript(name: String) -> Entry? {
    let wanted = Identifier(name)
    return entries.first { Identifier($0.name) == wanted }
  }

  /// The number of trained numbers, without the gaps between parameters.
  public var parameterCount: Int { entries.reduce(0) { $0 + $1.count } }

  /// A cell's parameters in a buffer of this layout.
  public func slice<Scalar>(_ id: LayerID, in buffer: Buffer<Scalar>) -> ParameterSlice<Scalar> {
    var offsets: [Int] = []
    for entry in entries {
      if case .cell(id, _) = entry.role { offsets.append(entry.offset) }
    }
    return ParameterSlice(buffer: buffer, offsets: offsets)
  }
}
