internal import Checkpoints
internal import Debugger
internal import Learning
internal import Networks

/// What is known of a model of a small task beyond the file: its example, its right answers.
nonisolated struct ShapeModel {
  /// The metadata key that names the task.
  static let taskKey = "task"

  let model: Model
  let kind: ShapeKind
  var task: any ShapeTask { kind.task }

  /// Nil where the model is of no such task, or of another version of it.
  init?(_ model: Model) {
    guard let kind = model.metadata[Self.taskKey].flatMap(ShapeKind.init(rawValue:)),
      model.classes == kind.task.classes, model.vocabulary == kind.task.vocabulary,
      model.configuration.input == kind.task.input
    else { return nil }
    self.model = model
    self.kind = kind
  }

  /// What is shown where nothing was asked for.
  var defaultText: String? {
    switch kind {
    case .sentiment: "although the music was very good , the story was not funny at all"
    case .names: "He said, Teddy bears are on sale"
    case .captions: nil
    }
  }

  /// A picture, `[8, 8]` numbers in a file or the shipped one, with the words that the model finds.
  ///
  /// - Returns: nil where the model takes no pictures, or another input is given.
  func picture(_ options: InputOptions) throws -> RunInput? {
    guard kind == .captions else { return nil }
    if let path = options.input {
      let file = try InputFile(path: path)
      guard file.shape == [CaptionTask.side, CaptionTask.side] else { return nil }
      return captioned(CaptionTask.Picture(pixels: file.values, words: []), isKnown: false)
    }
    guard options.text == nil, options.textFile == nil else { return nil }
    return captioned(CaptionTask.shown, isKnown: true)
  }

  private func captioned(_ picture: CaptionTask.Picture, isKnown: Bool) -> RunInput {
    let task = CaptionTask()
    let words = CaptionDecoder(network: model.network).words(of: picture.pixels)
    let input = task.input(of: CaptionTask.Picture(pixels: picture.pixels, words: words))
    var targets = [Int32](repeating: -1, count: input.seqLen)
    if isKnown {
      let right = task.targets(of: picture.words)
      for (time, target) in right.prefix(input.seqLen).enumerated() { targets[time] = target }
    }
    return RunInput(source: input.source, labels: input.labels, targets: .classes(targets))
  }

  /// The model that the answers are compared with: names read from the left alone.
  fileprivate var companion: Answers.Companion? {
    guard kind == .names, model.configuration.isBidirectional else { return nil }
    var request = ModelRequest()
    request.model = "names-forward"
    guard let other = try? ModelLoader.load(request), ShapeModel(other)?.kind == kind else {
      return nil
    }
    return Answers.Companion(name: "forward alone", network: other.network)
  }
}

extension Model {
  /// What the outputs mean; nil where they are tokens or states.
  nonisolated var answers: Answers? {
    guard let classes else { return nil }
    guard let shape = ShapeModel(self) else { return Answers(classes: classes) }
    let side = CaptionTask.side
    let task = shape.task
    return Answers(
      classes: classes, companion: shape.companion,
      picture: shape.kind == .captions ? Answers.Picture(rows: side, columns: side) : nil
    ) { task.targets(ofTokens: $0) }
  }

  /// An input with the answers that the model is asked for; the same where it answers nothing.
  nonisolated func withAnswers(_ input: RunInput) -> RunInput {
    guard let answers, input.targets == nil else { return input }
    let known = answers.targets(input.labels)
    return RunInput(
      source: input.source, labels: input.labels, unknownCount: input.unknownCount,
      targets: .classes(known ?? [Int32](repeating: -1, count: input.seqLen)))
  }
}
