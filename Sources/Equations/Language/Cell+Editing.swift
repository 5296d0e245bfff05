extension Cell {
  /// The text of an equation, without its note: `c = f ⊙ c' + i ⊙ g`.
  public func text(ofEquation index: Int) -> String {
    "\(equations[index].name) = \(Formatter.text(equations[index].expression))"
  }

  /// The cell with another equation in the place of the one of the same name.
  ///
  /// - Parameter line: `NAME = EXPRESSION`; without a note of its own it keeps the old one.
  /// - Returns: the cell, its name marked with a star.
  /// - Throws: `EquationError`: the line does not give one of the equations, or the cell is none with it.
  ///   Mistakes in the line are told by its own columns.
  public func replacingEquation(with line: String) throws(EquationError) -> Cell {
    let typed = SourceText(name: "edit", text: line)
    let equation = try Self.equation(in: typed)
    guard equationIndex(of: equation.name) != nil else {
      throw EquationError(
        "\(equation.name) is no equation of \(name); expected "
          + Suggestion.among(equations.map(\.name.text), for: equation.name.text),
        at: equation.location, in: typed)
    }
    var parser = try Parser(source: SourceText(name: name, text: text))
    var lines: [String] = []
    var place = 0
    for statement in try parser.statements() {
      if case .equation(let old) = statement, old.name == equation.name {
        let hasNote = !equation.note.isEmpty || old.note.isEmpty
        lines.append(hasNote ? line : "\(line)  # \(old.note)")
        place = lines.count
      } else {
        let (code, note) = Formatter.line(statement)
        lines.append(note.isEmpty ? code : "\(code)  # \(note)")
      }
    }
    do {
      return try Cell(
        name: name.hasSuffix("*") ? name : name + "*", text: lines.joined(separator: "\n"),
        source: name, activation: activation)
    } catch {
      guard error.location.line == place else { throw error }
      throw EquationError(
        error.message, at: SourceLocation(line: 1, column: error.location.column), in: typed)
    }
  }

  /// The one equation of a typed line.
  private static func equation(in typed: SourceText) throws(EquationError) -> Equation {
    var parser = try Parser(source: typed)
    let statements = try parser.statements().filter { if case .blank = $0 { false } else { true } }
    guard statements.count == 1, case .equation(let equation) = statements[0] else {
      throw EquationError(
        "expected one equation NAME = EXPRESSION", at: SourceLocation(line: 1, column: 1), in: typed
      )
    }
    return equation
  }
}
