/// A recurrent cell: equations that are run once per time step.
///
/// One text is the program that is executed, differentiated and shown.
public struct Cell: Sendable {
  /// A trained number or vector or matrix of the cell.
  public struct Parameter: Sendable {
    public let name: Identifier
    let rows: Dimension
    /// Nil for a vector.
    let columns: Dimension?
    /// What the file says of its start, if anything.
    public let initializer: Initializer?

    public var isMatrix: Bool { columns != nil }
    /// Whether the matrix maps the hidden state: initialisers and gains of the command line are for
    /// these.
    public let isRecurrent: Bool

    /// `[rows, columns]` of a matrix, `[size]` of a vector.
    public func shape(inputSize: Int, hiddenSize: Int) -> [Int] {
      [rows, columns].compactMap { $0?.size(input: inputSize, hidden: hiddenSize) }
    }

    /// The shape in letters: `[H, I]`.
    public var symbolicShape: String {
      "[\([rows, columns].compactMap { $0?.description }.joined(separator: ", "))]"
    }
  }

  /// The file name without its ending, e.g. "lstm".
  public let name: String
  /// The canonical text.
  public let text: String
  /// The comment at the head of the file: what the cell is and where it comes from.
  public let summary: String
  /// Carried from step to step; the first one is the cell's output.
  public let states: [Identifier]
  public let equations: [Equation]
  /// In order of their first use.
  public let parameters: [Parameter]
  let constants: [Identifier: Double]
  /// The size of each equation's value.
  let sizes: [Dimension]
  /// What φ stands for.
  public let activation: Function

  /// Whether φ occurs.
  public let usesActivation: Bool

  public var output: Identifier { states[0] }

  public func size(of equation: Int, inputSize: Int, hiddenSize: Int) -> Int {
    sizes[equation].size(input: inputSize, hidden: hiddenSize)
  }

  public func equationIndex(of name: Identifier) -> Int? {
    equations.firstIndex { $0.name == name }
  }

  /// What the bias of a forget gate is called.
  public static var forgetBias: Identifier { "b_f" }

  public var hasForgetBias: Bool { parameters.contains { $0.name == Self.forgetBias } }

  /// The index in `equations` of the one that gives the output.
  public var outputEquation: Int { equationIndex(of: output) ?? equations.count - 1 }

  /// Reads a cell from its text.
  ///
  /// - Parameters:
  ///   - name: what the cell is called, e.g. "lstm".
  ///   - text: the equations.
  ///   - source: the file's name as errors show it.
  ///   - activation: what `φ` stands for.
  /// - Throws: `EquationError` at the first mistake.
  public init(
    name: String, text: String, source: String? = nil, activation: Function = .tanh
  ) throws(EquationError) {
    let source = SourceText(name: source ?? name, text: text)
    var parser = try Parser(source: source)
    let program = try CellProgram(statements: try parser.statements(), source: source)
    var inference = ShapeInference(
      source: source, states: program.states, constants: Set(program.constants.keys),
      equations: program.equations)
    let (sizes, shapes) = try inference.run(program.equations)
    try program.checkInitializers(parameters: shapes.map(\.0), source: source)

    let recurrent = Self.recurrentMatrices(program.equations)
    self.name = name
    self.text = Formatter.text(program.statements)
    self.summary = program.summary
    self.states = program.states
    self.equations = program.equations
    self.sizes = sizes
    self.constants = program.constants
    self.activation = activation
    self.usesActivation = program.equations.contains { Self.usesActivation($0.expression) }
    self.parameters = shapes.map { name, shape in
      let initializer = program.initializers[name]
      switch shape {
      case .matrix(let rows, let columns):
        return Parameter(
          name: name, rows: rows, columns: columns, initializer: initializer,
          isRecurrent: recurrent.contains(name))
      case .vector(let size):
        return Parameter(
          name: name, rows: size, columns: nil, initializer: initializer, isRecurrent: false)
      case .number: preconditionFailure("\(name) is a number")
      }
    }
  }

  private static func usesActivation(_ e: Expression) -> Bool {
    if case .call(.activation, _, _) = e { return true }
    return e.operands.contains(where: usesActivation)
  }

  /// Matrices that multiply something that depends on a state.
  private static func recurrentMatrices(_ equations: [Equation]) -> Set<Identifier> {
    var dependent: Set<Identifier> = []
    func depends(_ e: Expression) -> Bool {
      switch e {
      case .previous: true
      case .name(let name, _): dependent.contains(name)
      default: e.operands.contains(where: depends)
      }
    }
    func matrixNames(_ e: Expression) -> [Identifier] {
      if case .name(let name, _) = e { return [name] }
      return e.operands.flatMap(matrixNames)
    }
    var found: Set<Identifier> = []
    func visit(_ e: Expression) {
      if case .binary(.matrixProduct, let left, let right, _) = e {
        if depends(right), !depends(left) { found.formUnion(matrixNames(left)) }
        if depends(left), !depends(right) { found.formUnion(matrixNames(right)) }
      }
      e.operands.forEach(visit)
    }
    for equation in equations {
      visit(equation.expression)
      if depends(equation.expression) { dependent.insert(equation.name) }
    }
    return found
  }
}

