public import Canvas
internal import Debugger

extension AttendScene {
  static let keyHelp: [KeyHelp] = [
    KeyHelp(keys: "→ l   ← h", action: "the next word, the one before (the query)"),
    KeyHelp(keys: "< >", action: "the key, or the column, whose number is read"),
    KeyHelp(keys: "↓ j   ↑ k", action: "step the program: one equation on, back"),
    KeyHelp(keys: "[ ]   { }", action: "head;  layer (PgUp PgDn too)"),
    KeyHelp(keys: "b", action: "the head that looks hardest from this word at one further off"),
    KeyHelp(keys: "g Home, G End", action: "to the first equation, to the last"),
    KeyHelp(keys: "v  V", action: "one head, mean of the layer, of all, rollout; back"),
    KeyHelp(keys: "r", action: "ribbons of the word, of all words, bars"),
    KeyHelp(keys: "m", action: "heads: pictures, weight from word to key, figures"),
    KeyHelp(keys: "f", action: "hide [CLS] [SEP]; make rows sum to 1 again; show"),
    KeyHelp(keys: "a  A", action: "ablate this head, or undo it;  restore everything"),
    KeyHelp(keys: "s", action: "similarity: scaled dot, dot, cosine, additive"),
    KeyHelp(keys: "d", action: "what a change changed: difference of the weights"),
    KeyHelp(keys: "t", action: "type another text, run at every key"),
    KeyHelp(keys: "c  C", action: "compare with a second sentence;  stop comparing"),
    KeyHelp(keys: "w", action: "next place of the word in the second sentence"),
    KeyHelp(keys: "Tab  z", action: "next panel;  the panel alone, or all"),
    KeyHelp(keys: "+ -", action: "fewer tokens, larger;  more tokens"),
    KeyHelp(keys: "n", action: "colours up to 1, or up to the largest weight"),
    KeyHelp(keys: "/", action: "find a token;  : command line (Tab completes)"),
    KeyHelp(keys: "T  M  q", action: "light or dark;  mouse on or off;  quit"),
  ]

  public func handle(_ event: Event) -> [SceneEffect] {
    switch event {
    case .key(let key): return handle(key)
    case .mouse(let x, let y, let kind): return handleMouse(x, y, kind)
    case .paste(let text): return handlePaste(text)
    case .timeout:
      spinner += 1
      return []
    case .resize, .wake, .signal, .hangup: return []
    }
  }

  private func handle(_ key: Key) -> [SceneEffect] {
    if isTooSmall { return handleTooSmall(key) }
    switch mode {
    case .help, .commandHelp:
      mode = .looking
      return []
    case .command(var editor): return handleCommand(key, &editor)
    case .text(var editor, let before): return handleText(key, &editor, before, isSecond: false)
    case .second(var editor, let before): return handleText(key, &editor, before, isSecond: true)
    case .find(var editor): return handleFind(key, &editor)
    case .looking: return handleLooking(key)
    }
  }

  /// Nothing is to be seen, so that keys could only do harm; but one can leave.
  private func handleTooSmall(_ key: Key) -> [SceneEffect] {
    switch key {
    case .character("q"), .control("c"): [.quit]
    case .control("l"): [.redraw]
    case .control("z"): [.suspend]
    default: []
    }
  }

  private func handleLooking(_ key: Key) -> [SceneEffect] {
    message = nil
    switch key {
    case .right, .character("l"): moveQuery(1)
    case .left, .character("h"): moveQuery(-1)
    case .character(">"): moveKey(1)
    case .character("<"): moveKey(-1)
    case .down, .character("j"): move(to: source.place(place, movedBy: 1))
    case .up, .character("k"): move(to: source.place(place, movedBy: -1))
    case .home, .character("g"): move(to: source.place(place, movedBy: .min))
    case .end, .character("G"): move(to: source.place(place, movedBy: .max))
    case .character("]"): moveHead(1)
    case .character("["): moveHead(-1)
    case .character("}"), .pageDown: selectLayer(layer + 1)
    case .character("{"), .pageUp: selectLayer(layer - 1)
    case .character("b"): selectStrongestHead()
    case .character("v"): turnView(1)
    case .character("V"): turnView(-1)
    case .character("r"): queryStyle = next(queryStyle)
    case .character("m"): headStyle = next(headStyle)
    case .character("f"): turnFilter()
    case .character("n"): fitsScale.toggle()
    case .character("+"), .character("="): zoom = min(zoom + 1, 12)
    case .character("-"): zoom = max(zoom - 1, 0)
    case .character("d"): toggleDifference()
    case .character("w"): nextPartner()
    case .tab: moveFocus(1)
    case .backTab: moveFocus(-1)
    case .character("z"), .enter: isZoomed.toggle()
    case .escape: isZoomed = false
    default: return handleRequest(key)
    }
    return []
  }

  /// Keys that ask for something of the model or of the program around.
  private func handleRequest(_ key: Key) -> [SceneEffect] {
    switch key {
    case .character("a"): return toggleAblation()
    case .character("A"): return restore()
    case .character("s"): return switchSimilarity()
    case .character("t"): startText(isSecond: false)
    case .character("c"): startText(isSecond: true)
    case .character("C"):
      guard wantedSecond != nil else {
        show(message: "nothing is compared: c types a second sentence")
        return []
      }
      wantedSecond = nil
      return compute()
    case .character(":"): mode = .command(LineEditor(prompt: ":", history: commandHistory))
    case .character("/"): mode = .find(LineEditor(prompt: "/"))
    case .character("?"), .function(1): mode = .help
    case .character("T"): return [.toggleTheme]
    case .character("M"):
      hasMouse.toggle()
      show(message: hasMouse ? "mouse on" : "mouse off: the terminal selects text again")
      return [.setMouse(hasMouse)]
    case .control("l"): return [.redraw]
    case .control("z"): return [.suspend]
    case .character("q"), .control("c"): return [.quit]
    default: if key != .unknown { show(message: "no such key here; ? lists them") }
    }
    return []
  }

