import Testing

@testable import Equations

/// Mistakes in what names mean.
@Suite struct NameErrorTests {
  @Test func states() throws {
    try expectError("state h, c\nh = W·x\n", 1, 10, "the state c is never assigned", "\"c = …\"")
    try expectError("state h\nh = W·x\nh = V·x", 3, 1, "in line 2", "assigned once")
    try expectError("state h, h\nh = W·x", 1, 10, "h is declared as a state twice")
    try expectError("state h\nstate c, h\nh = W·x", 2, 10, "h is declared as a state twice")
  }

  @Test func assignedTwice() throws {
    try expectError("state h\na = W·x\nh = a\n  a = V·x", 4, 3, "a", "in line 2", "assigned once")
    try expectError("state h\nconst a = 1\na = W·x\nh = a", 3, 1, "in line 2")
    try expectError("const a = 1\nconst a = 2\nstate h\nh = W·x", 2, 7, "in line 1")
  }

  @Test func order() throws {
    try expectError("state h\nh = a + W·x\na = V·x", 2, 5, "a is used above its equation")
    try expectError(
      "state h, c\nh = tanh(c)\nc = W·x", 2, 10, "c is used above its equation", "or c' for")
    try expectError("state h\nh = h + W·x", 2, 5, "h is used above its equation", "or h'")
  }

  @Test func primes() throws {
    try expectError(
      "state h\na = W·x\nh = a'", 3, 5, "a is no state", "expected h'", "declared with \"state a\"")
    try expectError("state hidden\nhidden = hiden'", 2, 10, "hiden is no state", "hidden'")
    try expectError("state h\nh = x'", 2, 5, "x is no state")
    try expectError("state h\nconst a = 1\nh = a'", 3, 5, "a is no state")
  }

  @Test(arguments: ["x", "X", "M", "d_k"])
  func reservedNames(name: String) throws {
    let reserved = "\(name) is reserved"
    try expectError("state \(name)\n\(name) = W·x", 1, 7, reserved, "expected another name")
    try expectError("state h\n\(name) = W·x\nh = W·x", 2, 1, reserved, "expected another name")
    try expectError("state h\nconst \(name) = 1\nh = W·x", 2, 7, reserved)
    try expectError("state h\ninit \(name) = 1\nh = W·x", 2, 6, reserved)
    guard name != "x" else { return }
    try expectError("state h\nh = W·x + \(name)", 2, 11, reserved)
    try expectError("state h\nh = \(name)·x", 2, 5, reserved)
    try expectError("state h\nh = W·x + \(name) ⊙ h'", 2, 11, reserved)
    try expectError("state h\nh = W·\(name)", 2, 7, reserved)
  }

  @Test(arguments: ["φ", "ϕ", "phi", "σ", "tanh", "max", "layernorm", "sqrt"])
  func functionNames(name: String) throws {
    let expected = name == "φ" ? "φ is reserved" : "\(name) is a function"
    try expectError("state h\n\(name) = W·x\nh = W·x", 2, 1, expected)
    try expectError("state h\nconst \(name) = 1\nh = W·x", 2, 7, expected)
    try expectError("state h, \(name)\nh = W·x", 1, 10, expected)
    try expectError("state h\ninit \(name) = 1\nh = W·x", 2, 6, expected)
    // The assignment is the mistake, not what is read of it further down.
    try expectError("state h\n\(name) = W·x\nh = \(name)", 2, 1, expected)
    try expectError("state h, \(name)\nh = \(name)' + W·x", 1, 10, expected)
    try expectError("state h\nconst \(name) = 1\nh = \(name) ⊙ (W·x)", 2, 7, expected)
    guard name != "sqrt" else { return }
    let canonical = ["ϕ": "φ", "phi": "φ"][name] ?? name
    try expectError("state h\nh = \(name) + W·x", 2, 5, "expected \(canonical)(…)", "found \"+\"")
    try expectError("state h\nh = W·\(name)", 2, 7, "expected \(canonical)(…)")
  }

  @Test func constants() throws {
    try expectError("state h\nconst a = b\nh = W·x", 2, 11, "constant declared above", "\"b\"")
    try expectError("state h\nconst a = tanh(1)\nh = W·x", 2, 11, "expected a number")
    try expectError("state h\nconst a = [1]\nh = W·x", 2, 11, "expected a number")
    try expectError("state h\nconst a = 2·3\nh = W·x", 2, 12, "expected ⊙ between numbers")
    try expectError("state h\nconst a = 1 / 0\nh = W·x", 2, 11, "expected a finite number")
    try expectError("state h\nconst a = √-1\nh = W·x", 2, 11, "expected a finite number")
    try expectError("state h\nconst a = b\nconst b = 1\nh = W·x", 2, 11, "declared above")
    let cell = try Cell(
      name: "t", text: "state h\nconst a = √4 - 1 / 2\nconst b = -a ⊙ 2\nh = W·x + a + b")
    #expect(cell.constants["a"] == 1.5 && cell.constants["b"] == -3)
  }

  @Test func initialisers() throws {
    try expectError(
      "state h\ninit W_g = 1\nh = W_f·x + U·h'", 2, 6, "W_g is no parameter", "expected W_f")
    try expectError("state h\ninit h = 1\nh = W·x", 2, 6, "h is no parameter")
    try expectError("state h\ninit a = 1\nconst a = 2\nh = W·x + a", 2, 6, "a is no parameter")
    try expectError("state h\ninit W = 1\ninit W = 2\nh = W·x", 3, 6, "initialised twice")
  }

  /// Words that begin a statement may still be names.
  @Test func statementWordsAsNames() throws {
    let cell = try Cell(name: "t", text: "state h\nstate = W·x\ninit = V·x\nh = state + init")
    #expect(cell.equations.map(\.name.text) == ["state", "init", "h"])
  }
}
