/// ASCII spellings of what equations are written with, for terminals without Unicode.
enum Spelling {
  private static let table: [Unicode.Scalar: String] = [
    "σ": "sigmoid", "φ": "phi", "·": "@", "⊙": "*", "√": "sqrt", "ᵀ": ".T", "∂": "d", "−": "-",
    "…": "...", "—": "-", "×": "x", "±": "+-", "≥": ">=", "≤": "<=", "→": "->", "←": "<-",
    "α": "alpha", "β": "beta", "γ": "gamma", "δ": "delta", "ε": "eps", "λ": "lambda", "μ": "mu",
    "θ": "theta", "ω": "omega", "‖": "|", "Φ": "Phi", "τ": "tau", "ρ": "rho", "η": "eta",
    "Σ": "sum",
  ]

  static func ascii(_ text: String) -> String {
    var result = String.UnicodeScalarView()
    // Between the bracket that was put behind a root and its end.
    var isInRoot = false
    let scalars = Array(text.unicodeScalars)
    for (index, scalar) in scalars.enumerated() {
      if isInRoot, !EquationText.isPartOfName(scalar) {
        result.append(")")
        isInRoot = false
      }
      if let spelling = table[scalar] {
        result.append(contentsOf: spelling.unicodeScalars)
      } else {
        result.append(scalar)
      }
      // √d is sqrt(d), not a name of its own.
      if scalar == "√", index + 1 < scalars.count, EquationText.isPartOfName(scalars[index + 1]) {
        result.append("(")
        isInRoot = true
      }
    }
    if isInRoot { result.append(")") }
    return String(result)
  }
}
