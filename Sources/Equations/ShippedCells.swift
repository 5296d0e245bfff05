internal import Assets

extension Cell {
  /// The names of the cells that come with the program.
  public static var shippedNames: [String] { Assets.names(.cell) }

  /// A cell that comes with the program, or nil where none has that name.
  public static func shipped(
    _ name: String, activation: Function = .tanh
  ) throws(EquationError) -> Cell? {
    guard let text = Assets.text(.cell, named: name) else { return nil }
    return try Cell(name: name, text: text, source: name + ".cell", activation: activation)
  }
}
