internal import Canvas
internal import Debugger
internal import Equations
internal import Learning

extension LabScene {
  /// Carries out what can be asked of any training.
  func perform(_ command: LabCommand) throws(CommandError) -> [SceneEffect] {
    switch command {
    case .run: if isPaused { run() }
    case .pause: order(.pause)
    case .update(let count): order(.step(count))
    case .back(let count): order(.back(count))
    case .goto(let update): try goto(update)
    case .breakAt(let text): try addCondition(text)
    case .delete(let number): try deleteConditions(number)
    case .set(let knob, let text): try set(knob, to: text)
    case .restart: order(.restart)
    case .open(let sequence): try open(checked: sequence)
    case .export(let path): return [.export(path: path)]
    case .info: showInfo()
    case .help(let word): try help(word)
    case .quit: return [.quit]
    }
    return []
  }

  /// Commands at the start of the line; then knobs and their values, or names for a condition.
  func labCompletions(_ text: String) -> (start: Int, candidates: [String])? {
    let words = text.split(separator: " ", omittingEmptySubsequences: false).map(String.init)
    // Knobs have hyphens in their names, conditions have operators around names.
    let breaks = words.first == "break" ? LineEditor.nameBreaks : " "
    let start = LineEditor.wordStart(text, breaks: breaks)
    let known: [String]
    switch (words.first, words.count) {
    case (_, 1), ("help", 2): known = Self.commands.map(\.name)
    case ("set", 2): known = settableKnobs.map(\.rawValue)
    case ("set", _): known = Knob(rawValue: words[1])?.names ?? []
    case ("break", _):
      known =
        LabCondition.figures + sharedValues
        + ["mean(", "norm(", "grad(", "abs(", "max(", "min(", "isnan("]
    default: known = []
    }
    return candidates(known, for: text, from: start)
  }

  /// The values that all lanes have: a condition is asked of each.
  private var sharedValues: [String] {
    let all = laneSettings.map { $0.cell.equations.map(\.name.text) }
    return all[0].filter { name in all.allSatisfy { $0.contains(name) } }
  }

  /// On by updates, or back as far as is remembered.
  private func goto(_ update: Int) throws(CommandError) {
    guard let snapshot else { throw CommandError("nothing was measured yet; try again") }
    guard isPaused else {
      throw CommandError("pause first (Space): it has gone on since the picture was drawn")
    }
    let distance = update - snapshot.updateCount
    guard distance >= -snapshot.undoCount else {
      throw CommandError(
        "update \(update): expected at least \(snapshot.updateCount - snapshot.undoCount), the "
          + "earliest that is remembered")
    }
    if distance != 0 { order(distance > 0 ? .step(distance) : .back(-distance)) }
  }

  private func open(checked sequence: Int?) throws(CommandError) {
    let count = laneSettings[selectedLane].batchSize
    if let sequence, sequence >= count {
      throw CommandError("the batch has sequences 0 to \(count - 1), found \(sequence)")
    }
    open(sequence: sequence)
  }

  // MARK: Conditions

  /// Adds a condition to run to.
  ///
  /// - Throws: what was expected.
  private func addCondition(_ text: String) throws(CommandError) {
    do throws(LabConditionError) {
      let number = watch.conditionNumber + 1
      let condition = try LabCondition(number: number, text: text, lanes: laneSettings)
      watch.conditionNumber = number
      runner.send(.addCondition(condition))
      show(message: "break \(number): \(text);  Space runs to it")
    } catch {
      throw CommandError(error.description)
    }
  }

  private func deleteConditions(_ number: Int?) throws(CommandError) {
    let known = snapshot?.conditions.map(\.number) ?? []
    if let number, !known.contains(number) {
      throw CommandError(
        "there is no condition \(number); expected "
          + (known.isEmpty ? "none: none was set" : Suggestion.listed(known.map(String.init))))
    }
    runner.send(.deleteConditions(number))
    show(message: number.map { "condition \($0) deleted" } ?? "all conditions deleted")
  }

  private func showInfo() {
    let conditions = snapshot?.conditions.map { "break \($0.number): \($0.text)" } ?? []
    let parts = (conditions.isEmpty ? ["no conditions"] : conditions) + [undoText]
    show(message: parts.joined(separator: ";  "))
  }

  /// How far back one can go, and what that takes: "back: 20 of 100 updates, 3.2 of 64.0 MB".
  var undoText: String {
    guard let snapshot else { return "" }
    func megabytes(_ count: Int) -> String { NumberText.text(Double(count) / 0x1p20) }
    return "back: \(snapshot.undoCount) of \(snapshot.undoCapacity) updates, "
      + "\(megabytes(snapshot.undoByteCount)) of \(megabytes(snapshot.undoBudget)) MB"
  }
}
