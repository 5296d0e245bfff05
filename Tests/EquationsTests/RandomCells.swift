import Tensors

@testable import Equations

/// Cells of random equations that are well formed: for holding the plan against plain evaluation.
struct RandomCells {
  var random: SeededRandom
  /// Without relu, elu, max and the like, whose finite differences may cross a kink.
  let isSmooth: Bool
  private var states: [String] = []
  private var defined: [String] = []
  private var matrixCount = 0
  private var vectorCount = 0

  init(seed: UInt64, isSmooth: Bool = false) {
    random = SeededRandom(seed: seed)
    self.isSmooth = isSmooth
  }

  private mutating func choose<T>(_ options: [T]) -> T { options[random.below(options.count)] }

  mutating func text() -> String {
    states = Array(["h", "c", "s"].prefix(1 + random.below(3)))
    defined = []
    matrixCount = 0
    vectorCount = 0
    var lines = ["state \(states.joined(separator: ", "))", "const α = 0.5"]
    var names = states
    for index in 0..<random.below(5) {
      names.insert("v\(index)", at: random.below(names.count + 1))
    }
    for name in names {
      // Some values depend on the input alone: they are computed before the loop.
      let inputOnly = !states.contains(name) && random.below(3) == 0
      let right = expression(2 + random.below(2), inputOnly)
      lines.append("\(name) = " + (states.contains(name) ? "tanh(\(right))" : right))
      if !inputOnly || random.below(2) == 0 { defined.append(name) }
    }
    return lines.joined(separator: "\n") + "\n"
  }

  private mutating func matrix() -> String {
    // A matrix that is used again must be [H, H]; those of x have a letter of their own.
    if matrixCount > 0, random.below(4) == 0 { return "M\(random.below(matrixCount))" }
    matrixCount += 1
    return "M\(matrixCount - 1)"
  }

  private mutating func fresh(_ letter: String) -> String {
    vectorCount += 1
    return "\(letter)\(vectorCount)"
  }

  private mutating func leaf(_ inputOnly: Bool) -> String {
    if inputOnly { return choose(["\(fresh("W"))·x", "x·\(fresh("W"))", fresh("b")]) }
    switch random.below(6) {
    case 0: return "\(fresh("W"))·x"
    case 1: return fresh("b")
    case 2 where !defined.isEmpty: return choose(defined)
    case 3 where !defined.isEmpty: return "\(matrix())·\(choose(defined))"
    case 4: return choose(states) + "'"
    default: return "\(matrix())·\(choose(states))'"
    }
  }

  private mutating func expression(_ depth: Int, _ inputOnly: Bool) -> String {
    guard depth > 0 else { return leaf(inputOnly) }
    let a = expression(depth - 1, inputOnly)
    switch random.below(isSmooth ? 23 : 29) {
    case 0: return "\(a) + \(expression(depth - 1, inputOnly))"
    case 1: return "\(a) - (\(expression(depth - 1, inputOnly)))"
    case 2: return "(\(a)) ⊙ (\(expression(depth - 1, inputOnly)))"
    case 3: return "(\(a)) / (2 + tanh(\(expression(depth - 1, inputOnly))))"
    case 4: return "σ(\(a)) ⊙ (\(expression(depth - 1, inputOnly)))"
    case 5: return "tanh(\(a))"
    case 6: return "softmax(\(a))"
    case 7: return "layernorm(\(a), \(fresh("γ")), \(fresh("β")))"
    case 8: return "layernorm(\(a), 1, 0, eps = 0.01)"
    case 9: return "gelu(\(a))"
    case 10: return "gelu_tanh(\(a))"
    case 11: return "gelu(\(a)) - σ(\(a))"
    case 12: return "exp(-((\(a)) ⊙ (\(a))))"
    case 13: return "log(1 + (\(a)) ⊙ (\(a)))"
    case 14: return "√(1 + (\(a)) ⊙ (\(a)))"
    case 15: return "\(fresh("W"))·[x, \(a)]"
    case 16: return "\(fresh("W"))·[\(a), \(leaf(inputOnly)), x]"
    case 17: return "tanh(\(fresh("W"))·tanh([\(a), x]))"
    case 18: return "\(matrix())ᵀ·tanh(\(a))"
    case 19: return "(\(matrix())·\(matrix()))·tanh(\(a))"
    case 20: return "(α ⊙ \(matrix()))·tanh(\(a)) - 0.25 ⊙ (\(a))"
    case 21: return "tanh(\(a))·\(matrix()) + 2"
    case 22: return "\(fresh("P"))·(\(fresh("Q"))·tanh(\(a)))"
    case 23: return "relu(\(a)) + elu(\(a))"
    case 24: return "leaky_relu(\(a))"
    case 25: return "max(\(a), \(expression(depth - 1, inputOnly)))"
    case 26: return "min(\(a), 0.3)"
    case 27: return "abs(\(a)) - φ(\(a))"
    default: return "max(0.1, \(a))"
    }
  }
}
