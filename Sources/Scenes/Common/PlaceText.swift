internal import Debugger

/// A place in a scene in words, as `unroll shot --at` takes it: `t=12,layer=1,backward`.
struct PlaceText {
  /// `layer=1` taken apart; without a value where there is no `=`.
  struct Part {
    let text: String
    let name: String
    let value: String?
  }

  let parts: [Part]

  init(_ text: String) {
    parts = text.split(whereSeparator: { $0 == "," || $0 == " " }).map { part in
      let pair = part.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
        .map(String.init)
      return Part(text: String(part), name: pair[0], value: pair.count > 1 ? pair[1] : nil)
    }
  }

  /// - Throws: the range, where the text is no number in it.
  static func number(
    _ text: String, below bound: Int, _ name: String
  ) throws(CommandError) -> Int {
    guard let value = Int(text), (0..<bound).contains(value) else {
      throw CommandError("expected \(name)=0 to \(name)=\(bound - 1), found \(name)=\(text)")
    }
    return value
  }
}
