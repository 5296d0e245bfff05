internal import Canvas
internal import Debugger
internal import Equations

/// The vectors of a step: the decoder's state and gates, the context vector, and the encoder's states
/// that it is the weighted sum of.
extension TranslateScene {
  private struct Strip {
    let label: String
    /// In front of a source word's state, how much it counts.
    let weight: Float?
    /// Nil for what has not been computed yet.
    let values: [Float]?
    let isMarked: Bool
    var source: Int?
    let scale: Normalization
  }

  func drawVectors(in grid: inout Grid, _ rect: Rect) {
    let size = translation.encoderStates.columns
    let inner = grid.drawPanel(
      title: cursor.part.isEncoder ? "encoder's states" : "vectors at word \(session.step)",
      trailing: "\(size) units", isFocused: focus == .vectors, in: rect)
    guard inner.height >= 3, inner.width >= 16 else { return }
    let own = cursor.part.isEncoder ? encoderGates : decoderStrips
    var strips = own
    let room = inner.height - 1
    let context = cursor.part.isEncoder ? [] : contextStrip
    let sourceRoom = room - own.count - context.count - 1
    let hasSource = sourceRoom >= min(2, translation.sourceIDs.count)
    strips += context
    if hasSource { strips += encoderStrips(most: sourceRoom) }
    let labelWidth = min(
      12, strips.map { grid.columns(of: $0.label) + ($0.weight == nil ? 0 : 4) }.max() ?? 4)
    let width = inner.width - labelWidth - 2
    var y = inner.y
    for (index, strip) in strips.enumerated() where y < inner.maxY - 1 {
      if hasSource, index == own.count {
        let limit = "±" + NumberText.tick(sourceScale.hi, glyphs: grid.medium.glyphs)
        let name = inner.width < 40 ? "states" : "encoder's states and their weights"
        let text =
          cursor.part.isEncoder || translation.alignments.isEmpty
          ? "encoder's states, \(limit)" : "context, \(name), \(limit)"
        _ = grid.drawText(
          spelled(text, grid), x: inner.x + 1, y: y, style: Style(.dim), width: inner.width - 1)
        y += 1
      }
      guard y < inner.maxY - 1 else { break }
      draw(strip, in: &grid, x: inner.x, y: y, labelWidth, width)
      if let source = strip.source {
        places.source.append((source, y, inner.x..<inner.maxX))
      }
      y += 1
    }
    drawVectorLegend(
      cells: width, in: &grid, Rect(x: inner.x, y: inner.maxY - 1, width: inner.width, height: 1))
  }

  private func draw(
    _ strip: Strip, in grid: inout Grid, x: Int, y: Int, _ labelWidth: Int, _ width: Int
  ) {
    let style = strip.isMarked ? Style(.cursor, on: .default, .bold) : Style(.text)
    var label = spelled(strip.label, grid)
    if let weight = strip.weight {
      let text = AttendScene.weightText(weight)
      label = String(repeating: " ", count: max(0, 3 - text.count)) + text + " " + label
    }
    _ = grid.drawText(label, x: x, y: y, style: style, width: labelWidth)
    guard let values = strip.values else {
      _ = grid.drawText(
        grid.medium.isUnicode ? "·····" : ".....", x: x + labelWidth + 1, y: y, style: Style(.dim),
        width: width)
      return
    }
    var options = HeatmapOptions(map: .diverging, scale: strip.scale)
    options.showsAxes = false
    options.maxZoomX = 2
    options.maxZoomY = 2
    grid.drawHeatmap(
      values, rows: 1, columns: values.count,
      in: Rect(x: x + labelWidth + 1, y: y, width: width, height: 1), options: options)
  }

  private func drawVectorLegend(cells: Int, in grid: inout Grid, _ rect: Rect) {
    let perCell = (translation.encoderStates.columns + cells - 1) / max(1, cells)
    let text = rect.width < 40 ? "\(perCell) per cell" : "a cell: mean of \(perCell)"
    let width = min(24, rect.width * 6 / 10)
    grid.drawLegend(
      .diverging, scale: vectorScale, in: Rect(x: rect.x, y: rect.y, width: width, height: 1))
    _ = grid.drawText(
      text, x: rect.x + width + 2, y: rect.y, style: Style(.dim), width: rect.width - width - 2)
  }

