/// Joins the pairs of a word's symbols, in the order in which training learned them.
///
/// - Source: Sennrich, Haddow & Birch 2016.
struct BytePairEncoding: Sendable {
  struct Merge: Sendable {
    let rank: Int
    let id: Int
  }

  /// The id of each byte's token; nil where the vocabulary has none.
  let byteIDs: [Int?]
  /// By pairs of ids.
  let merges: [Pair: Merge]
  /// Stands for bytes without a token; without it they are left out.
  var unknownID: Int?
  /// Whether neighbouring unknown bytes are one token.
  var fusesUnknown = false
  /// Whether a word that is a token is taken as it is.
  var ignoresMerges = false

  struct Pair: Hashable, Sendable {
    let left: Int
    let right: Int
  }

  /// A token, and how much of the spelled word it covers, in bytes of UTF-8.
  typealias Symbol = (id: Int, length: Int)

  /// The tokens of a word.
  ///
  /// Bytes that are left out shift the places of those behind them, as in Hugging Face's model.
  func symbols(of word: [UInt8], in table: TokenTable) -> [Symbol] {
    if ignoresMerges {
      let spelled = word.flatMap { Array(String(ByteLevel.characters[Int($0)]).utf8) }
      if let id = table.id(of: spelled[...]) { return [(id, spelled.count)] }
    }
    var symbols: [Symbol] = []
    for byte in word {
      let length = ByteLevel.width(of: byte)
      if let id = byteIDs[Int(byte)] {
        symbols.append((id, length))
      } else if let unknownID {
        if fusesUnknown, let last = symbols.last, last.id == unknownID {
          symbols[symbols.count - 1].length += length
        } else {
          symbols.append((unknownID, length))
        }
      }
    }
    return merge(symbols)
  }

  /// - Complexity: O(n log n).
  private func merge(_ initial: [Symbol]) -> [Symbol] {
    var symbols = initial
    // A linked list; merged symbols have length 0 and are skipped.
    var next = Array(1...max(1, symbols.count)), previous = Array(-1..<max(0, symbols.count - 1))
    var queue = MergeQueue()
    func offer(_ left: Int, _ right: Int, to queue: inout MergeQueue) {
      guard left >= 0, right < symbols.count else { return }
      let pair = Pair(left: symbols[left].id, right: symbols[right].id)
      if let merge = merges[pair] {
        queue.insert(MergeQueue.Entry(rank: merge.rank, position: left, id: merge.id))
      }
    }
    for index in symbols.indices { offer(index, index + 1, to: &queue) }
    while let top = queue.popFirst() {
      let left = top.position, right = next[left]
      guard symbols[left].length > 0, right < symbols.count,
        merges[Pair(left: symbols[left].id, right: symbols[right].id)]?.id == top.id
      else { continue }
      symbols[left] = (top.id, symbols[left].length + symbols[right].length)
      symbols[right].length = 0
      next[left] = next[right]
      if next[left] < symbols.count { previous[next[left]] = left }
      offer(previous[left], left, to: &queue)
      offer(left, next[left], to: &queue)
    }
    return symbols.filter { $0.length > 0 }
  }
}

/// A binary heap of merges: the lowest rank first, of equal ranks the leftmost.
private struct MergeQueue {
  struct Entry {
    let rank: Int
    let position: Int
    let id: Int

    static func < (a: Entry, b: Entry) -> Bool { (a.rank, a.position) < (b.rank, b.position) }
  }

  private var entries: [Entry] = []

  mutating func insert(_ entry: Entry) {
    entries.append(entry)
    var child = entries.count - 1
    while child > 0, entries[child] < entries[(child - 1) / 2] {
      entries.swapAt(child, (child - 1) / 2)
      child = (child - 1) / 2
    }
  }

  mutating func popFirst() -> Entry? {
    guard let first = entries.first, let last = entries.popLast() else { return nil }
    guard !entries.isEmpty else { return first }
    entries[0] = last
    var parent = 0
    while true {
      var least = parent
      for child in [2 * parent + 1, 2 * parent + 2]
      where child < entries.count && entries[child] < entries[least] {
        least = child
      }
      if least == parent { return first }
      entries.swapAt(parent, least)
      parent = least
    }
  }
}
