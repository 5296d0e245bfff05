internal import Canvas
internal import Debugger
internal import Equations
internal import Learning
internal import Networks

extension StepScene {
  static var commands: [CommandWord] { Command.words }

  /// Commands at the start of the line, names of values and functions behind.
  func completions(_ text: String) -> (start: Int, candidates: [String])? {
    let start = LineEditor.wordStart(text, breaks: LineEditor.nameBreaks)
    let isFirst = !text.prefix(start).contains { $0 != " " }
    let known =
      isFirst
      ? Command.words.map(\.name)
      : equations.map(\.name.text) + ["mean(", "norm(", "grad(", "abs(", "max(", "min(", "token"]
    return candidates(known, for: text, from: start)
  }

  func perform(_ line: String) throws(CommandError) -> [SceneEffect] {
    try perform(try Command(line))
  }

  func perform(_ command: Command) throws(CommandError) -> [SceneEffect] {
    switch command {
    case .step(let count): session.step(by: count)
    case .next(let count): session.next(by: count)
    case .reverseStep(let count): session.step(by: -count)
    case .reverseNext(let count): session.next(by: -count)
    case .run, .reverseRun:
      let backwards = command == .reverseRun
      if let hit = session.run(backwards: backwards) {
        show(message: "breakpoint \(hit.number): \(hit.text)")
      } else {
        show(message: "at the \(backwards ? "start" : "end")")
      }
    case .goto(let time):
      guard (0..<recording.seqLen).contains(time) else {
        throw CommandError("the text has steps 0 to \(recording.seqLen - 1), found \(time)")
      }
      var place = cursor
      place.time = time
      session.move(to: place)
    case .start: session.moveToStart()
    case .end: session.moveToEnd()
    case .breakAt(let text):
      let added = try session.addBreakpoint(text)
      show(message: "breakpoint \(added.number): \(text);  c runs to it")
    case .delete(let number):
      try session.deleteBreakpoints(number)
      show(message: number.map { "breakpoint \($0) deleted" } ?? "all breakpoints deleted")
    case .watch(let text):
      let added = try session.addWatch(text)
      let value =
        switch session.value(of: added) {
        case .success(let result): Self.shown(result)
        case .failure(let error): error.description
        }
      show(message: "watch \(added.number): \(text) = \(value)")
    case .unwatch(let number):
      try session.deleteWatches(number)
      show(message: number.map { "watch \($0) deleted" } ?? "all watches deleted")
    case .print(let text):
      show(message: "\(text) = \(Self.shown(try session.evaluate(text), exact: true))")
    case .set(let text):
      try expectNoRun()
      return request(
        try session.requestSetting(text, fromHereOn: false),
        change: "set \(text) at t = \(cursor.time)")
    case .clamp(let text):
      try expectNoRun()
      return request(
        try session.requestSetting(text, fromHereOn: true),
        change: "clamp \(text) from t = \(cursor.time)")
    case .edit(let line):
      try expectNoRun()
      let (edited, drawn) = try session.requestEdit(line)
      let names = drawn.map(\.text).joined(separator: ", ")
      return request(
        edited, change: "edit \(line)" + (drawn.isEmpty ? "" : " (\(names): drawn at random)"))
    case .text(let text):
      typedText = text
      return request(try session.requestText(text), change: nil)
    case .undo:
      // A run that is still being computed is taken back before it comes.
      if pendingRequest == nil { try session.undo() } else { pendingRequest = nil }
      forgetFigures()
      show(message: "undone")
    case .difference: toggleDifference()
    case .export(let path): return [.export(path: path)]
    case .check: try check()
    case .train: return [.open(try training())]
    case .info: info()
    case .help(let word): try help(word)
    case .quit: return [.quit]
    }
    return []
  }

  /// A change is made to the run that is on the screen: one that is still on its way would be lost.
  private func expectNoRun() throws(CommandError) {
    guard pendingRequest == nil else {
      throw CommandError("the last change is still being computed; try again when it is there")
    }
  }

  private func check() throws(CommandError) {
    guard
      let check = FiniteDifference(recording: recording, position: cursor, unit: unit)
    else { throw CommandError("check works on the lines of the cell; move to one (k)") }
    let name = "\(equations[cursor.equation].name)[\(unit)]"
    show(
      message: "∂L/∂\(name): backpropagation \(Self.exact(check.analytic)), finite difference "
        + "\(Self.exact(check.numeric)), relative error \(Self.exact(check.relativeError))")
  }

  /// A net of the same cell and size that learns to recall a symbol.
  private func training() throws(CommandError) -> GradientsScene {
    do throws(TaskError) {
      let scene = try GradientsScene(
        training: recording.cell, hiddenSize: recording.configuration.hiddenSize)
      scene.hasMouse = hasMouse
      return scene
    } catch {
      throw CommandError(error.description)
    }
  }

  private func info() {
    let parts =
      session.breakpoints.map { "break \($0.number): \($0.text)" }
      + session.watches.map { "watch \($0.number): \($0.text)" } + session.changes
    show(
      message: parts.isEmpty
        ? "no breakpoints, watches or changes" : parts.joined(separator: ";  "))
  }

  // MARK: Numbers

  static func exact(_ value: Double) -> String { NumberText.text(value, digits: 5) }

  /// A result on one line: a number, or statistics and the first units of a vector.
  static func shown(_ result: QueryResult, exact: Bool = false) -> String {
    let digits = exact ? 6 : 3
    switch result {
    case .number(let value):
      // A step or a count, and whatever else is whole.
      if value == value.rounded(), abs(value) < 1e9 { return String(Int(value)) }
      return NumberText.text(value, digits: digits)
    case .text(let text): return "\"\(text)\""
    case .numbers(let values):
      if values.count == 1 { return NumberText.text(values[0], digits: digits) }
      let mean = values.reduce(0, +) / Double(values.count)
      let first = values.prefix(6).map { NumberText.text($0) }.joined(separator: ", ")
      return "[\(values.count)] mean \(NumberText.text(mean)), min "
        + "\(NumberText.text(values.min() ?? .nan)), max \(NumberText.text(values.max() ?? .nan)): "
        + first + (values.count > 6 ? ", …" : "")
    }
  }
}
