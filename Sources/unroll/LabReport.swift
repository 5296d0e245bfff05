internal import Canvas
internal import Checkpoints
internal import Equations
internal import Learning

/// Writes a lab's run as JSON, CSV or text.
///
/// A figure that there is not, or that is not finite, is null in JSON; in CSV and text the former is
/// empty and the latter `nan` or `NaN`, `inf` or `-inf`.
nonisolated enum LabReport {
  static func write(_ run: LabRun, as format: LabFormat, to path: String?) throws(FileError) {
    try ByteOutput.write(to: path) { output throws(FileError) in
      try write(run, as: format, to: output)
    }
  }

  private static func write(
    _ run: LabRun, as format: LabFormat, to output: ByteOutput
  ) throws(FileError) {
    switch format {
    case .json: try writeJSON(run, to: output)
    case .csv: try writeCSV(run, to: output)
    case .text: try output.write(LabText.text(run))
    }
  }

  // MARK: JSON

  private static func writeJSON(_ run: LabRun, to output: ByteOutput) throws(FileError) {
    var json = JSONWriter(to: output)
    try json.beginObject()
    try json.key("task")
    try json.beginObject()
    try json.member("name", run.task.kind.rawValue)
    try json.member("summary", run.task.summary)
    try json.member("seqLen", run.task.seqLen)
    try json.member("loss", run.task.loss.rawValue)
    try json.member("memorylessLoss", run.task.memorylessLoss)
    try json.member("chance", run.task.chance)
    try json.endObject()
    if let lookFor = run.lookFor { try json.member("lookFor", lookFor) }
    try json.member("updates", run.updates)
    try json.key("lanes")
    try json.beginArray()
    for (index, lane) in run.lanes.enumerated() {
      try write(lane, isLeader: run.lanes.count > 1 && index == run.leader, to: &json)
    }
    try json.endArray()
    try json.endObject()
    try output.write("\n")
  }

  private static func write(
    _ lane: LabRun.Lane, isLeader: Bool, to json: inout JSONWriter
  ) throws(FileError) {
    try json.beginObject()
    try json.member("name", lane.name)
    try write(lane.lab.settings, to: &json)
    try write(lane.fit, to: &json)
    try json.member("sentence", lane.verdict?.sentence)
    try write(lane.spectrum, to: &json)
    try write(lane.activations, to: &json)
    try json.member("clipped", lane.verdict?.clipped)
    try json.member("memorySlope", lane.verdict?.memoryFit?.slope)
    let memory = lane.verdict.flatMap { $0.memoryFit ?? $0.fit }?.memoryLength
    try json.member("memoryLength", memory)
    try json.member("gradientNorms", lane.gradientNorms)
    try json.member("memoryGradientNorms", lane.memoryGradientNorms)
    try json.member("measuredLoss", lane.lastUpdate?.loss)
    try json.member("measuredAccuracy", lane.lastUpdate?.accuracy)
    try json.member("isLeader", isLeader)
    try json.member("stopped", lane.stop?.description)
    for (name, values) in [
      ("loss", lane.loss), ("accuracy", lane.accuracy), ("gradientNorm", lane.gradientNorm),
      ("clippedNorm", lane.clippedNorm),
    ] {
      try json.member(name, values)
    }
    try json.key("history")
    try json.beginArray()
    for entry in lane.entries { try write(entry, to: &json) }
    try json.endArray()
    try json.endObject()
  }

  private static func write(_ entry: LabRun.Entry, to json: inout JSONWriter) throws(FileError) {
    try json.beginObject()
    try json.member("update", entry.update.update)
    let update = entry.update
    let figures: [(String, Double?)] = [
      ("loss", update.loss), ("accuracy", update.accuracy), ("gradientNorm", update.gradientNorm),
      ("clippedNorm", update.clippedNorm),
    ]
    for (name, figure) in figures { try json.member(name, figure) }
    try write(entry.fit, to: &json)
    try write(entry.spectrum, to: &json)
    try write(entry.update.activations, to: &json)
    try json.member("gradientNorms", entry.update.gradientNorms)
    try json.endObject()
  }

  private static func write(_ settings: LabSettings, to json: inout JSONWriter) throws(FileError) {
    try json.key("settings")
    try json.beginObject()
    try json.member("cell", settings.cell.name)
    try json.member(
      "activation", settings.cell.usesActivation ? settings.cell.activation.asciiName : nil)
    try json.member("initializer", settings.initializer.name)
    try json.member("gain", settings.gain)
    try json.member("forgetBias", settings.forgetBias)
    try json.member("inputScale", settings.inputScale)
    try json.member("hidden", settings.hiddenSize)
    try json.member("seqLen", settings.seqLen)
    try json.member("batch", settings.batchSize)
    try json.member("optimizer", settings.optimizer.rawValue)
    try json.member("learningRate", settings.learningRate)
    try json.member("clip", settings.maximumNorm)
    try json.member("seed", "\(settings.seed)")
    try json.endObject()
  }

  private static func write(_ fit: GradientFit?, to json: inout JSONWriter) throws(FileError) {
    try json.member("slope", fit?.slope)
    try json.member("r2", fit?.r2)
    if let fit { try json.member("leftOut", fit.leftOut) }
    try json.member("verdict", fit?.flow.rawValue)
  }

  private static func write(
    _ spectrum: MatrixSpectrum?, to json: inout JSONWriter
  ) throws(FileError) {
    try json.member("spectralRadius", spectrum?.spectralRadius)
    try json.member("largestSingularValue", spectrum?.largestSingularValue)
  }

  private static func write(
    _ figures: ActivationFigures?, to json: inout JSONWriter
  ) throws(FileError) {
    try json.member("saturated", figures?.saturated)
    try json.member("deadReLU", figures?.deadReLU)
    try json.member("meanForgetGate", figures?.meanForgetGate)
  }

  // MARK: CSV

  /// A line per update and lane; without updates one per lane, with the measured start.
  private static func writeCSV(_ run: LabRun, to output: ByteOutput) throws(FileError) {
    let names = [
      "lane", "update", "loss", "accuracy", "gradientNorm", "clippedNorm", "slope", "r2",
      "leftOut", "verdict", "spectralRadius", "largestSingularValue", "saturated", "deadReLU",
      "meanForgetGate",
    ]
    let norms = (0..<run.task.seqLen).map { "gradientNorm\($0)" }
    try output.write((names + norms).joined(separator: ",") + "\n")
    for lane in run.lanes {
      for entry in lane.entries { try output.write(line(lane.name, entry)) }
      if lane.entries.isEmpty, let verdict = lane.verdict {
        let measured = LabRun.Entry(
          update: verdict.measured, fit: verdict.fit, spectrum: verdict.spectrum)
        try output.write(line(lane.name, measured))
      }
    }
  }

  private static func line(_ name: String, _ entry: LabRun.Entry) -> String {
    func text(_ value: Double?) -> String { value.map { "\($0)" } ?? "" }
    let update = entry.update
    let fields =
      [name, "\(update.update)"]
      + [update.loss, update.accuracy, update.gradientNorm, update.clippedNorm].map(text)
      + [
        text(entry.fit.slope), text(entry.fit.r2), "\(entry.fit.leftOut)", entry.fit.flow.rawValue,
      ]
      + [
        entry.spectrum?.spectralRadius, entry.spectrum?.largestSingularValue,
        update.activations?.saturated, update.activations?.deadReLU,
        update.activations?.meanForgetGate,
      ].map(text)
      + update.gradientNorms.map(text)
    return fields.joined(separator: ",") + "\n"
  }
}

