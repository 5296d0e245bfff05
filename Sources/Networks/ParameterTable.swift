internal import Equations

/// A trained tensor's place in one flat buffer.
public struct ParameterEntry<Role: Hashable & Sendable>: Sendable {
  /// E.g. `layer0.W_f`, `embedding.weight`.
  public let name: String
  /// Row-major.
  public let shape: [Int]
  public let offset: Int
  public let role: Role

  public var count: Int { shape.reduce(1, *) }
  public var range: Range<Int> { offset..<offset + count }
}

/// The tensors of a model, one behind the other in a flat buffer.
public struct ParameterTable<Role: Hashable & Sendable>: Sendable {
  public private(set) var entries: [ParameterEntry<Role>] = []
  /// Elements of the buffer.
  public private(set) var count = 0
  private var index: [Identifier: Int] = [:]

  init() {}

  mutating func add(_ name: String, _ shape: [Int], _ role: Role) {
    index[Identifier(name)] = entries.count
    entries.append(ParameterEntry(name: name, shape: shape, offset: count, role: role))
    // Each parameter starts on a cache line.
    count += (shape.reduce(1, *) + 15) & ~15
  }

  subscript(name: String) -> ParameterEntry<Role>? { index[Identifier(name)].map { entries[$0] } }
}

/// Says where each parameter of a model is in one flat buffer.
public protocol ParameterPlaces: Sendable {
  associatedtype Role: Hashable & Sendable
  var table: ParameterTable<Role> { get }
}

extension ParameterPlaces {
  public typealias Entry = ParameterEntry<Role>

  public var entries: [Entry] { table.entries }
  /// Elements of the buffer.
  public var count: Int { table.count }
  /// The number of trained numbers, without the gaps between parameters.
  public var parameterCount: Int { entries.reduce(0) { $0 + $1.count } }

  public subscript(role: Role) -> Entry? { entries.first { $0.role == role } }

  public subscript(name: String) -> Entry? { table[name] }
}
