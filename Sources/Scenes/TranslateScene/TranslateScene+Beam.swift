internal import Canvas
internal import Debugger
internal import Networks

/// The beam as a tree: a column per word, a line per hypothesis.
extension TranslateScene {
  /// A node with its place.
  private struct Place {
    let node: Int
    let row: Int
    /// The row of the node before it; nil where that is out of sight.
    let parentRow: Int?
  }

  func drawBeam(in grid: inout Grid, _ rect: Rect) {
    guard let search = translation.search else { return }
    let inner = grid.drawPanel(
      title: search.options.width == 1 ? "greedy decoding" : "beam of \(search.options.width)",
      trailing: "\(search.results.count) finished", isFocused: focus == .beam, in: rect)
    guard inner.height >= 5, inner.width >= 20 else { return }
    let best = bestPath(search)
    let depth = min(session.step + 1, search.nodes.map(\.depth).max() ?? 0)
    // A mark, the word, the number, and what leads to the next column.
    let gap = grid.medium.isUnicode ? "" : " "
    let columnWidth = min(22, 9 + gap.count + longestWord(search, grid))
    let most = max(2, inner.width / columnWidth)
    let first = max(0, depth - most + 1)
    let columns = first..<min(first + most, depth + 1)
    let area = Rect(x: inner.x, y: inner.y + 1, width: inner.width, height: inner.height - 2)
    for column in columns {
      let x = inner.x + (column - first) * columnWidth
      guard x + columnWidth <= inner.maxX else { break }
      let isHere = column == depth
      _ = grid.drawText(
        column == 0 ? "start" : "word \(column - 1)", x: x, y: inner.y,
        style: isHere ? Style(.cursor, on: .default, .bold) : Style(.accent), width: columnWidth)
    }
    // What was dropped at this step, the better ones first, as far as there is room.
    let dropped = search.nodes.indices.filter {
      search.nodes[$0].depth == depth && search.nodes[$0].fate == .dropped
    }
    // Each takes a row; the more there are, the longer the tree.
    var shown = 0..<min(dropped.count, area.height) + 1
    var places = layout(search, columns: columns, depth: depth, showing: [])
    while shown.count > 1 {
      let middle = (shown.lowerBound + shown.upperBound) / 2
      let tree = layout(
        search, columns: columns, depth: depth, showing: Set(dropped.prefix(middle)))
      if tree.last.map({ $0.row < area.height }) ?? true {
        places = tree
        shown = middle..<shown.upperBound
      } else {
        shown = shown.lowerBound..<middle
      }
    }
    let here = places.first { best.contains($0.node) && search.nodes[$0.node].depth == depth }
    let top = max(0, (here?.row ?? 0) - area.height + 1)
    grid.within(area) { grid in
      for place in places {
        self.draw(
          place, search, isBest: best.contains(place.node), depth: depth, in: &grid,
          x: (search.nodes[place.node].depth - first) * columnWidth, top: top, width: columnWidth)
      }
    }
    let isUnicode = grid.medium.isUnicode
    let marks = isUnicode ? ("●", "■", "×") : ("o", "#", "x")
    let glyphs = "\(marks.0) kept  \(marks.1) finished  \(marks.2) dropped"
    let hidden = dropped.count - shown.lowerBound
    let long = hidden > 0 ? " (\(hidden) not shown)" : ""
    let short = hidden > 0 ? " (+\(hidden))" : ""
    // The longest that has room.
    let legends = [
      "\(glyphs)\(long);  number: sum of log p, in nats; bold: the best",
      "\(glyphs)\(long);  sum of log p in nats", "\(glyphs)\(long);  Σ log p",
      "\(glyphs)\(short);  Σ log p", "\(glyphs)\(short)",
    ].map { spelled($0, grid) }
    let legend = legends.first { grid.columns(of: $0) < inner.width } ?? legends[4]
    _ = grid.drawText(
      legend, x: inner.x + 1, y: inner.maxY - 1, style: Style(.dim), width: inner.width - 1)
  }

