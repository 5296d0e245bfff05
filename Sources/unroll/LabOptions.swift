public import ArgumentParser
internal import Checkpoints
internal import Equations
public import Learning

extension TaskKind: ExpressibleByArgument {}
extension RecallTask.Distractors: ExpressibleByArgument {}

/// The task that a lab's nets learn.
struct LabTaskOptions: ParsableArguments {
  @Option(help: "recall, adding, copy, parity, sine or text. (default: recall)")
  var task: TaskKind?

  @Option(help: ArgumentHelp("The text to learn, with --task text.", valueName: "file"))
  var text: String?

  @Option(help: "Of recall: random, or blanks. (default: random)")
  var distractors: RecallTask.Distractors?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("Of recall: how many symbols there are. (default: 4)", valueName: "n"))
  var symbols: Int?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("Steps of a sequence. (default: 60)", valueName: "n"))
  var seqLen: Int?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("Seed of weights and data. (default: 1)", valueName: "n"))
  var seed: UInt64?

  func validate() throws {
    let kind = task ?? (text == nil ? .recall : .text)
    if kind == .text, text == nil {
      throw ValidationError("--task text: give the text to learn with --text FILE")
    }
    if kind != .text, text != nil {
      throw ValidationError("--text is for --task text, found --task \(kind.rawValue)")
    }
    if kind != .recall, distractors != nil || symbols != nil {
      throw ValidationError("--distractors and --symbols are for --task recall")
    }
  }

  /// Puts what was given into the settings.
  ///
  /// - Throws: a text that cannot be read or learnt.
  func apply(to settings: inout LabSettings) throws {
    settings.task.kind = task ?? (text == nil ? .recall : .text)
    if let distractors { settings.task.distractors = distractors }
    if let symbols { settings.task.symbolCount = symbols }
    if let seqLen { settings.seqLen = seqLen }
    if let seed { settings.seed = seed }
    if let text {
      let content = try TrainTextSource(path: text).text
      do throws(CorpusError) {
        settings.task.corpus = try TextCorpus(text: content, validationShare: 0)
      } catch {
        throw ModelError.request("\(text): \(error)")
      }
    }
  }
}

/// How a lab's nets start and learn.
struct LabTrainingOptions: ParsableArguments {
  @Option(
    parsing: .unconditional,
    help: "Multiplies what the initialiser draws. (default: 1)")
  var gain: Double?

  @Option(
    parsing: .unconditional,
    help: "Where the forget gate's bias starts, as all other biases. (default: 0)")
  var forgetBias: Double?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Standard deviation of what the input adds to a unit at the start. (default: 0.03)",
      valueName: "x"))
  var inputScale: Double?

  @Option(
    parsing: .unconditional, help: ArgumentHelp("Hidden size H. (default: 64)", valueName: "n"))
  var hidden: Int?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("Sequences of an update. (default: 16)", valueName: "n"))
  var batch: Int?

  @Option(help: "adam, or sgd (momentum 0.9). (default: adam)")
  var optimizer: OptimizerKind?

  @Option(
    name: .customLong("lr"), parsing: .unconditional,
    help: ArgumentHelp("Learning rate. (default: 0.001)", valueName: "x"))
  var learningRate: Double?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "The largest norm of all gradients together, or off. (default: 1)", valueName: "norm"))
  var clip: String?

  func validate() throws {
    if let clip, clip != "off", Double(clip) == nil {
      throw ValidationError("--clip \(clip): expected a number above 0, or off")
    }
  }

  func apply(to settings: inout LabSettings) {
    if let gain { settings.gain = gain }
    if let forgetBias { settings.forgetBias = forgetBias }
    if let inputScale { settings.inputScale = inputScale }
    if let hidden { settings.hiddenSize = hidden }
    if let batch { settings.batchSize = batch }
    if let optimizer { settings.optimizer = optimizer }
    if let learningRate { settings.learningRate = learningRate }
    if let clip { settings.maximumNorm = clip == "off" ? nil : Double(clip) }
  }
}

/// What is written, and where.
struct LabOutputOptions: ParsableArguments {
  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("How many updates to make; 0 measures the start.", valueName: "n"))
  var updates: Int?

  @Option(help: "json, csv or text.") var format: LabFormat?

  @Option(help: ArgumentHelp("Where to write; stdout if not given.", valueName: "file"))
  var out: String?

  @Option(help: ArgumentHelp("Draw the final picture.", valueName: "file")) var svg: String?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("Give all figures of every n-th update only.", valueName: "n"))
  var every = 1

  func validate() throws {
    if let updates, !(0...1 << 30).contains(updates) {
      throw ValidationError("--updates: expected a number from 0 on, found \(updates)")
    }
    guard every > 0 else {
      throw ValidationError("--every: expected a number above 0, found \(every)")
    }
    if let svg, svg == out {
      throw ValidationError("--out and --svg are one file, \(svg); expected two")
    }
  }

  /// Whether anything is to be done without a terminal.
  var isHeadless: Bool { updates != nil || format != nil || svg != nil || out != nil }
}

enum LabFormat: String, ExpressibleByArgument, CaseIterable {
  case json, csv, text
}
