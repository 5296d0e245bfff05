internal import ArgumentParser
internal import Checkpoints
internal import Equations

/// What a PyTorch state dict of attention does not say of itself.
struct StateDictOptions: ParsableArguments {
  @Option(help: "Number of heads, which a state dict does not say.") var heads: Int?

  @Flag(
    inversion: .prefixedNo,
    help: "Layers normalise before attention and the feed-forward net, not after.")
  var normFirst: Bool?

  @Flag(help: "A token sees no later one of its own sequence; for most decoders.")
  var causal = false

  @Option(
    help: ArgumentHelp(
      "What an nn.TransformerDecoder attends to besides its input: rows of an encoder [T_E, D] in a "
        + ".npy or .csv file.", valueName: "file"))
  var memory: String?

  func validate() throws {
    if let heads, !(1...1 << 12).contains(heads) {
      throw ValidationError("--heads: expected a number from 1 to 4096, found \(heads)")
    }
  }

  /// The options that were given, as the command line spells them.
  var given: [String] {
    let all: [(String, Bool)] = [
      ("--heads", heads != nil), ("--norm-first", normFirst != nil), ("--causal", causal),
      ("--memory", memory != nil),
    ]
    return all.filter(\.1).map(\.0)
  }
}

/// Opens the transformers among the models that commands are given.
nonisolated enum TransformerCommand {
  /// - Returns: nil where the model is no transformer.
  /// - Throws: options that are for other networks, or what is wrong with the model.
  static func model(
    _ options: ModelOptions, stateDict: StateDictOptions
  ) throws -> TransformerModel? {
    guard let name = options.model, TransformerLoader.isTransformer(name) else {
      if let option = stateDict.given.first {
        throw ModelError.request("\(option) is for state dicts of attention")
      }
      return nil
    }
    let others: [(String, Bool)] = [
      ("--cell", options.cell != nil), ("--weights", options.weights != nil),
      ("--vocab", options.vocab != nil), ("--embedding", options.embedding != nil),
      ("--output", options.output != nil),
    ]
    if let (option, _) = others.first(where: \.1) {
      throw ModelError.request("\(option) is for recurrent networks; \(name) is a transformer")
    }
    return try load(
      name, stateDict: stateDict, activation: options.activation, prefix: options.prefix)
  }

  static func load(
    _ name: String, stateDict: StateDictOptions, activation: Function?, prefix: String?
  ) throws -> TransformerModel {
    var request = TransformerRequest(model: name)
    request.headCount = stateDict.heads
    request.normFirst = stateDict.normFirst
    request.isCausal = stateDict.causal
    request.activation = activation
    request.prefix = prefix
    let model = try TransformerLoader.load(request)
    for warning in model.warnings { Console.warn("\(model.name): warning: \(warning)") }
    return model
  }

  /// What the model is run on: `--text`, `--text-file`, `--input`, or `defaultText`; and what a
  /// decoder attends to besides, `--memory`.
  static func input(
    _ options: InputOptions, memory: String? = nil, for model: TransformerModel,
    defaultText: String? = nil
  ) throws -> TransformerInput {
    let memory = try memory.map { try model.memory(file: $0) }
    let input: TransformerInput
    if let path = options.input {
      input = try model.input(file: path, memory: memory)
    } else if let text = try options.rawContent() ?? defaultText {
      input = try model.input(text: text)
      if let notice = model.tokenizer?.unknownNotice(input.tokens, of: text) {
        Console.warn(notice)
      }
    } else {
      let option =
        model.tokenizer == nil ? "--input FILE.npy or FILE.csv" : "--text TEXT or --text-file FILE"
      throw ModelError.request("nothing to run the model on; give \(option)")
    }
    if input.cutCount > 0 {
      Console.warn(
        "\(input.cutCount) tokens were cut off: \(model.name) takes at most \(input.seqLen)")
    }
    return input
  }
}
