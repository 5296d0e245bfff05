import Canvas
import Checkpoints
import Debugger
import Networks
import TestSupport
import Testing

@testable import Scenes

/// The attend scene's pictures, recorded and looked at by eye, and what they must say in any case.
@Suite struct AttendPictureTests {
  @Test(arguments: SnapshotTests.sizes) func weights(_ width: Int, _ height: Int) throws {
    let scene = AttendSample.scene(predicts: true)
    try scene.place("layer=1,head=3,query=it,key=3")
    try Snapshot.expect(scene.picture(width, height), "attend-\(width)x\(height)")
  }

  @Test func program() throws {
    let scene = AttendSample.scene(AttendSample.transformer(), text: AttendSample.sentence)
    try scene.place("layer=1,equation=S,query=6,key=1")
    try Snapshot.expect(scene.picture(120, 40), "attend-scores-120x40", styles: false)
    try scene.place("equation=Q,column=2")
    try Snapshot.expect(scene.picture(80, 24), "attend-queries-80x24", styles: false)
  }

  @Test func comparison() throws {
    let scene = AttendSample.scene()
    try scene.place("query=milk")
    scene.press(.character("c"), .control("u"))
    scene.type("a dog saw fresh milk and it ran\n")
    try Snapshot.expect(scene.picture(80, 24), "attend-compare-80x24", styles: false)
    try Snapshot.expect(scene.picture(120, 40), "attend-compare-120x40", styles: false)
  }

  @Test func ablation() throws {
    let scene = AttendSample.scene(AttendSample.transformer(), text: AttendSample.sentence)
    try scene.place("layer=0,head=1,query=3")
    scene.press(.character("a"), .character("}"), .character("d"))
    try Snapshot.expect(scene.picture(120, 40), "attend-ablated-120x40")
  }

  @Test func figures() throws {
    let scene = AttendSample.scene()
    try scene.place("layer=2,head=2,figures,show=bars,filter=hidden")
    try Snapshot.expect(scene.picture(80, 24), "attend-figures-80x24", styles: false)
  }

  @Test func longText() throws {
    let scene = AttendSample.scene(text: (0..<300).map { "w\($0)" }.joined(separator: " "))
    try scene.place("layer=0,head=2,query=250")
    let grid = scene.picture(120, 40)
    #expect(grid.contains("pixel: mean of up to"))
    try Snapshot.expect(grid, "attend-long-120x40", styles: false)
    // Each `+` halves the part that is shown, down to single cells.
    scene.type("++++")
    let near = scene.picture(120, 40)
    #expect(!near.contains("pixel: mean"))
    #expect(near.contains("of 302") && near.contains("w249"))
  }

  @Test func plainer() throws {
    let scene = AttendSample.scene()
    try scene.place("layer=1,head=3,query=it,key=3")
    try Snapshot.expect(scene.picture(80, 24, .plainText), "attend-plain-80x24")
    try Snapshot.expect(scene.picture(120, 40, Medium(depth: .none)), "attend-colourless-120x40")
    try Snapshot.expect(scene.picture(80, 24, Medium(depth: .ansi16)), "attend-sixteen-80x24")
  }

  @Test func asciiIsASCII() throws {
    let scenes = [
      AttendSample.scene(predicts: true),
      AttendSample.scene(AttendSample.transformer(), text: "a b c a b"),
    ]
    for scene in scenes {
      scene.expectASCII(
        typing: ["", "?", "m", "m", "r", "f", "ad", "z", "g", "jjjjj", ":", "ca\n", "s"])
    }
  }

  /// Each cell of the matrix has the colour of its own weight: rows are queries, columns keys.
  @Test func coloursAreTheWeights() throws {
    let scene = AttendSample.scene(AttendSample.transformer(), text: "a b c d a")
    try scene.place("layer=1,head=1,query=2,key=4")
    let grid = scene.picture(200, 60)
    let (layout, rows, columns, _) = try #require(scene.places.matrix)
    let matrix = scene.source.attention(layer: 1).matrix(head: 1)
    var seen = 0
    for y in layout.plot.y..<layout.plot.maxY {
      for x in layout.plot.x..<layout.plot.maxX {
        guard let (row, column) = layout.value(atX: x, y: y) else { continue }
        let level = Normalization(lo: 0, hi: 1).level(
          matrix[rows[row], columns[column]], of: ColorMap.magma.levels)
        let style = try #require(grid[x, y]).style
        let shown = style.background.mapped ?? style.foreground.mapped
        #expect(shown?.level == level)
        seen += 1
      }
    }
    #expect(seen >= 25)
  }

  /// The weights of a row that are listed for the query are the model's, and of the right row.
  @Test func barsAreTheRow() throws {
    let scene = AttendSample.scene(AttendSample.transformer(), text: "one two three four")
    try scene.place("layer=0,head=0,query=2,show=bars")
    let grid = scene.picture(120, 40)
    let row = scene.source.attention(layer: 0).matrix(head: 0).row(2)
    for (index, word) in ["one", "two", "three", "four"].enumerated() {
      let number = NumberText.text(Double(row[index]), width: 5)
      #expect(
        (0..<40).contains { y in
          grid.row(y).contains("\(index) \(word) ") && grid.row(y).contains(number)
        })
    }
  }

  /// A real checkpoint: GPT-2's layout, tokenizer and causal mask.
  @Test func aRealModel() throws {
    let model = try TransformerLoader.load(
      TransformerRequest(model: Fixtures.path("gpt2-tiny")))
    let attention = AttentionModel(name: "gpt2-tiny", summary: model.summary) { request in
      guard let input = try? model.input(text: request.text) else { return AttentionOutcome(nil) }
      let run = TransformerRun(transformer: model.transformer, input: input.run)
      let tokens = input.tokens.map { AttentionToken($0.text, isSpecial: $0.isSpecial) }
      return AttentionOutcome(
        TransformerAttention(run: run, tokens: tokens) { model.tokenizer?.display($0) ?? "" })
    }
    let scene = AttendSample.scene(attention, text: "the cat sat")
    #expect(scene.source.isCausal && scene.source.predicts)
    try scene.place("layer=1,equation=S,query=0,key=1")
    // What lies ahead is masked: its score is −∞.
    #expect(scene.picture(120, 40).contains("+ (-∞) = -∞"))
    #expect(scene.picture(120, 40).contains("after \"the\""))
  }

  @Test func tooSmallSaysSo() { AttendSample.scene().expectTooSmall() }
}
