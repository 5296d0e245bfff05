internal import Debugger
internal import Equations
internal import Learning

/// Turning a knob by a notch, and setting it to a typed value.
extension Knob {
  /// Round numbers, a factor of about 1.26 apart (the series R10 of ISO 3): 0.5, 1, 2 and 2.5 are
  /// among them.
  private static let fine: [Double] = [1, 1.25, 1.6, 2, 2.5, 3.2, 4, 5, 6.3, 8]
  private static let coarse: [Double] = [1, 2, 5]
  private static let lengths = [
    2, 5, 10, 15, 20, 30, 40, 50, 60, 80, 100, 150, 200, 300, 400, 600, 800, 1000,
  ]
  private static let sizes = [4, 8, 16, 32, 64, 96, 128, 192, 256, 384, 512]
  private static let batches = [1, 2, 4, 8, 16, 32, 64, 128, 256]
  private static let clips = decades(coarse, -3...1) + [100]

  private static func decades(_ series: [Double], _ exponents: ClosedRange<Int>) -> [Double] {
    exponents.flatMap { exponent in
      // Read as text, so that 0.3 is 0.3.
      series.compactMap { Double("\($0)e\(exponent)") }
    }
  }

  /// The settings with this knob a notch further.
  ///
  /// - Parameters:
  ///   - settings: as they are.
  ///   - direction: 1 or −1.
  /// - Returns: nil at the end of the range, or where the cell has no such thing.
  func turned(_ settings: LabSettings, _ direction: Int) -> LabSettings? {
    guard text(settings) != nil else { return nil }
    var new = settings
    func next<Value: Comparable>(_ values: [Value], _ value: Value) -> Value? {
      direction > 0 ? values.first { $0 > value } : values.last { $0 < value }
    }
    switch self {
    case .cell, .activation, .initializer, .optimizer, .task:
      let all = names
      // A cell file, or an initialiser with arguments, is in front of the names.
      let here = text(settings).flatMap { all.firstIndex(of: $0) } ?? -1
      let place = here < 0 && direction < 0 ? all.count - 1 : here + direction
      return try? set(settings, to: all[(place + all.count) % all.count])
    case .gain:
      guard let value = next(Self.decades(Self.fine, -2...1), settings.gain) else { return nil }
      new.gain = value
    case .inputScale:
      guard let value = next(Self.decades(Self.fine, -3...1), settings.inputScale) else {
        return nil
      }
      new.inputScale = value
    case .learningRate:
      guard let value = next(Self.decades(Self.coarse, -6...1), settings.learningRate) else {
        return nil
      }
      new.learningRate = value
    case .forgetBias:
      let halves = ((settings.forgetBias ?? 0) * 2)
      let value = (direction > 0 ? (halves + 0.001).rounded(.up) : (halves - 0.001).rounded(.down))
      guard abs(value) <= 20 else { return nil }
      new.forgetBias = value / 2
    case .clip:
      guard let norm = settings.maximumNorm else {
        // Off is the end of the scale: nothing is larger.
        guard direction < 0 else { return nil }
        new.maximumNorm = Self.clips.last
        break
      }
      let value = next(Self.clips, norm)
      guard value != nil || direction > 0 else { return nil }
      new.maximumNorm = value
    case .seqLen:
      guard let value = next(Self.lengths, settings.seqLen) else { return nil }
      new.seqLen = value
    case .batch:
      guard let value = next(Self.batches, settings.batchSize) else { return nil }
      new.batchSize = value
    case .hidden:
      guard let value = next(Self.sizes, settings.hiddenSize) else { return nil }
      new.hiddenSize = value
    case .seed:
      guard direction > 0 || settings.seed > 0 else { return nil }
      new.seed = direction > 0 ? settings.seed &+ 1 : settings.seed - 1
    }
    return Self.mistake(new) == nil ? new : nil
  }

