import Foundation
import Glibc
import TestSupport
import Testing

@testable import Checkpoints

@Suite struct FileWriterTests {
  private let tensors = [
    NamedArray(name: "d", shape: [2], data: [0.1, -.infinity] as [Double]),
    NamedArray(name: "i", shape: [1, 2], data: [Int.min, 7]),
    NamedArray(name: "f", shape: [3], data: [.nan, -0.0, Float.leastNonzeroMagnitude]),
    NamedArray(name: "s", shape: [1], elements: .int32([-5])),
    NamedArray(name: "b", shape: [3], elements: .uint8([0, 128, 255])),
  ]

  @Test func safetensorsRoundTrip() throws {
    let folder = try TemporaryFolder()
    let path = folder.file("m.safetensors")
    let metadata = ["z": "last", "a": "\"quoted\"\n\u{1}", "é": "日本"]
    try SafetensorsWriter.write(tensors, metadata: metadata, to: path)
    let file = try SafetensorsFile(path: path)
    #expect(file.names == ["d", "i", "f", "s", "b"])
    #expect(file.metadata == metadata)
    #expect(try file.doubles("d") == [0.1, -.infinity])
    #expect(try file.integers("i") == [Int.min, 7])
    #expect(
      try file.floats("f").map(\.bitPattern)
        == [Float.nan.bitPattern, 0x8000_0000, 1])
    #expect(try file.integers("s") == [-5])
    #expect(try file.integers("b") == [0, 128, 255])
    #expect(file["i"]?.shape == [1, 2])
    let bytes = try contents(of: path)
    // The data is aligned, and the same input gives the same bytes.
    #expect(bytes[0].isMultiple(of: 8))
    try SafetensorsWriter.write(tensors, metadata: metadata, to: folder.file("again"))
    #expect(try contents(of: folder.file("again")) == bytes)
  }

  @Test func theBytesAreTheFormats() throws {
    let output = ByteOutput()
    try SafetensorsWriter.write(
      [NamedArray(name: "x", shape: [1], data: [1 as Float])], metadata: ["b": "2", "a": "1"],
      to: output, named: "memory")
    let header =
      #"{"__metadata__":{"a":"1","b":"2"},"#
      + #""x":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}"#
    let padded = header + String(repeating: " ", count: (8 - header.utf8.count % 8) % 8)
    #expect(output.bytes == frame(Array(padded.utf8)) + [0, 0, 0x80, 0x3F])
  }

  @Test func aFixtureCanBeWrittenAgain() throws {
    let original = try SafetensorsFile(path: Fixtures.path("gru_4_6_2_bi.safetensors"))
    let arrays = try original.names.map { name in
      NamedArray(
        name: name, shape: original[name]?.shape ?? [], data: try original.floats(name))
    }
    let output = ByteOutput()
    try SafetensorsWriter.write(
      arrays, metadata: original.metadata, to: output, named: "memory")
    let copy = try SafetensorsFile(bytes: output.bytes, name: "copy")
    #expect(copy.names == original.names)
    for name in original.names {
      #expect(copy[name] == original[name])
      #expect(try copy.floats(name) == original.floats(name))
    }
  }

  @Test func namesAreUnique() {
    let x = NamedArray(name: "x", shape: [0], data: [] as [Float])
    let output = ByteOutput()
    #expect(
      message { () throws(FileError) in
        try SafetensorsWriter.write([x, x], to: output, named: "m")
      } == "m: expected every name once, found \"x\" twice")
    let reserved = NamedArray(name: "__metadata__", shape: [0], data: [] as [Float])
    #expect(
      fileError { () throws(FileError) in
        try SafetensorsWriter.write([reserved], to: output, named: "m")
      } != nil)
  }

  // MARK: Whole or not at all

  private func write(_ text: String, to path: String) throws(FileError) {
    try AtomicFile.write(to: path) { output throws(FileError) in try output.write(text) }
  }

  @Test func aFailureLeavesTheOldFile() throws {
    let folder = try TemporaryFolder()
    let path = try folder.write(Array("old".utf8), to: "f")
    let failure = FileError(file: path, .system(doing: "write", code: ENOSPC))
    let thrown = fileError { () throws(FileError) in
      try AtomicFile.write(to: path) { output throws(FileError) in
        try output.write([UInt8](repeating: 1, count: 3 << 20))
        throw failure
      }
    }
    #expect(thrown == failure)
    #expect(thrown?.description == "\(path): cannot write: No space left on device")
    #expect(try contents(of: path) == Array("old".utf8))
    #expect(try folder.names() == ["f"])
  }

  @Test func permissionsAndLinksAreKept() throws {
    let folder = try TemporaryFolder()
    let path = try folder.write(Array("old".utf8), to: "f")
    #expect(unsafe chmod(path, 0o640) == 0)
    let link = folder.file("link")
    try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: "f")
    try write("new", to: link)
    #expect(try contents(of: path) == Array("new".utf8))
    let attributes = try FileManager.default.attributesOfItem(atPath: path)
    #expect(attributes[.posixPermissions] as? Int == 0o640)
    #expect(try FileManager.default.destinationOfSymbolicLink(atPath: link) == "f")
    #expect(try folder.names() == ["f", "link"])
  }

  @Test func newFilesFollowTheUmask() throws {
    let folder = try TemporaryFolder()
    try write("x", to: folder.file("new"))
    let plain = folder.file("plain")
    close(unsafe creat(plain, 0o666))
    let attributes = try [plain, folder.file("new")].map {
      try FileManager.default.attributesOfItem(atPath: $0)[.posixPermissions] as? Int
    }
    #expect(attributes[0] == attributes[1])
  }

  @Test func placesThatCannotBeWritten() throws {
    let folder = try TemporaryFolder()
    #expect(
      message { () throws(FileError) in try write("x", to: folder.path) }
        == "\(folder.path): cannot write: Is a directory")
    let path = folder.file("no/such/folder")
    #expect(
      message { () throws(FileError) in try write("x", to: path) }
        == "\(path): cannot write: No such file or directory")
    // A device is written to, not replaced.
    try write("x", to: "/dev/null")
    #expect(
      message { () throws(FileError) in try write("x", to: "/dev/full") }
        == "/dev/full: cannot write: No space left on device")
  }

  // MARK: Descriptors

  @Test func aClosedPipeIsNoCrash() throws {
    var ends: [Int32] = [0, 0]
    #expect(unsafe pipe(&ends) == 0)
    close(ends[0])
    defer { close(ends[1]) }
    let trace = TraceExport(model: "m", tokens: [], values: tensors)
    let error = fileError { () throws(FileError) in
      try TraceFile.write(trace, as: .json, toDescriptor: ends[1])
    }
    #expect(error?.isBrokenPipe == true)
  }

  @Test func aFullDiskIsNamed() throws {
    let full = unsafe Glibc.open("/dev/full", O_WRONLY)
    defer { close(full) }
    let trace = TraceExport(model: "m", tokens: [], values: tensors)
    for format in TraceFormat.allCases {
      #expect(
        message { () throws(FileError) in
          try TraceFile.write(trace, as: format, toDescriptor: full)
        } == "standard output: cannot write: No space left on device")
    }
  }
}
