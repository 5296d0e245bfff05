public import Checkpoints
public import Foundation

/// Files that the tests read, beside the test targets.
public enum Fixtures {
  /// The folder of the package.
  public static let root = URL(filePath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent().path

  public static let folder = "\(root)/Tests/Fixtures"

  public static func path(_ name: String) -> String { "\(folder)/\(name)" }
}

/// A folder that goes away with the test.
public final class TemporaryFolder {
  public let path: String

  public init() throws {
    path = NSTemporaryDirectory() + "/unroll-tests-" + UUID().uuidString
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  public func file(_ name: String) -> String { "\(path)/\(name)" }

  // Each gives the path of the file.

  @discardableResult
  public func write(_ text: String, to name: String) throws -> String {
    try write(Array(text.utf8), to: name)
  }

  @discardableResult
  public func write(_ bytes: [UInt8], to name: String) throws -> String {
    try Data(bytes).write(to: URL(filePath: file(name)))
    return file(name)
  }

  @discardableResult
  public func write(_ tensors: [NamedArray], to name: String) throws -> String {
    try SafetensorsWriter.write(tensors, to: file(name))
    return file(name)
  }

  public func copy(_ fixture: String, as name: String) throws {
    try FileManager.default.copyItem(atPath: Fixtures.path(fixture), toPath: file(name))
  }

  /// An empty file, open for writing.
  public func create(_ name: String) throws -> FileHandle {
    try FileHandle(forWritingTo: URL(filePath: write("", to: name)))
  }

  public func bytes(_ name: String) throws -> Data {
    try Data(contentsOf: URL(filePath: file(name)))
  }

  public func text(_ name: String) throws -> String {
    String(decoding: try bytes(name), as: UTF8.self)
  }
}
