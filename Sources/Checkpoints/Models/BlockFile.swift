public import Equations

/// Finds a block by what the user calls it.
public enum BlockFile {
  /// Whether the name is a shipped block's, or a path that ends in `.block`.
  public static func isOne(_ name: String) -> Bool {
    name.hasSuffix(".block") || Block.shippedNames.contains(name)
  }

  /// - Parameters:
  ///   - name: a shipped block's name, or a path that ends in `.block`.
  ///   - activation: what φ stands for.
  /// - Returns: the block; one from a file is called like the file, without folder and ending.
  /// - Throws: a file that can't be read, or a mistake in the equations (with the path as given).
  public static func load(
    _ name: String, activation: Function = .gelu
  ) throws(ModelError) -> Block {
    if let shipped = try ModelError.wrap({ () throws(EquationError) in
      try Block.shipped(name, activation: activation)
    }) {
      return shipped
    }
    let (stem, text) = try EquationFile.read(name, ending: ".block")
    return try ModelError.wrap { () throws(EquationError) in
      try Block(name: stem, text: text, source: name, activation: activation)
    }
  }
}
