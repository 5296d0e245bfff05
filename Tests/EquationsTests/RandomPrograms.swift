import Tensors

@testable import Equations

/// An expression tree of the tests' own, with two spellings that must parse to it.
indirect enum Tree {
  case number(String)
  case name(String)
  case previous(String)
  case negate(Tree)
  case squareRoot(Tree)
  case transpose(Tree)
  case binary(BinaryOperator, Tree, Tree)
  case call(Function, [Tree])
  case concatenation([Tree])

  /// With every bracket, in the canonical signs.
  var bracketed: String {
    switch self {
    case .number(let text), .name(let text): text
    case .previous(let text): text + "'"
    case .negate(let a): "(-\(a.bracketed))"
    case .squareRoot(let a): "(√\(a.bracketed))"
    case .transpose(let a): "(\(a.bracketed)ᵀ)"
    case .binary(let op, let a, let b): "(\(a.bracketed) \(op.rawValue) \(b.bracketed))"
    case .call(let function, let arguments):
      "\(function.rawValue)(\(arguments.map(\.bracketed).joined(separator: ", ")))"
    case .concatenation(let parts):
      "[\(parts.map(\.bracketed).joined(separator: ", "))]"
    }
  }
}

extension Expression {
  /// With every bracket, in the canonical signs.
  var bracketed: String {
    switch self {
    case .number(let value, _): Formatter.number(value)
    case .name(let name, _): name.text
    case .previous(let name, _): name.text + "'"
    case .negate(let a, _): "(-\(a.bracketed))"
    case .squareRoot(let a, _): "(√\(a.bracketed))"
    case .transpose(let a, _): "(\(a.bracketed)ᵀ)"
    case .binary(let op, let a, let b, _): "(\(a.bracketed) \(op.rawValue) \(b.bracketed))"
    case .call(let function, let arguments, _):
      "\(function.rawValue)(\(arguments.map(\.bracketed).joined(separator: ", ")))"
    case .concatenation(let parts, _):
      "[\(parts.map(\.bracketed).joined(separator: ", "))]"
    }
  }
}

/// Random trees, and random spellings of them.
struct RandomPrograms {
  var random: SeededRandom

  init(seed: UInt64) { random = SeededRandom(seed: seed) }

  private mutating func choose<T>(_ options: [T]) -> T { options[random.below(options.count)] }

  mutating func tree(_ depth: Int) -> Tree {
    guard depth > 0 else {
      return switch random.below(4) {
      case 0: .number(choose(["0", "1", "0.5", "12", "0.001"]))
      case 1: .previous(choose(["h", "c"]))
      default: .name(choose(["x", "W_f", "b", "λ", "a1", "é", "W₁"]))
      }
    }
    switch random.below(10) {
    case 0: return .negate(tree(depth - 1))
    case 1: return .squareRoot(tree(depth - 1))
    case 2: return .transpose(tree(depth - 1))
    case 3: return .concatenation((0...random.below(3)).map { _ in tree(depth - 1) })
    case 4:
      let function = choose(Function.allCases)
      let count = function.arity.lowerBound + random.below(function.arity.count)
      return .call(function, (0..<count).map { _ in tree(depth - 1) })
    default:
      let op = choose([BinaryOperator.add, .subtract, .matrixProduct, .hadamard, .divide])
      return .binary(op, tree(depth - 1), tree(depth - 1))
    }
  }

  // MARK: Spelling

  private static let signs: [BinaryOperator: [String]] = [
    .add: ["+"], .subtract: ["-", "−", "–"], .matrixProduct: ["·", "⋅", "∙", "•", "@"],
    .hadamard: ["⊙", "∘", "*", "×"], .divide: ["/", "÷"],
  ]

  private mutating func space() -> String { choose(["", "", " ", "  ", "\t", "\u{A0}"]) }

  /// A spelling with look-alike signs, odd spaces and as few or as many brackets as may be.
  ///
  /// Levels: 1 sums, 2 products, 3 signs and roots, 4 what stands by itself.
  mutating func spelling(_ tree: Tree, level: Int = 1) -> String {
    let (text, own): (String, Int) =
      switch tree {
      case .number(let text), .name(let text): (text, 4)
      case .previous(let name): (name + space() + choose(["'", "′", "’", "ʹ"]), 4)
      case .negate(let a): (choose(["-", "−", "–"]) + space() + spelling(a, level: 3), 3)
      case .squareRoot(let a):
        random.below(2) == 0
          ? ("√" + space() + spelling(a, level: 3), 3) : ("sqrt(\(spelling(a)))", 4)
      case .transpose(let a): (spelling(a, level: 4) + space() + choose(["ᵀ", ".T", "⊤"]), 4)
      case .binary(let op, let a, let b):
        (
          spelling(a, level: op.precedence) + space() + choose(Self.signs[op] ?? []) + space()
            + spelling(b, level: op.precedence + 1), op.precedence
        )
      case .call(let function, let arguments):
        (
          choose(
            Function.spellings.filter { $0.value == function }.map(\.key.text).sorted())
            + space() + "(" + list(arguments) + ")", 4
        )
      case .concatenation(let parts): ("[" + list(parts) + "]", 4)
      }
    let needsBrackets = own < level
    return needsBrackets || random.below(8) == 0 ? "(\(space())\(text)\(space()))" : text
  }

  private mutating func list(_ trees: [Tree]) -> String {
    trees.map { spelling($0) + space() }.joined(separator: "," + space())
  }
}
