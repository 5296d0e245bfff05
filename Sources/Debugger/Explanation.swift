internal import Equations
internal import Networks

/// Two sentences about the equation under the cursor: what it does, and what its numbers mean here.
public struct Explanation: Sendable {
  public let title: String
  public let sentences: [String]

  /// - Parameters:
  ///   - session: the equation and the pass are those under its cursor.
  ///   - unit: the selected unit.
  ///   - number: how numbers are written.
  public init(session: Session, unit: Int, number: (Double) -> String) {
    if let layer = session.cursor.layer {
      self.init(session: session, layer: layer, unit: unit, number: number)
    } else {
      self.init(output: session, number: number)
    }
  }

  private init(session: Session, layer: LayerID, unit: Int, number: (Double) -> String) {
    let cursor = session.cursor
    let cell = session.recording.cell
    let equation = cell.equations[cursor.equation]
    let size = session.recording.valueSize(layer, cursor.equation)
    let unit = min(unit, size - 1)
    title = "\(equation.name) in \(layer.name), step \(cursor.time)"
    let values = session.recording.values(layer, cursor.equation, time: cursor.time)
      .map(Double.init)
    let what = Self.purpose(of: equation, cell: cell)
    if cursor.pass == .forward {
      sentences = [
        what,
        Self.meaning(equation, cell, values, unit, session.step, number),
      ]
    } else {
      let gradient = Double(
        session.recording.gradient(layer, cursor.equation, time: cursor.time, unit: unit))
      sentences = [
        what,
        session.recording.isSet(layer, cursor.equation, time: cursor.time, unit: unit)
          ? "∂L/∂\(equation.name)[\(unit)] = \(number(gradient)). The value was set by hand, so the "
            + "gradient goes no further."
          : Self.flow(cell, cursor.equation, unit, gradient, session.step, number),
      ]
    }
  }

  // MARK: What it does

  private static func purpose(of equation: Equation, cell: Cell) -> String {
    let kind: String
    let sum = "a weighted sum of \(sources(of: equation.expression, cell))"
    switch root(of: equation.expression, cell) {
    case .sigmoid: kind = "σ squeezes \(sum) into 0…1: a gate, 0 is shut, 1 is open."
    case .tanh: kind = "tanh squeezes \(sum) into -1…1."
    case .relu: kind = "relu keeps what is positive and cuts the rest to 0."
    case .softmax: kind = "softmax makes shares of all units that sum to 1."
    case .layerNorm:
      kind = "layernorm takes the mean of all units away and divides by their spread."
    case .max: kind = "The larger one of the two is taken, unit by unit."
    case .some(let function): kind = "\(function.rawValue) is applied to each unit."
    case nil: kind = "It is computed unit by unit from the values above."
    }
    let note = equation.note
    return note.isEmpty ? "\(equation.name): \(kind)" : "\(equation.name) — \(note). \(kind)"
  }

  private static func root(of e: Expression, _ cell: Cell) -> Function? {
    guard case .call(let function, _, _) = e else { return nil }
    return function == .activation ? cell.activation : function
  }

  /// "input and memory": what an expression depends on, in words.
  private static func sources(of e: Expression, _ cell: Cell) -> String {
    var hasInput = false, hasMemory = false, hasValues = false
    func visit(_ e: Expression) {
      switch e {
      case .previous: hasMemory = true
      case .name("x", _): hasInput = true
      case .binary(.matrixProduct, _, let right, _): visit(right)
      case .name(let name, _): hasValues = hasValues || cell.equationIndex(of: name) != nil
      default: e.operands.forEach(visit)
      }
    }
    visit(e)
    let words = [
      (hasInput, "input"), (hasMemory, "memory"), (hasValues, "values above"),
    ].filter(\.0).map(\.1)
    return words.isEmpty ? "parameters" : words.joined(separator: " and ")
  }

  // MARK: What its value means

  private static func meaning(
    _ equation: Equation, _ cell: Cell, _ values: [Double], _ unit: Int, _ step: RecordedStep,
    _ number: (Double) -> String
  ) -> String {
    let value = values[unit]
    let mean = values.reduce(0, +) / Double(values.count)
    let here = "\(equation.name)[\(unit)] = \(number(value))"
    guard value.isFinite else {
      return "\(here): not a finite number; look above for where it comes from."
    }
    switch root(of: equation.expression, cell) {
    case .sigmoid:
      let open = values.count { $0 > 0.9 }, shut = values.count { $0 < 0.1 }
      let state = value > 0.9 ? "open" : value < 0.1 ? "shut" : "half open"
      return "\(here): \(state). Of \(values.count) units \(open) are open (over 0.9), "
        + "\(shut) shut (under 0.1), the mean is \(number(mean))."
    case .tanh:
      let full = values.count { abs($0) > 0.97 }
      let state = abs(value) > 0.97 ? "saturated: it hardly moves any more" : "within its range"
      return "\(here): \(state). Of \(values.count) units \(full) are saturated (beyond ±0.97), "
        + "their mean is \(number(mean))."
    case .relu:
      let dead = values.count { $0 == 0 }
      return "\(here): \(value == 0 ? "cut off" : "passed on"). Of \(values.count) units \(dead) "
        + "are 0, the mean is \(number(mean))."
    default:
      return "\(here)\(largestPart(equation, cell, unit, step, number)); the mean over "
        + "\(values.count) units is \(number(mean))."
    }
  }