extension JSONWriter {
  /// A member that may be missing or not finite: null then.
  nonisolated fileprivate mutating func member(_ name: String, _ number: Double?) throws(FileError)
  {
    try key(name)
    try figure(number)
  }

  nonisolated fileprivate mutating func member(
    _ name: String, _ numbers: [Double]
  ) throws(FileError) {
    try key(name)
    guard !numbers.allSatisfy(\.isFinite) else { return try value(numbers) }
    try beginArray()
    for number in numbers { try figure(number) }
    try endArray()
  }

  nonisolated private mutating func figure(_ number: Double?) throws(FileError) {
    if let number, number.isFinite { try value(number) } else { try null() }
  }

  nonisolated fileprivate mutating func member(_ name: String, _ text: String?) throws(FileError) {
    try key(name)
    if let text { try value(text) } else { try null() }
  }
}

extension Initializer {
  /// As it is given on the command line.
  nonisolated var name: String {
    func number(_ value: Double) -> String {
      let text = "\(value)"
      return text.hasSuffix(".0") ? String(text.dropLast(2)) : text
    }
    func with(_ gain: Double) -> String { gain == 1 ? "" : "(\(number(gain)))" }
    return switch self {
    case .uniform(let low?, let high?): "uniform(\(number(low)), \(number(high)))"
    case .uniform: "uniform"
    case .normal(let mean, let deviation): "normal(\(number(mean)), \(number(deviation)))"
    case .xavier(let gain): "xavier" + with(gain)
    case .he(let gain): "he" + with(gain)
    case .orthogonal(let gain): "orthogonal" + with(gain)
    case .identity(let gain): "identity" + with(gain)
    case .constant(let value): value == 0 ? "zeros" : "constant(\(number(value)))"
    }
  }
}
