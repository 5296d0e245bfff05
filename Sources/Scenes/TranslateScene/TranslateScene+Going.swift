internal import Debugger
internal import Equations

/// To a word, to an equation, to a breakpoint.
extension TranslateScene {
  /// A number, or a word: the next place where it is written.
  func goto(_ word: String) throws(CommandError) {
    let words = translation.outputWords
    if let index = Int(word) {
      guard words.indices.contains(index) else {
        throw CommandError("expected word 0 to \(words.count - 1), found \(index)")
      }
      session.move(toStep: index)
    } else {
      let order = (1...words.count).map { (session.step + $0) % words.count }
      guard let index = order.first(where: { words[$0] == word }) else {
        throw CommandError(
          "\(word) is not written; expected " + Suggestion.among(words, for: word))
      }
      session.move(toStep: index)
    }
    selectStrongestKey()
  }

  func moveToEquation(_ name: String) throws(CommandError) {
    let own = cursor.part.isEncoder ? [cursor.part] : translation.parts.reversed()
    for part in own {
      let line = translation.lines(part).first {
        $0.equation != nil && ($0.name == name || Spelling.ascii($0.name) == name)
      }
      guard let equation = line?.equation else { continue }
      var place = cursor
      place.part = part
      place.equation = equation
      if session.timeline.index(of: place) != nil {
        session.move(to: place)
        return
      }
    }
    var names: [String] = []
    for line in own.reversed().flatMap({ translation.lines($0) })
    where line.equation != nil && !names.contains(line.name) {
      names.append(line.name)
    }
    // Names are a letter or two: all are alike, so that all are said.
    throw CommandError("no value \(name) here; expected " + Suggestion.listed(names))
  }

  func run(backwards: Bool) {
    let hit = session.run(backwards: backwards)
    followReading()
    if let hit {
      show(message: "breakpoint \(hit.number): \(hit.text)")
    } else {
      show(
        message: session.breakpoints.isEmpty
          ? "no breakpoints: at the \(backwards ? "start" : "end"); :break max(A) < 0.5 sets one"
          : "at the \(backwards ? "start" : "end")")
    }
  }
}