  /// ", mostly from f ⊙ c' = 0.61": the largest of the terms of a sum.
  private static func largestPart(
    _ equation: Equation, _ cell: Cell, _ unit: Int, _ step: RecordedStep,
    _ number: (Double) -> String
  ) -> String {
    var terms: [Expression] = []
    func flatten(_ e: Expression) {
      if case .binary(let op, let left, let right, _) = e, op == .add || op == .subtract {
        flatten(left)
        flatten(right)
      } else {
        terms.append(e)
      }
    }
    flatten(equation.expression)
    guard terms.count > 1 else { return "" }
    let evaluator = Evaluator(cell: cell, values: step)
    let parts = terms.map { (term: $0, value: evaluator.element($0, unit: unit) ?? 0) }
    guard let largest = parts.max(by: { abs($0.value) < abs($1.value) }) else { return "" }
    return ", mostly from \(largest.term) = \(number(largest.value))"
  }

  // MARK: How the gradient goes on

  private static func flow(
    _ cell: Cell, _ equation: Int, _ unit: Int, _ gradient: Double, _ step: RecordedStep,
    _ number: (Double) -> String
  ) -> String {
    let name = cell.equations[equation].name
    let factors = cell.localFactors(ofEquation: equation).compactMap { factor -> String? in
      guard let value = factor.value(unit: unit, step) else { return nil }
      let target =
        switch factor.operand {
        case .input: "x"
        case .value(let name), .parameter(let name): name.text
        case .previous(let name): name.text + "'"
        case .sum: "its sum of products"
        case .other: "its inner value"
        }
      return "to \(target) times \(factor.formula) = \(number(value))"
    }
    guard gradient.isFinite else {
      return "∂L/∂\(name)[\(unit)] = \(number(gradient)): not a finite number; look at the steps "
        + "after this one for where it comes from."
    }
    let rowWise = Self.rowWiseFunction(in: cell.equations[equation].expression)
    let direction = gradient > 0 ? "down" : "up"
    let sense =
      gradient == 0
      ? "the loss does not depend on it"
      : "the loss would fall if this value went \(direction)"
    let here = "∂L/∂\(name)[\(unit)] = \(number(gradient)): \(sense)."
    if let rowWise {
      return "\(here) It goes on through \(rowWise.rawValue), where every unit depends on all."
    }
    return "\(here) It goes on "
      + (factors.isEmpty ? "nowhere." : factors.joined(separator: "; ") + ".")
  }

  /// A function of all units together, whose derivative is no factor of one unit.
  private static func rowWiseFunction(in e: Expression) -> Function? {
    if case .call(let function, _, _) = e, !function.isElementwise { return function }
    return e.operands.lazy.compactMap(rowWiseFunction).first
  }

  // MARK: The output layer

  private init(output session: Session, number: (Double) -> String) {
    let cursor = session.cursor
    let recording = session.recording
    let line = OutputEquation(rawValue: cursor.equation) ?? .loss
    title = "\(line.name) of the output layer, step \(cursor.time)"
    let target = recording.targets[cursor.time]
    let probabilities = recording.probabilities(time: cursor.time)
    let isTask = recording.request.loss == .targets
    let wanted = isTask ? "The right answer" : "The token that comes next"
    let share =
      target >= 0
      ? "\(wanted) has p = \(number(Double(probabilities[Int(target)]))), a loss of "
        + "\(number(recording.losses[cursor.time])) nats."
      : isTask
        ? "At this step the task asks for nothing."
        : cursor.time == recording.seqLen - 1
          ? "This is the last token: nothing follows that could be predicted."
          : "The next token is not in the vocabulary: nothing can be asked here."
    switch cursor.pass {
    case .forward: sentences = ["\(line.name) is \(line.note).", share]
    case .backward:
      sentences = [
        "The loss starts the backward pass: ∂L/∂y = p - 1 at the right token and p at all others.",
        share,
      ]
    }
  }
}
