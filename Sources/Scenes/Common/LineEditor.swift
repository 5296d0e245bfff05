internal import Canvas

/// One line of text being typed: cursor keys, history, completion.
struct LineEditor {
  /// What stands in front of it.
  var prompt: String
  private(set) var text: [Character]
  private(set) var cursor: Int
  private var history: [String]
  private var historyIndex: Int
  private var draft = ""

  init(prompt: String, text: String = "", history: [String] = []) {
    self.prompt = prompt
    self.text = Array(text)
    self.history = history
    cursor = self.text.count
    historyIndex = history.count
  }

  var string: String { String(text) }

  /// What stands between the names of an expression.
  static let nameBreaks = " ([]+-*/<>=,"

  /// Where the last word of a text starts.
  static func wordStart(_ text: String, breaks: String = " ") -> Int {
    (Array(text).lastIndex { breaks.contains($0) } ?? -1) + 1
  }

  enum Outcome {
    case editing, changed, accepted, cancelled
  }

  /// What the text could be completed to, where Tab could not go on; until the next key.
  private(set) var candidates: [String] = []

  /// - Parameters:
  ///   - key: what was pressed.
  ///   - complete: the candidates for the text up to the cursor: where they start and what they are.
  /// - Returns: what has become of the line.
  mutating func handle(
    _ key: Key, complete: (String) -> (start: Int, candidates: [String])? = { _ in nil }
  ) -> Outcome {
    let before = text
    candidates = []
    switch key {
    case .enter: return .accepted
    case .escape, .control("g"): return .cancelled
    case .character(let character): insert(String(character))
    case .backspace:
      if cursor > 0 {
        cursor -= 1
        text.remove(at: cursor)
      } else if text.isEmpty {
        return .cancelled
      }
    case .delete, .control("d"): if cursor < text.count { text.remove(at: cursor) }
    case .left, .control("b"): cursor = max(0, cursor - 1)
    case .right, .control("f"): cursor = min(text.count, cursor + 1)
    case .home, .control("a"): cursor = 0
    case .end, .control("e"): cursor = text.count
    case .control("u"):
      text.removeSubrange(0..<cursor)
      cursor = 0
    case .control("k"): text.removeSubrange(cursor...)
    case .control("w"): deleteWord()
    case .up, .control("p"): recall(historyIndex - 1)
    case .down, .control("n"): recall(historyIndex + 1)
    case .tab: applyCompletion(complete)
    default: break
    }
    return text == before ? .editing : .changed
  }

  /// Puts text in at the cursor; line ends become what is typed for them.
  mutating func insert(_ string: String) {
    let characters = Array(string.filter { $0 == "\n" || !$0.isNewline })
    text.insert(contentsOf: characters, at: cursor)
    cursor += characters.count
  }

  private mutating func deleteWord() {
    var start = cursor
    while start > 0, text[start - 1] == " " { start -= 1 }
    while start > 0, text[start - 1] != " " { start -= 1 }
    text.removeSubrange(start..<cursor)
    cursor = start
  }

  private mutating func recall(_ index: Int) {
    guard index >= 0, index <= history.count, index != historyIndex else { return }
    if historyIndex == history.count { draft = string }
    historyIndex = index
    text = Array(index == history.count ? draft : history[index])
    cursor = text.count
  }

  private mutating func applyCompletion(
    _ complete: (String) -> (start: Int, candidates: [String])?
  ) {
    guard let (start, candidates) = complete(String(text[..<cursor])), let first = candidates.first
    else { return }
    var common = Array(first)
    for candidate in candidates.dropFirst() {
      common = Array(zip(common, candidate).prefix { $0 == $1 }.map(\.0))
    }
    if candidates.count == 1, common.last != "(" { common.append(" ") }
    if text[start..<cursor] == common[...] { self.candidates = candidates }
    text.replaceSubrange(start..<cursor, with: common)
    cursor = start + common.count
  }

  /// Draws the line and returns the column of its text cursor.
  func draw(in grid: inout Grid, _ rect: Rect) -> Int {
    let label = prompt + " "
    let start = grid.drawText(
      label, x: rect.x, y: rect.y, style: Style(.accent, [.bold]), width: rect.width)
    let room = max(1, rect.maxX - start - 1)
    let shown = text.map { $0 == "\n" ? "↵" : String($0) }
    // Scrolled so that the cursor is in sight.
    var first = cursor
    var before = 0
    while first > 0 {
      let width = grid.columns(of: shown[first - 1])
      guard before + width <= room else { break }
      before += width
      first -= 1
    }
    _ = grid.drawText(
      shown[first...].joined(), x: start, y: rect.y, style: .plain, width: room)
    return start + before
  }
}
