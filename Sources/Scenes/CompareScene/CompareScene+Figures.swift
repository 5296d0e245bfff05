internal import Canvas
internal import Learning

/// The table of figures, a row a lane, and the verdicts in words.
extension CompareScene {
  /// A column of the table.
  private struct Column {
    let title: String
    let text: (LaneSnapshot) -> String
    /// The second lane's figure less the first's; nil where it is none.
    var number: ((LaneSnapshot) -> Double?)?
    var isPercent = false
    /// As wide as its figures get, so that columns stand still while they change.
    var width = 6

    func padded(_ text: String) -> String {
      String(repeating: " ", count: max(0, width - text.count)) + text
    }
  }

  func drawFigures(in grid: inout Grid, _ rect: Rect, sentences: Int) {
    guard let snapshot else { return }
    places.panels.append((.figures, rect))
    let medium = grid.medium
    let lines = shownLanes
    let (columns, width) = fitting(columns(medium), grid, rect.width - 2)
    let room = max(8, width - columns.reduce(0) { $0 + $1.width + 2 } - 3)
    var rows = lines.map { row($0, columns, medium, name: name($0, room: room, grid)) }
    if let pair { rows.append(differenceRow(pair, columns, medium)) }
    let tableColumns =
      [TableColumn("   lane", isFlexible: true)]
      + columns.map { TableColumn($0.title, alignment: .right) }
    let table = Rect(
      x: rect.x + 1, y: rect.y, width: width, height: min(rect.height, rows.count + 1))
    grid.drawTable(
      tableColumns, rows: rows, in: table, selected: lines.firstIndex(of: selected))
    if focus == .figures {
      grid.restyle(Rect(x: table.x, y: table.y, width: table.width, height: 1)) {
        $0 = Style(.focusedBorder, on: $0.background, [.bold, .underline])
      }
    }
    for (index, lane) in lines.enumerated() {
      places.lanes.append(
        (lane, Rect(x: rect.x, y: rect.y + 1 + index, width: rect.width, height: 1)))
    }
    var y = table.maxY
    let told = sentences >= lanes.count ? lines : [selected]
    for lane in told where sentences > 0 && y < rect.maxY {
      let spans = [
        TextSpan("\(tag(lane)) \(lanes[lane].name): ", style(ofLane: lane).with(.bold)),
        TextSpan(
          spelled(sentence(lane), grid),
          snapshot.lanes[lane].stop == nil ? Style(.text) : Style(.error)),
      ]
      let height = isZoomed ? min(3, rect.maxY - y) : min(2, rect.maxY - y)
      let used = grid.drawParagraph(
        spans, in: Rect(x: rect.x + 1, y: y, width: rect.width - 2, height: height))
      y += min(used, height)
    }
  }

  /// The verdict in words, or where the lane had to stop.
  func sentence(_ lane: Int) -> String {
    guard let shown = snapshot?.lanes[lane] else { return "not measured yet" }
    if let stop = shown.stop { return "stopped: \(stop)" }
    return shown.verdict?.sentence ?? "not measured yet"
  }

  // MARK: Columns

  /// In the order in which they are given up last.
  private func columns(_ medium: Medium) -> [Column] {
    let unicode = medium.isUnicode
    func last(_ lane: LaneSnapshot) -> LabUpdate? { lane.verdict?.measured ?? lane.recent.last }
    func number(
      _ title: String, isPercent: Bool = false, _ value: @escaping (LaneSnapshot) -> Double?
    ) -> Column {
      Column(
        title: title,
        text: {
          isPercent
            ? LabFigure.percent(value($0)) : LabFigure.number(value($0), glyphs: medium.glyphs)
        },
        number: value, isPercent: isPercent, width: max(title.count, isPercent ? 4 : 6))
    }
    return [
      number("loss") { lane in LabFigure.meanLoss(lane) },
      number("acc", isPercent: true) { lane in LabFigure.meanAccuracy(lane) },
      number("slope") { $0.verdict?.fit.slope },
      Column(title: "verdict", text: LabFigure.verdict, width: 9),
      number(unicode ? "ρ" : "rho") { $0.verdict?.spectrum?.spectralRadius },
      number(unicode ? "σmax" : "smax") { $0.verdict?.spectrum?.largestSingularValue },
      number("sat", isPercent: true) { $0.verdict?.activations.saturated },
      number("dead", isPercent: true) { $0.verdict?.activations.deadReLU },
      number("clip", isPercent: true) { $0.verdict?.clipped },
      Column(
        title: "upd/s",
        text: { [snapshot] in
          $0.stop == nil
            ? LabFigure.number(snapshot?.updatesPerSecond, glyphs: medium.glyphs) : ""
        }),
      number(unicode ? "r²" : "r2") { $0.verdict?.fit.r2 },
      number("forget") { $0.verdict?.activations.meanForgetGate },
      number("memory") { ($0.verdict?.memoryFit ?? $0.verdict?.fit)?.memoryLength },
      number("|grad|") { last($0)?.gradientNorm },
      Column(
        title: "updates", text: { "\($0.updateCount)" }, number: { Double($0.updateCount) },
        width: 7),
    ]
  }

  /// As many as there is room for beside the names, and how wide all are together.
  private func fitting(
    _ all: [Column], _ grid: Grid, _ room: Int
  ) -> (columns: [Column], width: Int) {
    let longest = max(12, lanes.map { grid.columns(of: $0.name) + 4 }.max() ?? 0)
    var width = min(longest, room * 3 / 10)
    var columns: [Column] = []
    for column in all {
      let needed = column.width + 2
      guard width + needed <= room else { break }
      width += needed
      columns.append(column)
    }
    // Few columns leave the names more room.
    return (columns, max(width, min(room, width + longest - min(longest, room * 3 / 10))))
  }

  private func row(
    _ lane: Int, _ columns: [Column], _ medium: Medium, name: String
  ) -> [TextSpan] {
    guard let shown = snapshot?.lanes[lane] else { return [] }
    let leads = snapshot?.leader == lane
    var style = style(ofLane: lane)
    if leads { style = style.with(.bold) }
    let plain = leads ? Style(.text, on: .default, .bold) : Style(.text)
    return [TextSpan("\(tag(lane))\(mark(lane, medium)) \(name)", style)]
      + columns.map { column in
        TextSpan(
          column.padded(column.text(shown)),
          column.title == "verdict" ? LabFigure.verdictStyle(shown) : plain)
      }
  }

  private func differenceRow(
    _ pair: (first: Int, second: Int), _ columns: [Column], _ medium: Medium
  ) -> [TextSpan] {
    guard let snapshot else { return [] }
    let label = "\(medium.isUnicode ? "Δ" : "d")  \(tag(pair.second)) less \(tag(pair.first))"
    return [TextSpan(label, Style(.accent, [.bold]))]
      + columns.map { column in
        guard let number = column.number, let a = number(snapshot.lanes[pair.first]),
          let b = number(snapshot.lanes[pair.second])
        else { return TextSpan("") }
        let text =
          column.isPercent
          ? LabFigure.percent(b - a) : LabFigure.number(b - a, glyphs: medium.glyphs)
        return TextSpan(b > a ? "+" + text : text, Style(.accent))
      }
  }
}
