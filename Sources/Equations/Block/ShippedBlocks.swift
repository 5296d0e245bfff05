internal import Assets

extension Block {
  /// The names of the blocks that come with the program.
  public static var shippedNames: [String] { Assets.names(.block) }

  /// A block that comes with the program, or nil where none has that name.
  ///
  /// - Parameters:
  ///   - name: e.g. "encoder-pre".
  ///   - activation: what `φ` stands for.
  ///   - constants: numbers in place of those of the file, e.g. ε of the layer norms.
  /// - Returns: the block, or nil.
  /// - Throws: `EquationError` where the block has no such constant.
  public static func shipped(
    _ name: String, activation: Function = .gelu, constants: [String: Double] = [:]
  ) throws(EquationError) -> Block? {
    guard let text = Assets.text(.block, named: name) else { return nil }
    return try Block(
      name: name, text: text, source: name + ".block", activation: activation,
      constants: constants)
  }
}
