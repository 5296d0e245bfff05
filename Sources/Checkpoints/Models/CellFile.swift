public import Equations

/// Finds a cell by what the user calls it.
public enum CellFile {
  /// A shipped cell's name, or the path of a file.
  ///
  /// - Parameters:
  ///   - name: a path if it holds a slash or ends in `.cell`, else a shipped name, else a path.
  ///   - activation: what φ stands for.
  /// - Returns: the cell; one from a file is called like the file, without folder and ending.
  /// - Throws: a file that can't be read, a mistake in the equations (with the path as given), an
  ///   unknown name, an activation for a cell without φ.
  public static func load(_ name: String, activation: Function? = nil) throws(ModelError) -> Cell {
    let cell = try find(name, activation: activation ?? .tanh)
    if activation != nil { try checkActivation(of: cell) }
    return cell
  }

  private static func find(_ name: String, activation: Function) throws(ModelError) -> Cell {
    if name.utf8.contains(UInt8(ascii: "/")) || name.hasSuffix(".cell") {
      return try read(name, activation: activation)
    }
    let shipped = try ModelError.wrap { () throws(EquationError) in
      try Cell.shipped(name, activation: activation)
    }
    if let shipped { return shipped }
    if ModelCatalog.exists(name) { return try read(name, activation: activation) }
    let known = Suggestion.among(Cell.shippedNames, for: name)
    throw .request(
      "unknown cell \(Printable.quote(name)); expected \(known), or a file such as ./my.cell")
  }

  static func checkActivation(of cell: Cell) throws(ModelError) {
    guard cell.usesActivation else {
      throw .request(
        "the cell \(Printable.escape(cell.name, limit: 80)) has no φ; --activation says what φ is")
    }
  }

  /// Refuses a `--forget-bias` that nothing would come of.
  public static func checkForgetBias(of cell: Cell) throws(ModelError) {
    guard cell.hasForgetBias else {
      throw .request(
        "the cell \(Printable.escape(cell.name, limit: 80)) has no b_f; --forget-bias says where b_f "
          + "starts")
    }
  }

  private static func read(_ path: String, activation: Function) throws(ModelError) -> Cell {
    let (name, text) = try EquationFile.read(path, ending: ".cell")
    return try ModelError.wrap { () throws(EquationError) in
      try Cell(name: name, text: text, source: path, activation: activation)
    }
  }
}
