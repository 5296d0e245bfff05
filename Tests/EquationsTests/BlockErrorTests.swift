import Testing

@testable import Equations

/// Mistakes in block files: where, what was expected, what was found.
@Suite struct BlockErrorTests {
  private func expectError(
    _ text: String, _ line: Int, _ column: Int, _ parts: String...,
    at location: Testing.SourceLocation = #_sourceLocation
  ) {
    do {
      _ = try Block(name: "test", text: text, source: "test.block")
      Issue.record("no error for \(text)", sourceLocation: location)
    } catch {
      #expect(
        error.location == SourceLocation(line: line, column: column), "\(error)",
        sourceLocation: location)
      #expect(
        error.summary.hasPrefix("test.block:\(line):\(column): "), sourceLocation: location)
      for part in parts {
        #expect(error.message.contains(part), "\(error)", sourceLocation: location)
      }
    }
  }

  @Test func regions() {
    expectError("each head:\nY = X", 1, 1, "expected equations under each head:", "found \"Y\"")
    expectError("Y = X\neach head:\n", 2, 1, "found the end of the file")
    expectError("each heads:\n  Y = X", 1, 6, "\"head:\" after each")
    expectError("each head\n  Y = X", 1, 10, "\":\"", "the end of the line")
    expectError("each head: Q = X", 1, 12, "the end of the line", "found \"Q\"")
    expectError("each head:\n  Q = X\n  each head:\n    Z = X", 3, 3, "within each head:")
    expectError("each head:\n  Q = X\n  input E", 3, 3, "input stands above each head:")
    expectError("state h\nY = X", 1, 1, "a block has no state")
    expectError("init W = 1\nY = X·W", 1, 1, "init belongs in a cell file")
    expectError("Y = X +", 1, 8, "expected a name, a number or \"(\"")
    expectError("", 1, 1, "there is no equation")
    expectError("# nothing\n", 1, 1, "there is no equation")
  }

  @Test func names() {
    expectError("M = X", 1, 1, "M is reserved: the attention mask")
    expectError("Y = X\nY = X", 2, 1, "was given a meaning in line 1")
    expectError("unit = X", 1, 1, "unit is a function")
    expectError("Y = X·W + x", 1, 11, "x is reserved: the input of a cell")
    expectError("Y = Z + X\nZ = X", 1, 5, "Z is used above its equation")
    expectError("H = X'\nY = H", 1, 5, "has no steps")
    expectError("dropout O\nY = X", 1, 9, "O is dropped out and never assigned")
    expectError("dropout Y, Y\nY = X", 1, 12, "dropped out twice")
    expectError("const a = b\nY = X", 1, 11, "found \"b\"")
    expectError("const a = 1 / 0\nY = X ⊙ a", 1, 11, "expected a finite number")
    expectError("Y = softmaz(X)", 1, 5, "expected softmax")
  }

  @Test func heads() {
    expectError("each head:\n  Z = X·W\nY = Z", 3, 5, "expected [Z], the heads side by side")
    expectError("each head:\n  Z = X·W", 2, 3, "is each head's own", "Y = [Z]·W_O")
    expectError("H = X·W\nY = [H]", 2, 6, "H is no value of each head")
    expectError("each head:\n  Z = X·W\nY = [Z, Z]", 3, 5, "expected one name")
    expectError("each head:\n  Z = X·W\n  V = [Z]\nY = [V]", 3, 7, "expected it outside")
    expectError(
      "each head:\n  Z = X·W\nY = [Z] + X·W", 3, 13, "W is used within each head and outside")
    expectError("each head:\n  Z = X ⊙ g\nY = [Z]", 3, 6, "Z has [D] columns", "[d_k]")
  }

  @Test func shapes() {
    expectError("Y = X·Xᵀ", 1, 1, "the block's result Y has [T, T], expected [T, D]")
    expectError("each head:\n  Q = X·W\n  S = Q·K\n  K = X·V\nY = [S]", 3, 9, "used above")
    expectError(
      "each head:\n  Q = X·W\n  Z = Q·Q\nY = [Z]", 3, 8, "Q has [n] columns and Q has [T] rows")
    expectError(
      "each head:\n  Q = X·W\n  A = softmax(Q·Qᵀ)\n  Z = A + Q\nY = [Z]", 4, 9,
      "A has [T, T] and Q has [T, n]", "multiply one of them by a matrix")
    expectError("Y = 2·X", 1, 6, "expected ⊙ to scale by a number")
    expectError("Y = W·X", 1, 6, "begins with a value of one row per token", "found W")
    expectError("Y = X·W + W", 1, 11, "W stands next to · elsewhere")
    expectError("Y = X + Xᵀ", 1, 10, "ᵀ stands within a product")
    expectError("Y = b + 1", 1, 1, "Y would be a vector", "one row per token")
    expectError("H = Xᵀ·X\nY = X·H", 1, 7, "would have [D] rows")
    expectError("A = X·Xᵀ + b\nY = A·X", 1, 10, "a vector of [n] meets rows of [T]")
    expectError("Y = X + M", 1, 9, "M is added to scores", "[T, D]")
    expectError("S = X·Xᵀ ⊙ M\nY = S·X", 1, 12, "M is added to scores, as in")
    expectError("Y = layernorm(X, 1, b)", 1, 18, "layernorm scales by vectors; 1")
    expectError("Y = layernorm(X, g, b, X)", 1, 24, "fourth argument is a number")
    expectError("A = additive(X, X, 2)\nY = A·X", 1, 20, "third argument is a parameter")
    expectError(
      "input E\nY = softmax(X·Eᵀ)·X", 2, 18, "softmax(X·Eᵀ) has [T_E] columns and X has [T] rows")
  }

  /// Cells have no use for what only blocks have, and say so.
  @Test func cells() {
    for text in ["state h\nh = unit(W·x)", "state h\nh = additive(h', x)"] {
      #expect(throws: EquationError.self) { try Cell(name: "c", text: text) }
    }
    // A cell may call something unit.
    #expect(throws: Never.self) {
      try Cell(name: "c", text: "state h\nunit = W·x\nh = U·h' + unit")
    }
  }
}
