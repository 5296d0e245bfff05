import Canvas
import Debugger
import Equations
import Networks
import Tensors
import Testing

@testable import Scenes

/// Attend scenes over runs whose attention is known beforehand, and over a small real transformer.
enum AttendSample {
  nonisolated static let sentence = "the cat drank the milk because it was hungry"

  /// A scene over heads that look where their number says: 0 at the token before, 1 at the first
  /// token, 2 at itself and its neighbours, 3 from "it" to its noun.
  static func scene(
    text: String = sentence, layers: Int = 3, predicts: Bool = false
  ) -> AttendScene {
    scene(model(layers: layers, predicts: predicts), text: text)
  }

  static func scene(_ model: AttentionModel, text: String) -> AttendScene {
    let answer = AttentionWork(model: model, request: AttentionRequest(text: text)).run()
    guard let result = answer.result else { preconditionFailure(answer.notice) }
    return AttendScene(model: model, result: result)
  }

  nonisolated static func model(layers: Int = 3, predicts: Bool = false) -> AttentionModel {
    AttentionModel(name: "sample", summary: "\(layers) layers of 4 heads") { request in
      let words = request.text.split(separator: " ").map(String.init)
      guard !words.isEmpty else { return AttentionOutcome(nil, notice: "the text has no words") }
      return AttentionOutcome(
        PatternedAttention(words: words, layerCount: layers, predicts: predicts, request: request),
        notice: words.count > 600 ? "cut" : "")
    }
  }

  /// A post-norm encoder of 2 layers and 2 heads with fixed random weights and a masked-word head.
  nonisolated static func transformer(isCausal: Bool = false) -> AttentionModel {
    AttentionModel(name: "random", summary: "2 layers of 2 heads", hasPositions: true) { request in
      let words = request.text.split(separator: " ").map(String.init)
      guard !words.isEmpty else { return AttentionOutcome(nil, notice: "the text has no words") }
      return AttentionOutcome(run(words: words, request: request, isCausal: isCausal))
    }
  }

  nonisolated static func run(
    words: [String], request: AttentionRequest = AttentionRequest(text: ""), isCausal: Bool = false
  ) -> TransformerAttention? {
    guard
      let block = try? Block.shipped(isCausal ? "encoder-pre" : "encoder-post", activation: .relu),
      let changed = try? request.similarity.map({ try block.withSimilarity($0) }) ?? block
    else { return nil }
    let configuration = TransformerConfiguration(
      input: .tokens(vocabularySize: 64), modelSize: 8, headCount: 2, feedForwardSize: 12,
      blocks: [changed, changed], positions: request.hasPositions ? .learned(count: 64) : .none,
      normalizesEmbedding: !isCausal,
      normalizesOutput: isCausal, isCausal: isCausal, head: .tied(hasBias: false))
    let transformer = Transformer<Float>(configuration)
    transformer.initialize(seed: 5, deviation: 0.7)
    var interventions: [Int: [BlockIntervention]] = [:]
    for id in request.ablated {
      guard let equation = block.equationIndex(of: "Z") else { return nil }
      interventions[id.layer, default: []].append(
        BlockIntervention(equation: equation, heads: id.head..<id.head + 1))
    }
    let ids = words.map { word in
      Int32(word.unicodeScalars.reduce(7) { ($0 &* 31 &+ Int($1.value)) % 64 })
    }
    let run = TransformerRun(
      transformer: transformer, input: RunInput(source: .tokens(ids), labels: words),
      interventions: interventions)
    return TransformerAttention(run: run, tokens: words.map { AttentionToken($0) }) { "w\($0)" }
  }
}

/// Attention by a rule for each head, in the program of a real block.
struct PatternedAttention: AttentionSource {
  let tokens: [AttentionToken]
  let layerCount: Int
  let headCount = 4
  let isCausal = false
  let predicts: Bool
  private let request: AttentionRequest
  private let block: Block
  private let weights: [ProgramValue]
  private static let width = 16

