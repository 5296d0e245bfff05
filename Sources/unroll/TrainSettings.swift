internal import ArgumentParser
internal import Checkpoints
internal import Equations
internal import Learning
internal import Networks

/// The options that determine a training, as text: those given, and those remembered in a file.
nonisolated struct TrainSettings {
  enum Option: String, CaseIterable {
    case text, words
    case vocabularySize = "vocabulary-size"
    case validation, cell, activation, hidden, layers, embedding
    case initializer = "init"
    case gain
    case inputInitializer = "input-init"
    case outputInitializer = "output-init"
    case forgetBias = "forget-bias"
    case seed
    case seqLen = "seq-len"
    case batch, epochs, updates
    case learningRate = "lr"
    case decay, optimizer
    case weightDecay = "weight-decay"
    case clip
    // Of transformers.
    case modelSize = "model-size"
    case heads
    case feedForward = "feed-forward"
    case dropout
    case labelSmoothing = "label-smoothing"
    case warmUp = "warm-up"
    case positions
    // Of models that translate.
    case model, pairs
    case heldOut = "held-out"
    case bidirectional
    case teacherForcing = "teacher-forcing"
  }

  /// What holds where nothing is given; the others have no standard.
  private static let standards: [Option: String] = [
    .words: "false", .validation: "0.05", .cell: "lstm", .hidden: "128", .layers: "1",
    .initializer: "uniform", .gain: "1.0", .seed: "1", .seqLen: "64", .batch: "32",
    .learningRate: "0.002", .decay: "none", .optimizer: "adam", .weightDecay: "0.0",
    .clip: "1.0",
  ]

  private static let wordStandards: [Option: String] = [.vocabularySize: "10000"]
  private static let keyPrefix = "train."

  private(set) var values: [Option: String]

  /// Takes what was given on the command line, in groups.
  init(given: [[Option: String?]]) {
    values = [:]
    for group in given { values.merge(group.compactMapValues { $0 }) { $1 } }
  }

  /// Reads what `metadata` has kept.
  init(metadata: [String: String]) {
    values = [:]
    for option in Option.allCases { values[option] = metadata[Self.keyPrefix + option.rawValue] }
  }

  /// For the metadata of a file: `train.hidden` and so on.
  var metadata: [String: String] {
    Dictionary(uniqueKeysWithValues: values.map { (Self.keyPrefix + $0.key.rawValue, $0.value) })
  }

  subscript(option: Option) -> String? { values[option] }

  /// The settings of a text with standards for what was not given.
  func completed() -> TrainSettings {
    let standards =
      values[.words] == "true"
      ? Self.standards.merging(Self.wordStandards) { $1 } : Self.standards
    var result = completed(standards)
    if values[.epochs] == nil, values[.updates] == nil { result.values[.epochs] = "10" }
    return result
  }

  /// The settings with these standards for what was not given.
  func completed(_ standards: [Option: String]) -> TrainSettings {
    var result = self
    result.values.merge(standards) { given, _ in given }
    return result
  }

  /// These settings, as remembered from a training, with those that are `given` now.
  ///
  /// - Throws: an option that contradicts what is remembered. How long to train, and where the text
  ///   or the pairs are found, may change.
  func resumed(with given: TrainSettings, file: String) throws -> TrainSettings {
    var result = self
    for option in Option.allCases {
      guard let new = given.values[option] else { continue }
      switch option {
      case .text, .pairs, .heldOut: break
      case .epochs, .updates:
        result.values[.epochs] = nil
        result.values[.updates] = nil
        result.values[option] = new
      default:
        guard new == values[option] else {
          throw ModelError.request(
            "--\(option.rawValue) \(new) contradicts \(file), which was trained with "
              + (values[option].map { "--\(option.rawValue) \($0)" } ?? "no such option"))
        }
      }
    }
    return result
  }

  // MARK: Values

  /// - Throws: where a file has kept something that no command line gives.
  func number<Value: LosslessStringConvertible>(_ option: Option, _ type: Value.Type) throws
    -> Value
  {
    guard let number = try optionalNumber(option, type) else { throw malformed(option) }
    return number
  }

  func optionalNumber<Value: LosslessStringConvertible>(
    _ option: Option, _ type: Value.Type
  ) throws -> Value? {
    guard let text = values[option] else { return nil }
    guard let number = Value(text) else { throw malformed(option) }
    // A file may say anything.
    if let count = number as? Int, !(1...1 << 40).contains(count) { throw malformed(option) }
    return number
  }

  func choice<Value: RawRepresentable<String>>(_ option: Option, _ type: Value.Type) throws -> Value
  {
    guard let value = values[option].flatMap({ Value(rawValue: $0) }) else {
      throw malformed(option)
    }
    return value
  }

  /// The largest norm; nil for no clipping.
  func maximumNorm() throws -> Double? {
    values[.clip] == "off" ? nil : try number(.clip, Double.self)
  }

  /// What changes the weights; `optimizer` may be left out where there is but Adam.
  func optimizer(count: Int) throws -> any Optimizer {
    let kind = values[.optimizer] == nil ? .adam : try choice(.optimizer, OptimizerKind.self)
    return kind.make(count: count, weightDecay: try number(.weightDecay, Double.self))
  }

  func schedule(totalUpdates: Int) throws -> LearningRateSchedule {
    LearningRateSchedule(
      initialRate: try number(.learningRate, Double.self),
      decay: try choice(.decay, LearningRateSchedule.Decay.self), totalUpdates: totalUpdates,
      warmupUpdates: Int(values[.warmUp] == nil ? 0 : try number(.warmUp, UInt32.self)))
  }

  /// A number from 0 to below 1.
  func share(_ option: Option) throws -> Double {
    let share = try number(option, Double.self)
    guard (0..<1).contains(share) else { throw malformed(option) }
    return share
  }

  func activation() throws -> Function? {
    guard let name = values[.activation] else { return nil }
    guard let function = Function(activation: name) else { throw malformed(.activation) }
    return function
  }

  func initialization() throws -> InitializationOptions {
    guard let recurrent = values[.initializer].flatMap({ Initializer(argument: $0) }) else {
      throw malformed(.initializer)
    }
    return InitializationOptions(
      recurrent: recurrent.scaled(by: try number(.gain, Double.self)),
      input: try optionalInitializer(.inputInitializer),
      output: try optionalInitializer(.outputInitializer),
      forgetBias: try optionalNumber(.forgetBias, Double.self),
      seed: try number(.seed, UInt64.self))
  }

  private func optionalInitializer(_ option: Option) throws -> Initializer? {
    guard let text = values[option] else { return nil }
    guard let initializer = Initializer(argument: text) else { throw malformed(option) }
    return initializer
  }

  func malformed(_ option: Option) -> ModelError {
    .request("--\(option.rawValue): expected a value, found \(values[option] ?? "none")")
  }
}
