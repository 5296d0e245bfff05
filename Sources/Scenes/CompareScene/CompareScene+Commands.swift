internal import Canvas
internal import Debugger
internal import Equations
internal import Learning

extension CompareScene {
  private static let difference = CommandWord(
    "difference", ["diff"], "1 2", "the second lane less the first; off: all lanes again")
  private static let speed = CommandWord(
    "speed", [], "N", "updates a second while it runs; full: as many as there can be")
  static let commands: [CommandWord] =
    LabCommand.words.dropLast(2) + [difference, speed] + LabCommand.words.suffix(2)

  func completions(_ text: String) -> (start: Int, candidates: [String])? {
    let words = text.split(separator: " ", omittingEmptySubsequences: false)
    guard words.count == 2, words[0] == "difference" || words[0] == "speed" else {
      return labCompletions(text)
    }
    return candidates(
      [words[0] == "speed" ? "full" : "off"], for: text, from: LineEditor.wordStart(text))
  }

  func perform(_ line: String) throws(CommandError) -> [SceneEffect] {
    let parts = line.split(separator: " ").map(String.init)
    switch parts.first {
    case "difference", "diff": try showDifference(Array(parts.dropFirst()))
    case "speed": try setSpeed(Array(parts.dropFirst()))
    default: return try perform(try LabCommand(line))
    }
    return []
  }

  private func showDifference(_ words: [String]) throws(CommandError) {
    if words.isEmpty || words == ["off"] {
      pair = nil
      return
    }
    let numbers = words.map { Int($0) ?? 0 }
    guard numbers.count == 2, numbers.allSatisfy({ (1...lanes.count).contains($0) }),
      numbers[0] != numbers[1]
    else {
      throw CommandError(
        "difference: expected two of the lanes 1 to \(lanes.count), or off; found "
          + "\"\(words.joined(separator: " "))\"")
    }
    pair = (numbers[0] - 1, numbers[1] - 1)
  }

  private func setSpeed(_ words: [String]) throws(CommandError) {
    guard words.count == 1, let word = words.first else {
      throw CommandError("speed: expected updates a second, or full")
    }
    guard word != "full" else {
      limitSpeed(nil)
      return
    }
    guard let number = Int(word), (1...1000).contains(number) else {
      throw CommandError("speed: expected 1 to 1000 updates a second, or full; found \"\(word)\"")
    }
    limitSpeed(number)
  }
}
