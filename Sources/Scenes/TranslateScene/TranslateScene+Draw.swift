internal import Canvas
internal import Debugger
internal import Equations
internal import Networks

/// The layout: title, both sentences, the panels, status and hints at the bottom.
extension TranslateScene {
  func drawPicture(in grid: inout Grid) {
    places = TranslatePlaces()
    let short = grid.columns(of: shortTitle) + 4
    let places = placesInWords(grid)
    let place = (places.first { short + grid.columns(of: $0) <= grid.width } ?? places[4]) + " "
    let inner = drawFrame(
      title: title(grid, beside: place), place: place, status: status(grid), in: &grid)
    let stripRows = grid.height >= 30 ? 2 : 1
    let hasReference = stripRows > 1 && referenceWords != nil
    let rows = inner.splitRows([
      .fixed(stripRows), .fixed(stripRows), .fixed(hasReference ? 1 : 0), .flexible(),
    ])
    drawSource(in: &grid, rows[0])
    drawTarget(in: &grid, rows[1])
    if hasReference { drawReference(in: &grid, rows[2]) }
    drawBody(in: &grid, rows[3])
  }

  // MARK: Title and status

  private func title(_ grid: Grid, beside place: String) -> String {
    let short = shortTitle
    let full = short + "  \(translator.summary)"
    return grid.columns(of: full) + grid.columns(of: place) + 3 <= grid.width ? full : short
  }

  private var shortTitle: String { " unroll  \(translator.name)" }

  /// The place in all its words, and with ever fewer of them.
  private func placesInWords(_ grid: Grid) -> [String] {
    [
      placeInWords(grid, hasCount: true, hasPass: true, hasLoss: true),
      placeInWords(grid, hasCount: false, hasPass: true, hasLoss: true),
      placeInWords(grid, hasCount: false, hasPass: false, hasLoss: true),
      placeInWords(grid, hasCount: false, hasPass: true, hasLoss: false),
      placeInWords(grid, hasCount: false, hasPass: false, hasLoss: false),
    ]
  }

  /// "forward → · word 3 of 7 · attention · A".
  private func placeInWords(
    _ grid: Grid, hasCount: Bool, hasPass: Bool, hasLoss: Bool
  ) -> String {
    let isUnicode = grid.medium.isUnicode
    func word(_ verb: String, _ count: Int) -> String {
      "\(verb)word \(cursor.time)" + (hasCount ? " of \(count - 1)" : "")
    }
    let wordInWords = word("", session.stepCount)
    var parts: [String] = []
    if isBackward {
      let arrow = isUnicode ? "←" : "<"
      parts.append(hasPass ? "\(arrow) backward" : arrow)
      if hasLoss {
        parts.append(translation.lossStep.map { "loss of word \($0)" } ?? "loss of all words")
      }
    } else {
      let arrow = isUnicode ? "→" : ">"
      parts.append(hasPass ? "forward \(arrow)" : arrow)
    }
    switch cursor.part {
    case .encoder(let id):
      let direction = id.direction == .reverse ? (isUnicode ? " ←" : " reverse") : ""
      parts.append(
        translation.isRecurrent
          ? word("reads ", translation.sourceIDs.count)
          : "reads \(translation.sourceIDs.count) words")
      parts.append("encoder \(id.layer)\(direction)")
    case .decoder(let layer):
      parts += [wordInWords, "decoder \(layer)"]
    case .attention: parts += [wordInWords, "attention"]
    case .output: parts += [wordInWords, "output"]
    }
    parts.append(spelled(translation.line(cursor.part, cursor.equation)?.name ?? "", grid))
    return parts.joined(separator: grid.medium.dot)
  }

  private func status(_ grid: Grid) -> String {
    var parts: [String] = []
    if session.writtenCount == session.stepCount {
      parts.append("\"\(translation.text)\"")
      parts.append(
        "\(translation.request.reference == nil ? "-log p" : "loss") "
          + "\(NumberText.text(translation.totalLoss)) nats")
    } else {
      parts.append("\(session.writtenCount) of \(session.stepCount) words written")
    }
    if translation.request.usesTeacher {
      parts.append("teacher forcing")
    } else {
      if let referenceWords, grid.height < 30 {
        parts.append("reference \"\(translator.target.join(referenceWords))\"")
      }
      let width = translation.request.beamWidth
      parts.append(width == 1 ? "greedy" : "beam of \(width)")
    }
    if !translation.request.forced.isEmpty {
      let words = translation.request.forced.sorted { $0.key < $1.key }
        .map { "\($0.key) \(translator.target.word($0.value))" }
      parts.append("put in: \(words.joined(separator: ", "))")
    }
    if !translation.unknown.isEmpty { parts.append("? not in the vocabulary") }
    if !session.breakpoints.isEmpty { parts.append("breakpoints: \(session.breakpoints.count)") }
    return parts.joined(separator: grid.medium.dot)
  }

  // MARK: Body

  private func drawBody(in grid: inout Grid, _ rect: Rect) {
    if isZoomed {
      draw(panels.contains(focus) ? focus : panels[0], in: &grid, rect)
    } else if showsBeam {
      let columns = rect.splitColumns([.flexible(), .fixed(rect.width >= 110 ? 34 : 26)])
      drawBeam(in: &grid, columns[0])
      drawNext(in: &grid, columns[1])
    } else if rect.width < 110 {
      drawNarrow(in: &grid, rect)
    } else {
      drawWide(in: &grid, rect)
    }
  }

  private func draw(_ panel: Panel, in grid: inout Grid, _ rect: Rect) {
    switch panel {
    case .alignment: drawAlignment(in: &grid, rect)
    case .next: drawNext(in: &grid, rect)
    case .program: drawProgram(in: &grid, rect)
    case .vectors: drawVectors(in: &grid, rect)
    case .beam: drawBeam(in: &grid, rect)
    case .gradients: drawGradients(in: &grid, rect)
    }
  }

  /// What changes with the pass: on the way back the gradients are in the place of the vectors.
  private func drawInside(in grid: inout Grid, _ rect: Rect) {
    if isBackward { drawGradients(in: &grid, rect) } else { drawVectors(in: &grid, rect) }
  }

  private func drawNarrow(in grid: inout Grid, _ rect: Rect) {
    if showsProgram {
      let columns = rect.splitColumns([.fixed(44), .flexible()])
      drawProgram(in: &grid, columns[0])
      if isBackward {
        drawGradients(in: &grid, columns[1])
      } else {
        drawAlignment(in: &grid, columns[1])
      }
      return
    }
    let columns = rect.splitColumns([.flexible(), .fixed(min(40, rect.width * 45 / 100))])
    drawAlignment(in: &grid, columns[0])
    if isBackward {
      drawGradients(in: &grid, columns[1])
      return
    }
    let rows = columns[1].splitRows([.fixed(7), .flexible()])
    drawNext(in: &grid, rows[0])
    drawVectors(in: &grid, rows[1])
  }

  private func drawWide(in grid: inout Grid, _ rect: Rect) {
    let columns = rect.splitColumns([.fixed(rect.width * 43 / 100), .flexible()])
    let next = min(14, max(7, rect.height / 3))
    let left = columns[0].splitRows([.flexible(), .fixed(next)])
    drawAlignment(in: &grid, left[0])
    drawNext(in: &grid, left[1])
    let right = columns[1].splitRows([
      .fixed(min(programLineCount + 5, rect.height * 58 / 100)), .flexible(),
    ])
    if showsProgram {
      drawProgram(in: &grid, columns[1])
    } else {
      drawProgram(in: &grid, right[0])
      drawInside(in: &grid, right[1])
    }
  }
}
