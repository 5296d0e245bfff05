internal import Equations
internal import Networks

/// The description as it is written.
extension TransformerDescription {
  static func json(_ configuration: TransformerConfiguration) throws(FileError) -> String {
    try JSONWriter.document { json throws(FileError) in
      try json.beginObject()
      if let size = configuration.vocabularySize { try json.member("vocabulary_size", size) }
      try json.member("model_size", configuration.modelSize)
      try json.member("heads", configuration.headCount)
      try json.member("feed_forward_size", configuration.feedForwardSize)
      switch configuration.positions {
      case .none: try json.member("positions", "none")
      case .sinusoidal: try json.member("positions", "sinusoidal")
      case .learned(let count):
        try json.member("positions", "learned")
        try json.member("position_count", count)
      }
      try json.member("token_types", configuration.tokenTypeCount)
      try json.member("scales_embedding", configuration.scalesEmbedding)
      try json.member("normalizes_embedding", configuration.normalizesEmbedding)
      try json.member("normalizes_output", configuration.normalizesOutput)
      try json.member("causal", configuration.isCausal)
      switch configuration.head {
      case .none: try json.member("head", "none")
      case .tied(let hasBias):
        try json.member("head", "tied")
        try json.member("head_bias", hasBias)
      case .linear(let hasBias):
        try json.member("head", "linear")
        try json.member("head_bias", hasBias)
      case .maskedLM(let activation):
        try json.member("head", "masked-lm")
        try json.member("head_activation", activation.asciiName)
      }
      try json.member("norm_epsilon", configuration.normEpsilon)
      try json.member("dropout", configuration.dropout)
      try json.endObject()
    }
  }

  /// The different blocks, and for each layer the index of its own.
  static func blocks(
    _ configuration: TransformerConfiguration
  ) throws(FileError) -> (blocks: String, layers: String) {
    var different: [Block] = []
    var layers: [Int] = []
    for block in configuration.blocks {
      let index = different.firstIndex {
        $0.name == block.name && $0.text == block.text && $0.activation == block.activation
          && $0.constants.elementsEqual(block.constants) { $0 == $1 }
      }
      layers.append(index ?? different.count)
      if index == nil { different.append(block) }
    }
    let text = try JSONWriter.document { json throws(FileError) in
      try json.beginArray()
      for block in different { try json.value(block) }
      try json.endArray()
    }
    return (text, try JSONWriter.document { json throws(FileError) in try json.value(layers) })
  }
}

extension JSONWriter {
  /// A block as an object, which `JSONFields.block` reads.
  mutating func value(_ block: Block) throws(FileError) {
    try beginObject()
    try member("name", block.name)
    try member("equations", block.text)
    try member("activation", block.activation.asciiName)
    try key("constants")
    try beginObject()
    for (name, value) in block.constants { try member(name.text, value) }
    try endObject()
    try endObject()
  }
}
