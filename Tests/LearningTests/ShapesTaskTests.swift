import Learning
import Networks
import Tensors
import Testing

@Suite struct ShapesTaskTests {
  private func examples(_ kind: ShapeKind, count: Int, seed: UInt64) -> [ShapeExample] {
    var random = SeededRandom(seed: seed)
    return (0..<count).map { _ in kind.task.example(&random) }
  }

  @Test(arguments: ShapeKind.allCases)
  func aSeedGivesTheSameExamples(kind: ShapeKind) {
    let first = examples(kind, count: 50, seed: 4), again = examples(kind, count: 50, seed: 4)
    let other = examples(kind, count: 50, seed: 5)
    #expect(first.map(\.input.labels) == again.map(\.input.labels))
    #expect(first.map(\.targets) == again.map(\.targets))
    #expect(first.map(\.input.labels) != other.map(\.input.labels))
    for example in first {
      #expect(example.targets.count == example.input.seqLen)
      #expect(example.targets.allSatisfy { (-1..<Int32(kind.task.classes.count)).contains($0) })
    }
  }

  /// One in eight, and always the same: whether an example is held out hangs on itself alone.
  @Test(arguments: [ShapeKind.sentiment, .names])
  func noSentenceIsTrainedAndHeldOut(kind: ShapeKind) {
    var held: Set<[String]> = [], trained: Set<[String]> = []
    for seed in 1...4 as ClosedRange<UInt64> {
      for example in examples(kind, count: 1500, seed: seed)
      where !example.input.labels.contains("<unk>") {
        if example.isHeldOut {
          held.insert(example.input.labels)
        } else {
          trained.insert(example.input.labels)
        }
      }
    }
    #expect(held.isDisjoint(with: trained))
    let share = Double(held.count) / Double(held.count + trained.count)
    #expect((0.08...0.17).contains(share), "\(share)")
  }

  @Test func noPictureIsTrainedAndHeldOut() {
    var held: Set<[Bool]> = [], trained: Set<[Bool]> = []
    for seed in 1...4 as ClosedRange<UInt64> {
      for example in examples(.captions, count: 1000, seed: seed) {
        guard case .vectors(let vectors) = example.input.source else { continue }
        let ink = vectors.prefix(CaptionTask.pixelCount).map { $0 > 0.5 }
        if example.isHeldOut { held.insert(ink) } else { trained.insert(ink) }
      }
    }
    #expect(held.count > 200 && held.isDisjoint(with: trained))
  }

  // MARK: Right answers

  @Test(arguments: [
    ("the film was good", 1), ("the film was not good", 0), ("the film was not very boring", 1),
    ("I loved this book", 1), ("I did not like the song", 0), ("I did not hate the food", 1),
    ("the acting was good but the story was boring", 0),
    ("the story was boring but the acting was good", 1),
    ("the story was great although the acting was bad", 1),
    ("although the acting was bad , the story was great", 1),
    ("although the acting was great , the story was bad", 0),
    ("nobody said that the music was bad", 1), ("I do not think that the plot is clever", 0),
    ("I do not think that the plot is not clever", 1), ("what a terrible show", 0),
    ("the game was hardly funny at all", 0),
  ])
  func judgementsAreThoseOfAReader(text: String, judgement: Int32) {
    let words = text.split(separator: " ").map(String.init)
    let targets = SentimentTask().targets(ofTokens: words)
    #expect(targets?.dropLast().allSatisfy { $0 == -1 } == true)
    #expect(targets?.count == words.count && targets?.last == judgement)
  }