  private func longestWord(_ search: BeamSearch, _ grid: Grid) -> Int {
    search.nodes.filter { $0.fate != .dropped }
      .map { grid.columns(of: visible(translator.target.word($0.token), grid)) }.max() ?? 6
  }

  /// The nodes of the best sentence.
  private func bestPath(_ search: BeamSearch) -> Set<Int> {
    var nodes: Set<Int> = []
    var next = search.results.first
    while let node = next {
      nodes.insert(node)
      next = search.nodes[node].parent
    }
    return nodes
  }

  /// The nodes up to a step: what was kept, and some of what was dropped. A node's first child stands
  /// beside it, the others below.
  private func layout(
    _ search: BeamSearch, columns: Range<Int>, depth: Int, showing dropped: Set<Int>
  ) -> [Place] {
    var children: [[Int]] = Array(repeating: [], count: search.nodes.count)
    for (index, node) in search.nodes.enumerated() {
      guard let parent = node.parent, node.depth <= depth,
        node.fate != .dropped || dropped.contains(index)
      else { continue }
      children[parent].append(index)
    }
    var places: [Place] = []
    var row = 0
    func place(_ node: Int, parentRow: Int?) {
      let own = row
      let isVisible = columns.contains(search.nodes[node].depth)
      if isVisible { places.append(Place(node: node, row: own, parentRow: parentRow)) }
      for (index, child) in children[node].enumerated() {
        if index > 0 { row += 1 }
        place(child, parentRow: isVisible ? own : nil)
      }
    }
    place(0, parentRow: nil)
    return places
  }

  private func draw(
    _ place: Place, _ search: BeamSearch, isBest: Bool, depth: Int, in grid: inout Grid, x: Int,
    top: Int, width: Int
  ) {
    let node = search.nodes[place.node]
    let y = place.row - top
    let isUnicode = grid.medium.isUnicode
    if let parentRow = place.parentRow, parentRow != place.row {
      for line in stride(from: max(0, parentRow - top + 1), through: y, by: 1) {
        // A branch that goes on further down crosses this one.
        let isLast = line == y
        let glyph: Unicode.Scalar = isUnicode ? isLast ? "└" : "│" : isLast ? "`" : "|"
        let existing = grid[x - 1, line]?.scalar
        if existing == "└" || existing == "├" || existing == "`" {
          grid.put(isUnicode ? "├" : "|", x: x - 1, y: line, style: Style(.dim))
        } else {
          grid.put(glyph, x: x - 1, y: line, style: Style(.dim))
        }
      }
    }
    guard y >= 0, y < grid.bounds.height else { return }
    let mark: String
    switch node.fate {
    case .kept: mark = isUnicode ? "●" : "o"
    case .finished: mark = isUnicode ? "■" : "#"
    case .dropped: mark = isUnicode ? "×" : "x"
    }
    var style = node.fate == .dropped ? Style(.dim) : Style(.text)
    if isBest { style.attributes.insert(.bold) }
    if isBest, node.depth == depth { style = Style(.cursor, on: .default, .bold) }
    let word = visible(translator.target.word(node.token), grid)
    let number = node.parent == nil ? "" : Self.tenths(node.total)
    let room = width - 2 - grid.columns(of: number)
    let gap = isUnicode ? "" : " "
    let end = grid.drawText("\(mark)\(gap)\(word)", x: x, y: y, style: style, width: max(3, room))
    _ = grid.drawText(
      number, x: end + 1, y: y, style: isBest ? style : Style(.dim),
      width: max(0, x + width - 1 - end))
  }

  /// "-12.3"; hundredths below 10, so that "0.00" is not all there is.
  private static func tenths(_ value: Double) -> String {
    guard value.isFinite else { return NumberText.text(value) }
    let size = abs(value)
    let scale = size < 10 ? 100.0 : 10
    let rounded = Int((min(size, 9999) * scale).rounded())
    let digits = String(rounded % Int(scale))
    let fraction = size < 10 && digits.count < 2 ? "0" + digits : digits
    return (value < 0 && rounded > 0 ? "-" : "") + "\(rounded / Int(scale)).\(fraction)"
  }
}
