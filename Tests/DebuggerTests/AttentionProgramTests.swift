import Debugger
import Equations
import Networks
import Tensors
import Testing

/// A transformer's run as the attend scene reads it, against the run itself and its own arithmetic.
@Suite struct AttentionProgramTests {
  private static let ids: [Int32] = [3, 1, 4, 1, 5]

  private static func attention(
    _ name: String, similarity: Similarity? = nil, isCausal: Bool = false,
    ablated: BlockIntervention? = nil
  ) throws -> (TransformerAttention, TransformerRun) {
    let shipped = try #require(try Block.shipped(name, activation: .relu))
    let block = try similarity.map { try shipped.withSimilarity($0) } ?? shipped
    let configuration = TransformerConfiguration(
      input: .tokens(vocabularySize: 9), modelSize: 6, headCount: 2, feedForwardSize: 7,
      blocks: [block, block], positions: .sinusoidal, scalesEmbedding: true,
      normalizesEmbedding: !isCausal, normalizesOutput: isCausal, isCausal: isCausal,
      head: .linear(hasBias: true))
    let transformer = Transformer<Float>(configuration)
    transformer.initialize(seed: 11, deviation: 0.8)
    let run = TransformerRun(
      transformer: transformer, input: RunInput(source: .tokens(ids), labels: ids.map { "\($0)" }),
      interventions: ablated.map { [0: [$0]] } ?? [:])
    let tokens = ids.map { AttentionToken("\($0)") }
    return (
      try #require(TransformerAttention(run: run, tokens: tokens) { "token \($0)" }), run
    )
  }

  private static let cases: [(String, Similarity?, Bool)] = [
    ("encoder-post", nil, false), ("encoder-pre", nil, true), ("encoder-post", .cosine, false),
    ("encoder-pre", .additive, false), ("encoder-post", .dot, false),
  ]

  /// The numbers of every line of every layer, put in for every cell, give that cell's value: sums,
  /// products, softmax and layer norm are worked out again in Double from the pieces' own sources.
  @Test(arguments: cases.indices) func numbersGiveTheValue(_ index: Int) throws {
    let (name, similarity, isCausal) = Self.cases[index]
    let (source, _) = try Self.attention(name, similarity: similarity, isCausal: isCausal)
    var checked = 0
    for part in source.parts {
      for equation in 0..<source.equationCount(part) {
        let place = ProgramPlace(part, equation)
        let value = try #require(source.value(place))
        for (row, column) in [(0, 0), (3, 1), (4, 2)] where column < value.columns {
          var written: [Double] = []
          let numbers = source.numbers(place, head: 1, row: row, column: column) { number in
            written.append(number)
            return "#"
          }
          guard let numbers else { continue }
          #expect(numbers.result == Double(value[1, row, column]))
          let name = try #require(source.line(place)).name
          guard let expected = Self.result(name, written) else { continue }
          #expect(
            abs(expected - numbers.result) < 2e-5 || expected == numbers.result,
            "\(part) \(name)[\(row),\(column)] = \(numbers.text): \(expected), \(numbers.result)")
          checked += 1
        }
      }
    }
    #expect(checked >= 30)
  }

  /// What the numbers of some lines give, in the order in which they were written.
  private static func result(_ name: String, _ numbers: [Double]) -> Double? {
    switch name {
    case "U", "H", "P": numbers.reduce(0, +)
    // The first product's factors and the whole product, then the bias.
    case "O", "F_1", "F_2", "Q", "K", "V": numbers.count == 4 ? numbers[2] + numbers[3] : nil
    // e^score, its value, the row's sum.
    case "A": numbers[1] / numbers[2]
    case "N", "N_1", "N_2":
      numbers.count == 5 ? (numbers[0] - numbers[1]) / numbers[2] * numbers[3] + numbers[4] : nil
    default: nil
    }
  }

  @Test func valuesAreTheRuns() throws {
    let (source, run) = try Self.attention("encoder-post")
    let weights = try #require(run.attention(layer: 1))
    for head in 0..<2 {
      let matrix = source.attention(layer: 1).matrix(head: head)
      #expect((0..<5).flatMap { matrix.row($0) } == weights.head(head))
      for query in 0..<5 { #expect(abs(matrix.row(query).reduce(0, +) - 1) < 1e-5) }
    }
    #expect(source.stream(after: 0).vector(row: 2) == Array(run.embeddings.array[12..<18]))
    #expect(source.stream(after: 2).vector(row: 4) == Array(run.output(ofLayer: 1).array[24..<30]))
    // The heads of Q lie side by side.
    let equation = try #require(run.block(0).equationIndex(of: "Q"))
    let queries = try #require(source.value(ProgramPlace(.layer(0), equation)))
    let values = try #require(run.value(layer: 0, "Q")).view.array
    #expect(queries.columns == 3 && queries.heads == 2 && !queries.isOverTokens)
    #expect(queries[1, 2, 0] == values[2 * 6 + 3])
  }

  /// What the embedding's lines add up to, behind its norm, is what enters the first layer.
  @Test func embeddingEndsAtTheFirstLayer() throws {
    for isCausal in [false, true] {
      let (source, run) = try Self.attention("encoder-pre", isCausal: isCausal)
      let last = source.equationCount(.embedding) - 1
      let value = try #require(source.value(ProgramPlace(.embedding, last)))
      for index in 0..<30 {
        #expect(abs(value[0, index / 6, index % 6] - run.embeddings[index]) < 1e-5)
      }
    }
  }

  @Test func predictionsAreTheLikeliestTokens() throws {
    let (source, run) = try Self.attention("encoder-post")
    let row = Array(try #require(run.probabilities).array[18..<27])
    let found = source.predictions(at: 2, count: 3)
    #expect(found.map(\.probability) == Array(row.sorted(by: >).prefix(3)))
    #expect(found.allSatisfy { row[$0.id] == $0.probability && $0.label == "token \($0.id)" })
  }

  @Test func stepsGoThroughTheWholeProgram() throws {
    let (source, _) = try Self.attention("encoder-pre", isCausal: true)
    let first = source.place(ProgramPlace(.layer(0), 0), movedBy: .min)
    #expect(first == ProgramPlace(.embedding, 0))
    var place = first
    var names: [String] = []
    while true {
      names.append(try #require(source.line(place)).name)
      let next = source.place(place, movedBy: 1)
      if next == place { break }
      #expect(source.place(next, movedBy: -1) == place)
      place = next
    }
    let layer = ["N_1", "Q", "K", "V", "R", "S", "A", "Z", "O", "H", "N_2", "F_1", "G", "F_2", "Y"]
    #expect(names == ["E", "P", "X"] + layer + layer + ["Y", "logits", "p"])
    #expect(source.place(place, movedBy: .max) == place)
  }

  @Test func anAblatedHeadGivesNothing() throws {
    let block = try #require(try Block.shipped("encoder-post"))
    let equation = try #require(block.equationIndex(of: "Z"))
    let (source, _) = try Self.attention(
      "encoder-post", ablated: BlockIntervention(equation: equation, heads: 0..<1))
    let value = try #require(source.value(ProgramPlace(.layer(0), equation)))
    for row in 0..<5 {
      #expect((0..<3).allSatisfy { value[0, row, $0] == 0 })
      #expect((0..<3).contains { value[1, row, $0] != 0 })
    }
  }
}