  // MARK: Moving

  private func moved(_ token: Int, by count: Int) -> Int {
    let visible = visibleTokens
    let here = visible.firstIndex(of: token) ?? 0
    return visible[min(max(here + count, 0), visible.count - 1)]
  }

  private func moveQuery(_ count: Int) {
    query = moved(query, by: count)
    selectPartner()
  }

  private func moveKey(_ count: Int) {
    if let value = source.value(place), !value.isOverTokens {
      column = min(max(column + count, 0), value.columns - 1)
    } else {
      key = moved(key, by: count)
    }
  }

  /// Through all heads of all layers.
  private func moveHead(_ count: Int) {
    if view != .head { view = .head }
    let all = source.layerCount * source.headCount
    let new = min(max(layer * source.headCount + head + count, 0), all - 1)
    let isOther = new / source.headCount != layer
    head = new % source.headCount
    if isOther { selectLayer(new / source.headCount) }
  }

  private func turnView(_ direction: Int) {
    let all = View.allCases
    let here = all.firstIndex(of: view) ?? 0
    select(all[(here + direction + all.count) % all.count])
    show(message: viewName)
  }

  private func next<Choice: CaseIterable & Equatable>(_ choice: Choice) -> Choice {
    let all = Array(Choice.allCases)
    let here = all.firstIndex(of: choice) ?? 0
    return all[(here + 1) % all.count]
  }

  private func turnFilter() {
    guard tokens.contains(where: \.isSpecial) else {
      show(message: "this text has no special tokens to hide")
      return
    }
    filter = next(filter)
    selectVisibleTokens()
    selectPartner()
    show(message: filter == .none ? "all tokens shown" : sumNote)
  }

  private func toggleDifference() {
    guard result.request.isChanged else {
      show(message: "nothing was changed yet: a ablates a head, s switches the similarity")
      return
    }
    showsDifference.toggle()
  }

  private func nextPartner() {
    guard let second else {
      show(message: "nothing is compared: c types a second sentence")
      return
    }
    let found = partners.isEmpty ? Array(second.source.tokens.indices) : partners
    partner = found.first { $0 > partner } ?? found[0]
  }

  private var panels: [Panel] {
    Panel.allCases.filter { $0 != .predictions || source.predicts }
  }

  private func moveFocus(_ direction: Int) {
    let here = panels.firstIndex(of: focus) ?? 0
    focus = panels[(here + direction + panels.count) % panels.count]
  }

  // MARK: Text

  private func startText(isSecond: Bool) {
    guard model.takesText else {
      show(message: "this model's input is a file of numbers, not a text", isError: true)
      return
    }
    if isSecond {
      let editor = LineEditor(prompt: "compare with", text: wantedSecond ?? wanted.text)
      mode = .second(editor, before: result)
    } else {
      mode = .text(LineEditor(prompt: "text", text: wanted.text), before: result)
    }
  }

  private func handleText(
    _ key: Key, _ editor: inout LineEditor, _ before: AttentionResult, isSecond: Bool
  ) -> [SceneEffect] {
    switch editor.handle(key) {
    case .accepted:
      mode = .looking
      guard isSecond, wantedSecond != editor.string else { return [] }
      wantedSecond = editor.string
      return compute()
    case .cancelled:
      mode = .looking
      pendingRequest = nil
      message = nil
      wanted = before.request
      wantedSecond = before.secondText
      takeBack(before)
    case .editing: setEditor(editor, before, isSecond)
    case .changed:
      setEditor(editor, before, isSecond)
      return run(editor.string, isSecond: isSecond)
    }
    return []
  }

  private func setEditor(_ editor: LineEditor, _ before: AttentionResult, _ isSecond: Bool) {
    mode = isSecond ? .second(editor, before: before) : .text(editor, before: before)
  }

  private func run(_ text: String, isSecond: Bool) -> [SceneEffect] {
    message = nil
    if isSecond { wantedSecond = text } else { wanted.text = text }
    return compute()
  }

  private func handlePaste(_ text: String) -> [SceneEffect] {
    switch mode {
    case .text(var editor, let before):
      editor.insert(text)
      setEditor(editor, before, false)
      return run(editor.string, isSecond: false)
    case .second(var editor, let before):
      editor.insert(text)
      setEditor(editor, before, true)
      return run(editor.string, isSecond: true)
    case .command(var editor):
      editor.insert(text.filter { !$0.isNewline })
      mode = .command(editor)
    case .find(var editor):
      editor.insert(text)
      mode = .find(editor)
    default: show(message: "t starts a text to paste into")
    }
    return []
  }

  // MARK: Find

  private func handleFind(_ key: Key, _ editor: inout LineEditor) -> [SceneEffect] {
    switch editor.handle(key) {
    case .accepted:
      mode = .looking
      searchText = editor.string
      do throws(CommandError) {
        if !searchText.isEmpty { try goto(searchText) }
      } catch {
        show(message: error.description, isError: true)
      }
    case .cancelled: mode = .looking
    case .editing, .changed: mode = .find(editor)
    }
    return []
  }
}
