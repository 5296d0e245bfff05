internal import ArgumentParser
internal import Checkpoints
internal import Equations
internal import Learning

/// The net of `unroll gradients` and of its picture: cell, start, learning and task.
struct LabNetOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "A shipped cell's name, or a cell file. (default: rnn)", valueName: "name|file"))
  var cell: String?

  @Option(help: "What φ stands for, in cells that have one. (default: tanh)")
  var activation: Function?

  @Option(
    name: .customLong("init"), parsing: .unconditional,
    help: ArgumentHelp(
      "Recurrent matrices: \(Initializer.names.joined(separator: ", ")). (default: uniform)",
      valueName: "initialiser"))
  var initializer: Initializer?

  @Option(help: "Settings that show one thing; options change them.") var preset: String?

  @OptionGroup(title: "Start and learning") var training: LabTrainingOptions
  @OptionGroup(title: "Task") var task: LabTaskOptions

  /// The settings, and the preset that they come from.
  ///
  /// - Throws: what cannot be read, or no training can have.
  func settings() throws -> (LabSettings, LabPreset?) {
    let preset = try LabCommand.preset(preset, among: LabPreset.single)
    let lane = try LabCommand.lane(preset?.lanes.first ?? "rnn")
    let activation = activation ?? (cell == nil ? lane.activation : nil)
    let loaded = try CellFile.load(cell ?? lane.cell, activation: activation)
    var settings = LabSettings(cell: loaded)
    do throws(LaneError) {
      settings = try lane.settings(base: settings, cell: loaded)
    } catch {
      throw ModelError.request(error.description)
    }
    if let preset { settings.seqLen = preset.seqLen }
    if let initializer { settings.initializer = initializer }
    training.apply(to: &settings)
    try task.apply(to: &settings)
    return (settings, preset)
  }
}
