extension Block {
  /// The same block with an equation more for each kink: its sign says on which side of the kink
  /// the argument is. A finite difference whose two ends lie on different sides means nothing.
  ///
  /// - Returns: the block and the names of the added equations.
  public func withKinkProbes() throws(EquationError) -> (block: Block, probes: [Identifier]) {
    var probes: [Identifier] = []
    var text: [String] = []
    for line in lines {
      if let index = line.equation {
        let indentation = line.code.hasPrefix(" ") ? Formatter.indentation : ""
        for probe in equations[index].expression.kinkProbes(activation: activation) {
          let name = Identifier("kink_\(probes.count)")
          probes.append(name)
          text.append("\(indentation)\(name) = \(probe)")
        }
      }
      text.append(line.code)
    }
    let block = try Block(
      name: name, text: text.joined(separator: "\n"), source: source, activation: activation)
    return (block, probes)
  }
}