/// A cell file sorted into its parts, with the rules that concern names checked.
private struct CellProgram {
  let statements: [Statement]
  var states: [Identifier] = []
  var constants: [Identifier: Double] = [:]
  var initializers: [Identifier: Initializer] = [:]
  var initializerLocations: [Identifier: SourceLocation] = [:]
  var equations: [Equation] = []
  var summary = ""

  init(statements: [Statement], source: SourceText) throws(EquationError) {
    self.statements = statements
    var places: [Identifier: SourceLocation] = [:]
    func check(_ name: Identifier, _ location: SourceLocation) throws(EquationError) {
      if let meaning = Identifier.reserved[name] {
        throw EquationError(
          "\(name) is reserved: \(meaning); expected another name", at: location, in: source)
      }
    }
    func declare(_ name: Identifier, _ location: SourceLocation) throws(EquationError) {
      try check(name, location)
      if let first = places[name] {
        throw EquationError(
          "\(name) was given a meaning in line \(first.line) already; a name is assigned once",
          at: location, in: source)
      }
      places[name] = location
    }
    var statePlaces: [(Identifier, SourceLocation)] = []
    var declared: Set<Identifier> = []
    var comments: [String] = []
    for statement in statements {
      switch statement {
      case .comment(let text, _):
        if states.isEmpty, equations.isEmpty { comments.append(text.trimmed) }
      case .blank: break
      case .states(let names, _):
        for (name, location) in names {
          try check(name, location)
          guard declared.insert(name).inserted else {
            throw EquationError(
              "\(name) is declared as a state twice", at: location, in: source)
          }
          statePlaces.append((name, location))
          states.append(name)
        }
      case .constant(let name, let value, let location, _):
        try declare(name, location)
        let number = try Self.evaluate(value, constants, source)
        guard number.isFinite else {
          throw EquationError(
            "\(name) would be \(number); expected a finite number", at: value.location, in: source)
        }
        constants[name] = number
      case .initializer(let name, let initializer, let location, _):
        try check(name, location)
        if initializers[name] != nil {
          throw EquationError("\(name) is initialised twice", at: location, in: source)
        }
        initializers[name] = initializer
        initializerLocations[name] = location
      case .equation(let equation):
        try declare(equation.name, equation.location)
        equations.append(equation)
      }
    }
    summary = comments.joined(separator: " ")
    let start = SourceLocation(line: 1, column: 1)
    guard !states.isEmpty else {
      let what = statements.allSatisfy { if case .blank = $0 { true } else { false } }
      throw EquationError(
        what
          ? "the file is empty; expected a line such as \"state h\" and equations"
          : "no state is declared; expected a line such as \"state h\"", at: start, in: source)
    }
    let assigned = Set(equations.map(\.name))
    for (name, location) in statePlaces where !assigned.contains(name) {
      throw EquationError(
        "the state \(name) is never assigned; expected an equation \"\(name) = …\"", at: location,
        in: source)
    }
  }

  /// Constants are numbers and sums, products and quotients of them.
  private static func evaluate(
    _ e: Expression, _ known: [Identifier: Double], _ source: SourceText
  ) throws(EquationError) -> Double {
    switch e {
    case .number(let value, _): return value
    case .name(let name, let location):
      if let value = known[name] { return value }
      throw EquationError(
        "expected a number or a constant declared above, found \"\(name)\"", at: location,
        in: source)
    case .negate(let operand, _): return -(try evaluate(operand, known, source))
    case .squareRoot(let operand, _): return try evaluate(operand, known, source).squareRoot()
    case .binary(let op, let left, let right, let location):
      let a = try evaluate(left, known, source), b = try evaluate(right, known, source)
      switch op {
      case .add: return a + b
      case .subtract: return a - b
      case .hadamard: return a * b
      case .divide: return a / b
      case .matrixProduct:
        throw EquationError("expected ⊙ between numbers", at: location, in: source)
      }
    default:
      throw EquationError("expected a number", at: e.location, in: source)
    }
  }

  func checkInitializers(parameters: [Identifier], source: SourceText) throws(EquationError) {
    let known = Set(parameters)
    for (name, location) in initializerLocations.sorted(by: { $0.value.line < $1.value.line })
    where !known.contains(name) {
      throw EquationError(
        "\(name) is no parameter of this cell; expected "
          + Suggestion.among(parameters.map(\.text), for: name.text), at: location, in: source)
    }
  }
}
