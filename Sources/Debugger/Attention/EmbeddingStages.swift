internal import Equations
internal import Networks
internal import Tensors

#if canImport(Glibc)
  internal import Glibc
#elseif canImport(Musl)
  internal import Musl
#endif

/// What comes before the first layer, term by term: rows of the tables, positions, their sum, its norm.
struct EmbeddingStages: Sendable {
  private struct Stage: Sendable {
    let line: ProgramLine
    let value: ProgramValue
  }

  private var stages: [Stage] = []
  /// The indices of the stages that the sum adds up.
  private var terms: [Int] = []
  private var sum: Int?

  init(_ run: TransformerRun) {
    let configuration = run.configuration
    let count = run.seqLen
    let size = configuration.modelSize
    func rows(_ values: [Float]) -> ProgramValue {
      ProgramValue(
        BufferView(Buffer(values)), heads: 1, rows: count, columns: size, isOverTokens: false)
    }
    func table(_ role: TransformerLayout.Role, _ index: (Int) -> Int) -> ProgramValue? {
      guard let entry = run.transformer.layout[role] else { return nil }
      return rows(
        (0..<count).flatMap { row -> [Float] in
          let place = index(row)
          guard place >= 0 else { return Array(repeating: 0, count: size) }
          let start = entry.offset + place * size
          return run.transformer.parameters.array(start..<start + size)
        })
    }
    switch run.input.source {
    case .tokens(let ids):
      if var value = table(.tokens, { Int(ids[$0]) }) {
        if configuration.scalesEmbedding {
          let factor = Float(size).squareRoot()
          value = rows((0..<count).flatMap { value.vector(row: $0).map { $0 * factor } })
        }
        let factor = configuration.scalesEmbedding ? "√D ⊙ " : ""
        add("E", "\(factor)embedding[token]", "the row of each token's id", value, isTerm: true)
      }
    case .vectors(let vectors):
      add("E", "input", "the given vectors", rows(vectors), isTerm: true)
    }
    switch configuration.positions {
    case .none: break
    case .learned:
      if let value = table(.positions, { $0 }) {
        add("P", "position[t]", "a learned row for each place", value, isTerm: true)
      }
    case .sinusoidal:
      add(
        "P", "waves(t)", "sines and cosines of the place", rows(Self.waves(count, size)),
        isTerm: true)
    }
    if let value = table(.tokenTypes, { _ in 0 }) {
      add("T", "type[0]", "the first sentence's row", value, isTerm: true)
    }
    let names = terms.map { stages[$0].line.name }
    if names.count > 1 {
      let added = rows(
        (0..<count * size).map { index in
          terms.reduce(Float(0)) { $0 + stages[$1].value[0, index / size, index % size] }
        })
      sum = stages.count
      let isLast = !configuration.normalizesEmbedding
      add(
        isLast ? "X" : "U", names.joined(separator: " + "),
        isLast ? "what enters the first layer" : "word and place in one vector", added)
    }
    if configuration.normalizesEmbedding {
      let before = names.count > 1 ? "U" : names[0]
      add(
        "X", "layernorm(\(before), γ, β, ε)", "what enters the first layer",
        ProgramValue(
          run.embeddings, heads: 1, rows: count, columns: size, isOverTokens: false))
    }
  }

  private mutating func add(
    _ name: String, _ expression: String, _ note: String, _ value: ProgramValue,
    isTerm: Bool = false
  ) {
    if isTerm { terms.append(stages.count) }
    let line = ProgramLine(
      code: "\(name) = \(expression)", note: note, equation: stages.count, name: name)
    stages.append(Stage(line: line, value: value))
  }

  var lines: [ProgramLine] { stages.map(\.line) }

  func value(_ equation: Int) -> ProgramValue? {
    stages.indices.contains(equation) ? stages[equation].value : nil
  }

  func numbers(
    _ equation: Int, row: Int, column: Int, number: @escaping (Double) -> String
  ) -> Substitution? {
    guard let value = value(equation) else { return nil }
    let result = Double(value[0, row, column])
    guard equation == sum else { return nil }
    var pieces: [Substitution.Piece] = []
    for term in terms {
      if !pieces.isEmpty { pieces.append(Substitution.Piece(text: " + ", source: nil)) }
      let text = number(Double(stages[term].value[0, row, column]))
      pieces.append(
        Substitution.Piece(
          text: text.hasPrefix("-") && !pieces.isEmpty ? "(\(text))" : text,
          source: stages[term].line.name))
    }
    return Substitution(pieces: pieces, result: result)
  }

  /// Vaswani et al. 2017, section 3.5: sin(t / 10000^(2i/D)) in column 2i, the cosine beside it.
  private static func waves(_ count: Int, _ size: Int) -> [Float] {
    (0..<count * size).map { index in
      let column = index % size
      let angle =
        Double(index / size) / pow(10_000, Double(column - column % 2) / Double(size))
      return Float(column % 2 == 0 ? sin(angle) : cos(angle))
    }
  }
}
