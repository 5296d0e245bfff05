import Checkpoints
import Equations
import Foundation
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
    func recurrent(
      _ cell: Cell, _ attention: Block?, layers: Int = 1, bidirectional: Bool = false
    ) -> EncoderDecoderConfiguration {
      .recurrent(
        RecurrentEncoderDecoderConfiguration(
          cell: cell, sourceVocabularySize: 10, targetVocabularySize: 11, embeddingSize: 3,
          hiddenSize: 4, numLayers: layers, isBidirectional: bidirectional, attention: attention,
          attentionSize: 5))
    }
    switch self {
    case .additive:
      return recurrent(
        try #require(try Cell.shipped("lstm")), try Block.shipped("additive"),
        layers: 2, bidirectional: true)
    case .own:
      return recurrent(
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
    case .none: return recurrent(try #require(try Cell.shipped("gru")), nil)
    case .transformer:
      func part(_ size: Int, _ block: String) throws -> TransformerConfiguration {
        TransformerConfiguration(
          input: .tokens(vocabularySize: size), modelSize: 4, headCount: 2, feedForwardSize: 5,
          blocks: Array(repeating: try #require(try Block.shipped(block)), count: 2),
          positions: .learned(count: 8), scalesEmbedding: true, normalizesOutput: true,
          dropout: 0.1)
      }
      var decoder = try part(11, "decoder-pre")
      decoder.isCausal = true
      decoder.head = .linear(hasBias: true)
      return .transformer(encoder: try part(10, "encoder-pre"), decoder: decoder)
    }
  }

  func network<Scalar: TensorScalar>(_ type: Scalar.Type = Float.self) throws
    -> EncoderDecoder<Scalar>
  {
    let model = EncoderDecoder<Scalar>(try configuration())
    var random = SeededRandom(seed: 3)
    for entry in model.layout.entries {
      for index in entry.range {
        model.parameters[index] = Scalar((entry.name.contains("γ") ? 1 : 0) + random.normal())
      }
    }
    return model
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
) throws -> TranslationModel {
  var request = TranslationRequest(model: path)
  change(&request)
  return try TranslationLoader.load(request)
}

/// What the error of opening says, which is one line; empty if there is none.
func message(
  _ path: String, _ change: (inout TranslationRequest) -> Void = { _ in }
) -> String {
  var request = TranslationRequest(model: path)
  change(&request)
  do throws(ModelError) {
    _ = try TranslationLoader.load(request)
    return ""
  } catch {
    #expect(!error.description.contains("\n"))
    return error.description
  }
}

/// The tensors of a file, to be renamed, cut or joined.
func tensors(of path: String) throws -> [NamedArray] {
  let file = try SafetensorsFile(path: path)
  return try file.names.map { name in
    NamedArray(name: name, shape: file[name]?.shape ?? [], data: try file.floats(name))
  }
}

extension NamedArray {
  var floats: [Float] {
    switch elements {
    case .float32(let values): values
    case .view(let view): view.array
    case .int64(let values): values.map { Float($0) }
    default: []
    }
  }

  func renamed(_ name: String) -> NamedArray {
    NamedArray(name: name, shape: shape, data: floats)
  }
}

/// A tensor of zeros.
func zeros(_ name: String, _ shape: Int...) -> NamedArray {
  NamedArray(name: name, shape: shape, data: [Float](repeating: 0, count: shape.reduce(1, *)))
}

/// max|a − b|; infinite where the counts differ or a value is NaN.
func largestDifference(_ a: [Float], _ b: [Float]) -> Float {
  guard a.count == b.count else { return .infinity }
  var worst: Float = 0
  for (x, y) in zip(a, b) where x != y {
    let difference = abs(x - y)
    worst = difference.isNaN ? .infinity : max(worst, difference)
  }
  return worst
}

/// The built program, which stands beside the test bundle.
enum TranslateProgram {
  struct Result {
    let status: Int32
    let out: String
    let err: String
  }

  static func run(_ arguments: String...) throws -> Result {
    let process = Process()
    process.executableURL = URL(filePath: CommandLine.arguments[0]).resolvingSymlinksInPath()
      .deletingLastPathComponent().appending(path: "unroll")
    process.arguments = arguments
    process.environment = ["HOME": "/nonexistent", "PATH": "/usr/bin:/bin"]
    // Files, not pipes: two full pipes would wait for each other.
    let folder = try TemporaryFolder()
    let out = try folder.create("out"), err = try folder.create("err")
    process.standardInput = FileHandle.nullDevice
    process.standardOutput = out
    process.standardError = err
    try process.run()
    process.waitUntilExit()
    return Result(
      status: process.terminationStatus, out: try folder.text("out"), err: try folder.text("err"))
  }
}
