import Checkpoints
import Debugger
import Learning
import Networks
import Testing

/// Models whose outputs are classes, in the debugger.
@Suite struct ShapesSessionTests {
  private func recording(_ name: String, _ text: String, _ answers: Answers) throws -> Recording {
    var request = ModelRequest()
    request.model = name
    let model = try ModelLoader.load(request)
    let input = try model.input(text: text)
    let known = answers.targets(input.labels) ?? [Int32](repeating: -1, count: input.seqLen)
    return RecordingRequest(
      network: model.network,
      input: RunInput(source: input.source, labels: input.labels, targets: .classes(known)),
      loss: .targets, answers: answers
    ).run()
  }

  /// A typed text is asked for its own right answers, and for none where none are known.
  @Test func aTypedTextHasItsOwnAnswers() throws {
    let task = SentimentTask()
    let answers = Answers(classes: task.classes) { task.targets(ofTokens: $0) }
    let first = try recording("sentiment", "the film was good", answers)
    #expect(first.targets == [-1, -1, -1, 1])
    var session = Session(recording: first, vocabulary: task.vocabulary)
    let second = try session.requestText("the film was not good").run()
    #expect(second.targets == [-1, -1, -1, -1, 0])
    #expect(second.answers?.classes == task.classes)
    #expect(second.probabilities(time: 4)[0] > 0.9 && second.losses[4] < 0.1)
    session.replace(with: second)
    let unknown = try session.requestText("the film").run()
    #expect(unknown.targets == [-1, -1] && unknown.meanLoss == nil)
  }

  /// The network for comparison gives what it gives alone.
  @Test func theCompanionIsRunOnTheSameInput() throws {
    let task = NameTask()
    let text = "He said, Teddy Roosevelt was a great President"
    let plain = Answers(classes: task.classes) { task.targets(ofTokens: $0) }
    let forward = try recording("names-forward", text, plain)
    let companion = Answers.Companion(name: "forward alone", network: forward.network)
    let both = try recording(
      "names", text,
      Answers(classes: task.classes, companion: companion) { task.targets(ofTokens: $0) })
    for time in 0..<both.seqLen {
      #expect(both.companionProbabilities(time: time) == forward.probabilities(time: time))
    }
    #expect(forward.companionProbabilities(time: 0).isEmpty)
    // At the ambiguous name only the network that has seen what follows is sure.
    #expect(both.probabilities(time: 3)[1] > 0.95)
    #expect(both.companionProbabilities(time: 3)[1] < 0.6)
    #expect(both.companionProbabilities(time: 4)[1] > 0.95)
  }

  @Test func thePictureIsTheFirstInput() throws {
    var request = ModelRequest()
    request.model = "captions"
    let model = try ModelLoader.load(request)
    let task = CaptionTask()
    let input = task.input(of: CaptionTask.shown)
    let answers = Answers(
      classes: task.classes, picture: Answers.Picture(rows: 8, columns: 8))
    let run = RecordingRequest(
      network: model.network,
      input: RunInput(
        source: input.source, labels: input.labels,
        targets: .classes(task.targets(of: CaptionTask.shown.words))),
      loss: .targets, answers: answers
    ).run()
    #expect(run.picture == CaptionTask.shown.pixels)
    #expect(try #require(run.meanLoss) < 0.3)
  }
}