  // MARK: What is shown

  private func strip(
    _ part: TranslationPart, _ equation: Int, label: String? = nil, scale: Normalization? = nil
  ) -> Strip {
    let isKnown = session.isKnown(part, equation, time: cursor.time)
    return Strip(
      label: label ?? translation.line(part, equation)?.name ?? "", weight: nil,
      values: isKnown ? translation.value(part, equation).row(cursor.time) : nil,
      isMarked: cursor.part == part && cursor.equation == equation,
      scale: scale ?? vectorScale)
  }

  /// The layer of the decoder that is looked at: the cursor's, else the last or the selected one.
  private var decoderPart: TranslationPart {
    if case .decoder = cursor.part { return cursor.part }
    return .decoder(translation.isRecurrent ? translation.decoderLayerCount - 1 : layer)
  }

  /// States, then gates; of a transformer what a layer gives.
  private var decoderStrips: [Strip] {
    let part = decoderPart
    let states = translation.states(part)
    guard let cell = translation.cell(of: part) else {
      return states.map { strip(part, $0, label: "layer \(layer)") }
    }
    let gates = cell.equations.indices.filter {
      !states.contains($0)
        && translation.value(part, $0).columns == translation.value(part, states[0]).columns
    }
    return (states + gates).map { strip(part, $0) }
  }

  private var contextStrip: [Strip] {
    let part = attentionPart
    return translation.contextEquation(part).map {
      [
        strip(
          part, $0, label: "\(translation.line(part, $0)?.name ?? "") context", scale: sourceScale)
      ]
    } ?? []
  }

  private var encoderGates: [Strip] {
    guard let cell = translation.cell(of: cursor.part) else { return [] }
    return cell.equations.indices.map { strip(cursor.part, $0) }
  }

  /// A strip per word of the source, those around the selected one where there is no room for all.
  private func encoderStrips(most: Int) -> [Strip] {
    let count = translation.sourceIDs.count
    let first = max(0, min(key - most / 2, count - most))
    let states = translation.encoderStates
    let map = translation.alignments.indices.contains(layer) ? translation.alignments[layer] : nil
    let isReading = cursor.part.isEncoder
    let hasWeights =
      !isReading
      && map.map { session.isKnown(attentionPart, $0.equation, time: session.step) } ?? false
    return (first..<min(count, first + max(0, most))).map { index in
      Strip(
        label: translation.sourceWords[index],
        weight: hasWeights ? map?.weight(head: head, row: session.step, column: index) : nil,
        values: isReading && !isRead(index) ? nil : states.row(index), isMarked: index == key,
        source: index, scale: sourceScale)
    }
  }

  /// Whether the encoder's state at a word is all known while the source is read.
  private func isRead(_ index: Int) -> Bool {
    guard translation.isRecurrent, let last = translation.encoderLayers.last else { return false }
    let part = TranslationPart.encoder(last)
    return session.isKnown(part, translation.states(part)[0], time: index)
  }

  /// The scales of the vectors, of the decoder's and of what comes from the encoder: that nineteen in
  /// twenty values of the run are below, so that a few large ones do not take the colour from all others.
  func measureVectors() {
    func scale(_ sizes: [Float]) -> Normalization {
      let sorted = sizes.sorted()
      let limit = sorted.isEmpty ? 1 : sorted[(sorted.count - 1) * 19 / 20]
      return .symmetric(Self.rounded(Double(limit)))
    }
    vectorScale = scale(
      (0..<translation.decoderLayerCount).flatMap { layer in
        let part = TranslationPart.decoder(layer)
        return translation.states(part).flatMap { sample(translation.value(part, $0)) }
      })
    let context = translation.contextEquation(attentionPart).map {
      sample(translation.value(attentionPart, $0))
    }
    sourceScale = scale(sample(translation.encoderStates) + (context ?? []))
  }

  /// The sizes of some of the values: enough for a scale.
  private func sample(_ value: ProgramValue) -> [Float] {
    let count = value.rows * value.columns
    return stride(from: 0, to: count, by: max(1, count / 2_000)).compactMap { index in
      let size = abs(value[0, index / value.columns, index % value.columns])
      return size.isFinite ? size : nil
    }
  }
}
