internal import Canvas
internal import Debugger

/// The frame around the panels: title, status and hints, help, and the request for more room.
extension PanelScene {
  public func draw(in grid: inout Grid) {
    frame.textCursor = nil
    frame.hints = []
    frame.isTooSmall = grid.width < 80 || grid.height < 24
    guard !frame.isTooSmall else {
      let by = grid.medium.times
      grid.drawText(
        "need 80\(by)24, have \(grid.width)\(by)\(grid.height)", x: 0, y: 0,
        style: Style(.warning), width: grid.width)
      grid.drawText("q quits", x: 0, y: 1, width: grid.width)
      return
    }
    drawPicture(in: &grid)
    switch mode {
    case .help: HelpOverlay.draw("Keys", Self.keyHelp, in: &grid)
    case .commandHelp:
      let rows = Self.commands.map { word in
        KeyHelp(
          keys: word.name,
          action: word.argument.isEmpty ? word.help : "\(word.argument)  \(word.help)")
      }
      HelpOverlay.draw("Commands", rows, in: &grid)
    case .keys, .command, .line: break
    }
  }

  /// Draws the lines around the panels: the title with what it is on the left and where one is on
  /// the right, `status` where nothing is typed or said, the hints.
  ///
  /// - Returns: the room between them.
  func drawFrame(
    title: String, place: String, status: String, in grid: inout Grid
  ) -> Rect {
    let rows = grid.bounds.splitRows([.fixed(1), .flexible(), .fixed(1), .fixed(1)])
    drawTitle(title, place: place, in: &grid, rows[0])
    drawStatus(status, in: &grid, rows[2])
    drawHints(in: &grid, rows[3])
    return rows[1]
  }

  private func drawTitle(_ left: String, place: String, in grid: inout Grid, _ rect: Rect) {
    grid.fill(rect, " ", style: Style(.title, [.reverse]))
    let style = Style(.title, [.reverse, .bold])
    let width = grid.columns(of: place) + 1
    grid.drawText(
      spelled(left, grid), x: rect.x, y: rect.y, style: style, width: rect.width - width - 1)
    grid.drawText(place, x: rect.maxX - width, y: rect.y, style: style, width: width)
  }

  /// What is typed, else the message, else `status`; and that something is being computed.
  private func drawStatus(_ status: String, in grid: inout Grid, _ rect: Rect) {
    if var editor = mode.editor {
      editor.prompt = spelled(editor.prompt, grid)
      let x = editor.draw(in: &grid, rect)
      frame.textCursor = (min(x, rect.maxX - 1), rect.y)
    } else {
      let style =
        message.map { $0.isError ? Style(.error, [.bold]) : Style(.accent) } ?? Style(.dim)
      grid.drawText(
        " " + spelled(message?.text ?? status, grid), x: rect.x, y: rect.y, style: style,
        width: rect.width)
    }
    guard pendingRequest != nil else { return }
    let frames = grid.medium.isUnicode ? ["⠋", "⠙", "⠸", "⠴", "⠦", "⠇"] : ["|", "/", "-", "\\"]
    let text = " \(frames[frame.spinner % frames.count]) computing "
    let width = grid.columns(of: text)
    grid.drawText(
      text, x: rect.maxX - width, y: rect.y, style: Style(.accent, [.bold]), width: width)
  }

  /// The keys that matter now, or what Tab could mean.
  private func drawHints(in grid: inout Grid, _ rect: Rect) {
    if let candidates = mode.editor?.candidates, !candidates.isEmpty {
      let text = candidates.map { spelled($0, grid) }.joined(separator: "  ")
      grid.drawText(
        text, x: rect.x + 1, y: rect.y, style: Style(.accent), width: rect.width - 2)
      return
    }
    let shown: [KeyHint]
    switch mode {
    case .command: shown = [.complete, .enter("run"), .escape("back")]
    case .line(_, let line): shown = hints(for: line)
    case .keys, .help, .commandHelp: shown = hints
    }
    var x = rect.x + 1
    for hint in shown {
      let start = x
      let label = hint.label(in: grid.medium)
      guard x + grid.columns(of: label) + hint.action.count + 1 < rect.maxX else { break }
      x = grid.drawText(
        label, x: x, y: rect.y, style: Style(.keyHint, [.bold]), width: rect.maxX - x)
      x = grid.drawText(
        " \(hint.action)", x: x, y: rect.y, style: Style(.dim), width: rect.maxX - x)
      frame.hints.append((hint.key, rect.y, start..<x))
      x += 2
    }
  }

  /// Text as the terminal can show it.
  func spelled(_ text: String, _ grid: Grid) -> String { spelled(text, grid.medium.glyphs) }

  func spelled(_ text: String, _ glyphs: Glyphs) -> String {
    glyphs == .unicode ? text : Spelling.ascii(text)
  }
}

nonisolated extension Medium {
  /// What stands between the parts of a line.
  var dot: String { isUnicode ? " · " : " | " }

  /// As in 80×24.
  var times: String { isUnicode ? "×" : "x" }
}
