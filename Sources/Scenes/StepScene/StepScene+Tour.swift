internal import Canvas

/// The newcomer's first minute: a few cards over the picture. Any key but the one to go on leaves.
extension StepScene {
  private static let tour: [(title: String, text: String)] = [
    (
      "Welcome to unroll",
      "This is a recurrent network reading the sentence at the top, one token at a time. "
        + "On the left are the **equations that run**; the arrow is the program counter. "
        + "Nothing here is drawn for show: every number is one that the network computed."
    ),
    (
      "Step",
      "**Down** runs one equation, **Right** one time step. **Up** and **Left** go back: "
        + "you can always undo time. The line under the equations shows the numbers of one "
        + "unit put in; **[** and **]** choose the unit."
    ),
    (
      "See",
      "On the right every value of every unit over time: a row is a unit, a column a token. "
        + "Grey is what has not been computed yet. Gates run from 0 (shut) to 1 (open), states "
        + "have a sign. Bottom left: what the network expects next."
    ),
    (
      "Go back in time",
      "Behind the last token the **backward pass** begins: the same equations in reverse, and the "
        + "heatmaps show how much the loss depends on each value. **b** jumps between the two. "
        + "Watch the gradient fade on its way to the first token."
    ),
    (
      "Ask what if",
      "**:set f[3] = 0** changes a value and recomputes what follows; **t** types your own text; "
        + "**e** explains the equation at the arrow; **?** lists all keys. Have fun."
    ),
  ]

  func handleOverlay(_ key: Key) -> [SceneEffect]? {
    guard let page = tourPage else { return nil }
    let goesOn = [Key.enter, .right, .down, .character(" "), .character("l")].contains(key)
    if goesOn, page + 1 < Self.tour.count {
      tourPage = page + 1
      return []
    }
    tourPage = nil
    return [.tourSeen]
  }

  func drawTour(in grid: inout Grid) {
    guard let page = tourPage else { return }
    let card = Self.tour[page]
    let inner = grid.drawModal(
      title: card.title, trailing: "\(page + 1) of \(Self.tour.count)",
      width: min(64, grid.bounds.width - 4), height: 10)
    _ = grid.drawParagraph(
      card.text, in: Rect(x: inner.x + 1, y: inner.y + 1, width: inner.width - 2, height: 6),
      style: .plain)
    _ = grid.drawText(
      page + 1 < Self.tour.count
        ? "Space or Right goes on, any other key leaves" : "any key begins",
      x: inner.x + 1, y: inner.maxY - 1, style: Style(.dim), width: inner.width - 2)
  }
}
