internal import Checkpoints
internal import Learning

/// What is trained: a model, what it learns from, and how both are described and written.
///
/// A `TrainSession` makes it, runs it, saves it and takes it up again.
nonisolated protocol TrainJob {
  /// What a file holds.
  associatedtype Model: TrainedModel
  associatedtype Source: Learner

  /// Whether a file holds a model of this kind.
  static func isOne(_ file: SafetensorsFile) -> Bool
  /// - Throws: a description that makes no sense, tensors that are missing.
  static func load(_ file: SafetensorsFile) throws(FileError) -> Model
  /// What was given on the command line, with standards for what was not.
  static func completed(_ given: TrainSettings) -> TrainSettings

  /// Reads or makes what is learnt from, and makes a model, or goes on with the one in `start`.
  ///
  /// - Throws: whatever is wrong with the settings, with what is learnt from, or with a remembered
  ///   model.
  init(_ start: TrainStart<Model>) throws

  var learner: Source { get }
  /// What a loss is a mean over: `char`.
  var token: String { get }
  /// The first line to show: sizes of the model and of what it learns from.
  var beginning: String { get }
  /// What the file tells besides the settings and the mean losses.
  func metadata(_ trainer: Trainer<Source>, _ losses: TrainLosses) -> [String: String]
  /// What the finished model can do.
  func report() -> TrainReport
  /// Writes the model with metadata and further arrays to a path.
  func write(
    _ metadata: [String: String], _ state: [NamedArray], to path: String
  ) throws(FileError)
}

nonisolated extension TrainJob {
  func report() -> TrainReport { TrainReport() }
}

/// A model that a file may remember, with facts about its training.
nonisolated protocol TrainedModel {
  var metadata: [String: String] { get }
}

extension Model: nonisolated TrainedModel {}
extension TransformerModel: nonisolated TrainedModel {}

/// What a training begins with.
nonisolated struct TrainStart<Model: TrainedModel> {
  /// All settings: the remembered and the given ones, or those given and the standards.
  let settings: TrainSettings
  /// What the command line said this time.
  let given: TrainSettings
  /// Nil where the training is new.
  let remembered: Model?
  /// The file that remembers it, for messages.
  let file: String
}

/// Mean losses for the metadata; nats, nil where they are not known.
nonisolated struct TrainLosses {
  /// Of the last whole epoch, or of the first until it is whole.
  let training: Double?
  let validation: Double?

  var named: [(name: String, loss: Double)] {
    [("train", training), ("validation", validation)].compactMap { name, loss in
      loss.map { (name, $0) }
    }
  }
}

/// What a finished model can do.
nonisolated struct TrainReport {
  /// Figures for its metadata.
  var metadata: [String: String] = [:]
  /// The same in sentences.
  var lines: [String] = []
}
