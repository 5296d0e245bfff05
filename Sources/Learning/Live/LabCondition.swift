internal import Equations
internal import Networks
internal import Tensors

/// A condition at which a training pauses: `loss < 0.5`, `norm(grad(h)) < 1e-8`, `isnan(loss)`.
///
/// Values are over all sequences of the batch and all units: gradients at the first step, where they
/// have come furthest, other values at the last. With `t` in it, it is asked at every step; with a unit
/// in it (`h[3]`), of every sequence.
public struct LabCondition: Sendable {
  public let number: Int
  public let text: String
  let query: Query
  private let asksTime: Bool
  private let asksUnit: Bool

  /// Names of figures of an update, beside the cell's equations.
  public static let figures = ["loss", "accuracy", "update"]

  /// - Parameters:
  ///   - number: by which it is deleted.
  ///   - text: as it was typed.
  ///   - lanes: whose cells its names have to occur in.
  /// - Throws: what was expected.
  public init(number: Int, text: String, lanes: [LabSettings]) throws(LabConditionError) {
    do throws(EquationError) {
      query = try Query(text, prompt: "break")
    } catch {
      throw LabConditionError(description: error.summary)
    }
    guard query.isCondition else {
      throw LabConditionError(
        description: "expected a condition such as loss < 0.5, found \"\(text)\"")
    }
    self.number = number
    self.text = text
    asksTime = query.contains { if case .time = $0 { true } else { false } }
    asksUnit = query.contains { if case .element = $0 { true } else { false } }
    for lane in lanes {
      try check(lane.cell)
      try checkUnits(lane)
    }
  }

  private func check(_ cell: Cell) throws(LabConditionError) {
    let asksToken = query.contains { if case .token = $0 { true } else { false } }
    guard !asksToken else {
      throw LabConditionError(
        description: "a batch has no single token; expected \(Suggestion.listed(Self.figures)), "
          + "or a value of the cell")
    }
    for (name, isGradient) in query.names {
      let isEquation = cell.equationIndex(of: name.name) != nil
      let isFigure = Self.figures.contains(name.name.text) && !isGradient
      guard (isEquation || isFigure) && (name.layer ?? 0) == 0 && !name.isReverse else {
        let known = (isGradient ? [] : Self.figures) + cell.equations.map(\.name.text)
        throw LabConditionError(
          description: "\(name.name) has no \(isGradient ? "gradient" : "value") in \(cell.name); "
            + "expected " + Suggestion.among(known, for: name.name.text))
      }
    }
  }

  /// Asks a lane whose values are all zero: a unit that there is not can't be asked.
  private func checkUnits(_ lane: LabSettings) throws(LabConditionError) {
    let network: NetworkConfiguration
    do throws(TaskError) {
      network = try lane.configuration()
    } catch {
      throw LabConditionError(description: error.description)
    }
    do throws(QueryError) {
      _ = try query.evaluate(LabZeros(network: network))
    } catch {
      throw LabConditionError(description: error.description)
    }
  }

  /// Whether it holds for what a lab has just computed.
  ///
  /// - Parameters:
  ///   - lab: whose `pass` is asked.
  ///   - loss: of the update; NaN where it could not be made.
  ///   - accuracy: likewise.
  ///   - update: the updates done.
  /// - Returns: whether it holds; false too where it can't be asked.
  func holds(_ lab: GradientLab, loss: Double, accuracy: Double, update: Int) -> Bool {
    func holds(at time: Int?, of sequence: Int?) -> Bool {
      let values = LabValues(
        lab: lab, fixedTime: time, sequence: sequence, loss: loss, accuracy: accuracy,
        update: update)
      // A unit beyond the last one, or another cell since: it does not hold.
      return (try? query.evaluate(values).isTrue) ?? false
    }
    let times: [Int?] = asksTime ? Array(0..<lab.settings.seqLen) : [nil]
    let sequences: [Int?] = asksUnit ? Array(0..<lab.settings.batchSize) : [nil]
    return times.contains { time in sequences.contains { holds(at: time, of: $0) } }
  }
}

/// A condition that cannot be asked, with what was expected.
public struct LabConditionError: Error, Equatable, Sendable, CustomStringConvertible {
  public let description: String
}

extension Query {
  /// Whether it, or a part of it, is so.
  fileprivate func contains(_ isWanted: (Query) -> Bool) -> Bool {
    if isWanted(self) { return true }
    switch self {
    case .number, .string, .token, .time, .value, .previous, .gradient: return false
    case .element(let a, _), .negate(let a), .call(_, let a): return a.contains(isWanted)
    case .arithmetic(_, let a, let b), .compare(_, let a, let b), .and(let a, let b),
      .or(let a, let b):
      return a.contains(isWanted) || b.contains(isWanted)
    case .function(_, let arguments): return arguments.contains { $0.contains(isWanted) }
    }
  }
}

/// The values of a lab's pass, as a query asks for them.
private struct LabValues: QueryContext {
  let lab: GradientLab
  /// Nil: the first step for gradients, the last one for values.
  let fixedTime: Int?
  /// Nil: all of the batch.
  let sequence: Int?
  let loss: Double
  let accuracy: Double
  let update: Int

  var token: String { "" }
  var time: Int { fixedTime ?? 0 }
  private var lastTime: Int { lab.settings.seqLen - 1 }

  func value(_ name: QueryName) -> [Double]? {
    if let equation = lab.settings.cell.equationIndex(of: name.name) {
      return row(lab.pass.layers[0][0].values(of: equation), fixedTime ?? lastTime)
    }
    switch name.name.text {
    case "loss": return [loss]
    case "accuracy": return [accuracy]
    case "update": return [Double(update)]
    default: return nil
    }
  }

  func previous(_ name: QueryName) -> [Double]? {
    let time = fixedTime ?? lastTime
    guard let equation = lab.settings.cell.equationIndex(of: name.name), time > 0 else {
      return nil
    }
    return row(lab.pass.layers[0][0].values(of: equation), time - 1)
  }

  func gradient(_ name: QueryName) -> [Double]? {
    guard let equation = lab.settings.cell.equationIndex(of: name.name),
      let view = lab.pass.layers[0][0].gradients(of: equation)
    else { return nil }
    return row(view, fixedTime ?? 0)
  }

  /// One step of `[T, B, size]`, or a sequence's part of it.
  private func row(_ view: BufferView<Float>, _ time: Int) -> [Double] {
    let size = view.count / lab.settings.seqLen
    let width = sequence == nil ? size : size / lab.settings.batchSize
    let start = view.offset + time * size + (sequence ?? 0) * width
    return view.buffer.array(start..<start + width).map(Double.init)
  }
}

/// Zeros in the shape of one sequence's values.
private struct LabZeros: QueryContext {
  let network: NetworkConfiguration

  var token: String { "" }
  var time: Int { 0 }

  func value(_ name: QueryName) -> [Double]? {
    guard let equation = network.cell.equationIndex(of: name.name) else { return [0] }
    let size = network.cell.size(
      of: equation, inputSize: network.input.inputSize, hiddenSize: network.hiddenSize)
    return Array(repeating: 0, count: size)
  }

  func previous(_ name: QueryName) -> [Double]? { value(name) }
  func gradient(_ name: QueryName) -> [Double]? { value(name) }
}
