internal import Equations
internal import Networks
internal import Tensors

#if canImport(Glibc)
  internal import Glibc
#elseif canImport(Musl)
  internal import Musl
#endif

extension Substitution {
  /// A line made elsewhere.
  public init(pieces: [Piece], result: Double) {
    self.pieces = pieces
    self.result = result
  }
}

extension Substitution.Piece {
  public init(_ text: String, source: String? = nil) {
    self.init(text: text, source: source)
  }
}

/// Puts numbers in place of names in a block's equation, for one element of its value.
struct BlockNumbers {
  let source: TransformerAttention
  let layer: Int
  let head: Int

  private var run: TransformerRun { source.run }
  private var block: Block { run.block(layer) }
  private var headSize: Int { run.configuration.sizes.headSize }

  /// - Returns: nil where the value was not kept or the element is outside.
  func substitution(
    _ equation: BlockEquation, row: Int, column: Int, number: @escaping (Double) -> String
  ) -> Substitution? {
    guard let value = source.value(layer, equation.name), row < value.rows,
      column < value.columns
    else { return nil }
    let result = Double(value[head, row, column])
    var line = NumberLine(number: number)
    write(equation.expression, row, column, isPerHead: equation.isPerHead, 0, &line)
    return Substitution(pieces: line.pieces, result: result)
  }

  /// The pieces of a line while they are put together.
  private struct NumberLine {
    let number: (Double) -> String
    var pieces: [Substitution.Piece] = []

    mutating func add(_ text: String, _ source: String? = nil) {
      pieces.append(Substitution.Piece(text, source: source))
    }

    /// -0.3 stands in brackets behind an operator.
    mutating func add(_ value: Double?, tightness: Int, _ source: String) {
      let text = value.map(number) ?? "?"
      add(tightness > 0 && text.hasPrefix("-") && !pieces.isEmpty ? "(\(text))" : text, source)
    }
  }

  private func write(
    _ e: Expression, _ row: Int, _ column: Int, isPerHead: Bool, _ tightness: Int,
    _ line: inout NumberLine
  ) {
    switch e {
    case .number(let value, _): line.add(line.number(value))
    case .name, .previous, .concatenation, .transpose:
      line.add(element(e, row, column, isPerHead), tightness: tightness, e.description)
    case .negate(let operand, _):
      line.add("-")
      write(operand, row, column, isPerHead: isPerHead, 3, &line)
    case .squareRoot(let operand, _):
      line.add("√")
      write(operand, row, column, isPerHead: isPerHead, 3, &line)
    case .binary(.matrixProduct, let left, let right, _):
      writeProduct(left, right, row, column, isPerHead, tightness, &line)
    case .binary(let op, let left, let right, _):
      let needsBrackets = op.precedence < tightness
      if needsBrackets { line.add("(") }
      write(left, row, column, isPerHead: isPerHead, op.precedence, &line)
      line.add(" \(op.rawValue) ")
      write(right, row, column, isPerHead: isPerHead, op.precedence + 1, &line)
      if needsBrackets { line.add(")") }
    case .call(.softmax, let arguments, _):
      writeSoftmax(arguments[0], row, column, isPerHead, &line)
    case .call(.layerNorm, let arguments, _):
      writeNorm(arguments, row, column, isPerHead, &line)
    case .call(let function, let arguments, _):
      guard function.isElementwise else {
        line.add(element(e, row, column, isPerHead), tightness: tightness, e.description)
        return
      }
      line.add((function == .activation ? block.activation : function).rawValue + "(")
      for (index, argument) in arguments.enumerated() {
        if index > 0 { line.add(", ") }
        write(argument, row, column, isPerHead: isPerHead, 0, &line)
      }
      line.add(")")
    }
  }

  /// The two terms of a product that count most, and how many there are.
  private func writeProduct(
    _ left: Expression, _ right: Expression, _ row: Int, _ column: Int, _ isPerHead: Bool,
    _ tightness: Int, _ line: inout NumberLine
  ) {
    guard let terms = terms(left, right, row, column, isPerHead), !terms.isEmpty else {
      line.add("?", "\(left)·\(right)")
      return
    }
    let isWhole = tightness == 0
    if !isWhole { line.add("(") }
    let largest = terms.indices.sorted {
      abs(terms[$0].0 * terms[$0].1) > abs(terms[$1].0 * terms[$1].1)
    }.prefix(isWhole ? 3 : 1).sorted()
    for (index, term) in largest.enumerated() {
      if index > 0 { line.add(" + ") }
      let (a, b) = terms[term]
      let second = line.number(b)
      line.add(
        line.number(a) + "·" + (second.hasPrefix("-") ? "(\(second))" : second),
        "\(left)[\(term)]·\(right)[\(term)]")
    }
    if terms.count > largest.count { line.add(" + … \(terms.count) terms") }
    if !isWhole {
      let sum = terms.reduce(0) { $0 + $1.0 * $1.1 }
      line.add(" = \(line.number(sum)))")
    }
  }

