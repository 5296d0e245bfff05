internal import Canvas
internal import Debugger
internal import Equations

/// What could follow: the likeliest next words.
extension TranslateScene {
  func drawNext(in grid: inout Grid, _ rect: Rect) {
    let step = session.step
    let before =
      step == 0
      ? translator.target.word(translator.special.start) : translation.outputWords[step - 1]
    let inner = grid.drawPanel(
      title: "word \(step): after \"\(visible(before, grid))\"", trailing: "probability",
      isFocused: focus == .next, in: rect)
    guard inner.height > 0 else { return }
    guard isBackward || session.isKnown(.output, OutputEquation.probabilities.rawValue, time: step)
    else {
      _ = grid.drawText(
        "not computed yet: step on", x: inner.x + 1, y: inner.y, style: Style(.dim),
        width: inner.width - 1)
      return
    }
    let needsNote = inner.height >= 4
    let room = inner.height - (needsNote ? 1 : 0)
    let count = min(topCount ?? room, room)
    let chosen = translation.output[step]
    let target = translation.targets[step]
    var best = translation.likeliest(step: step, count: count)
    for word in [target, chosen] where word >= 0 && !best.contains(where: { $0.word == word }) {
      guard let last = best.indices.last(where: { best[$0].word != chosen }) else { continue }
      best[last] = (word, translation.probability(of: word, step: step))
    }
    let isForced = translation.request.forced[step] != nil
    let bars = best.map { word, probability in
      let mark = word == chosen ? (isForced ? "!" : "*") : word == target ? "=" : " "
      return Bar(
        mark + visible(translator.target.word(word), grid), probability,
        paint: .role(word == target ? .positive : .accent), isHighlighted: word == chosen)
    }
    var options = BarOptions(scale: Normalization(lo: 0, hi: 1))
    options.valueWidth = 6
    grid.drawBars(
      bars, in: Rect(x: inner.x, y: inner.y, width: inner.width, height: room), options: options)
    guard needsNote else { return }
    var notes = [isForced ? "! put in" : "* written"]
    if translation.request.reference != nil { notes.append("= right") }
    notes.append("bars 0 to 1")
    _ = grid.drawText(
      notes.joined(separator: grid.medium.dot), x: inner.x + 1, y: inner.maxY - 1,
      style: Style(.dim), width: inner.width - 1)
  }
}
