internal import Canvas
public import Debugger
internal import Equations
internal import Learning

extension GradientsScene {
  func handleCommand(_ key: Key, _ editor: inout LineEditor) -> [SceneEffect] {
    switch editor.handle(key, complete: completions) {
    case .accepted:
      mode = .watching
      let line = editor.string
      guard line.contains(where: { !$0.isWhitespace }) else { return [] }
      commandHistory.removeAll { $0 == line }
      commandHistory.append(line)
      return execute(line)
    case .cancelled: mode = .watching
    case .editing, .changed: mode = .command(editor)
    }
    return []
  }

  /// Commands at the start of the line; then knobs and their values, or names for a condition.
  private func completions(_ text: String) -> (start: Int, candidates: [String])? {
    let characters = Array(text)
    var start = characters.count
    while start > 0, !" ([]+-*/<>=,".contains(characters[start - 1]) { start -= 1 }
    var words = String(characters[..<start]).split(separator: " ").map(String.init)
    var word = String(characters[start...])
    // Knobs have hyphens in their names.
    if words.first == "set", let space = characters.lastIndex(of: " ") {
      start = space + 1
      word = String(characters[start...])
      words = String(characters[..<start]).split(separator: " ").map(String.init)
    }
    let known: [String]
    switch words.first {
    case nil: known = LabCommandLine.words.map(\.name)
    case "set" where words.count == 1: known = Knob.allCases.map(\.rawValue)
    case "set": known = Knob(rawValue: words[1])?.names ?? []
    case "help": known = LabCommandLine.words.map(\.name)
    case "break":
      known =
        LabCondition.figures + settings.cell.equations.map(\.name.text)
        + ["mean(", "norm(", "grad(", "abs(", "max(", "min(", "isnan("]
    default: known = []
    }
    let found = known.filter { $0.hasPrefix(word) }
    return found.isEmpty ? nil : (start, found)
  }

  /// Runs a command line.
  public func execute(_ line: String) -> [SceneEffect] {
    message = nil
    do throws(CommandError) {
      return try perform(try LabCommandLine(line))
    } catch {
      show(message: error.description, isError: true)
      return []
    }
  }

  /// Runs a command line without a thread, and waits for what it leads to.
  ///
  /// - Throws: what was expected.
  public func runNow(_ line: String) throws(CommandError) {
    _ = execute(line)
    performNow()
    if let message, message.isError { throw CommandError(message.text) }
  }

  /// Shows a panel large.
  ///
  /// - Throws: the names of the panels.
  public func zoom(_ name: String) throws(CommandError) {
    guard let panel = Panel.allCases.first(where: { "\($0)" == name }) else {
      let known = Panel.allCases.map { "\($0)" }
      throw CommandError("expected a panel: \(Suggestion.among(known, for: name)); found \(name)")
    }
    focus = panel
    isZoomed = true
  }

  private func perform(_ command: LabCommandLine) throws(CommandError) -> [SceneEffect] {
    switch command {
    case .run: runner.send(.resume)
    case .pause: runner.send(.pause)
    case .update(let count): runner.send(.step(count))
    case .back(let count): runner.send(.back(count))
    case .goto(let update): try goto(update)
    case .breakAt(let text): try addCondition(text)
    case .delete(let number):
      let known = snapshot?.conditions.map(\.number) ?? []
      if let number, !known.contains(number) {
        throw CommandError(
          "there is no condition \(number); expected "
            + (known.isEmpty ? "none: none was set" : Suggestion.listed(known.map(String.init))))
      }
      runner.send(.deleteConditions(number))
    case .set(let knob, let text):
      self.knob = knob
      change(try knob.set(settings, to: text))
    case .restart: runner.send(.restart)
    case .open(let sequence):
      if let sequence, sequence >= settings.batchSize {
        throw CommandError(
          "the batch has sequences 0 to \(settings.batchSize - 1), found \(sequence)")
      }
      open(sequence: sequence)
    case .export(let path): return [.export(path: path)]
    case .info: showInfo()
    case .help(let word): try help(word)
    case .quit: return [.quit]
    }
    return []
  }

  /// On by updates, or back as far as is remembered.
  private func goto(_ update: Int) throws(CommandError) {
    guard let snapshot else { throw CommandError("nothing was measured yet; try again") }
    guard snapshot.state.isPaused else {
      throw CommandError("pause first (Space): it has gone on since the picture was drawn")
    }
    let distance = update - snapshot.updateCount
    guard distance >= -snapshot.undoCount else {
      throw CommandError(
        "update \(update): expected at least \(snapshot.updateCount - snapshot.undoCount), the "
          + "earliest that is remembered")
    }
    if distance != 0 { runner.send(distance > 0 ? .step(distance) : .back(-distance)) }
  }

  /// Pauses, and asks for what the step scene needs.
  func open(sequence: Int? = nil) {
    runner.send(.capture(lane: 0, sequence: sequence))
    show(message: "paused; a sequence of this update is being prepared")
  }

  private func showInfo() {
    let conditions = snapshot?.conditions.map { "break \($0.number): \($0.text)" } ?? []
    let parts = (conditions.isEmpty ? ["no conditions"] : conditions) + [undoText]
    show(message: parts.joined(separator: ";  "))
  }

  /// "back: 100 updates, 3.2 of 64 MB".
  var undoText: String {
    guard let snapshot else { return "" }
    let used = Double(snapshot.undoByteCount) / Double(1 << 20)
    let most = Double(snapshot.undoBudget) / Double(1 << 20)
    return "back: \(snapshot.undoCount) of \(snapshot.undoCapacity) updates, "
      + "\(Self.megabytes(used)) of \(Self.megabytes(most)) MB"
  }

  private static func megabytes(_ value: Double) -> String {
    NumberText.tick((value * 10).rounded() / 10)
  }

  private func help(_ word: String?) throws(CommandError) {
    guard let word else {
      mode = .commandHelp
      return
    }
    let entry = try LabCommandLine.word(word)
    let short = entry.aliases.isEmpty ? "" : " (short: \(entry.aliases.joined(separator: ", ")))"
    let argument = entry.argument.isEmpty ? "" : " \(entry.argument)"
    show(message: "\(entry.name)\(argument): \(entry.help)\(short)")
  }
}
