internal import Canvas
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
    KeyHelp(keys: "s  p", action: "similarity: scaled dot, dot, cosine, additive;  positions"),
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

  var hints: [KeyHint] {
    [
      KeyHint(.right, "←→", "word"), KeyHint(.down, "↑↓", "step"),
      KeyHint(.character("]"), "[ ]", "head"), KeyHint(.character("}"), "{ }", "layer"),
      KeyHint("t", "text"), KeyHint("v", "view"), KeyHint("a", "ablate"), KeyHint("?", "help"),
      KeyHint("q", "quit"), KeyHint("r", "ribbons"), KeyHint("f", "filter"),
      KeyHint("c", "compare"), KeyHint("s", "similarity"), KeyHint("b", "best head"),
      KeyHint("m", "figures"), KeyHint("z", "zoom"),
    ]
  }

  var panels: [Panel] { Panel.allCases.filter { $0 != .predictions || source.predicts } }

  func handleKey(_ key: Key) -> [SceneEffect]? {
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
    case .character("r"): queryStyle = QueryStyle.allCases.next(after: queryStyle)
    case .character("m"): headStyle = HeadStyle.allCases.next(after: headStyle)
    case .character("f"): turnFilter()
    case .character("n"): fitsScale.toggle()
    case .character("+"), .character("="): zoom = min(zoom + 1, 12)
    case .character("-"): zoom = max(zoom - 1, 0)
    case .character("d"): toggleDifference()
    case .character("w"): nextPartner()
    case .enter: isZoomed.toggle()
    default: return handleRequest(key)
    }
    return []
  }

  /// Keys that ask for something of the model or of the program around.
  private func handleRequest(_ key: Key) -> [SceneEffect]? {
    switch key {
    case .character("a"): return toggleAblation()
    case .character("A"): return restore()
    case .character("s"): return switchSimilarity()
    case .character("p"): return switchPositions()
    case .character("t"): startText(isSecond: false)
    case .character("c"): startText(isSecond: true)
    case .character("C"):
      guard wantedSecond != nil else {
        show(message: "nothing is compared: c types a second sentence")
        return []
      }
      wantedSecond = nil
      return compute()
    case .character("/"): mode = .line(LineEditor(prompt: "/"), .find)
    default: return nil
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
    select(View.allCases.next(after: view, by: direction))
    show(message: viewName)
  }

  private func turnFilter() {
    guard tokens.contains(where: \.isSpecial) else {
      show(message: "this text has no special tokens to hide")
      return
    }
    filter = Filter.allCases.next(after: filter)
    selectVisibleTokens()
    selectPartner()
    show(message: filter == .none ? "all tokens shown" : sumNote)
  }

  private func toggleDifference() {
    guard result.request.isChanged else {
      show(message: "nothing was changed yet: a ablates a head, s and p switch what they name")
      return
    }
    guard second == nil else {
      show(message: "two sentences are compared: C leaves one, whose difference can be shown")
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
}
