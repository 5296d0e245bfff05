/// A size that is known only when a cell is put to work: a sum of input sizes, hidden sizes and
/// sizes still to be found.
struct Dimension: Hashable, Sendable {
  enum Atom: Hashable, Sendable, Comparable {
    case input
    case hidden
    case free(Int)
  }

  /// How often each atom is in the sum; never zero.
  var terms: [Atom: Int]

  static let input = Dimension(terms: [.input: 1])
  static let hidden = Dimension(terms: [.hidden: 1])
  static func free(_ index: Int) -> Dimension { Dimension(terms: [.free(index): 1]) }

  static func + (a: Dimension, b: Dimension) -> Dimension {
    Dimension(terms: a.terms.merging(b.terms, uniquingKeysWith: +))
  }

  /// The only atom of a sum of one.
  var single: Atom? { terms.count == 1 && terms.first?.value == 1 ? terms.first?.key : nil }

  var freeAtoms: [Int] {
    terms.keys.compactMap { if case .free(let index) = $0 { index } else { nil } }.sorted()
  }

  func size(input: Int, hidden: Int) -> Int {
    terms.reduce(0) { sum, term in
      switch term.key {
      case .input: sum + term.value * input
      case .hidden: sum + term.value * hidden
      case .free: preconditionFailure("the size \(self) was not inferred")
      }
    }
  }
}

extension Dimension: CustomStringConvertible {
  /// "I", "H", "H + I", "2H".
  var description: String {
    terms.sorted { $0.key < $1.key }.map { atom, count in
      let name =
        switch atom {
        case .input: "I"
        case .hidden: "H"
        case .free(let index): "n\(index)"
        }
      return count == 1 ? name : "\(count)\(name)"
    }.joined(separator: " + ")
  }
}

/// The shape of a value within one time step.
enum ValueShape: Sendable {
  /// A number: it broadcasts.
  case number
  case vector(Dimension)
  case matrix(rows: Dimension, columns: Dimension)
}
