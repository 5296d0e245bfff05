/// Writes a zip archive of stored (uncompressed) entries, without ever seeking.
///
/// - Source: PKWARE APPNOTE.TXT 6.3.10; numbers below refer to its sections.
struct ZipWriter: ~Copyable {
  private struct Entry {
    let name: [UInt8]
    let checksum: UInt32
    let size: Int
    let offset: Int
  }

  private let output: ByteOutput
  private let file: String
  /// Sizes and offsets from here on are written in 64 bits (4.5.3).
  private let wideFrom: Int
  private var entries: [Entry] = []
  private var position = 0

  /// - Parameters:
  ///   - output: is not flushed.
  ///   - file: what error messages call it.
  ///   - wideFrom: smaller in tests than the format needs.
  init(to output: ByteOutput, file: String, wideFrom: Int = 0xFFFF_FFFF) {
    self.output = output
    self.file = file
    self.wideFrom = wideFrom
  }

  /// Adds an entry that consists of `header` and `data`.
  mutating func add(_ name: String, header: [UInt8], data: RawSpan) throws(FileError) {
    let bytes = Array(name.utf8)
    guard bytes.count <= 0xFFFF else {
      throw FileError(
        file: file, at: .part(name), expected: "a name of at most 65535 bytes",
        found: "\(bytes.count)")
    }
    var checksum = CRC32()
    unsafe checksum.update(header.span.bytes)
    checksum.update(data)
    let entry = Entry(
      name: bytes, checksum: checksum.value, size: header.count + data.byteCount, offset: position)
    entries.append(entry)
    let isWide = entry.size >= wideFrom
    // 4.3.7: local file header.
    var local = Record(signature: 0x0403_4B50)
    appendCommon(of: entry, isWide: isWide, to: &local)
    local.append16(isWide ? 20 : 0)
    local.append(bytes)
    if isWide {
      local.append16(1)
      local.append16(16)
      local.append64(entry.size)
      local.append64(entry.size)
    }
    try output.write(local.bytes)
    try output.write(header)
    try output.write(data)
    position += local.bytes.count + entry.size
  }

  /// Writes the directory, which makes the archive readable.
  mutating func finish() throws(FileError) {
    let start = position
    for entry in entries {
      let record = directoryRecord(of: entry)
      try output.write(record)
      position += record.count
    }
    let size = position - start
    let isWide = start >= wideFrom || size >= wideFrom || entries.count >= 0xFFFF
    if isWide {
      // 4.3.14 and 4.3.15: zip64 end of central directory, and its locator.
      var end = Record(signature: 0x0606_4B50)
      end.append64(44)
      end.append16(45)
      end.append16(45)
      end.append32(0)
      end.append32(0)
      for number in [entries.count, entries.count, size, start] { end.append64(number) }
      var locator = Record(signature: 0x0706_4B50)
      locator.append32(0)
      locator.append64(position)
      locator.append32(1)
      try output.write(end.bytes + locator.bytes)
    }
    // 4.3.16: end of central directory.
    var end = Record(signature: 0x0605_4B50)
    end.append16(0)
    end.append16(0)
    end.append16(isWide ? 0xFFFF : entries.count)
    end.append16(isWide ? 0xFFFF : entries.count)
    end.append32(isWide ? 0xFFFF_FFFF : UInt32(size))
    end.append32(isWide ? 0xFFFF_FFFF : UInt32(start))
    end.append16(0)
    try output.write(end.bytes)
  }

