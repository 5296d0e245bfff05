/// Prints programs in the canonical spelling: one text for all spellings of the same program.
enum Formatter {
  // MARK: Expressions

  static func text(_ expression: Expression) -> String { text(expression, in: 0) }

  /// Tightness: 1 `+ -`, 2 `· ⊙ /`, 3 `√` and unary `-`, 4 call, `'` and `ᵀ`.
  private static func text(_ expression: Expression, in tightness: Int) -> String {
    switch expression {
    case .number(let value, _): return number(value)
    case .name(let name, _): return name.text
    case .previous(let name, _): return name.text + "'"
    case .negate(let operand, _):
      return parenthesized("-" + text(operand, in: 3), 3, in: tightness)
    case .squareRoot(let operand, _):
      return parenthesized("√" + text(operand, in: 3), 3, in: tightness)
    case .transpose(let operand, _): return text(operand, in: 4) + "ᵀ"
    case .binary(let op, let left, let right, _):
      let precedence = op.precedence
      let sign = op == .matrixProduct ? op.rawValue : " \(op.rawValue) "
      // All operators group from left to right, so an equal level on the right needs brackets.
      let inner = text(left, in: precedence) + sign + text(right, in: precedence + 1)
      return parenthesized(inner, precedence, in: tightness)
    case .call(let function, let arguments, _):
      return "\(function.rawValue)(\(arguments.map { text($0) }.joined(separator: ", ")))"
    case .concatenation(let parts, _):
      return "[\(parts.map { text($0) }.joined(separator: ", "))]"
    }
  }

  private static func parenthesized(
    _ text: String, _ precedence: Int, in tightness: Int
  ) -> String {
    precedence < tightness ? "(\(text))" : text
  }

  /// Whole numbers without a point.
  static func number(_ value: Double) -> String {
    if value == value.rounded(), Swift.abs(value) < 1e15 { return String(Int64(value)) }
    return value.description
  }

  static func text(_ initializer: Initializer) -> String {
    func gained(_ name: String, _ gain: Double) -> String {
      gain == 1 ? name : "\(name)(\(number(gain)))"
    }
    switch initializer {
    case .uniform(.some(let low), .some(let high)):
      return "uniform(\(number(low)), \(number(high)))"
    case .uniform: return "uniform"
    case .normal(let mean, let deviation):
      return "normal(\(number(mean)), \(number(deviation)))"
    case .xavier(let gain): return gained("xavier", gain)
    case .he(let gain): return gained("he", gain)
    case .orthogonal(let gain): return gained("orthogonal", gain)
    case .identity(let gain): return gained("identity", gain)
    case .constant(let value): return number(value)
    }
  }

  // MARK: Files

  /// The whole file: comments kept, the notes of neighbouring lines set one below the other.
  static func text(_ statements: [Statement]) -> String { text(statements.map(line)) }

  /// Lines set one below the other, without empty ones at the end.
  static func text(_ lines: [(code: String, note: String)]) -> String {
    var lines = lines
    while lines.last?.code.isEmpty == true { lines.removeLast() }
    return aligned(lines).joined(separator: "\n") + "\n"
  }

  /// A statement's line and the note behind it.
  static func line(_ statement: Statement) -> (code: String, note: String) {
    switch statement {
    case .comment(let text, _): ("#" + text.trimmedEnd, "")
    case .blank: ("", "")
    case .states(let names, let note):
      ("state " + names.map(\.0.text).joined(separator: ", "), note)
    case .constant(let name, let value, _, let note): ("const \(name) = \(text(value))", note)
    case .initializer(let name, let initializer, _, let note):
      ("init \(name) = \(text(initializer))", note)
    case .equation(let equation):
      ("\(equation.name) = \(text(equation.expression))", equation.note)
    }
  }

  private static func aligned(_ lines: [(code: String, note: String)]) -> [String] {
    var result: [String] = []
    var index = 0
    while index < lines.count {
      var end = index
      while end < lines.count, !lines[end].code.isEmpty, !lines[end].code.trimmed.hasPrefix("#") {
        end += 1
      }
      let block = lines[index..<max(end, index + 1)]
      let column =
        block.filter { !$0.note.isEmpty }.map(\.code.unicodeScalars.count).max() ?? 0
      for line in block {
        guard !line.note.isEmpty else {
          result.append(line.code)
          continue
        }
        let gap = column - line.code.unicodeScalars.count + 2
        result.append(line.code + String(repeating: " ", count: gap) + "# " + line.note)
      }
      index += block.count
    }
    return result
  }
}

extension Expression: CustomStringConvertible {
  /// The canonical spelling.
  public var description: String { Formatter.text(self) }
}

extension Initializer: CustomStringConvertible {
  public var description: String { Formatter.text(self) }
}

extension String {
  fileprivate var trimmedEnd: String {
    var view = self[...]
    while view.last?.isWhitespace == true { view.removeLast() }
    return String(view)
  }
}
