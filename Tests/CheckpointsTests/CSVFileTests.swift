import TestSupport
import Testing

@testable import Checkpoints

@Suite struct CSVFileTests {
  private func open(_ text: String) throws(FileError) -> CSVFile {
    try CSVFile(bytes: Array(text.utf8), name: "x.csv")
  }

  private func rejection(_ text: String) -> String? {
    message { () throws(FileError) in _ = try open(text) }
  }

  @Test(arguments: [
    "1,2.5,-3e2\n4,5,6\n", "1;2.5;-3e2\r\n4;5;6\r\n", "1\t2.5\t-300\r4\t5\t6",
    "  1   2.5 -3E+2  \n\n 4 5\t 6", "\u{FEFF}1,2.5,-300\n4,5,6", "\"1\", \"2.5\" ,-300\n4, +5 ,6.",
    "# made by savetxt\n1,2.5,-300\n4,5,6\n\n\n", "1, 2.5, -.3e3\n04,5,6",
  ])
  func separators(text: String) throws {
    let file = try open(text)
    #expect(file.names == nil)
    #expect((file.rowCount, file.columnCount) == (2, 3))
    #expect(file.values == [1, 2.5, -300, 4, 5, 6])
  }

  @Test func names() throws {
    let file = try open("time,\"a,b\",\n1,2,3\n")
    #expect(file.names == ["time", "a,b", ""])
    #expect(file.values == [1, 2, 3])
    #expect(try open("h\n1\n2\n").values == [1, 2])
  }

  @Test func nonFinite() throws {
    let file = try open("nan,NaN,-NAN,inf,+Inf,INFINITY,-inf,-Infinity\n1,1,1,1,1,1,1,1")
    #expect(file.names == nil)
    #expect(file.values.prefix(3).filter(\.isNaN).count == 3)
    #expect(file.values[3..<8] == [.infinity, .infinity, .infinity, -.infinity, -.infinity])
  }

  @Test func whatNumPyWrites() throws {
    let file = try CSVFile(path: Fixtures.path("numpy/savetxt.csv"))
    #expect((file.rowCount, file.columnCount) == (3, 4))
    #expect(file.values == NumPyFileTests.matrix)
  }

  @Test func errorsSayWhere() {
    #expect(rejection("1,2\n3,x4\n") == "x.csv:2:3: expected a number, found \"x4\"")
    #expect(rejection("1,2\n3,\n") == "x.csv:2:3: expected a number, found an empty field")
    #expect(rejection("é,b\n1,2\n1,é,3") == "x.csv:3:1: expected 2 fields, as in line 1, found 3")
    #expect(rejection("1,2\n\n\n3\n") == "x.csv:4:1: expected 2 fields, as in line 1, found 1")
    #expect(rejection("a b\n1 2\nxé 2") == "x.csv:3:1: expected a number, found \"xé\"")
    #expect(rejection("1;2,5") == "x.csv:1:3: expected a number, found \"2,5\"")
    #expect(rejection("1,1e99") == "x.csv:1:3: expected a number, found \"1e99\"")
    #expect(rejection("1,0x10") == "x.csv:1:3: expected a number, found \"0x10\"")
    #expect(rejection("1,1_000") == "x.csv:1:3: expected a number, found \"1_000\"")
    #expect(rejection("1,2\n3,4\u{0}") == #"x.csv:2:3: expected a number, found "4\u{0}""#)
    #expect(rejection("") == "x.csv: expected rows of numbers, found an empty file")
    #expect(rejection("a,b\n") == "x.csv: expected rows of numbers, found only a line of names")
    #expect(
      message { () throws(FileError) in
        _ = try CSVFile(bytes: [0xFF, 0xFE, 0x31, 0], name: "x.csv")
      } == "x.csv: expected text in UTF-8, found UTF-16")
  }

  @Test func anyBytesAreSafe() {
    var random = SeededGenerator(state: 3)
    let alphabet = Array("0123456789.,;\t \"\r\n#enaif-+\u{0}".utf8) + [0xFF, 0xC3]
    for _ in 0..<2000 {
      let bytes = (0..<Int.random(in: 0..<40, using: &random)).map { _ in
        alphabet.randomElement(using: &random) ?? 0
      }
      _ = fileError { () throws(FileError) in
        let file = try CSVFile(bytes: bytes, name: "x")
        #expect(file.values.count == file.rowCount * file.columnCount)
      }
    }
  }
}
