internal import Equations

/// The blocks of the layers, as the metadata hold them.
extension TransformerDescription {
  /// One block per layer.
  func readBlocks() throws(FileError) -> [Block] {
    guard case .array(let elements) = try metadata.json(.blocks), !elements.isEmpty else {
      throw metadata.mismatch(.blocks, "an array of blocks", "another value")
    }
    var blocks: [Block] = []
    for (index, element) in elements.enumerated() {
      let fields = try JSONFields(
        file: metadata.file.path, path: "metadata \(metadata.prefix)blocks[\(index)]",
        value: element)
      blocks.append(try fields.block())
      let inputCount = takesContext ? 2 : 1
      if blocks[index].inputs.count != inputCount {
        throw fields.mismatch(
          "equations", expected: takesContext ? "a block of X and E" : "a block of X alone",
          found: "\(blocks[index].inputs.count) \(takesContext ? "input" : "inputs")")
      }
    }
    guard case .array(let layers) = try metadata.json(.layers),
      (1...Self.mostLayers).contains(layers.count)
    else {
      throw metadata.mismatch(
        .layers, "an array of 1 to \(Self.mostLayers) indices", "another value")
    }
    var result: [Block] = []
    for layer in layers {
      guard case .integer(let index) = layer, blocks.indices.contains(index) else {
        throw metadata.mismatch(.layers, "indices from 0 to \(blocks.count - 1)", layer.summary)
      }
      result.append(blocks[index])
    }
    return result
  }
}

extension JSONFields {
  /// The block that an object describes: `{"name", "equations", "activation", "constants"}`.
  func block() throws(FileError) -> Block {
    let name = try required("name", "a string", try text("name"))
    let equations = try required("equations", "a block", try text("equations"))
    var constants: [String: Double] = [:]
    if let given = try fields("constants") {
      for (key, _) in given.object { constants[key] = try given.number(key) }
    }
    let activation = try activation("activation")
    do throws(EquationError) {
      return try Block(
        name: name, text: equations, source: name, activation: activation, constants: constants)
    } catch {
      throw mismatch("equations", expected: "a block", found: error.summary)
    }
  }

  func activation(_ key: String) throws(FileError) -> Function {
    guard let known = try text(key).flatMap({ Function(activation: $0) }) else {
      throw mismatch(
        key, expected: Suggestion.listed(Function.activations.map(\.asciiName)))
    }
    return known
  }
}
