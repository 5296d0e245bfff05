internal import Debugger
internal import Equations
internal import Networks

extension TranslateScene {
  static var commands: [CommandWord] { TranslateCommand.words }

  func perform(_ line: String) throws(CommandError) -> [SceneEffect] {
    try perform(try TranslateCommand(line))
  }

  func completions(_ text: String) -> (start: Int, candidates: [String])? {
    let words = text.split(separator: " ", omittingEmptySubsequences: false).map(String.init)
    let known: [String]
    switch words.first {
    case _ where words.count < 2: known = Self.commands.map(\.name)
    case "force", "f", "break", "b", "reference", "r": known = translator.target.words
    case "text", "t": known = translator.source.words
    case "teacher": known = ["on", "off"]
    case "loss": known = ["word", "sentence"]
    case "head", "h": known = ["mean"]
    case "help", "?": known = Self.commands.map(\.name)
    case "goto", "g": known = translation.outputWords
    case "equation", "e": known = equationNames
    default: known = []
    }
    return candidates(known, for: text, from: LineEditor.wordStart(text))
  }

  /// The names of a step's equations, those of the last layers first.
  var equationNames: [String] {
    translation.parts.reversed().flatMap { part in
      translation.lines(part).compactMap { $0.equation == nil ? nil : $0.name }
    }
  }

  private func perform(_ command: TranslateCommand) throws(CommandError) -> [SceneEffect] {
    switch command {
    case .text(let text): return changeText(text)
    case .force(let word): return try force(word)
    case .unforce: return try unforce()
    case .reference(let text): return try setReference(text)
    case .teacher(let isOn): return try setTeacher(isOn)
    case .beam(let width):
      try expectNoRun()
      var request = translation.request
      request.beamWidth = width
      return self.request(
        request, .change(width == 1 ? "greedy: the likeliest word each time" : "beam of \(width)"))
    case .loss(let isSentence): return try setLoss(isSentence ? .sentence : .word(session.step))
    case .layer(let index):
      try check(index, below: translation.alignments.count, "layer")
      layer = index
      layerPlace = cursor
    case .head(let index):
      if map?.headCount == 1 { throw CommandError("this model's attention has a single head") }
      if let index { try check(index, below: map?.headCount ?? 0, "head") }
      head = index
    case .unit(let index):
      try check(index, below: translator.model.configuration.modelSize, "unit")
      unit = index
    case .top(let count): topCount = count
    case .goto(let word): try goto(word)
    case .equation(let name): try moveToEquation(name)
    case .breakAt(let text):
      let added = try session.addBreakpoint(text)
      show(message: "breakpoint \(added.number): \(text);  c runs to it")
    case .delete(let number):
      let count = session.breakpoints.count
      try session.deleteBreakpoints(number)
      show(
        message: number.map { "breakpoint \($0) deleted" }
          ?? (count == 0 ? "no breakpoints to delete" : "all breakpoints deleted: \(count)"))
    case .run: run(backwards: false)
    case .runBack: run(backwards: true)
    case .mask: return try toggleMask()
    case .undo: try undo()
    case .export(let path): return [.export(path: path)]
    case .help(let word): try help(word)
    case .quit: return [.quit]
    }
    return []
  }

  func check(_ index: Int, below bound: Int, _ name: String) throws(CommandError) {
    guard bound > 0 else { throw CommandError("this model has no attention") }
    guard (0..<bound).contains(index) else {
      throw CommandError("expected \(name) 0 to \(bound - 1), found \(index)")
    }
  }

  /// A change is made to the run that is on the screen: one that is still on its way would be lost.
  func expectNoRun() throws(CommandError) {
    guard pendingRequest == nil else {
      throw CommandError("the last change is still being computed; try again when it is there")
    }
  }

  // MARK: Changes

  func changeText(_ text: String) -> [SceneEffect] {
    var new = Translation.Request(text: text)
    new.beamWidth = translation.request.beamWidth
    new.paddingCount = translation.request.paddingCount
    return request(new, .text(before: session))
  }

  func force(_ word: String) throws(CommandError) -> [SceneEffect] {
    try expectNoRun()
    let step = session.step
    return request(
      try session.requestForcing(word),
      .change("\"\(word)\" put in as word \(step): what follows is decoded anew (u undoes)"))
  }

  func unforce() throws(CommandError) -> [SceneEffect] {
    try expectNoRun()
    var request = translation.request
    guard !request.forced.isEmpty else {
      throw CommandError("no word was put in by hand: f puts one in")
    }
    request.forced = [:]
    return self.request(request, .change("all words as the model writes them"))
  }

  func setReference(_ text: String?) throws(CommandError) -> [SceneEffect] {
    try expectNoRun()
    var request = translation.request
    request.reference = text
    request.loss = .sentence
    if text == nil { request.usesTeacher = false }
    return self.request(
      request,
      .change(
        text == nil
          ? "no reference: losses are those of the words that are written"
          : "losses are those of the reference's words; R gives them to the decoder"))
  }

  func setTeacher(_ isOn: Bool) throws(CommandError) -> [SceneEffect] {
    try expectNoRun()
    var request = translation.request
    guard request.reference != nil || !isOn else {
      throw CommandError("there is no reference to teach with: r types one")
    }
    request.usesTeacher = isOn
    request.forced = [:]
    return self.request(
      request,
      .change(
        isOn
          ? "teacher on: the decoder is given the reference's words"
          : "teacher off: the decoder is given its own words"))
  }

  func setLoss(_ loss: Translation.Loss) throws(CommandError) -> [SceneEffect] {
    if case .word(let step) = loss, translation.targets[step] < 0 {
      throw CommandError("the reference has no word here, so that there is no loss")
    }
    if loss == translation.request.loss {
      session.moveToLoss()
      return []
    }
    try expectNoRun()
    return request(session.request(for: loss), .turn)
  }

  func undo() throws(CommandError) {
    if pendingRequest != nil {
      pendingRequest = nil
      pending = nil
    } else {
      try session.undo()
      measure()
      selectStrongestKey()
    }
    show(message: "undone")
  }

  /// With the mask there are two places of padding, as in a batch with a longer sentence.
  func toggleMask() throws(CommandError) -> [SceneEffect] {
    guard !translation.alignments.isEmpty else {
      throw CommandError("this model has no attention, so that nothing is masked")
    }
    try expectNoRun()
    showsMask.toggle()
    var request = translation.request
    request.paddingCount = showsMask ? 2 : 0
    return self.request(
      request,
      .view(
        showsMask
          ? "M shown: two places of padding as in a batch; what is hidden has weight 0"
          : "without padding: the same weights"))
  }
}
