internal import ArgumentParser
internal import Checkpoints
internal import Learning
internal import Networks

/// What `unroll trace` is told about the sentence that is written.
struct TargetOptions: ParsableArguments {
  @Option(
    parsing: .unconditional,
    help: "What an encoder-decoder should write (default: its own translation).")
  var target: String?

  @Option(
    help: ArgumentHelp(
      "The same for one without words: what the decoder is given, [T] token ids or [T, D] numbers.",
      valueName: "file"))
  var targetInput: String?

  func validate() throws {
    if target != nil, targetInput != nil {
      throw ValidationError("--target and --target-input are both targets; give one of them")
    }
  }

  var given: String? {
    target != nil ? "--target" : targetInput != nil ? "--target-input" : nil
  }
}

/// Runs an encoder-decoder for `unroll trace`.
nonisolated struct TranslateTrace {
  let options: ModelOptions
  let stateDict: StateDictOptions
  let target: TargetOptions
  let isBackward: Bool

  /// - Returns: nil where the model is none with an encoder and a decoder.
  /// - Throws: options that are for others, what is wrong with the model or the sentences.
  func export(loss: LossKind?, changes: [String]) throws -> TraceExport? {
    guard let name = options.model, options.prefix == nil,
      TranslationLoader.isTranslation(name)
    else {
      if let option = target.given {
        throw ModelError.request("\(option) is for encoder-decoders")
      }
      return nil
    }
    let others: [(String, Bool)] = [
      ("--cell", options.cell != nil), ("--weights", options.weights != nil),
      ("--vocab", options.vocab != nil), ("--embedding", options.embedding != nil),
      ("--output", options.output != nil), ("--set", !changes.isEmpty), ("--loss", loss != nil),
      ("--memory", stateDict.memory != nil),
    ]
    if let (option, _) = others.first(where: \.1) {
      throw ModelError.request("\(option) is for other models; \(name) is an encoder-decoder")
    }
    var request = TranslationRequest(model: name)
    request.headCount = stateDict.heads
    request.normFirst = stateDict.normFirst
    request.isCausal = stateDict.causal
    request.activation = options.activation
    switch try TranslationLoader.open(request) {
    case .sentences(let model):
      warn(model.warnings, name)
      return try EncoderDecoderTrace(
        model: model, input: try input(for: model), isBackward: isBackward
      ).export
    case .vectorTransformer(let model):
      warn(model.warnings, name)
      let (source, target) = try vectors(name, model.modelSize, model.modelSize)
      return try VectorTransformerTrace(
        model: model, source: source, target: target, isBackward: isBackward
      ).export
    case .vectorRecurrent(let model):
      warn(model.warnings, name)
      let (source, target) = try vectors(
        name, model.encoder.configuration.input.inputSize,
        model.decoder.configuration.input.inputSize)
      return try VectorRecurrentTrace(
        model: model, source: source, target: target, isBackward: isBackward
      ).export
    }
  }

  private func warn(_ warnings: [String], _ name: String) {
    for warning in warnings { Console.warn("\(name): warning: \(warning)") }
  }

  // MARK: Vectors

  /// What both halves are given, rows of so many numbers.
  private func vectors(
    _ name: String, _ sourceSize: Int, _ targetSize: Int
  ) throws -> (source: [Float], target: [Float]) {
    guard let source = options.text.input, let target = target.targetInput else {
      throw ModelError.request(
        "\(name) takes vectors, [T, \(sourceSize)] and [T, \(targetSize)]; give --input and "
          + "--target-input FILE.npy or FILE.csv")
    }
    return (
      try Self.vectors("--input", source, size: sourceSize),
      try Self.vectors("--target-input", target, size: targetSize)
    )
  }

  private static func vectors(_ option: String, _ path: String, size: Int) throws -> [Float] {
    let file = try InputFile(path: path)
    guard file.shape.count == 2, file.columnCount == size else {
      throw ModelError.request(
        "\(option) \(path): expected [T, \(size)] numbers, found \(file.shape)")
    }
    return file.values
  }

  // MARK: Words

  private func input(for model: TranslationModel) throws -> EncoderDecoderInput {
    guard model.source != nil else { return try input(ids: options.text.input, of: model) }
    let words = try TranslateModel(model)
    let source: (ids: [Int32], tokens: [String])
    if let path = options.text.input {
      let ids = try Self.ids("--input", path)
      source = (
        ids,
        ids.map {
          words.source.tokens.indices.contains(Int($0))
            ? words.source.tokens[Int($0)] : "\($0)"
        }
      )
    } else if let text = try options.text.content() {
      source = try words.read(text)
    } else {
      throw ModelError.request("nothing to run the model on; give --text TEXT or --text-file FILE")
    }
    let written = try target.target.map { try words.write($0, option: "--target") }
    if let path = target.targetInput {
      return Self.input(
        source: source.ids, inputs: try Self.ids("--target-input", path), source.tokens)
    }
    // Ids of a file are looked at before anything is run on them.
    try model.check(
      EncoderDecoderInput(
        source: source.ids, inputs: [SentenceVocabulary.start], targets: [-1], labels: []))
    let targets =
      written.map { $0 + [SentenceVocabulary.end] }
      ?? BeamSearch(
        model: model.model, source: source.ids, start: SentenceVocabulary.start,
        end: SentenceVocabulary.end
      ).bestOutput
    return EncoderDecoderInput(
      source: source.ids, inputs: [SentenceVocabulary.start] + targets.dropLast(),
      targets: targets, labels: source.tokens)
  }

  /// A model that knows no words, and none that begins a sentence.
  private func input(ids path: String?, of model: TranslationModel) throws -> EncoderDecoderInput {
    guard let path, let targetPath = target.targetInput else {
      throw ModelError.request(
        "\(model.name) has no words for its token ids; give those of both sides with --input and "
          + "--target-input FILE.npy or FILE.csv")
    }
    let source = try Self.ids("--input", path)
    return Self.input(
      source: source, inputs: try Self.ids("--target-input", targetPath), source.map(String.init))
  }

  /// Each word that is given is what the step before it should say.
  private static func input(
    source: [Int32], inputs: [Int32], _ labels: [String]
  ) -> EncoderDecoderInput {
    EncoderDecoderInput(
      source: source, inputs: inputs, targets: inputs.dropFirst() + [-1], labels: labels)
  }

  private static func ids(_ option: String, _ path: String) throws -> [Int32] {
    let file = try InputFile(path: path)
    return try file.values.map { value in
      guard file.columnCount == 1, let id = Int32(exactly: value) else {
        throw ModelError.request(
          "\(option) \(path): expected [T] whole numbers, token ids, found \(file.shape)")
      }
      return id
    }
  }
}
