public import Equations
internal import Tensors

extension Network {
  /// The same network with another cell: parameters of the same name and shape keep their values,
  /// others are drawn as PyTorch draws them.
  ///
  /// - Returns: the network, and the names of the cell's parameters that were drawn.
  public func replacingCell(with cell: Cell) -> (network: Network, drawn: [Identifier]) {
    var configuration = configuration
    configuration.cell = cell
    let other = Network(configuration)
    other.initialize(InitializationOptions())
    var drawn: [Identifier] = []
    for entry in other.layout.entries {
      if let own = layout[entry.name], own.shape == entry.shape {
        unsafe (other.parameters.base + entry.offset).update(
          from: parameters.base + own.offset, count: own.count)
      } else if case .cell(_, let index) = entry.role {
        let name = cell.parameters[index].name
        if !drawn.contains(name) { drawn.append(name) }
      }
    }
    return (other, drawn)
  }
}
