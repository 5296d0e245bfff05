internal import Canvas
internal import Debugger

/// Both sentences above the panels: what is read, and what has been written so far.
extension TranslateScene {
  /// A word with what stands below it.
  private struct Word {
    let text: String
    /// Below it, where there is a second row.
    let note: String
    let style: Style
    let isCurrent: Bool
  }

  func drawSource(in grid: inout Grid, _ rect: Rect) {
    let map = translation.alignments.indices.contains(layer) ? translation.alignments[layer] : nil
    let step = session.step
    let showsWeights = !cursor.part.isEncoder && session.writtenCount > step && !isBackward
    let words = translation.sourceWords.enumerated().map { index, word in
      let isUnknown = translation.unknown.contains(index)
      let isPadding = index >= translation.sourceIDs.count
      let isRead =
        isBackward || !cursor.part.isEncoder || !translation.isRecurrent
        || index <= cursor.time
      var note = ""
      if let map, showsWeights, !isPadding {
        note = AttendScene.weightText(map.weight(head: head, row: step, column: index))
      }
      return Word(
        text: visible(word, grid) + (isUnknown ? "?" : ""), note: note,
        style: isUnknown
          ? Style(.warning, [.underline]) : isPadding || !isRead ? Style(.dim) : .plain,
        isCurrent: index == key && (map != nil || cursor.part.isEncoder))
    }
    places.source = draw(words, label: translator.source.name, in: &grid, rect)
  }

  func drawTarget(in grid: inout Grid, _ rect: Rect) {
    let written = session.writtenCount
    let step = session.step
    let words = translation.output.indices.map { index in
      guard index < written else {
        return Word(
          text: index == written ? grid.medium.isUnicode ? "…" : "..." : "", note: "",
          style: Style(.dim), isCurrent: index == step && !cursor.part.isEncoder)
      }
      let isForced = translation.request.forced[index] != nil
      let share = translation.probability(of: translation.output[index], step: index)
      let number = AttendScene.weightText(share)
      let hasRow = rect.height > 1
      var text = (isForced ? "!" : "") + visible(translation.outputWords[index], grid)
      if !hasRow, index == step, !cursor.part.isEncoder {
        text += " \(number.isEmpty ? ".00" : number)"
      }
      let isLoss = isBackward && (translation.lossStep ?? index) == index
      return Word(
        text: text, note: number.isEmpty ? ".00" : number,
        style: isForced
          ? Style(.warning, [.bold]) : isLoss ? Style(.text, [.bold, .underline]) : .plain,
        isCurrent: index == step && !cursor.part.isEncoder)
    }
    places.target = draw(
      words.filter { !$0.text.isEmpty }, label: translator.target.name, in: &grid, rect)
  }

  /// The right translation, where the model writes its own.
  func drawReference(in grid: inout Grid, _ rect: Rect) {
    let words = (referenceWords ?? []).enumerated().map { index, word in
      Word(
        text: visible(word, grid), note: "", style: Style(.positive),
        isCurrent: index == session.step && !cursor.part.isEncoder)
    }
    _ = draw(words, label: "reference", in: &grid, rect)
  }

  func visible(_ word: String, _ grid: Grid) -> String {
    Grid.visibleToken(word, glyphs: grid.medium.glyphs)
  }

  /// Words side by side with their notes below; the current one is always in sight.
  private func draw(
    _ words: [Word], label: String, in grid: inout Grid, _ rect: Rect
  ) -> [(index: Int, row: Int, columns: Range<Int>)] {
    let labelWidth = 9
    _ = grid.drawText(
      label, x: rect.x + 1, y: rect.y, style: Style(.accent, [.bold]), width: labelWidth)
    let hasNotes = rect.height > 1 && words.contains { !$0.note.isEmpty }
    if hasNotes {
      _ = grid.drawText(
        label == translator.source.name ? "weight" : "p", x: rect.x + 1, y: rect.y + 1,
        style: Style(.dim), width: labelWidth)
    }
    // A column in front of the words, for a mark.
    let room = Rect(
      x: rect.x + labelWidth + 1, y: rect.y, width: rect.width - labelWidth - 2,
      height: rect.height)
    let width = room.width - 1
    let widths = words.map { word in
      max(grid.columns(of: word.text), rect.height > 1 ? grid.columns(of: word.note) : 0)
    }
    var starts: [Int] = []
    var total = 0
    for width in widths {
      starts.append(total)
      total += width + 2
    }
    let current = words.firstIndex { $0.isCurrent } ?? 0
    let middle = words.isEmpty ? 0 : starts[current] + widths[current] / 2
    let scroll = max(0, min(middle - width / 2, total - 2 - width))
    var found: [(index: Int, row: Int, columns: Range<Int>)] = []
    grid.within(room) { grid in
      for (index, word) in words.enumerated() {
        let x = starts[index] - scroll + 1
        guard x + widths[index] > 0, x < room.width else { continue }
        let style =
          word.isCurrent ? Style(.default, on: .role(.cursor), .bold) : word.style
        if word.isCurrent, grid.medium.depth == .none {
          grid.put("[", x: x - 1, y: 0, style: .plain)
          grid.put("]", x: x + grid.columns(of: word.text), y: 0, style: .plain)
        }
        _ = grid.drawText(word.text, x: x, y: 0, style: style, width: max(1, room.width - x))
        if room.height > 1 {
          _ = grid.drawText(
            word.note, x: x, y: 1, style: Style(.dim), width: max(1, room.width - x))
        }
        let part = max(0, x)..<max(1, min(room.width, x + widths[index]))
        if !part.isEmpty {
          found.append((index, room.y, part.lowerBound + room.x..<part.upperBound + room.x))
        }
      }
      if scroll > 0 {
        grid.put(grid.medium.isUnicode ? "‹" : "<", x: 0, y: 0, style: Style(.accent))
      }
      if total - 2 - scroll > width {
        grid.put(
          grid.medium.isUnicode ? "›" : ">", x: room.width - 1, y: 0, style: Style(.accent))
      }
    }
    return found
  }
}
