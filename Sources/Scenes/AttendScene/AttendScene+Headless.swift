public import Debugger

/// The scene without a keyboard: for `unroll shot` and for tests.
extension AttendScene {
  /// Moves to a place in words: `layer=2,head=4,query=5,key=1,view=rollout,equation=S`; besides
  /// `show=bars|ribbons|all`, `filter=none|hidden|renormalised`, `links`, `figures`, `difference`, `zoom=2`.
  public func place(_ text: String) throws(CommandError) {
    for part in text.split(whereSeparator: { $0 == "," || $0 == " " }) {
      let pair = part.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
        .map(String.init)
      switch (pair[0], pair.count > 1 ? pair[1] : nil) {
      case ("layer", let value?): selectLayer(try number(value, below: source.layerCount, "layer"))
      case ("head", let value?): head = try number(value, below: source.headCount, "head")
      case ("query", let value?): try goto(value)
      case ("key", let value?): key = try number(value, below: tokens.count, "key")
      case ("column", let value?):
        let columns = source.value(place).map(\.columns) ?? 1
        column = try number(value, below: columns, "column")
      case ("view", let value?):
        guard let view = View(rawValue: value) else {
          throw CommandError(
            "expected view=\(View.allCases.map(\.rawValue).joined(separator: "|")), found \(value)")
        }
        select(view)
      case ("equation", let value?): try moveToEquation(value)
      case ("show", let value?): try show(value)
      case ("filter", let value?): try filter(value)
      case ("zoom", let value?): zoom = try number(value, below: 13, "zoom")
      case ("figures", nil): headStyle = .figures
      case ("links", nil): headStyle = .links
      case ("difference", nil): showsDifference = true
      default:
        throw CommandError(
          "expected layer=2, head=4, query=5, key=1, column=3, view=head, equation=A, show=bars, "
            + "filter=hidden, zoom=1, links, figures or difference; found \(part)")
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

  private func number(
    _ text: String, below bound: Int, _ name: String
  ) throws(CommandError) -> Int {
    guard let value = Int(text), (0..<bound).contains(value) else {
      throw CommandError("expected \(name)=0 to \(name)=\(bound - 1), found \(name)=\(text)")
    }
    return value
  }

  /// Runs a command line and waits for what it computes.
  public func runNow(_ line: String) throws(CommandError) {
    for effect in execute(line) {
      if case .run(let work as AttentionWork, let number) = effect {
        finish(work.run(), for: number)
      }
    }
    if let message, message.isError { throw CommandError(message.text) }
  }
}
