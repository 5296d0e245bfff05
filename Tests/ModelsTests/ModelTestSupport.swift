import Checkpoints
import Equations
import Foundation
import Testing

/// Files that the tests read, beside the test targets.
enum Fixtures {
  static let folder = URL(filePath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().appending(path: "Fixtures").path

  static func path(_ name: String) -> String { folder + "/" + name }
}

/// A folder that goes away with the test.
final class TemporaryFolder {
  let path: String

  init() throws {
    path = NSTemporaryDirectory() + "/models-" + UUID().uuidString
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  func file(_ name: String) -> String { path + "/" + name }

  func write(_ text: String, to name: String) throws -> String {
    try Data(text.utf8).write(to: URL(filePath: file(name)))
    return file(name)
  }

  func write(_ tensors: [NamedArray], to name: String) throws -> String {
    try SafetensorsWriter.write(tensors, to: file(name))
    return file(name)
  }
}

/// The tensors of a fixture, to be renamed, cut or joined.
func tensors(of fixture: String) throws -> [String: NamedArray] {
  let file = try SafetensorsFile(path: Fixtures.path(fixture))
  var result: [String: NamedArray] = [:]
  for name in file.names {
    let shape = try #require(file[name]).shape
    result[name] = NamedArray(name: name, shape: shape, data: try file.floats(name))
  }
  return result
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

  /// Some rows of a matrix, or some elements of a vector.
  func rows(_ range: Range<Int>, named name: String) -> NamedArray {
    let width = shape.dropFirst().reduce(1, *)
    return NamedArray(
      name: name, shape: [range.count] + shape.dropFirst(),
      data: Array(floats[range.lowerBound * width..<range.upperBound * width]))
  }
}

/// A tensor of zeros.
func zeros(_ name: String, _ shape: Int...) -> NamedArray {
  NamedArray(name: name, shape: shape, data: [Float](repeating: 0, count: shape.reduce(1, *)))
}

/// The recurrent tensors of an LSTM with H = 3 and I = 2, all zero.
func smallLSTM(_ prefix: String = "") -> [NamedArray] {
  [
    zeros(prefix + "weight_ih_l0", 12, 2), zeros(prefix + "weight_hh_l0", 12, 3),
    zeros(prefix + "bias_ih_l0", 12), zeros(prefix + "bias_hh_l0", 12),
  ]
}

func load(_ path: String, _ change: (inout ModelRequest) -> Void = { _ in }) throws -> Model {
  var request = ModelRequest()
  request.model = path
  change(&request)
  return try ModelLoader.load(request)
}

/// What the error of loading says; empty if there is none.
func message(_ path: String?, _ change: (inout ModelRequest) -> Void = { _ in }) -> String {
  do {
    var request = ModelRequest()
    request.model = path
    change(&request)
    _ = try ModelLoader.load(request)
    return ""
  } catch {
    return error.description
  }
}

/// max|a − b| / max|b|.
func relativeError(_ a: [Float], _ b: [Float]) -> Float {
  guard a.count == b.count else { return .infinity }
  var worst: Float = 0
  for (x, y) in zip(a, b) {
    let difference = abs(x - y)
    worst = difference.isNaN ? .infinity : max(worst, difference)
  }
  let largest = b.map { abs($0) }.max() ?? 0
  return largest == 0 ? worst : worst / largest
}

extension Trace {
  /// The values and gradients by name.
  var byName: [String: NamedArray] {
    Dictionary(arrays.map { ($0.name, $0) }) { first, _ in first }
  }
}
