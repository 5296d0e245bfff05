extension Cell {
  /// The same cell with an equation more for each kink: its sign says on which side of the kink
  /// the argument is. A finite difference whose two ends lie on different sides means nothing.
  ///
  /// - Returns: the cell and the names of the added equations.
  public func withKinkProbes() throws(EquationError) -> (cell: Cell, probes: [Identifier]) {
    var probes: [Identifier] = []
    var lines = ["state \(states.map(\.text).joined(separator: ", "))"]
    for (name, value) in constants.sorted(by: { $0.key.text < $1.key.text }) {
      lines.append("const \(name) = \(Formatter.number(value))")
    }
    for equation in equations {
      for probe in equation.expression.kinkProbes(activation: activation) {
        let name = Identifier("kink_\(probes.count)")
        probes.append(name)
        lines.append("\(name) = \(probe)")
      }
      lines.append("\(equation.name) = \(equation.expression)")
    }
    let cell = try Cell(
      name: name, text: lines.joined(separator: "\n"), source: name, activation: activation)
    return (cell, probes)
  }
}
