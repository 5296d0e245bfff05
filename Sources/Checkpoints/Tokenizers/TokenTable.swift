/// The tokens of a vocabulary and their ids, found by their UTF-8 bytes.
///
/// A hash table of its own: it finds a slice of bytes without making a string of it, and it tells
/// apart what Swift's `String` takes for equal (`é` and `e` with a combining accent).
///
/// - Complexity: `id` is O(bytes) on average, `text` O(bytes).
struct TokenTable: Sendable {
  /// No vocabulary comes near; a file that claims more is broken.
  static let largestID = 1 << 22

  /// The tokens' bytes, one after the other.
  private var bytes: [UInt8] = []
  /// Where each entry ends in `bytes`, and its id.
  private var ends: [Int] = []
  private var ids: [Int] = []
  /// The entry of each id, or −1.
  private var entries: [Int32] = []
  /// Entries by hash, open addressing; −1 is free. A power of two long.
  private var slots: [Int32] = Array(repeating: -1, count: 16)

  init(capacity: Int = 0) {
    var size = 16
    while size < capacity * 2 { size *= 2 }
    slots = Array(repeating: -1, count: size)
    ends.reserveCapacity(capacity)
    ids.reserveCapacity(capacity)
    bytes.reserveCapacity(capacity * 8)
  }

  /// The number of tokens.
  var count: Int { ids.count }

  /// One more than the largest id.
  var idEnd: Int { entries.count }

  /// The token with an id.
  func text(_ id: Int) -> String? {
    guard entries.indices.contains(id), entries[id] >= 0 else { return nil }
    return String(decoding: bytes[range(of: Int(entries[id]))], as: UTF8.self)
  }

  func id(of token: String) -> Int? {
    let utf8 = Array(token.utf8)
    return id(of: utf8[...])
  }

  func id(of token: ArraySlice<UInt8>) -> Int? {
    let entry = slots[slot(of: token)]
    return entry < 0 ? nil : ids[Int(entry)]
  }

  /// Why a token could not be added.
  enum Conflict: Error {
    case tokenTaken(id: Int)
    case idTaken(by: String)
  }

  /// Adds a token with an id of its own.
  ///
  /// - Precondition: the id is from 0 to `largestID`.
  mutating func add(_ token: String, id: Int) throws(Conflict) {
    precondition((0...Self.largestID).contains(id), "id \(id)")
    let utf8 = Array(token.utf8)
    let slot = slot(of: utf8[...])
    if slots[slot] >= 0 { throw .tokenTaken(id: ids[Int(slots[slot])]) }
    if let other = text(id) { throw .idTaken(by: other) }
    while entries.count <= id { entries.append(-1) }
    entries[id] = Int32(ids.count)
    slots[slot] = Int32(ids.count)
    bytes += utf8
    ends.append(bytes.count)
    ids.append(id)
    if ids.count * 2 > slots.count { grow() }
  }

  private func range(of entry: Int) -> Range<Int> {
    (entry == 0 ? 0 : ends[entry - 1])..<ends[entry]
  }

  /// The slot that holds a token, or the free one where it belongs.
  private func slot(of token: ArraySlice<UInt8>) -> Int {
    // FNV-1a, folded to the table's size.
    var hash: UInt64 = 0xCBF2_9CE4_8422_2325
    for byte in token { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3 }
    var slot = Int(truncatingIfNeeded: hash ^ hash >> 32) & (slots.count - 1)
    while slots[slot] >= 0, !matches(Int(slots[slot]), token) {
      slot = (slot + 1) & (slots.count - 1)
    }
    return slot
  }

  private func matches(_ entry: Int, _ token: ArraySlice<UInt8>) -> Bool {
    let range = range(of: entry)
    return range.count == token.count && bytes[range].elementsEqual(token)
  }

  private mutating func grow() {
    slots = Array(repeating: -1, count: slots.count * 2)
    for entry in ids.indices { slots[slot(of: bytes[range(of: entry)])] = Int32(entry) }
  }
}
