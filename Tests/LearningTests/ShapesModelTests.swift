import Checkpoints
import Foundation
import Learning
import Networks
import Tensors
import Testing

/// The shipped models, measured on examples of fresh seeds, none of which was trained.
@Suite struct ShapesModelTests {
  private func model(_ name: String) throws -> Model {
    var request = ModelRequest()
    request.model = name
    return try ModelLoader.load(request)
  }

  @Test(arguments: [
    ("sentiment", ShapeKind.sentiment, 0.98, 200), ("names", .names, 0.98, 100),
    ("captions", .captions, 0.95, 60),
  ])
  func heldOutExamplesAreAnsweredRight(
    name: String, kind: ShapeKind, least: Double, examples: Int
  ) throws {
    let model = try model(name)
    #expect(model.classes == kind.task.classes && model.vocabulary == kind.task.vocabulary)
    #expect(model.metadata["task"] == kind.rawValue && !model.predictsTokens)
    let stated = try #require(model.metadata["result.held_out_accuracy"].flatMap(Double.init))
    let score = ShapeScore(model.network, on: kind.task, examples: examples, seed: 20_261)
    #expect(score.accuracy >= least, "\(score)")
    #expect(stated >= least && abs(stated - score.accuracy) < 0.05)
  }

  /// What stands left of a name does not tell what it is: the network that reads from both sides
  /// knows what the one that reads from the left cannot.
  @Test func bothDirectionsAreNeededForNames() throws {
    let both = ShapeScore(
      try model("names").network, on: NameTask(), examples: 150, seed: 77)
    let forward = ShapeScore(
      try model("names-forward").network, on: NameTask(), examples: 150, seed: 77)
    let known = try #require(both.hardAccuracy), guessed = try #require(forward.hardAccuracy)
    #expect(known > 0.97 && guessed < 0.65, "\(known) \(guessed)")
  }

  private func answers(_ name: String, _ text: String) throws -> [String] {
    let model = try model(name)
    let input = try model.input(text: text)
    let pass = NetworkPass(network: model.network, seqLen: input.seqLen)
    input.set(in: pass)
    pass.forward()
    let logits = try #require(pass.head).logits.array
    let classes = try #require(model.classes)
    return (0..<input.seqLen).map { time in
      let row = logits[time * classes.count..<(time + 1) * classes.count]
      let best = row.indices.max { row[$0] < row[$1] } ?? row.startIndex
      return classes[best - row.startIndex]
    }
  }

  @Test func theSentencesOfTheCourseAreTagged() throws {
    let bears = try answers("names", "He said, Teddy bears are on sale")
    #expect(bears == [String](repeating: "other", count: 8))
    let president = try answers("names", "He said, Teddy Roosevelt was a great President")
    let tags = [0, 0, 0, 1, 1, 0, 0, 0, 0].map { ["other", "person"][$0] }
    #expect(president == tags)
  }

  /// The judgement turns with the word that turns it.
  @Test func theOrderOfTheWordsDecides() throws {
    #expect(try answers("sentiment", "the film was not good").last == "negative")
    #expect(try answers("sentiment", "the film was good").last == "positive")
    #expect(
      try answers("sentiment", "the film was boring but the music was good").last == "positive")
    #expect(
      try answers("sentiment", "the music was good but the film was boring").last == "negative")
  }

  @Test func theShownPictureGetsItsWords() throws {
    let words = CaptionDecoder(network: try model("captions").network)
      .words(of: CaptionTask.shown.pixels)
    #expect(words == CaptionTask.shown.words)
  }

  @Test func classesAreKeptInTheFile() throws {
    let path = FileManager.default.temporaryDirectory
      .appending(path: "shapes-\(UUID().uuidString).safetensors").path
    defer { try? FileManager.default.removeItem(atPath: path) }
    let original = try model("sentiment")
    try ModelFile.save(original, to: path)
    let again = try ModelFile.load(try SafetensorsFile(path: path))
    #expect(again.classes == ["negative", "positive"])
    let error = #expect(throws: FileError.self) {
      try ModelFile.save(original.network, vocabulary: nil, classes: ["one"], to: path)
      _ = try ModelFile.load(try SafetensorsFile(path: path))
    }
    #expect(error?.description.contains("2 names") == true, "\(String(describing: error))")
  }
}
