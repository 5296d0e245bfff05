import TestSupport
import Testing

@testable import Checkpoints

/// One file per rule of the format; each breaks that rule only.
@Suite struct SafetensorsRulesTests {
  private func rejection(_ header: String, data: Int = 0) -> String? {
    let bytes = [UInt8](repeating: 0, count: data)
    return message { () throws(FileError) in _ = try open(header: header, data: bytes) }
  }

  private func rejection(bytes: [UInt8]) -> String? {
    message { () throws(FileError) in _ = try SafetensorsFile(bytes: bytes, name: "memory") }
  }

  @Test func headerLength() {
    #expect(rejection(bytes: []) == "memory: byte 0: expected 8 bytes of header length, found 0")
    #expect(
      rejection(bytes: [2, 0, 0]) == "memory: byte 0: expected 8 bytes of header length, found 3")
    #expect(
      rejection(bytes: frame([], length: 0))
        == "memory: byte 8: expected \"{\", a safetensors header, found a header of 0 bytes")
    #expect(
      rejection(bytes: frame(Array("{}".utf8), length: 3))
        == "memory: byte 0: expected a header of 3 bytes, found 2 bytes up to the end of the file")
    #expect(
      rejection(bytes: frame(Array("{}".utf8), length: 100_000_001))
        == "memory: byte 0: expected a header of at most 100000000 bytes, found 100000001")
    #expect(
      rejection(bytes: frame(Array("{}".utf8), length: .max))
        == "memory: byte 0: expected a header of at most 100000000 bytes, found \(UInt64.max)")
  }

  @Test func headerIsAJSONObject() {
    #expect(
      rejection(" {}") == "memory: byte 8: expected \"{\", a safetensors header, found \" {}\"")
    #expect(
      rejection("{")
        == "memory: byte 8: expected \"{\", a safetensors header, found a header of 1 bytes")
    #expect(rejection("{\"a\"}") == "memory: byte 12: expected \":\" after a key, found \"}\"")
    #expect(
      rejection(bytes: frame([0x7B, 0x22, 0xFF, 0x22, 0x3A, 0x31, 0x7D]))?
        .hasPrefix("memory: byte 9: expected valid UTF-8") == true)
    #expect(rejection("{} x") == "memory: byte 11: expected the end of the text, found \"x\"")
    #expect(rejection("{}   ") == nil)
    let deep = "{\"a\":" + String(repeating: "[", count: 100_000)
    #expect(rejection(deep)?.contains("at most 100 levels of nesting") == true)
  }

  @Test func namesOccurOnce() {
    let first = tensor("a", "U8", "[1]", 0, 1)
    #expect(
      rejection(merge(first, tensor("a", "U8", "[1]", 1, 2)), data: 2)
        == "memory: byte 61: expected every key once, found \"a\" a second time")
    // Equal for Swift, different for the format.
    let composed = tensor("\u{E9}", "U8", "[1]", 0, 1)
    #expect(
      rejection(merge(composed, tensor("e\u{301}", "U8", "[1]", 1, 2)), data: 2)?
        .hasSuffix("found two that differ in Unicode normalisation only") == true)
  }

  @Test func fieldsOfATensor() {
    #expect(rejection(#"{"a":1}"#) == "memory: tensor a: expected an object, found 1")
    #expect(
      rejection(#"{"a":{"shape":[],"data_offsets":[0,1]}}"#, data: 1)
        == "memory: tensor a: expected a string for dtype, found nothing")
    #expect(
      rejection(tensor("a", "F31", "[]", 0, 4), data: 4)
        == "memory: tensor a: expected a dtype such as F32, found \"F31\"")
    #expect(
      rejection(tensor("a", "F32", "4", 0, 4), data: 4)
        == "memory: tensor a: expected an array for shape, found 4")
    for (shape, found) in [
      ("[-1]", "-1"), ("[1.0]", "1.0"), ("[\"1\"]", "\"1\""), ("[null]", "null"),
      ("[18446744073709551616]", "1.8446744073709552e+19"), ("[1e0]", "1.0"), ("[true]", "true"),
    ] {
      #expect(
        rejection(tensor("a", "F32", shape, 0, 4), data: 4)
          == "memory: tensor a: expected whole numbers from 0 up in shape, found \(found)")
    }
    for offsets in ["[0]", "[0,4,4]", "[0,\"4\"]", "{}", "[0,4.0]"] {
      #expect(
        rejection(#"{"a":{"dtype":"F32","shape":[],"data_offsets":\#(offsets)}}"#, data: 4)?
          .hasPrefix("memory: tensor a: expected two whole numbers for data_offsets") == true)
    }
  }

  @Test func sizesAgree() {
    #expect(
      rejection(tensor("lstm.weight_ih_l0", "F32", "[40,60]", 0, 9200), data: 9200)
        == "memory: tensor lstm.weight_ih_l0: expected 9600 bytes for F32 [40, 60], found 9200")
    #expect(
      rejection(tensor("a", "F32", "[4611686018427387904,4]", 0, 0))
        == "memory: tensor a: expected a size in whole bytes below 2^63, found F32 "
        + "[4611686018427387904, 4]")
    #expect(
      rejection(tensor("a", "F4", "[3]", 0, 1), data: 1)?
        .contains("a size in whole bytes") == true)
  }

  @Test func offsetsAreInOrderAndInTheFile() {
    #expect(
      rejection(tensor("a", "F32", "[1]", 4, 0), data: 4)
        == "memory: tensor a: expected data_offsets in ascending order from 0 up, found [4, 0]")
    #expect(
      rejection(tensor("a", "F32", "[1]", -4, 0), data: 4)
        == "memory: tensor a: expected data_offsets in ascending order from 0 up, found [-4, 0]")
    #expect(
      rejection(tensor("a", "F32", "[1]", 0, 4), data: 3)
        == "memory: tensor a: expected data up to byte 4, found 3 bytes of data in the file")
    #expect(
      rejection(
        tensor("a", "U8", "[9223372036854775807]", 0, .max), data: 3)?
        .contains("found a size") == false)
  }

  @Test func noOverlapsHolesOrRest() {
    func two(_ second: String) -> String { merge(tensor("a", "F32", "[1]", 0, 4), second) }
    #expect(
      rejection(two(tensor("b", "F32", "[1]", 2, 6)), data: 6)
        == "memory: tensor b: expected data_offsets from 4 on, after tensor \"a\", found 2, which "
        + "overlaps")
    #expect(
      rejection(two(tensor("b", "F32", "[1]", 8, 12)), data: 12)
        == "memory: tensor b: expected data_offsets from 4 on, after tensor \"a\", found 8, which "
        + "leaves a hole")
    #expect(
      rejection(tensor("a", "F32", "[1]", 4, 8), data: 8)?.contains("leaves a hole") == true)
    #expect(
      rejection(tensor("a", "F32", "[1]", 0, 4), data: 5)?
        .hasSuffix("expected the end of the file, found 1 bytes that belong to no tensor") == true)
    #expect(rejection("{}", data: 1) != nil)
  }

  @Test func metadataIsText() {
    #expect(
      rejection(#"{"__metadata__":1}"#) == "memory: __metadata__: expected an object, found 1")
    #expect(
      rejection(#"{"__metadata__":{"n":1}}"#)
        == "memory: __metadata__: expected a string for \"n\", found 1")
    #expect(rejection(#"{"__metadata__":{"n":"1"}}"#) == nil)
  }

  @Test func hostileNamesStayOnOneLine() throws {
    let name = #"a\n\u001b[31m\u202e"# + String(repeating: "x", count: 5000)
    let text = try #require(rejection(tensor(name, "F32", "[1]", 0, 3), data: 3))
    #expect(text.hasPrefix(#"memory: tensor a\n\u{1b}[31m\u{202e}xxx"#))
    #expect(!text.contains("\n") && text.unicodeScalars.count < 250)
  }

  /// Opening and reading either works or throws: never a trap, never a tensor outside the file.
  @Test(arguments: ["lstm_5_8_1.safetensors", "lstm_5_8_1.expected.safetensors"])
  func mutations(fixture: String) throws {
    let original = try Fixtures.bytes(fixture)
    let headerEnd = 8 + Int(original[0]) + Int(original[1]) << 8
    var random = SeededGenerator(state: 1)
    var opened = 0
    let count = 2000
    for _ in 0..<count {
      let bytes = mutate(original, headerEnd: headerEnd, with: &random)
      let error = fileError { () throws(FileError) in
        let file = try SafetensorsFile(bytes: bytes, name: "mutant")
        opened += 1
        for name in file.names where file[name]?.type.isReadable == true {
          let values = try file.floats(name)
          #expect(values.count == file[name]?.count)
        }
      }
      #expect(error?.description.contains("\n") != true)
    }
    // A name or the metadata may change unnoticed; most mutations must be noticed.
    #expect(opened < count / 3)
  }
}