  /// The settings with this knob at a typed value.
  ///
  /// - Throws: what was expected.
  func set(_ settings: LabSettings, to text: String) throws(CommandError) -> LabSettings {
    guard self.text(settings) != nil else {
      throw CommandError("\(settings.cell.name) has no \(title)")
    }
    var new = settings
    switch self {
    case .cell: new.cell = try cell(text, activation: settings.cell.activation)
    case .activation:
      guard let function = Function(activation: text) else { throw unknown(text) }
      new.cell = try Self.with(settings.cell, activation: function)
    case .initializer:
      guard let initializer = Initializer(name: text) else { throw unknown(text) }
      new.initializer = initializer
    case .optimizer:
      guard let kind = OptimizerKind(rawValue: text) else { throw unknown(text) }
      new.optimizer = kind
    case .task:
      guard let kind = TaskKind(rawValue: text), kind != .text || settings.task.corpus != nil else {
        throw unknown(text)
      }
      new.task.kind = kind
    case .gain: new.gain = try number(text)
    case .forgetBias: new.forgetBias = try number(text)
    case .inputScale: new.inputScale = try number(text)
    case .learningRate: new.learningRate = try number(text)
    case .clip: new.maximumNorm = text == "off" ? nil : try number(text)
    case .seqLen: new.seqLen = try count(text)
    case .batch: new.batchSize = try count(text)
    case .hidden: new.hiddenSize = try count(text)
    case .seed:
      guard let seed = UInt64(text) else {
        throw CommandError("seed: expected a whole number from 0 on, found \"\(text)\"")
      }
      new.seed = seed
    }
    if let mistake = Self.mistake(new) { throw CommandError(mistake) }
    return new
  }

  private func unknown(_ text: String) -> CommandError {
    CommandError("\(rawValue): expected \(Suggestion.among(names, for: text)), found \"\(text)\"")
  }

  private func number(_ text: String) throws(CommandError) -> Double {
    guard let value = Double(text), value.isFinite else {
      let off = self == .clip ? ", or off" : ""
      throw CommandError("\(rawValue): expected a number\(off), found \"\(text)\"")
    }
    return value
  }

  private func count(_ text: String) throws(CommandError) -> Int {
    guard let value = Int(text) else {
      throw CommandError("\(rawValue): expected a whole number, found \"\(text)\"")
    }
    return value
  }

  private func cell(_ name: String, activation: Function) throws(CommandError) -> Cell {
    let found: Cell?
    do throws(EquationError) {
      found = try Cell.shipped(name, activation: activation)
    } catch {
      throw CommandError(error.summary)
    }
    guard let found else { throw unknown(name) }
    return found
  }

  private static func with(_ cell: Cell, activation: Function) throws(CommandError) -> Cell {
    do throws(EquationError) {
      return try Cell(name: cell.name, text: cell.text, activation: activation)
    } catch {
      throw CommandError(error.summary)
    }
  }

  /// What no training can have, of the settings or of the task's sequences.
  static func mistake(_ settings: LabSettings) -> String? {
    if let mistake = settings.mistake { return mistake }
    guard settings.hiddenSize <= mostUnits else {
      return "hidden: expected at most \(mostUnits) units to watch, found \(settings.hiddenSize)"
    }
    guard settings.seqLen * settings.batchSize <= mostValues / max(settings.hiddenSize, 1) else {
      return "so many steps, sequences and units need more than "
        + "\((mostValues * 4) >> 20) MB for one value; expected less"
    }
    do throws(TaskError) {
      _ = try settings.task.make(seqLen: settings.seqLen)
      return nil
    } catch {
      return error.description
    }
  }

  /// The largest `[T, B, H]` that a watched training may have.
  private static let mostValues = 1 << 27
  private static let mostUnits = 1 << 13

  /// What turning it does to the training, as the panel says it.
  func effect(_ settings: LabSettings) -> LabSettings.ChangeEffect {
    let new = turned(settings, 1) ?? turned(settings, -1)
    return new.map(settings.effect) ?? .none
  }
}
