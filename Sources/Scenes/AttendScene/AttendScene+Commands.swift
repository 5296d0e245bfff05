internal import Debugger
internal import Equations

extension AttendScene {
  static var commands: [CommandWord] { AttendCommand.words }

  func perform(_ line: String) throws(CommandError) -> [SceneEffect] {
    try perform(try AttendCommand(line))
  }

  func completions(_ text: String) -> (start: Int, candidates: [String])? {
    let words = text.split(separator: " ", omittingEmptySubsequences: false).map(String.init)
    let known: [String]
    switch words.first {
    case _ where words.count < 2: known = Self.commands.map(\.name)
    case "view", "v": known = View.allCases.map(\.rawValue)
    case "similarity", "s": known = Similarity.allCases.map(\.rawValue)
    case "positions", "p": known = ["on", "off"]
    case "help", "?": known = Self.commands.map(\.name)
    case "equation", "e": known = names
    case "ablate", "a":
      known = (0..<source.layerCount).flatMap { layer in
        (0..<source.headCount).map { HeadID(layer: layer, head: $0).description }
      }
    case "goto", "g", "query":
      known = tokens.map { String($0.label.drop { $0 == " " }) }
    default: known = []
    }
    return candidates(known, for: text, from: LineEditor.wordStart(text))
  }

  /// The values of the whole program, each name once.
  private var names: [String] {
    var found: [String] = []
    for part in [ProgramPart.embedding, .layer(layer), .output] {
      for line in source.lines(part) where line.equation != nil && !found.contains(line.name) {
        found.append(line.name)
      }
    }
    return found
  }

  private func perform(_ command: AttendCommand) throws(CommandError) -> [SceneEffect] {
    switch command {
    case .goto(let word): try goto(word)
    case .key(let index):
      try check(index, below: tokens.count, "key")
      key = index
      selectVisibleTokens()
    case .column(let index):
      guard let value = source.value(place), !value.isOverTokens else {
        throw CommandError("the columns of this value are keys; expected a line such as Q or Z")
      }
      try check(index, below: value.columns, "column")
      column = index
    case .layer(let index):
      try check(index, below: source.layerCount, "layer")
      selectLayer(index)
    case .head(let index):
      try check(index, below: source.headCount, "head")
      head = index
    case .equation(let name): try moveToEquation(name)
    case .view(let new): select(new)
    case .ablate(let heads): return try ablate(heads)
    case .restore: return restore()
    case .similarity(let similarity):
      wanted.similarity = similarity == .scaledDot ? nil : similarity
      return computeChange()
    case .positions(let isOn):
      guard model.hasPositions else { throw CommandError("\(model.name) has no positions") }
      wanted.hasPositions = isOn
      return computeChange()
    case .text(let text): return try changeText(text)
    case .compare(let text): return try compare(with: text)
    case .export(let path): return [.export(path: path)]
    case .help(let word): try help(word)
    case .quit: return [.quit]
    }
    return []
  }

  func check(_ index: Int, below bound: Int, _ name: String) throws(CommandError) {
    guard (0..<bound).contains(index) else {
      throw CommandError("expected \(name) 0 to \(bound - 1), found \(index)")
    }
  }

  /// A number, or a word: the next token behind the query that is written so.
  func goto(_ word: String) throws(CommandError) {
    if let index = Int(word) {
      try check(index, below: tokens.count, "token")
      query = index
    } else {
      let order = (1...tokens.count).map { (query + $0) % tokens.count }
      guard
        let index = order.first(where: { tokens[$0].label.drop { $0 == " " } == word })
      else {
        throw CommandError(
          "no token \(word); expected "
            + Suggestion.among(tokens.map { String($0.label.drop { $0 == " " }) }, for: word))
      }
      query = index
    }
    selectVisibleTokens()
    selectPartner()
  }

  func moveToEquation(_ name: String) throws(CommandError) {
    for part in [ProgramPart.layer(layer), .embedding, .output] {
      let line = source.lines(part).first { line in
        line.equation != nil && (line.name == name || Spelling.ascii(line.name) == name)
      }
      if let equation = line?.equation {
        move(to: ProgramPlace(part, equation))
        return
      }
    }
    throw CommandError("no value \(name); expected " + Suggestion.among(names, for: name))
  }

  func select(_ new: View) {
    view = new
    if !isAtWeights {
      place = ProgramPlace(.layer(layer), source.attentionEquation(layer: layer))
    }
  }

  // MARK: Changes

  private func ablate(_ heads: [HeadID]) throws(CommandError) -> [SceneEffect] {
    for id in heads {
      try check(id.layer, below: source.layerCount, "layer")
      try check(id.head, below: source.headCount, "head")
    }
    wanted.ablated.formUnion(heads)
    return computeChange()
  }

  func toggleAblation() -> [SceneEffect] {
    let id = HeadID(layer: layer, head: head)
    if wanted.ablated.remove(id) == nil { wanted.ablated.insert(id) }
    return computeChange()
  }

  func restore() -> [SceneEffect] {
    guard wanted.isChanged else {
      show(
        message: "nothing was changed: a ablates a head, s and p switch similarity and positions")
      return []
    }
    wanted = wanted.unchanged
    return computeChange()
  }

  /// The similarities in turn; the model's own is the first.
  func switchSimilarity() -> [SceneEffect] {
    let next = Similarity.allCases.next(after: wanted.similarity ?? .scaledDot)
    wanted.similarity = next == .scaledDot ? nil : next
    return computeChange()
  }

  /// Words that know where they stand, or not: then their order does not matter.
  func switchPositions() -> [SceneEffect] {
    guard model.hasPositions else {
      show(message: "\(model.name) has no positions")
      return []
    }
    wanted.hasPositions.toggle()
    return computeChange()
  }

  /// Runs the model with what was changed, and says what that is.
  private func computeChange() -> [SceneEffect] {
    var parts: [String] = []
    if !wanted.ablated.isEmpty {
      let heads = wanted.ablated.sorted().map(\.description).joined(separator: " ")
      parts.append("ablated \(heads): results set to 0")
    }
    if let similarity = wanted.similarity { parts.append("similarity \(similarity.rawValue)") }
    if !wanted.hasPositions { parts.append("no positions") }
    show(
      message: parts.isEmpty
        ? "as the model has it" : parts.joined(separator: "; ") + " (d difference, A restores)")
    return compute()
  }

  func changeText(_ text: String) throws(CommandError) -> [SceneEffect] {
    guard model.takesText else {
      throw CommandError("this model's input is a file of numbers, not a text")
    }
    wanted.text = text
    return compute()
  }

  private func compare(with text: String?) throws(CommandError) -> [SceneEffect] {
    if text != nil, !model.takesText {
      throw CommandError("this model's input is a file of numbers, not a text")
    }
    wantedSecond = text
    return compute()
  }
}
