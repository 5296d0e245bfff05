internal import ArgumentParser
internal import Checkpoints
internal import Equations
internal import Learning
internal import Networks

/// `unroll gradients`: where the gradient of a net goes while it learns.
struct GradientsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "gradients",
    abstract: "Train a net and see where its gradient vanishes or explodes, and why.",
    discussion: """
      The net learns a task that needs memory. The norm of the loss's gradient by the state of each \
      step, ‖∂L/∂h_t‖, tells how far back learning reaches: vanishing where it falls by more than \
      a factor of 100 over the sequence, exploding where it grows by more, else stable. All biases \
      but the forget gate's start at zero.

      Without a terminal, a figure that is not finite is NaN or inf in text and null in JSON.

      Presets: \(LabPreset.single.map(\.name).joined(separator: ", ")).
      """)

  @OptionGroup var net: LabNetOptions
  @OptionGroup(title: "Without a terminal") var output: LabOutputOptions
  @OptionGroup(title: "Screen") var screenOptions: TerminalOptions

  func run() throws {
    let (settings, preset) = try net.settings()
    try LabCommand.run(
      [(LabCommand.name(of: settings), settings)], preset: preset, output: output,
      title: "unroll gradients", live: (screenOptions, LabLive.gradients))
  }
}

/// What `gradients` and `compare` have in common.
nonisolated enum LabCommand {
  static func preset(_ name: String?, among presets: [LabPreset]) throws -> LabPreset? {
    guard let name else { return nil }
    if let preset = presets.first(where: { $0.name == name }) { return preset }
    throw ValidationError(
      "--preset \(name): expected \(Suggestion.among(presets.map(\.name), for: name))")
  }

  static func lane(_ text: String) throws -> LaneText {
    do throws(LaneError) { return try LaneText(text) } catch {
      throw ValidationError(error.description)
    }
  }

  /// Refuses settings that no training can have, or not on this machine.
  static func check(_ settings: LabSettings) throws(ModelError) {
    if let mistake = settings.mistake { throw .request(mistake) }
    let configuration: NetworkConfiguration
    do throws(TaskError) {
      configuration = try settings.configuration()
    } catch {
      throw .request(error.description)
    }
    try MachineMemory.check(configuration)
  }

  /// The lane's name that gives these settings' cell, activation and initialiser.
  static func name(of settings: LabSettings) -> String {
    let activation = settings.cell.usesActivation ? [settings.cell.activation.asciiName] : []
    let gain = settings.gain == 1 ? [] : ["gain=\(settings.gain)"]
    return ([settings.cell.name] + activation + [settings.initializer.name] + gain)
      .joined(separator: "/")
  }

  /// Trains without a terminal and writes what was asked for.
  static func run(
    _ lanes: [(name: String, settings: LabSettings)], preset: LabPreset?,
    output: LabOutputOptions, title: String, live: (TerminalOptions, LabLive.MakeScene)? = nil
  ) throws {
    guard output.isHeadless else {
      if let (terminal, makeScene) = live {
        let lookFor = preset?.lookFor
        return try MainActor.assumeIsolated {
          try LabLive.run(
            lanes, lookFor: lookFor, terminal: terminal, title: title, makeScene: makeScene)
        }
      }
      throw ModelError.request(
        "\(title) has no live view yet; give --updates N and --format json, csv or text "
          + "(and --out FILE, --svg FILE)")
    }
    let run = try LabRun(
      lanes, updates: output.updates ?? preset?.updates ?? 0, every: output.every,
      lookFor: preset?.lookFor)
    if let path = output.svg {
      let picture = LabPicture.svg(run, title: title)
      try AtomicFile.write(to: path) { file throws(FileError) in try file.write(picture) }
    }
    // A picture alone is an answer too.
    if output.format != nil || output.out != nil || output.svg == nil {
      try LabReport.write(run, as: output.format ?? .text, to: output.out)
    }
    for lane in run.lanes {
      if let stop = lane.stop { Console.warn("\(lane.name): stopped at \(stop)") }
    }
  }
}