  private func writeSoftmax(
    _ argument: Expression, _ row: Int, _ column: Int, _ isPerHead: Bool,
    _ line: inout NumberLine
  ) {
    let scores = (0..<run.seqLen).compactMap { element(argument, row, $0, isPerHead) }
    guard scores.indices.contains(column) else { return line.add("?", argument.description) }
    let sum = scores.reduce(0) { $0 + exp($1) }
    line.add("e^\(line.number(scores[column]))", "\(argument)[\(row),\(column)]")
    line.add(" / Σ_j e^\(argument)[\(row),j] = ")
    line.add("\(line.number(exp(scores[column]))) / \(line.number(sum))", "softmax")
  }

  private func writeNorm(
    _ arguments: [Expression], _ row: Int, _ column: Int, _ isPerHead: Bool,
    _ line: inout NumberLine
  ) {
    let values = (0..<run.configuration.modelSize).compactMap {
      element(arguments[0], row, $0, isPerHead)
    }
    guard values.indices.contains(column) else { return line.add("?", arguments[0].description) }
    let mean = values.reduce(0, +) / Double(values.count)
    let variance = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(values.count)
    let epsilon = arguments.count > 3 ? element(arguments[3], row, column, isPerHead) ?? 0 : 1e-5
    line.add("(")
    line.add(values[column], tightness: 0, "\(arguments[0])")
    line.add(" - ")
    line.add(mean, tightness: 1, "mean")
    line.add(") / ")
    line.add((variance + epsilon).squareRoot(), tightness: 1, "deviation")
    line.add("·")
    line.add(element(arguments[1], row, column, isPerHead), tightness: 1, "\(arguments[1])")
    line.add(" + ")
    line.add(element(arguments[2], row, column, isPerHead), tightness: 1, "\(arguments[2])")
  }

  // MARK: Elements

  /// The pairs of factors whose products a product of matrices adds up.
  private func terms(
    _ left: Expression, _ right: Expression, _ row: Int, _ column: Int, _ isPerHead: Bool
  ) -> [(Double, Double)]? {
    guard let count = columnCount(left, isPerHead) else { return nil }
    var result: [(Double, Double)] = []
    for index in 0..<count {
      guard let a = element(left, row, index, isPerHead),
        let b = element(right, index, column, isPerHead)
      else { return nil }
      result.append((a, b))
    }
    return result
  }

  private func columnCount(_ e: Expression, _ isPerHead: Bool) -> Int? {
    switch e {
    case .name("X", _): run.configuration.modelSize
    case .name(let name, _): source.value(layer, name)?.columns
    case .concatenation: run.configuration.modelSize
    case .call(.unit, let arguments, _): columnCount(arguments[0], isPerHead)
    default: nil
    }
  }

  /// An element of a sub-expression; nil for what has no place of its own.
  private func element(
    _ e: Expression, _ row: Int, _ column: Int, _ isPerHead: Bool
  ) -> Double? {
    switch e {
    case .number(let value, _): return value
    case .transpose(let operand, _): return element(operand, column, row, isPerHead)
    case .name(let name, _): return element(name, row, column, isPerHead)
    case .concatenation(let parts, _):
      guard parts.count == 1, case .name(let name, _) = parts[0] else { return nil }
      return source.value(layer, name).map {
        Double($0[column / $0.columns, row, column % $0.columns])
      }
    case .call(.unit, let arguments, _):
      guard let count = columnCount(arguments[0], isPerHead) else { return nil }
      let values = (0..<count).compactMap { element(arguments[0], row, $0, isPerHead) }
      let length = values.reduce(0) { $0 + $1 * $1 }.squareRoot()
      return values.indices.contains(column) && length > 0 ? values[column] / length : nil
    default: return nil
    }
  }

  private func element(
    _ name: Identifier, _ row: Int, _ column: Int, _ isPerHead: Bool
  ) -> Double? {
    if name == "X" { return Double(source.stream(after: layer)[0, row, column]) }
    if name == "M" { return run.configuration.isCausal && column > row ? -.infinity : 0 }
    if name == "d_k" { return Double(headSize) }
    if let constant = block.constants.first(where: { $0.name == name }) { return constant.value }
    if let value = source.value(layer, name) { return Double(value[head, row, column]) }
    guard let entry = run.transformer.layout["layer\(layer).\(name)"],
      let parameter = block.parameters.first(where: { $0.name == name })
    else { return nil }
    let width = entry.shape[entry.shape.count - 1]
    let start = parameter.isPerHead ? head * (width / run.headCount) : 0
    let index = (parameter.isMatrix ? row * width : 0) + start + column
    return index < entry.count ? Double(run.transformer.parameters[entry.offset + index]) : nil
  }
}
