internal import ArgumentParser
internal import Checkpoints
internal import Learning
internal import Scenes

/// `unroll compare`: nets side by side, on the same data.
struct CompareCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "compare",
    abstract: "Train two to four nets on the same data, update by update side by side.",
    discussion: """
      A lane is cell[/activation][/initialiser][/key=value…], e.g. rnn/relu/identity/lr=0.0005. \
      Keys: \(LaneText.Key.allCases.map(\.rawValue).joined(separator: ", ")). What a lane does not \
      say is as the options say. All lanes have the same seed, data and number of updates.

      In the live view Space pauses, n and b make and take back an update, d shows two lanes as a difference, \
      ? lists the others, q leaves.

      Presets: \(LabPreset.comparisons.map(\.name).joined(separator: ", ")).
      """)

  @OptionGroup var race: LabRaceOptions
  @OptionGroup(title: "Without a terminal") var output: LabOutputOptions
  @OptionGroup(title: "Screen") var screenOptions: TerminalOptions

  func run() throws {
    let (lanes, preset) = try race.named()
    try LabCommand.run(
      lanes, preset: preset, output: output, title: "unroll compare",
      live: (screenOptions, LabLive.compare(lanes)))
  }
}

/// The lanes of a comparison, and what they have in common.
struct LabRaceOptions: ParsableArguments {
  @Argument(help: "Two to four lanes, e.g. rnn/tanh rnn/relu rnn/relu/identity lstm.")
  var lanes: [String] = []

  @Option(help: "Lanes that show one thing.") var preset: String?

  @OptionGroup(title: "Start and learning") var training: LabTrainingOptions
  @OptionGroup(title: "Task") var task: LabTaskOptions

  func validate() throws {
    if preset != nil, !lanes.isEmpty {
      throw ValidationError("--preset has its own lanes; found \(lanes.joined(separator: " ")) too")
    }
    guard preset != nil || (2...4).contains(lanes.count) else {
      throw ValidationError(
        "expected two to four lanes such as rnn/tanh lstm, found \(lanes.count); or give --preset")
    }
    if let twice = lanes.first(where: { lane in lanes.count { $0 == lane } > 1 }) {
      throw ValidationError("the lane \(twice) is given twice")
    }
  }

  /// The lanes with settings without a mistake, and the preset.
  ///
  /// - Throws: what was expected of a lane, a preset, a cell file or a text.
  func named() throws -> (lanes: [(name: String, settings: LabSettings)], preset: LabPreset?) {
    let preset = try LabCommand.preset(preset, among: LabPreset.comparisons)
    var named: [(name: String, settings: LabSettings)] = []
    for text in preset?.lanes ?? lanes {
      let lane = try LabCommand.lane(text)
      let cell = try CellFile.load(lane.cell, activation: lane.activation)
      var settings = LabSettings(cell: cell)
      if let preset { settings.seqLen = preset.seqLen }
      training.apply(to: &settings)
      try task.apply(to: &settings)
      do throws(LaneError) {
        named.append((text, try lane.settings(base: settings, cell: cell)))
      } catch {
        throw ValidationError(error.description)
      }
    }
    if let first = named.first?.settings.batchSize,
      let other = named.first(where: { $0.settings.batchSize != first })
    {
      throw ValidationError(
        "lane \(other.name): expected a batch of \(first) as in the first lane, or the data differ")
    }
    return (named, preset)
  }
}

extension LabLive {
  /// The scene of several nets side by side.
  nonisolated static func compare(
    _ lanes: [(name: String, settings: LabSettings)]
  ) -> MakeScene {
    { runner, _, lookFor in CompareScene(runner: runner, lanes: lanes, lookFor: lookFor) }
  }
}
