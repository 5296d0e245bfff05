public import ArgumentParser
public import Checkpoints
public import Equations
public import Networks

extension TraceFormat: ExpressibleByArgument {}

extension LossKind: ExpressibleByArgument {
  /// A command line gives no targets.
  public nonisolated static var allValueStrings: [String] {
    [LossKind.nextToken, .sumOfSquares].map(\.rawValue)
  }

  public nonisolated init?(argument: String) {
    guard Self.allValueStrings.contains(argument) else { return nil }
    self.init(rawValue: argument)
  }
}

extension Function: ExpressibleByArgument {
  /// The names that can be chosen as φ.
  public nonisolated static var allValueStrings: [String] { activations.map(\.asciiName) }

  public nonisolated init?(argument: String) { self.init(activation: argument) }
}

extension Initializer: ExpressibleByArgument {
  public nonisolated static var allValueStrings: [String] { names }

  /// As in a cell file: `orthogonal`, `xavier(1.5)`, `normal(0, 0.01)`, or a number.
  public nonisolated init?(argument: String) {
    if let number = Double(argument), number.isFinite {
      self = .constant(number)
      return
    }
    guard let open = argument.firstIndex(of: "("), argument.hasSuffix(")") else {
      self.init(name: argument)
      return
    }
    var arguments: [Double] = []
    for part in argument[open...].dropFirst().dropLast().split(separator: ",") {
      let digits = part.drop { $0 == " " }.reversed().drop { $0 == " " }.reversed()
      guard let number = Double(String(digits)), number.isFinite else { return nil }
      arguments.append(number)
    }
    self.init(name: String(argument[..<open]), arguments: arguments)
  }
}
