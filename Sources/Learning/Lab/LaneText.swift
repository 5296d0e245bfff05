public import Equations

/// A lane as it is written on a command line: `cell[/activation][/initialiser][/key=value…]`, e.g.
/// `rnn/relu/identity/lr=0.0005`.
public struct LaneText: Sendable, Equatable {
  /// As it was given: the lane's name.
  public let text: String
  /// A shipped cell's name, or a file that ends in `.cell`.
  public let cell: String
  public let activation: Function?
  public let initializer: Initializer?
  /// In the order in which they were given.
  public let values: [Value]

  /// A setting that a lane changes.
  public struct Value: Sendable, Equatable {
    public let key: Key
    public let value: String
  }

  /// The settings that a lane may change, as on the command line without `--`.
  public enum Key: String, Sendable, CaseIterable {
    case gain
    case forgetBias = "forget-bias"
    case inputScale = "input-scale"
    case hidden
    case batch
    case optimizer
    case learningRate = "lr"
    case clip
  }

  /// Reads a lane.
  ///
  /// - Throws: `LaneError` at the first part that is empty, that is neither an activation, an
  ///   initialiser nor a setting, or of which there is one already.
  public init(_ text: String) throws(LaneError) {
    self.text = text
    var parts = text.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
    // The slashes of a file's path do not part anything.
    if let file = parts.firstIndex(where: { $0.hasSuffix(".cell") && !$0.contains("=") }) {
      parts.replaceSubrange(...file, with: [parts[...file].joined(separator: "/")])
    }
    guard let cell = parts.first, !cell.isEmpty, !cell.contains("=") else {
      throw LaneError(lane: text, "expected a cell first, e.g. rnn/tanh or lstm")
    }
    self.cell = cell
    var activation: Function?
    var initializer: Initializer?
    var initializerName: String?
    var values: [Value] = []
    func checkSecond(_ what: String, _ first: String?, _ second: String) throws(LaneError) {
      guard let first else { return }
      throw LaneError(lane: text, "expected one \(what), found \(first) and \(second)")
    }
    for part in parts.dropFirst() {
      guard !part.isEmpty else {
        throw LaneError(
          lane: text, "expected an activation, an initialiser or key=value after each /, found none"
        )
      }
      if let sign = part.firstIndex(of: "=") {
        let name = String(part[..<sign])
        guard let key = Key(rawValue: name) else {
          let known = Suggestion.among(Key.allCases.map(\.rawValue), for: name)
          throw LaneError(lane: text, "unknown setting \"\(name)\"; expected \(known)")
        }
        let value = String(part[part.index(after: sign)...])
        try checkSecond(name, values.first { $0.key == key }?.value, value)
        values.append(Value(key: key, value: value))
      } else if let found = Function(activation: part) {
        try checkSecond("activation", activation?.asciiName, part)
        activation = found
      } else if let found = Initializer(name: part) {
        try checkSecond("initialiser", initializerName, part)
        initializer = found
        initializerName = part
      } else {
        let known = Function.activations.map(\.asciiName) + Initializer.names
        throw LaneError(
          lane: text,
          "expected an activation, an initialiser or key=value, found \"\(part)\"; did you mean "
            + Suggestion.among(known, for: part) + "?")
      }
    }
    self.activation = activation
    self.initializer = initializer
    self.values = values
  }

  /// The settings of the lane: those of `base` with what the lane says in their place.
  ///
  /// - Parameters:
  ///   - base: what all lanes have in common.
  ///   - cell: the lane's cell with its activation.
  /// - Returns: settings without a mistake.
  /// - Throws: `LaneError` for a value that its setting cannot have.
  public func settings(base: LabSettings, cell: Cell) throws(LaneError) -> LabSettings {
    var settings = base
    settings.cell = cell
    if let initializer { settings.initializer = initializer }
    for value in values {
      switch value.key {
      case .gain: settings.gain = try number(value)
      case .forgetBias: settings.forgetBias = try number(value)
      case .inputScale: settings.inputScale = try number(value)
      case .learningRate: settings.learningRate = try number(value)
      case .hidden: settings.hiddenSize = try count(value)
      case .batch: settings.batchSize = try count(value)
      case .clip: settings.maximumNorm = value.value == "off" ? nil : try number(value)
      case .optimizer:
        guard let kind = OptimizerKind(rawValue: value.value) else {
          let known = OptimizerKind.allCases.map(\.rawValue)
          throw LaneError(
            lane: text, "optimizer=\(value.value): expected \(Suggestion.listed(known))")
        }
        settings.optimizer = kind
      }
    }
    if let mistake = settings.mistake { throw LaneError(lane: text, mistake) }
    return settings
  }

  private func number(_ value: Value) throws(LaneError) -> Double {
    guard let number = Double(value.value), number.isFinite else {
      throw LaneError(lane: text, "\(value.key.rawValue)=\(value.value): expected a number")
    }
    return number
  }

  private func count(_ value: Value) throws(LaneError) -> Int {
    guard let number = Int(value.value) else {
      throw LaneError(lane: text, "\(value.key.rawValue)=\(value.value): expected a whole number")
    }
    return number
  }
}

/// A lane that is not written as lanes are.
public struct LaneError: Error, Equatable, Sendable, CustomStringConvertible {
  public let lane: String
  public let problem: String

  init(lane: String, _ problem: String) {
    self.lane = lane
    self.problem = problem
  }

  public var description: String { "lane \(lane): \(problem)" }
}
