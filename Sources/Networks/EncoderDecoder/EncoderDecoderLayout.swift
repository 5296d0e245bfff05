internal import Equations
internal import Tensors

/// Where each parameter of an encoder-decoder is in one flat buffer: the encoder's, the decoder's, then
/// those between.
///
/// Names are those of the parts, e.g. `encoder.layer0.W_f`, `decoder.layer1.W_QE`; of a recurrent model
/// also `attention.W_s`, `output.weight`, `output.bias`.
public struct EncoderDecoderLayout: ParameterPlaces {
  public enum Role: Hashable, Sendable {
    /// Of a part, by the name that it has there.
    case encoder(String)
    case decoder(String)
    case attention(index: Int, isGain: Bool)
    /// `[V, H]` and `[V]`; a transformer's are among the decoder's.
    case outputWeight, outputBias
  }

  public let table: ParameterTable<Role>
  /// The parts' own buffers within the whole.
  let encoder: Range<Int>
  let decoder: Range<Int>

  public init(_ configuration: EncoderDecoderConfiguration) {
    var table = ParameterTable<Role>()
    switch configuration {
    case .recurrent(let recurrent):
      encoder = Self.add(ParameterLayout(recurrent.encoder), "encoder", to: &table) { .encoder($0) }
      decoder = Self.add(ParameterLayout(recurrent.decoder), "decoder", to: &table) { .decoder($0) }
      if let attention = recurrent.attention {
        let gains = attention.gains
        for (index, parameter) in attention.parameters.enumerated() {
          table.add(
            "attention.\(parameter.name)", parameter.shape(recurrent.attentionSizes),
            .attention(index: index, isGain: gains.contains(parameter.name)))
        }
      }
      table.add(
        "output.weight", [recurrent.targetVocabularySize, recurrent.hiddenSize], .outputWeight)
      table.add("output.bias", [recurrent.targetVocabularySize], .outputBias)
    case .transformer(let encoder, let decoder):
      self.encoder = Self.add(TransformerLayout(encoder), "encoder", to: &table) { .encoder($0) }
      self.decoder = Self.add(TransformerLayout(decoder), "decoder", to: &table) { .decoder($0) }
    }
    self.table = table
  }

  /// Appends the parameters of a part as they lie in its own buffer.
  ///
  /// - Returns: where that buffer is in the whole.
  private static func add<Part: ParameterPlaces>(
    _ part: Part, _ prefix: String, to table: inout ParameterTable<Role>,
    role: (String) -> Role
  ) -> Range<Int> {
    let start = table.count
    for entry in part.entries {
      table.add("\(prefix).\(entry.name)", entry.shape, role(entry.name))
    }
    precondition(table.count - start == part.count, "a part that is laid out otherwise")
    return start..<table.count
  }

  /// The offsets of the attention block's parameters.
  var attentionOffsets: [Int] {
    entries.compactMap { if case .attention = $0.role { $0.offset } else { nil } }
  }
}
