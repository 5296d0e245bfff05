/// What the commands that train on generated examples share.
nonisolated enum TrainTransformerText {
  static let resuming = """
    Ctrl-C saves, and exits with 128 + the signal's number; --resume goes on with OUT.training and \
    gives the same bytes as a training that was never stopped (on the same machine, with as many \
    threads). Only --updates may be changed then.
    """

  /// "Not given, … is what the shipped model was trained with": the options and their standards.
  static func standards(_ standards: [TrainSettings.Option: String]) -> String {
    let options = TrainSettings.Option.allCases.compactMap { option in
      standards[option].map { "--\(option.rawValue) \($0)" }
    }
    return "Defaults, by which the shipped model is trained: \(options.joined(separator: " "))."
  }

  /// With one digit behind the point; never rounded up to a hundred.
  static func percent(_ share: Double) -> String {
    let tenths = Int((share * 1000).rounded(.down))
    return "\(tenths / 10).\(tenths % 10)%"
  }
}