  @Test(arguments: [
    ("he said , Teddy bears are on sale", [0, 0, 0, 0, 0, 0, 0, 0]),
    ("he said , Teddy Roosevelt was a great president", [0, 0, 0, 1, 1, 0, 0, 0, 0]),
    ("Washington is a large city", [3, 0, 0, 0, 0]),
    ("Washington was born in Virginia", [1, 0, 0, 0, 3]),
    ("Apple pies are cheap", [0, 0, 0, 0]), ("Apple hired Mary", [2, 0, 1]),
    ("Jordan Bank bought Ford", [2, 2, 0, 2]), ("Rose works for Amazon", [1, 0, 0, 2]),
  ])
  func namesAreThoseOfAReader(text: String, tags: [Int32]) {
    let words = text.split(separator: " ").map(String.init)
    #expect(NameTask().targets(ofTokens: words) == tags)
  }

  /// What the generator says of its own sentences is what the reader finds in them.
  @Test(arguments: [ShapeKind.sentiment, .names])
  func generatorAndReaderAgree(kind: ShapeKind) {
    for example in examples(kind, count: 1000, seed: 21)
    where !example.input.labels.contains("<unk>") {
      #expect(
        kind.task.targets(ofTokens: example.input.labels) == example.targets,
        "\(example.input.labels.joined(separator: " "))")
    }
  }

  @Test func whatIsUnknownHasNoAnswer() {
    #expect(SentimentTask().targets(ofTokens: []) == nil)
    #expect(SentimentTask().targets(ofTokens: ["the", "film"]) == nil)
    #expect(NameTask().targets(ofTokens: ["Teddy"]) == nil)
    #expect(CaptionTask().targets(ofTokens: ["a", "square"]) == nil)
  }

  /// The sentences that are shown are never trained on.
  @Test func shownSentencesAreHeldOut() {
    for seed in 1...3 as ClosedRange<UInt64> {
      for example in examples(.names, count: 2000, seed: seed)
      where NameTask.shown.contains(example.input.labels.joined(separator: " ")) {
        #expect(example.isHeldOut)
      }
    }
  }

  // MARK: Pictures

  /// The picture enters once; then each word, one step before it is asked for.
  @Test func aCaptionIsGivenWordByWord() {
    let task = CaptionTask()
    let size = CaptionTask.pixelCount + task.classes.count
    let pixels = (0..<CaptionTask.pixelCount).map { Float($0) / 64 }
    let words = ["a", "large", "ring"]
    let input = task.input(of: CaptionTask.Picture(pixels: pixels, words: words))
    #expect(input.labels == ["picture"] + words)
    guard case .vectors(let vectors) = input.source else {
      Issue.record("no vectors")
      return
    }
    #expect(vectors.count == 4 * size)
    #expect(Array(vectors[..<64]) == pixels)
    #expect(vectors[64..<size].allSatisfy { $0 == 0 })
    for (step, word) in words.enumerated() {
      let row = vectors[(step + 1) * size..<(step + 2) * size]
      let index = task.classes.firstIndex(of: word) ?? -1
      #expect(row.count { $0 != 0 } == 1)
      #expect(row[row.startIndex + 64 + index] == 1)
    }
    let answers = task.targets(of: words).map { task.classes[Int($0)] }
    #expect(answers == words + ["<end>"])
  }

  /// The words tell where the ink is: counted cells, not the generator's own choices.
  @Test func captionsSayWhereTheInkIs() {
    for example in examples(.captions, count: 400, seed: 6) {
      guard case .vectors(let vectors) = example.input.source else { continue }
      let words = Array(example.input.labels.dropFirst())
      #expect(words.count < CaptionTask.maximumLength)
      var ink = [0, 0, 0, 0]
      for (index, pixel) in vectors.prefix(64).enumerated() where pixel > 0.5 {
        ink[index / 32 * 2 + (index % 8) / 4] += 1
      }
      for (place, corner) in [("top left", 0), ("top right", 1), ("bottom left", 2)]
      where words.joined(separator: " ").contains(place) {
        // A small square has four cells; at most two specks lie elsewhere.
        #expect(ink[corner] >= 4, "\(words)")
      }
      if words.first == "three" { #expect(ink.reduce(0, +) >= 12, "\(words)") }
    }
  }
}