  /// 4.3.12: central file header.
  private func directoryRecord(of entry: Entry) -> [UInt8] {
    let isWide = entry.size >= wideFrom
    let isFar = entry.offset >= wideFrom
    var record = Record(signature: 0x0201_4B50)
    // Made by Unix, so that the permissions below count.
    record.append16(3 << 8 | 45)
    appendCommon(of: entry, isWide: isWide || isFar, wideSize: isWide, to: &record)
    var extra = Record()
    if isWide || isFar {
      extra.append16(1)
      extra.append16((isWide ? 16 : 0) + (isFar ? 8 : 0))
      if isWide {
        extra.append64(entry.size)
        extra.append64(entry.size)
      }
      if isFar { extra.append64(entry.offset) }
    }
    record.append16(extra.bytes.count)
    record.append16(0)
    record.append16(0)
    record.append16(0)
    // A regular file, rw-r--r--.
    record.append32(0o100644 << 16)
    record.append32(isFar ? 0xFFFF_FFFF : UInt32(entry.offset))
    record.append(entry.name)
    record.append(extra.bytes)
    return record.bytes
  }

  /// What a local and a central header have in common, from "version needed" to "name length".
  ///
  /// `isWide`: some number stands in the extra field; `wideSize`: the sizes do (else as `isWide`).
  private func appendCommon(
    of entry: Entry, isWide: Bool, wideSize: Bool? = nil, to record: inout Record
  ) {
    record.append16(isWide ? 45 : 20)
    // Bit 11: the name is UTF-8.
    record.append16(1 << 11)
    record.append16(0)
    // Midnight of 1980-01-01, the earliest that can be said: the same arrays give the same bytes.
    record.append16(0)
    record.append16(1 << 5 | 1)
    record.append32(entry.checksum)
    let size = wideSize ?? isWide ? 0xFFFF_FFFF : UInt32(entry.size)
    record.append32(size)
    record.append32(size)
    record.append16(entry.name.count)
  }
}

/// Little-endian fields, one after the other.
private struct Record {
  private(set) var bytes: [UInt8] = []

  init() {}

  init(signature: UInt32) { append32(signature) }

  mutating func append(_ more: [UInt8]) { bytes += more }
  mutating func append16(_ value: Int) { append(UInt64(value), byteCount: 2) }
  mutating func append32(_ value: UInt32) { append(UInt64(value), byteCount: 4) }
  mutating func append64(_ value: Int) { append(UInt64(value), byteCount: 8) }

  private mutating func append(_ value: UInt64, byteCount: Int) {
    for index in 0..<byteCount { bytes.append(UInt8(truncatingIfNeeded: value >> (8 * index))) }
  }
}

/// The checksum of zip archives (ISO 3309), four bytes at a time.
struct CRC32 {
  /// `tables[k][b]`: what byte b contributes when k more bytes follow it in the group.
  private static let tables: [UInt32] = {
    var tables = [UInt32](repeating: 0, count: 4 * 256)
    for byte in 0..<256 {
      var remainder = UInt32(byte)
      for _ in 0..<8 {
        remainder = remainder & 1 == 0 ? remainder >> 1 : remainder >> 1 ^ 0xEDB8_8320
      }
      tables[byte] = remainder
    }
    for index in 256..<tables.count {
      let before = tables[index - 256]
      tables[index] = before >> 8 ^ tables[Int(before & 0xFF)]
    }
    return tables
  }()

  private var state: UInt32 = 0xFFFF_FFFF

  var value: UInt32 { ~state }

  mutating func update(_ data: RawSpan) {
    let tables = CRC32.tables.span
    var state = state
    var offset = 0
    while offset + 4 <= data.byteCount {
      state ^= unsafe data.unsafeLoadUnaligned(fromByteOffset: offset, as: UInt32.self)
      state =
        tables[768 + Int(state & 0xFF)] ^ tables[512 + Int(state >> 8 & 0xFF)]
        ^ tables[256 + Int(state >> 16 & 0xFF)] ^ tables[Int(state >> 24)]
      offset += 4
    }
    while offset < data.byteCount {
      let byte = unsafe data.unsafeLoad(fromByteOffset: offset, as: UInt8.self)
      state = state >> 8 ^ tables[Int(state & 0xFF ^ UInt32(byte))]
      offset += 1
    }
    self.state = state
  }
}
