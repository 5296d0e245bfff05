/// ASCII spellings of what equations are written with, for terminals without Unicode.
enum Spelling {
  private static let table: [Unicode.Scalar: String] = [
    "σ": "sigmoid", "φ": "phi", "·": "@", "⊙": "*", "√": "sqrt", "ᵀ": ".T", "∂": "d", "−": "-",
    "…": "...", "—": "-", "×": "x", "±": "+-", "≥": ">=", "≤": "<=", "→": "->", "←": "<-",
    "α": "alpha", "β": "beta", "γ": "gamma", "δ": "delta", "ε": "eps", "λ": "lambda", "μ": "mu",
    "θ": "theta", "ω": "omega", "‖": "|", "Φ": "Phi", "τ": "tau", "ρ": "rho", "η": "eta",
  ]

  static func ascii(_ text: String) -> String {
    var result = String.UnicodeScalarView()
    for scalar in text.unicodeScalars {
      if let spelling = table[scalar] {
        result.append(contentsOf: spelling.unicodeScalars)
      } else {
        result.append(scalar)
      }
    }
    return String(result)
  }
}