  init(words: [String], layerCount: Int, predicts: Bool, request: AttentionRequest) {
    guard let block = try? Block.shipped("encoder-post") else {
      preconditionFailure("no block encoder-post")
    }
    self.block = block
    self.layerCount = layerCount
    self.predicts = predicts
    self.request = request
    let tokens =
      [AttentionToken("[CLS]", isSpecial: true)] + words.map { AttentionToken($0) }
      + [AttentionToken("[SEP]", isSpecial: true)]
    self.tokens = tokens
    let count = tokens.count
    weights = (0..<layerCount).map { layer in
      var all: [Float] = []
      for head in 0..<4 {
        for query in 0..<count {
          var row = (0..<count).map { key in Self.raw(head, layer, query, key, tokens) }
          if request.similarity == .dot { row = row.map { $0 * $0 } }
          let sum = row.reduce(0, +)
          all += row.map { $0 / sum }
        }
      }
      return ProgramValue(
        BufferView(Buffer(all)), heads: 4, rows: count, columns: count, isOverTokens: true)
    }
  }

  private static func raw(
    _ head: Int, _ layer: Int, _ query: Int, _ key: Int, _ tokens: [AttentionToken]
  ) -> Float {
    let rest: Float = 0.02 * Float(layer + 1)
    switch head {
    case 0: return key == max(0, query - 1) ? 1 : rest
    case 1: return key == 0 ? 1 : rest
    case 2: return 1 / Float(1 + (query - key) * (query - key))
    default:
      guard tokens[query].label == "it" else { return key == query ? 1 : 4 * rest }
      return tokens[key].label == "cat" ? 1 : tokens[key].label == "milk" ? 0.5 : rest
    }
  }

  func lines(_ part: ProgramPart) -> [ProgramLine] {
    switch part {
    case .embedding:
      [ProgramLine(code: "X = E + P", note: "word and place", equation: 0, name: "X")]
    case .layer:
      block.lines.filter { !$0.code.hasPrefix("#") }.map { line in
        ProgramLine(
          code: line.code, note: line.note, equation: line.equation,
          name: line.equation.map { block.equations[$0].name.text } ?? "")
      }
    case .output: []
    }
  }

  func value(_ place: ProgramPlace) -> ProgramValue? {
    guard case .layer(let layer) = place.part else { return stream(after: 0) }
    let equation = block.equations[place.equation]
    switch equation.name {
    case "A": return weights[layer]
    case "R", "S": return weights[layer]
    default:
      return vectors(heads: equation.isPerHead ? headCount : 1, seed: 100 * layer + place.equation)
    }
  }

  /// Numbers that depend on the word and the column alone.
  private func vectors(heads: Int, seed: Int) -> ProgramValue {
    let values = tokens.flatMap { token in
      (0..<heads * Self.width).map { column -> Float in
        let hash = token.label.unicodeScalars.reduce(seed + 131 * column) {
          ($0 &* 31 &+ Int($1.value)) & 0xFFFF
        }
        return Float(hash % 2001) / 1000 - 1
      }
    }
    return ProgramValue(
      BufferView(Buffer(values)), heads: heads, rows: tokens.count, columns: Self.width,
      isOverTokens: false)
  }

  func numbers(
    _ place: ProgramPlace, head: Int, row: Int, column: Int, number: @escaping (Double) -> String
  ) -> Substitution? { nil }

  func attentionEquation(layer: Int) -> Int { block.equationIndex(of: "A") ?? 0 }
  func attention(layer: Int) -> ProgramValue { weights[layer] }
  func stream(after layers: Int) -> ProgramValue { vectors(heads: 1, seed: layers) }

  func predictions(at token: Int, count: Int) -> [TokenPrediction] {
    guard predicts else { return [] }
    let words = ["cat", "milk", "hungry", "fresh", "dog"]
    let ablated = Float(request.ablated.count)
    return words.prefix(count).enumerated().map { index, word in
      TokenPrediction(
        id: index, label: word, probability: (0.5 - 0.1 * ablated) / Float(1 << index))
    }
  }
}
