internal import Checkpoints
internal import Learning
internal import Tensors

/// The two files of a training: the model, and beside it what is needed to go on.
///
/// Each is written whole or not at all, and each is complete by itself: whatever happens between
/// the two writes, the model opens and the training resumes.
nonisolated struct TrainFiles {
  let model: String
  /// The same model with the optimiser's moments and the carried states.
  var training: String { model + ".training" }

  /// The metadata key of the text's path.
  static let textKey = "train.text"

  private enum Key: String {
    case update = "training.update"
    case epoch = "training.epoch"
    case position = "training.window"
    case optimizerSteps = "training.optimizer_steps"
    case currentTokens = "training.epoch_tokens"
    case lastTokens = "training.last_epoch_tokens"
    case currentLoss = "training.epoch_loss_sum"
    case lastLoss = "training.last_epoch_loss_sum"
  }

  /// Finds out whether both files can be written, and leaves everything as it is.
  func checkWritable() throws(FileError) {
    for path in [model, training] {
      let givenUp = FileError(file: path, .mismatch(expected: "", found: ""))
      do throws(FileError) {
        try AtomicFile.write(to: path) { _ throws(FileError) in throw givenUp }
      } catch {
        if error != givenUp { throw error }
      }
    }
  }

  /// Writes both files, the one to go on with first.
  ///
  /// - Parameters:
  ///   - snapshot: what is needed to go on.
  ///   - metadata: free facts about the model.
  ///   - write: writes the model with metadata and further arrays to a path.
  /// - Throws: the system's answer.
  func save(
    _ snapshot: TrainerSnapshot, metadata: [String: String],
    write: (
      _ metadata: [String: String], _ state: [NamedArray], _ path: String
    ) throws(FileError) -> Void
  ) throws(FileError) {
    var all = metadata
    func set(_ key: Key, _ text: String) { all[key.rawValue] = text }
    set(.update, "\(snapshot.updateCount)")
    set(.epoch, "\(snapshot.epoch)")
    set(.position, "\(snapshot.position)")
    set(.optimizerSteps, "\(snapshot.optimizerStepCount)")
    set(.currentTokens, "\(snapshot.currentLoss.tokenCount)")
    set(.lastTokens, "\(snapshot.lastLoss.tokenCount)")
    // The description of a Double reads back as the same number.
    set(.currentLoss, "\(snapshot.currentLoss.sum)")
    set(.lastLoss, "\(snapshot.lastLoss.sum)")
    // The weights stand in the file anyway.
    let state = snapshot.arrays.filter { $0.name != TrainerSnapshot.parameters }.map {
      NamedArray(
        name: ModelFile.statePrefix + $0.name, shape: [$0.values.count], data: $0.values)
    }
    try write(all, state, training)
    // A model may be given away: it keeps the text's name, not where it was.
    all = metadata
    all[Self.textKey] = metadata[Self.textKey]?.split(separator: "/").last.map { String($0) }
    try write(all, [], model)
  }

  /// Opens the file to go on with.
  ///
  /// - Parameter isOne: whether it holds a model of the right kind.
  /// - Returns: the file, its weights not yet read.
  /// - Throws: what is wrong with the file.
  func open(_ isOne: (SafetensorsFile) -> Bool) throws(FileError) -> SafetensorsFile {
    let file = try SafetensorsFile(path: training)
    guard isOne(file) else {
      throw FileError(
        file: training,
        .mismatch(
          expected: "a training of unroll, of this task", found: "another safetensors file"))
    }
    return file
  }

  /// What a file to go on with remembers, besides the model.
  ///
  /// - Parameters:
  ///   - file: the file to go on with.
  ///   - weights: the model's, as they lie in memory.
  /// - Returns: everything that a trainer's `restore` takes.
  /// - Throws: numbers or arrays that are missing or make no sense.
  func snapshot(
    _ file: SafetensorsFile, weights: Buffer<Float>
  ) throws(FileError) -> TrainerSnapshot {
    func number<Value: LosslessStringConvertible>(
      _ key: Key, _ type: Value.Type
    ) throws(FileError) -> Value {
      guard let text = file.metadata[key.rawValue], let number = Value(text) else {
        throw FileError(
          file: training, at: .part("metadata \(key.rawValue)"),
          .mismatch(expected: "a number", found: file.metadata[key.rawValue] ?? "none"))
      }
      if let count = number as? Int, !(0...1 << 40).contains(count) {
        throw FileError(
          file: training, at: .part("metadata \(key.rawValue)"),
          .mismatch(expected: "a count", found: text))
      }
      return number
    }
    var arrays = [TrainerSnapshot.Array(name: TrainerSnapshot.parameters, values: weights.array)]
    for name in file.names where name.hasPrefix(ModelFile.statePrefix) {
      arrays.append(
        .init(
          name: String(name.dropFirst(ModelFile.statePrefix.count)), values: try file.floats(name)))
    }
    return TrainerSnapshot(
      updateCount: try number(.update, Int.self), epoch: try number(.epoch, Int.self),
      position: try number(.position, Int.self),
      optimizerStepCount: try number(.optimizerSteps, Int.self),
      currentLoss: LossMean(
        sum: try number(.currentLoss, Double.self),
        tokenCount: try number(.currentTokens, Int.self)),
      lastLoss: LossMean(
        sum: try number(.lastLoss, Double.self), tokenCount: try number(.lastTokens, Int.self)),
      arrays: arrays)
  }
}
