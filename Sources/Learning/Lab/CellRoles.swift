public import Equations

/// Which of a cell's equations squash, gate or rectify, and which matrix is the recurrent one: what
/// the verdict's figures are taken from. It is read off the equations.
public struct CellRoles: Sendable {
  /// Equations that are a tanh as a whole; those of φ where it is one.
  public let tanhs: [Int]
  /// Equations that are a σ as a whole: gates, and states with φ = σ.
  public let sigmoids: [Int]
  /// Equations that are a relu as a whole.
  public let rectifiers: [Int]
  /// The equation of the forget gate: the σ named f.
  public let forgetGate: Int?
  /// The state on the uninterrupted path, beside the output: c of an LSTM. The equation's index.
  public let memory: Int?
  /// The cell's parameter, `[H, H]`, by which the state reaches the candidate or the next state;
  /// nil where there is none, or more than one.
  public let recurrentMatrix: Int?

  public init(_ cell: Cell) {
    func equations(being function: Function) -> [Int] {
      cell.equations.indices.filter { index in
        guard case .call(let called, _, _) = cell.equations[index].expression else { return false }
        return (called == .activation ? cell.activation : called) == function
      }
    }
    tanhs = equations(being: .tanh)
    let sigmoids = equations(being: .sigmoid)
    self.sigmoids = sigmoids
    rectifiers = equations(being: .relu)
    forgetGate = cell.equationIndex(of: "f").flatMap { sigmoids.contains($0) ? $0 : nil }
    memory = cell.states.dropFirst().first.flatMap { cell.equationIndex(of: $0) }

    // A gate decides, it does not carry: its matrix is not the one that gradients go through.
    var matrices: Set<Int> = []
    for (index, equation) in cell.equations.enumerated() {
      let isGate = sigmoids.contains(index) && !cell.states.contains(equation.name)
      guard !isGate else { continue }
      let names = Self.names(equation.expression)
      for (number, parameter) in cell.parameters.enumerated()
      where parameter.isRecurrent && names.contains(parameter.name)
        && parameter.shape(inputSize: 7, hiddenSize: 5) == [5, 5]
      {
        matrices.insert(number)
      }
    }
    recurrentMatrix = matrices.count == 1 ? matrices.first : nil
  }

  private static func names(_ expression: Expression) -> Set<Identifier> {
    if case .name(let name, _) = expression { return [name] }
    return expression.operands.reduce(into: []) { $0.formUnion(names($1)) }
  }
}
