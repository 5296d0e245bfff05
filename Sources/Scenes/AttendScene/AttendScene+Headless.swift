public import Debugger

/// The scene without a keyboard: for `unroll shot` and for tests.
extension AttendScene {
  /// Moves to a place in words: `layer=2,head=4,query=5,key=1,view=rollout,equation=S`; besides
  /// `show=bars|ribbons|all`, `filter=none|hidden|renormalised`, `links`, `figures`, `difference`, `zoom=2`.
  public func place(_ text: String) throws(CommandError) {
    for part in PlaceText(text).parts {
      switch (part.name, part.value) {
      case ("layer", let value?):
        selectLayer(try PlaceText.number(value, below: source.layerCount, "layer"))
      case ("head", let value?): head = try PlaceText.number(value, below: source.headCount, "head")
      case ("query", let value?): try goto(value)
      case ("key", let value?): key = try PlaceText.number(value, below: tokens.count, "key")
      case ("column", let value?):
        let columns = source.value(place).map(\.columns) ?? 1
        column = try PlaceText.number(value, below: columns, "column")
      case ("view", let value?):
        guard let view = View(rawValue: value) else {
          throw CommandError(
            "expected view=\(View.allCases.map(\.rawValue).joined(separator: "|")), found \(value)")
        }
        select(view)
      case ("equation", let value?): try moveToEquation(value)
      case ("show", let value?): try show(value)
      case ("filter", let value?): try filter(value)
      case ("zoom", let value?): zoom = try PlaceText.number(value, below: 13, "zoom")
      case ("figures", nil): headStyle = .figures
      case ("links", nil): headStyle = .links
      case ("difference", nil): showsDifference = true
      default:
        throw CommandError(
          "expected layer=2, head=4, query=5, key=1, column=3, view=head, equation=A, show=bars, "
            + "filter=hidden, zoom=1, links, figures or difference; found \(part.text)")
      }
    }
    selectVisibleTokens()
    selectPartner()
  }

  private func show(_ value: String) throws(CommandError) {
    switch value {
    case "bars": queryStyle = .bars
    case "ribbons": queryStyle = .ribbons
    case "all": queryStyle = .allRibbons
    default: throw CommandError("expected show=bars, show=ribbons or show=all, found \(value)")
    }
  }

  private func filter(_ value: String) throws(CommandError) {
    switch value {
    case "none": filter = .none
    case "hidden": filter = .hidden
    case "renormalised": filter = .renormalised
    default:
      throw CommandError("expected filter=none, hidden or renormalised, found \(value)")
    }
  }

  /// Runs a command line and waits for what it asks for.
  ///
  /// - Precondition: the scene has not appeared.
  /// - Throws: what was expected.
  public func runNow(_ line: String) throws(CommandError) { try runAndWait(line) }
}
