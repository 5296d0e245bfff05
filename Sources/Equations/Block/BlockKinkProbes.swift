extension Block {
  /// The same block with an equation more for each kink: its sign says on which side of the kink
  /// the argument is. A finite difference whose two ends lie on different sides means nothing.
  ///
  /// - Returns: the block and the names of the added equations.
  public func withKinkProbes() throws(EquationError) -> (block: Block, probes: [Identifier]) {
    var probes: [Identifier] = []
    var text: [String] = []
    func visit(_ e: Expression, _ indentation: String) {
      for operand in e.operands { visit(operand, indentation) }
      guard case .call(let function, let arguments, let at) = e else { return }
      let actual = function == .activation ? activation : function
      guard actual.hasKink else { return }
      let name = Identifier("kink_\(probes.count)")
      probes.append(name)
      let probe =
        arguments.count == 2
        ? Expression.binary(.subtract, arguments[0], arguments[1], at) : arguments[0]
      text.append("\(indentation)\(name) = \(probe)")
    }
    for line in lines {
      if let index = line.equation {
        let indentation = line.code.hasPrefix(" ") ? Formatter.indentation : ""
        visit(equations[index].expression, indentation)
      }
      text.append(line.code)
    }
    let block = try Block(
      name: name, text: text.joined(separator: "\n"), source: source, activation: activation)
    return (block, probes)
  }
}
