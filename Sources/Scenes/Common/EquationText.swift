internal import Canvas

/// An equation's text taken apart, so that its names can be coloured.
enum EquationText {
  /// The names, numbers among them, and single characters between them.
  static func pieces(of text: String) -> [(text: String, isName: Bool)] {
    var pieces: [(text: String, isName: Bool)] = []
    var word = String.UnicodeScalarView()
    func close() {
      if !word.isEmpty { pieces.append((String(word), true)) }
      word.removeAll()
    }
    for scalar in text.unicodeScalars {
      // The transpose is a letter to Unicode.
      if scalar != "ᵀ", isPartOfName(scalar) {
        word.append(scalar)
      } else {
        close()
        pieces.append((String(scalar), false))
      }
    }
    close()
    return pieces
  }

  /// The text with each of the program's values in the colour of its own, and what comes in from
  /// outside marked.
  static func spans(of text: String, names: [String], inputs: Set<String>) -> [TextSpan] {
    pieces(of: text).map { piece in
      guard piece.isName else { return TextSpan(piece.text) }
      if let index = names.firstIndex(of: piece.text) {
        return TextSpan(piece.text, Style(.series(index % 8), [.bold]))
      }
      return TextSpan(piece.text, inputs.contains(piece.text) ? .accent : .dim)
    }
  }

  static func isPartOfName(_ scalar: Unicode.Scalar) -> Bool {
    scalar == "_" || scalar.properties.isAlphabetic || ("0"..."9").contains(scalar)
  }
}
