/// An attention block: equations that are run once per sequence, on matrices of one row per token.
///
/// One text is the program that is executed, differentiated and shown.
public struct Block: Sendable {
  /// A trained vector or matrix.
  public struct Parameter: Sendable {
    public let name: Identifier
    /// Whether every head has its own: the heads are side by side in the columns.
    public let isPerHead: Bool
    public let isMatrix: Bool
    let dimensions: [BlockDimension]

    /// `[in, out]` of a matrix, `[size]` of a vector, as it is in memory: all heads together.
    public func shape(_ sizes: BlockSizes) -> [Int] {
      var shape = dimensions.map { $0.size(sizes) }
      if isPerHead { shape[shape.count - 1] *= sizes.headCount }
      return shape
    }

    /// The shape in letters: `[D, D]`; of a head's parameter the whole of all heads.
    public var symbolicShape: String {
      var names = dimensions.map { $0.text(inputs: []) }
      if isPerHead, let last = dimensions.last {
        names[names.count - 1] = last == .head ? "D" : "heads·\(names[names.count - 1])"
      }
      return "[\(names.joined(separator: ", "))]"
    }
  }

  /// The file name without its ending, e.g. "encoder-pre".
  public let name: String
  /// The canonical text.
  public let text: String
  /// The comment at the head of the file: what the block is and where it comes from.
  public let summary: String
  /// The matrices of rows that come from outside: X, and what `input` declares.
  public let inputs: [Identifier]
  public let equations: [BlockEquation]
  /// The program as it is shown.
  public let lines: [BlockLine]
  /// In order of their first use.
  public let parameters: [Parameter]
  public let constants: [(name: Identifier, value: Double)]
  /// The values that are dropped out while training.
  public let dropout: [Identifier]
  /// What φ stands for.
  public let activation: Function
  /// Whether φ occurs.
  public let usesActivation: Bool
  /// The file as errors show it.
  let source: String
  let statements: [BlockStatement]

  /// Reads a block from its text.
  ///
  /// - Parameters:
  ///   - name: what the block is called, e.g. "encoder-pre".
  ///   - text: the equations.
  ///   - source: the file's name as errors show it.
  ///   - activation: what `φ` stands for.
  ///   - constants: numbers in place of those of the file's `const` lines, by name.
  /// - Throws: `EquationError` at the first mistake.
  public init(
    name: String, text: String, source: String? = nil, activation: Function = .gelu,
    constants: [String: Double] = [:]
  ) throws(EquationError) {
    let file = SourceText(name: source ?? name, text: text)
    var parser = try Parser(source: file, isBlock: true)
    let program = try BlockProgram(
      statements: try parser.blockStatements(), overrides: constants, source: file)
    var inference = BlockShapeInference(program)
    let (isPerHead, shapes) = try inference.run(program)

    self.name = name
    self.source = file.name
    self.statements = program.statements
    self.text = Formatter.text(program.statements)
    self.summary = program.summary
    self.inputs = program.inputs
    self.lines = Formatter.lines(program.statements)
    self.constants = program.constants
    self.dropout = program.dropout.map(\.name)
    self.activation = activation
    self.equations = zip(program.equations, isPerHead).map { equation, isPerHead in
      BlockEquation(
        name: equation.name, location: equation.location, expression: equation.expression,
        note: equation.note, isPerHead: isPerHead)
    }
    self.usesActivation = program.equations.contains { Self.usesActivation($0.expression) }
    self.parameters = shapes.map { name, shape in
      switch shape {
      case .matrix(let rows, let columns, let perHead):
        return Parameter(
          name: name, isPerHead: perHead, isMatrix: true, dimensions: [rows, columns])
      case .vector(let size, let perHead):
        return Parameter(
          name: name, isPerHead: perHead, isMatrix: false, dimensions: [size])
      case .number: preconditionFailure("\(name) is a number")
      }
    }
  }

  private static func usesActivation(_ e: Expression) -> Bool {
    if case .call(.activation, _, _) = e { return true }
    return e.operands.contains(where: usesActivation)
  }

  /// The vectors that layer norms and additive scores multiply by: they start at 1.
  public var gains: Set<Identifier> {
    func gains(_ e: Expression) -> Set<Identifier> {
      var found = e.operands.reduce(into: Set<Identifier>()) { $0.formUnion(gains($1)) }
      let vector: Expression? =
        switch e {
        case .call(.layerNorm, let arguments, _): arguments[1]
        case .call(.additive, let arguments, _): arguments.count > 2 ? arguments[2] : nil
        default: nil
        }
      if case .name(let name, _)? = vector { found.insert(name) }
      return found
    }
    return equations.reduce(into: []) { $0.formUnion(gains($1.expression)) }
  }

  /// The block's result: the last equation.
  public var output: Identifier { equations[equations.count - 1].name }

  public func equationIndex(of name: Identifier) -> Int? {
    equations.firstIndex { $0.name == name }
  }

  /// What the equation's value is called in a trace.
  public func traceName(ofEquation index: Int) -> String {
    if index == equations.count - 1 { return "output" }
    return Self.traceNames[equations[index].name] ?? equations[index].name.text
  }

  private static let traceNames: [Identifier: String] = [
    "Q": "q", "K": "k", "V": "v", "S": "scores", "A": "attention",
    "Q_E": "cross.q", "K_E": "cross.k", "V_E": "cross.v", "S_E": "cross.scores",
    "A_E": "cross.attention",
  ]
}
