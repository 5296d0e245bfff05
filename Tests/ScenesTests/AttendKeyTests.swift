import Canvas
import Debugger
import Equations
import Testing

@testable import Scenes

/// What the keys and the command line of the attend scene do.
@Suite struct AttendKeyTests {
  @Test func theFirstPictureShowsWhereItLooks() {
    let scene = AttendSample.scene()
    #expect(scene.tokens[scene.query].label == "it")
    #expect(scene.tokens[scene.key].label == "cat")
    #expect(scene.head == 3)
  }

  /// What is to be guessed is what one wants to look at.
  @Test func theMaskIsSelectedFirst() {
    let scene = AttendSample.scene(text: "the [MASK] drank it")
    #expect(scene.tokens[scene.query].label == "[MASK]")
  }

  /// That a text was cut is said as long as it is shown.
  @Test func theNoticeStays() {
    let scene = AttendSample.scene(text: (0..<601).map { "w\($0)" }.joined(separator: " "))
    scene.press(.right, .down)
    #expect(scene.message == nil)
    #expect(scene.picture(120, 40).row(38).contains("cut"))
    scene.type(":text a b\n")
    scene.press(.right)
    #expect(!scene.picture(120, 40).row(38).contains("cut"))
  }

  @Test(arguments: [
    ("S = Q·Kᵀ / √d_k", "S = Q@K.T / sqrt(d_k)"), ("√D ⊙ E", "sqrt(D) * E"),
    ("√(x)", "sqrt(x)"), ("√", "sqrt"),
  ]) func rootsInASCII(_ text: String, _ expected: String) {
    #expect(Spelling.ascii(text) == expected)
  }

  @Test func arrowsMoveTheQueryAndTheProgram() {
    let scene = AttendSample.scene()
    scene.press(.right)
    #expect(scene.tokens[scene.query].label == "was")
    scene.press(.left, .left)
    #expect(scene.tokens[scene.query].label == "because")
    let weights = scene.place
    scene.press(.down)
    #expect(scene.source.line(scene.place)?.name == "Z")
    scene.press(.up)
    #expect(scene.place == weights)
    scene.press(.home)
    #expect(scene.place == ProgramPlace(.embedding, 0))
    scene.press(.end)
    #expect(scene.place.part == .layer(2) && scene.layer == 2)
  }

  @Test func headsAndLayers() {
    let scene = AttendSample.scene()
    scene.select(HeadID(layer: 0, head: 3))
    scene.press(.character("]"))
    #expect(scene.layer == 1 && scene.head == 0)
    scene.press(.character("["), .character("["))
    #expect(scene.layer == 0 && scene.head == 2)
    scene.press(.character("}"), .pageDown, .pageDown)
    #expect(scene.layer == 2 && scene.head == 2)
    scene.press(.character("v"))
    #expect(scene.view == .layer)
    scene.press(.character("V"), .character("V"))
    #expect(scene.view == .rollout)
  }

  @Test func hiddenTokensAreLeftOut() {
    let scene = AttendSample.scene()
    scene.select(HeadID(layer: 0, head: 1))
    let whole = scene.shownWeights(scene.result.shown, query: scene.query)
    #expect(abs(whole.reduce(0) { $0 + $1.weight } - 1) < 1e-5 && whole.count == 11)
    scene.press(.character("f"))
    let rest = scene.shownWeights(scene.result.shown, query: scene.query)
    // Head 1 looks at [CLS]: little is left.
    #expect(rest.count == 9 && rest.reduce(0) { $0 + $1.weight } < 0.5)
    #expect(scene.picture(120, 40).contains("rows sum to less than 1"))
    scene.press(.character("f"))
    let renormalised = scene.shownWeights(scene.result.shown, query: scene.query)
    #expect(abs(renormalised.reduce(0) { $0 + $1.weight } - 1) < 1e-5)
    #expect(scene.picture(120, 40).contains("rows renormalised to 1"))
  }

  @Test func typingRunsAtOnceAndEscapeTakesItBack() {
    let scene = AttendSample.scene()
    scene.press(.character("t"), .control("u"))
    // Nothing left: the last picture stays, and the line says why.
    #expect(scene.tokens.count == 11)
    #expect(scene.message?.text == "the text has no words")
    scene.type("a b")
    #expect(scene.tokens.map(\.label) == ["[CLS]", "a", "b", "[SEP]"])
    #expect(scene.query < 4 && scene.key < 4)
    scene.press(.escape)
    #expect(scene.tokens.count == 11 && scene.wanted.text == AttendSample.sentence)
    scene.press(.character("t"), .control("u"))
    scene.type("c d\n")
    #expect(scene.tokens.map(\.label) == ["[CLS]", "c", "d", "[SEP]"])
  }

  @Test func lateRunsAreDropped() throws {
    let scene = AttendSample.scene()
    let first = scene.execute("text one two")
    let second = scene.execute("text three")
    guard case .run(let old as AttentionWork, let oldNumber)? = first.first,
      case .run(let new as AttentionWork, let newNumber)? = second.first
    else {
      Issue.record("no run was asked for")
      return
    }
    #expect(scene.picture(120, 40).contains("computing"))
    scene.finish(old.run(), for: oldNumber)
    #expect(scene.tokens.count == 11 && scene.tickMilliseconds != nil)
    scene.finish(new.run(), for: newNumber)
    #expect(scene.tokens.count == 3 && scene.tickMilliseconds == nil)
  }

