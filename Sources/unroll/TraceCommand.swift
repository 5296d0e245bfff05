internal import ArgumentParser
internal import Checkpoints
internal import Debugger
internal import Equations
internal import Glibc
internal import Networks

/// `unroll trace`: every named value of a run as numbers.
struct TraceCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "trace",
    abstract: "Write every value of a run, and every gradient, without a terminal.",
    discussion: """
      One entry per named value: layer0.h, layer1.reverse.f, output, logits, loss; with --backward \
      also grad.NAME, the total derivative of the summed loss, and grad.param.TENSOR for each tensor \
      of the checkpoint. Of a transformer: embeddings, layer0.attention [heads, T, T], layer0.scores, \
      layer0.q, .k, .v, layer0.output, last_hidden_state, pooled, logits. Of an encoder-decoder: \
      encoder.layer0.h, decoder.layer0.h, alignment [T_out, T_in] and context of recurrent ones, \
      decoder.layer0.cross.attention [heads, T_out, T_in] of transformers, output_tokens, logits; \
      without --target it follows the best translation of a beam of four.
      """)

  @OptionGroup var options: ModelOptions
  @OptionGroup(title: "State dicts of attention") var stateDict: StateDictOptions
  @OptionGroup(title: "Encoder-decoders") var target: TargetOptions

  @Flag(help: "Run the backward pass too.") var backward = false

  @Option(help: "next-token (where the model predicts its tokens) or sum-squares.")
  var loss: LossKind?

  @Option(
    name: .customLong("set"),
    help: ArgumentHelp(
      "What if: 't=4: f[3] = 0', 't=4..9: layer1.o = 1'; may be given several times.",
      valueName: "change"))
  var changes: [String] = []

  @Option(help: "json, csv, npz or safetensors (default: by the ending of --out, or json).")
  var format: TraceFormat?

  @Option(help: ArgumentHelp("Where to write; stdout if not given.", valueName: "file"))
  var out: String?

  func validate() throws {
    if out == nil, let format, format == .npz || format == .safetensors, isatty(1) == 1 {
      throw ValidationError("\(format.rawValue) is not for a terminal; give --out FILE")
    }
  }

  func run() throws {
    // Before the run, which may take long.
    let format = try format ?? formatOfName()
    let trace = try translationTrace() ?? transformerTrace() ?? recurrentTrace()
    if let out {
      try TraceFile.write(trace, as: format, to: out)
    } else {
      try TraceFile.write(trace, as: format)
    }
  }

  private func translationTrace() throws -> TraceExport? {
    try TranslateTrace(
      options: options, stateDict: stateDict, target: target, isBackward: backward
    ).export(loss: loss, changes: changes)
  }

  private func transformerTrace() throws -> TraceExport? {
    guard let model = try TransformerCommand.model(options, stateDict: stateDict) else {
      return nil
    }
    guard changes.isEmpty else {
      throw ModelError.request("--set is for recurrent networks; \(model.name) is a transformer")
    }
    let input = try TransformerCommand.input(
      options.text, memory: stateDict.memory, for: model)
    return try TransformerTrace(model: model, input: input, loss: loss, isBackward: backward).export
  }

  private func recurrentTrace() throws -> TraceExport {
    let model = try options.load()
    let input = try options.input(for: model)
    if input.unknownCount > 0 {
      Console.warn(
        "\(input.unknownCount) of \(input.seqLen) tokens are not in the vocabulary")
    }
    return try Trace(
      model: model, input: input, loss: loss, isBackward: backward,
      overrides: try overrides(model, seqLen: input.seqLen)
    ).export
  }

  private func overrides(_ model: Model, seqLen: Int) throws -> [LayerID: [Override]] {
    var overrides: [LayerID: [Override]] = [:]
    for change in changes {
      do throws(CommandError) {
        let (layer, override) = try Intervention.parseTimed(
          change, configuration: model.configuration, seqLen: seqLen)
        overrides[layer, default: []].append(override)
      } catch {
        throw ModelError.request("--set: \(error)")
      }
    }
    return overrides
  }

  /// JSON where the file's name has no ending.
  private func formatOfName() throws -> TraceFormat {
    let name = out?.split(separator: "/").last ?? ""
    let parts = name.drop { $0 == "." }.split(separator: ".", omittingEmptySubsequences: false)
    guard let out, parts.count > 1, let ending = parts.last else { return .json }
    guard let format = TraceFormat(rawValue: String(ending)) else {
      let known = TraceFormat.allCases.map { "." + $0.rawValue }.joined(separator: " ")
      throw ModelError.request("\(out): expected an ending of \(known), or --format")
    }
    return format
  }
}
