internal import Tensors

/// What the last updates started from, within a budget of memory: weights and what the optimiser
/// remembers, bit for bit.
///
/// Buffers are used again: nothing is allocated once the ring is full.
struct UndoRing {
  struct Entry {
    let update: Int
    let stepCount: Int
    let arrays: [Buffer<Float>]
  }

  let capacity: Int
  private var entries: [Entry] = []
  private var spare: [[Buffer<Float>]] = []

  /// - Parameters:
  ///   - byteBudget: for all entries together.
  ///   - entryByteCount: of one.
  ///   - most: entries that are enough.
  init(byteBudget: Int, entryByteCount: Int, most: Int) {
    capacity = min(most, byteBudget / max(1, entryByteCount))
  }

  var count: Int { entries.count }

  var byteCount: Int {
    (entries.map(\.arrays) + spare).joined().reduce(0) { $0 + $1.count }
      * MemoryLayout<Float>.stride
  }

  mutating func push(update: Int, stepCount: Int, arrays: [Buffer<Float>]) {
    guard capacity > 0 else { return }
    if entries.count == capacity { spare.append(entries.removeFirst().arrays) }
    let copies = spare.popLast() ?? arrays.map { Buffer(count: $0.count) }
    for (copy, array) in zip(copies, arrays) { copy.copy(from: array) }
    entries.append(Entry(update: update, stepCount: stepCount, arrays: copies))
  }

  /// Takes the newest entry away and copies it into `arrays`.
  mutating func pop(into arrays: [Buffer<Float>]) -> (update: Int, stepCount: Int)? {
    guard let entry = entries.popLast() else { return nil }
    for (array, copy) in zip(arrays, entry.arrays) { array.copy(from: copy) }
    spare.append(entry.arrays)
    return (entry.update, entry.stepCount)
  }

  /// Takes the newest entry away without using it: its update was not made.
  mutating func dropLast() {
    if let entry = entries.popLast() { spare.append(entry.arrays) }
  }

  mutating func removeAll() {
    spare += entries.map(\.arrays)
    entries = []
  }
}
