internal import Canvas
internal import Debugger
internal import Equations
internal import Learning

extension CompareScene {
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

  typealias Word = LabCommandLine.Word

  private static let difference = Word(
    "difference", ["diff"], "1 2", "the second lane less the first; off: all lanes again")
  private static let speed = Word(
    "speed", [], "N", "updates a second while it runs; full: as many as there can be")
  static let words =
    LabCommandLine.words.dropLast(2) + [difference, speed]
    + LabCommandLine.words.suffix(2)

  /// Commands at the start of the line; then knobs and their values, or names for a condition.
  private func completions(_ text: String) -> (start: Int, candidates: [String])? {
    let words = text.split(separator: " ", omittingEmptySubsequences: false).map(String.init)
    // Knobs have hyphens in their names, conditions have operators around names.
    let breaks = words.first == "break" ? " ([]+-*/<>=," : " "
    let characters = Array(text)
    let start = (characters.lastIndex { breaks.contains($0) } ?? -1) + 1
    let word = String(characters[start...])
    let known: [String]
    switch (words.first, words.count) {
    case (_, 1), ("help", 2): known = Self.words.map(\.name)
    case ("set", 2): known = Knob.common.map(\.rawValue)
    case ("set", _): known = Knob(rawValue: words[1])?.names ?? []
    case ("difference", 2): known = ["off"]
    case ("speed", 2): known = ["full"]
    case ("break", _):
      known =
        LabCondition.figures + sharedValues
        + ["mean(", "norm(", "grad(", "abs(", "max(", "min(", "isnan("]
    default: known = []
    }
    let found = known.filter { $0.hasPrefix(word) }
    return found.isEmpty ? nil : (start, found)
  }

  /// The values that all lanes have: a condition is asked of each.
  private var sharedValues: [String] {
    let all = lanes.map { $0.settings.cell.equations.map(\.name.text) }
    return all[0].filter { name in all.allSatisfy { $0.contains(name) } }
  }

  /// Runs a command line.
  func execute(_ line: String) -> [SceneEffect] {
    message = nil
    let parts = line.split(separator: " ").map(String.init)
    do throws(CommandError) {
      switch parts.first {
      case "difference", "diff": try showDifference(Array(parts.dropFirst()))
      case "speed": try setSpeed(Array(parts.dropFirst()))
      default: return try perform(try LabCommandLine(line))
      }
    } catch {
      show(message: error.description, isError: true)
    }
    return []
  }

  private func perform(_ line: LabCommandLine) throws(CommandError) -> [SceneEffect] {
    switch line {
    case .run: if isPaused { run() }
    case .pause: pause()
    case .update(let count): step(count)
    case .back(let count): goBack(count)
    case .goto(let update): try goto(update)
    case .restart: restart()
    case .set(let knob, let value): try set(knob, value)
    case .breakAt(let text): try addCondition(text)
    case .delete(let number): try deleteConditions(number)
    case .open(let sequence): open(sequence: sequence)
    case .info: info()
    case .help(let word): try help(word)
    case .export(let path): return [.export(path: path)]
    case .quit: return [.quit]
    }
    return []
  }

  /// On by updates, or back as far as is remembered.
  private func goto(_ update: Int) throws(CommandError) {
    guard let snapshot, isPaused else {
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
  func open(sequence: Int?) {
    isTicking = false
    runner.send(.capture(lane: selected, sequence: sequence))
    show(
      message: "paused; a sequence of lane \(selected + 1)'s update is being prepared",
      isError: false)
  }

  private func addCondition(_ text: String) throws(CommandError) {
    do throws(LabConditionError) {
      let condition = try LabCondition(
        number: conditionNumber + 1, text: text, lanes: lanes.map(\.settings))
      conditionNumber += 1
      runner.send(.addCondition(condition))
      show(
        message: "condition \(conditionNumber): \(text);  Space runs until a lane meets it",
        isError: false)
    } catch {
      throw CommandError(error.description)
    }
  }

  private func deleteConditions(_ number: Int?) throws(CommandError) {
    if let number, number > conditionNumber {
      throw CommandError("there is no condition \(number)")
    }
    runner.send(.deleteConditions(number))
    show(
      message: number.map { "condition \($0) deleted" } ?? "all conditions deleted",
      isError: false)
  }

  private func showDifference(_ words: [String]) throws(CommandError) {
    if words.isEmpty || words == ["off"] {
      pair = nil
      return
    }
    let numbers = words.map { Int($0) ?? 0 }
    guard numbers.count == 2, numbers.allSatisfy({ (1...lanes.count).contains($0) }),
      numbers[0] != numbers[1]
    else {
      throw CommandError(
        "difference: expected two of the lanes 1 to \(lanes.count), or off; found "
          + "\"\(words.joined(separator: " "))\"")
    }
    pair = (numbers[0] - 1, numbers[1] - 1)
  }

  private func setSpeed(_ words: [String]) throws(CommandError) {
    guard words.count == 1, let word = words.first else {
      throw CommandError("speed: expected updates a second, or full")
    }
    guard word != "full" else {
      limitSpeed(nil)
      return
    }
    guard let number = Int(word), (1...1000).contains(number) else {
      throw CommandError("speed: expected 1 to 1000 updates a second, or full; found \"\(word)\"")
    }
    limitSpeed(number)
  }

  private func info() {
    var parts = snapshot?.conditions.map { "break \($0.number): \($0.text)" } ?? []
    if parts.isEmpty { parts = ["no conditions"] }
    parts.append("back: " + memoryText)
    show(message: parts.joined(separator: ";  "), isError: false)
  }

  /// How far back one can go, and what that takes.
  var memoryText: String {
    guard let snapshot else { return "" }
    func megabytes(_ count: Int) -> String { NumberText.text(Double(count) / 0x1p20) }
    return "\(snapshot.undoCount) of \(snapshot.undoCapacity) updates, "
      + "\(megabytes(snapshot.undoByteCount)) of \(megabytes(snapshot.undoBudget)) MB"
  }

  private func help(_ word: String?) throws(CommandError) {
    guard let word else {
      mode = .commandHelp
      return
    }
    let own = Self.words.first { $0.name == word || $0.aliases.contains(word) }
    let entry = if let own { own } else { try LabCommandLine.word(word) }
    let short = entry.aliases.isEmpty ? "" : " (also: \(entry.aliases.joined(separator: ", ")))"
    let argument = entry.argument.isEmpty ? "" : " \(entry.argument)"
    show(message: "\(entry.name)\(argument): \(entry.help)\(short)", isError: false)
  }
}
