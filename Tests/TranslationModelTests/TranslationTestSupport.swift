import Checkpoints
import Equations
import Learning
import Networks
import Tensors
import TestSupport
import Testing

/// Small models that are not trained, with words.
enum Sample: String, CaseIterable {
  /// LSTMs that read both ways, two layers, additive attention.
  case additive
  /// A cell and an attention of a user's own.
  case own
  case none
  case transformer

  static let english = TranslationWords(
    language: "english",
    tokens: SentenceVocabulary.specialTokens + ["a", "big", "cat", "dog", "red", "the"])
  static let french = TranslationWords(
    language: "french",
    tokens: SentenceVocabulary.specialTokens + ["chat", "chien", "gros", "l'", "le", "rouge", "un"])

  func configuration() throws -> EncoderDecoderConfiguration {
    let sizes = EncoderDecoderSizes(source: 10, target: 11, embedding: 3, hidden: 4, attention: 5)
    switch self {
    case .additive:
      return try sizes.recurrent("lstm", "additive", layers: 2, isBidirectional: true)
    case .own:
      return sizes.recurrent(
        try Cell(name: "mine", text: "state h\nh = φ(W·x + U·h')", activation: .relu),
        try Block(
          name: "scaled",
          text: """
            input E
            const s = 0.5
            S = X·Eᵀ * s + M
            A = softmax(S)
            C = A·E
            Y = φ(C·W_c + X)
            """, activation: .elu, constants: ["s": 0.25]))
    case .none: return try sizes.recurrent("gru")
    case .transformer:
      return try sizes.transformer(
        positions: .learned(count: 8), head: .linear(hasBias: true), modelSize: 4,
        feedForwardSize: 5
      ) {
        $0.scalesEmbedding = true
        $0.dropout = 0.1
      }
    }
  }

  func network<Scalar: TensorScalar>(_ type: Scalar.Type = Float.self) throws
    -> EncoderDecoder<Scalar>
  {
    .sample(try configuration(), seed: 3, deviation: 1)
  }

  /// Writes a model to a folder.
  func file(in folder: TemporaryFolder, metadata: [String: String] = [:]) throws -> String {
    let path = folder.file("\(rawValue).safetensors")
    try EncoderDecoderFile.save(
      try network(), source: Self.english, target: Self.french, metadata: metadata, to: path)
    return path
  }
}

func open(
  _ path: String, _ change: (inout TranslationRequest) -> Void = { _ in }
) throws(ModelError) -> TranslationModel {
  var request = TranslationRequest(model: path)
  change(&request)
  return try TranslationLoader.load(request)
}

/// What the error of opening says, which is one line; empty if there is none.
func message(
  _ path: String, _ change: (inout TranslationRequest) -> Void = { _ in }
) -> String {
  let message = errorMessage { () throws(ModelError) in try open(path, change) }
  #expect(!message.contains("\n"))
  return message
}