  @Test func ablationChangesWhatFollows() throws {
    let scene = AttendSample.scene(AttendSample.transformer(), text: "a b c d")
    let before = scene.source.predictions(at: 1, count: 1)[0]
    let later = scene.source.attention(layer: 1).matrix(head: 0).row(2)
    scene.select(HeadID(layer: 0, head: 1))
    scene.press(.character("a"))
    #expect(scene.result.request.ablated == [HeadID(layer: 0, head: 1)])
    #expect(scene.source.predictions(at: 1, count: 1)[0] != before)
    #expect(scene.source.attention(layer: 1).matrix(head: 0).row(2) != later)
    // The run as it was is kept to compare with.
    #expect(scene.result.plain.source.attention(layer: 1).matrix(head: 0).row(2) == later)
    scene.press(.character("d"))
    #expect(scene.showsDifference && scene.picture(120, 40).contains("change of the weights"))
    scene.press(.character("A"))
    #expect(!scene.result.request.isChanged && !scene.showsDifference)
    #expect(scene.source.attention(layer: 1).matrix(head: 0).row(2) == later)
  }

  @Test func theSimilarityIsSwitched() throws {
    let scene = AttendSample.scene(AttendSample.transformer(), text: "a b c d")
    var seen: [[Float]] = []
    for similarity in [Similarity.dot, .cosine, .additive, nil] {
      scene.press(.character("s"))
      #expect(scene.result.request.similarity == similarity)
      seen.append(scene.source.attention(layer: 0).matrix(head: 0).row(0))
    }
    #expect(Set(seen).count == 4)
    scene.press(.character("s"))
    #expect(scene.source.lines(.layer(0)).contains { $0.code.contains("S = R + M") })
  }

  /// Without positions words that change places take their attention along.
  @Test func positionsAreLeftOut() throws {
    func rows(_ text: String) throws -> [[Float]] {
      let scene = AttendSample.scene(AttendSample.transformer(), text: text)
      scene.press(.character("g"), .character("p"))
      #expect(!scene.result.request.hasPositions && scene.picture(120, 40).contains("no positions"))
      return (0..<3).map { scene.source.attention(layer: 1).matrix(head: 0).row($0) }
    }
    let straight = try rows("a b c"), turned = try rows("c a b")
    for query in 0..<3 {
      for key in 0..<3 {
        #expect(abs(straight[query][key] - turned[(query + 1) % 3][(key + 1) % 3]) < 1e-5)
      }
    }
    let scene = AttendSample.scene(AttendSample.transformer(), text: "a b c")
    #expect(scene.source.attention(layer: 1).matrix(head: 0).row(0) != straight[0])
    try scene.runNow("positions off")
    #expect(scene.source.attention(layer: 1).matrix(head: 0).row(0) == straight[0])
    scene.press(.character("A"))
    #expect(scene.result.request.hasPositions)
    let without = AttendSample.scene()
    without.press(.character("p"))
    #expect(without.message?.text == "sample has no positions")
  }

  @Test func comparingFollowsTheWord() throws {
    let scene = AttendSample.scene()
    try scene.place("query=milk")
    try scene.runNow("compare fresh milk or old milk")
    #expect(scene.second != nil && scene.partners == [2, 5] && scene.partner == 2)
    scene.press(.character("w"))
    #expect(scene.partner == 5)
    scene.press(.character("w"))
    #expect(scene.partner == 2)
    scene.press(.character("C"))
    #expect(scene.second == nil)
  }

  @Test func theMouseSelectsAndTellsExactly() throws {
    let scene = AttendSample.scene()
    _ = scene.picture(120, 40)
    let place = try #require(scene.places.matrix)
    let x = try #require(place.layout.x(ofColumn: 4))
    let y = try #require(place.layout.y(ofRow: 2))
    _ = scene.handle(.mouse(x: x, y: y, kind: .press))
    #expect(scene.query == 2 && scene.key == 4)
    let value = scene.attentionMatrix(of: scene.result.shown)[2, 4]
    #expect(scene.message?.text.hasSuffix("is \(value)") == true)
  }

  @Test(arguments: [
    ("goto milk", ""), ("goto 99", "expected token 0 to 10, found 99"),
    ("goto cats", "no token cats; expected cat"), ("layer 7", "expected layer 0 to 2, found 7"),
    ("head x", "expected head N, found x"),
    ("ablate 2", "expected layer.head such as 2.4, found 2"),
    ("ablate 9.0", "expected layer 0 to 2, found 9"),
    ("lyer 1", "lyer is no command; expected layer"),
    ("similarity cos", "expected similarity scaled-dot|dot|cosine|additive, found cos"),
    ("equation B", "no value B; expected"), ("view rollout", ""), ("help ablate", ""),
    ("column 3", "the columns of this value are keys; expected a line such as Q or Z"),
    ("quit now", "quit takes nothing, found \"now\""), ("text", "expected text TEXT"),
  ]) func commands(_ line: String, _ mistake: String) {
    let scene = AttendSample.scene()
    do throws(CommandError) {
      try scene.runNow(line)
      #expect(mistake.isEmpty, "\(line) has no mistake")
    } catch {
      #expect(!mistake.isEmpty && error.description.hasPrefix(mistake), "\(error.description)")
    }
  }

  @Test func tabCompletes() {
    let scene = AttendSample.scene()
    scene.type(":sim")
    scene.press(.tab)
    scene.type("co")
    scene.press(.tab)
    guard case .command(let editor) = scene.mode else {
      Issue.record("the command line is gone")
      return
    }
    #expect(editor.string == "similarity cosine ")
  }
}
