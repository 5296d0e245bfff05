import Testing

@testable import Equations

/// Sizes that do not go together: each message names both and says what would help.
@Suite struct ShapeErrorTests {
  @Test func vectors() throws {
    try expectError("state h\nh = h' + x", 2, 8, "h' has [H] and x has [I]", "as in W·x")
    try expectError("state h\nh = x - h'", 2, 7, "x has [I] and h' has [H]")
    try expectError("state h\nh = W·x + x ⊙ h'", 2, 13, "x has [I] and h' has [H]")
    try expectError("state h\nh = h' / x", 2, 8, "h' has [H] and x has [I]")
    try expectError("state h\nh = max(h', x)", 2, 5, "h' has [H] and x has [I]")
    try expectError("state h\nh = h' + [h', h']", 2, 8, "h' has [H] and [h', h'] has [2H]")
    try expectError("state h\na = [x, h']\nh = a ⊙ h'", 3, 7, "a has [I + H] and h' has [H]")
  }

  @Test func states() throws {
    try expectError("state h\nh = x", 2, 1, "the state h has size [H], its equation gives [I]")
    try expectError("state h\nh = [x, h']", 2, 1, "gives [I + H]", "as in W·x")
    try expectError("state h\nh = tanh([h', h'])", 2, 1, "gives [2H]")
  }

  @Test func products() throws {
    try expectError("state h\nh = 2·h'", 2, 6, "expected ⊙ to scale by a number")
    try expectError("state h\nconst a = 2\nh = a·h'", 3, 6, "expected ⊙ to scale by a number")
    try expectError("state h\nh = W·2", 2, 6, "expected ⊙ to scale by a number")
    try expectError("state h\nh = h'·h'", 2, 7, "expected ⊙ between the vectors h' and h'")
    try expectError("state h\nh = x·W·h'", 2, 8, "expected ⊙ between the vectors x·W and h'")
    try expectError("state h\nh = W·x + W·h'", 2, 12, "W takes [I], h' has [H]", "its own")
    try expectError("state h\nh = W·[x, h'] + W·h'", 2, 18, "W takes [I + H], h' has [H]")
    try expectError("state h\nh = W·x + h'·W", 2, 9, "W·x has [H] and h'·W has [I]")
    try expectError("state h\nh = W·x + V·W·h'", 2, 14, "V·W takes [I], h' has [H]")
    try expectError("state h\nh = U·h' + U·[h', h']", 2, 13, "U takes [H], [h', h'] has [2H]")
    try expectError("state h\nh = x·U + h'·U", 2, 13, "h' has [H], U takes [I]", "h' a matrix")
    try expectError("state h\nh = W·x + U·V·h' + U·V·x", 2, 23, "U·V takes [H], x has [I]")
  }

  @Test func matrices() throws {
    let rule = "a matrix can be multiplied (·), turned around (ᵀ) and scaled"
    try expectError("state h\nh = W·x + W", 2, 9, rule, "vectors on both sides of +")
    try expectError("state h\nh = (U + V)·h' + U·h' + V·h'", 2, 8, rule)
    try expectError("state h\nh = U·h' ⊙ U", 2, 10, rule, "of ⊙")
    try expectError("state h\nh = U·h' + 1 / U", 2, 14, rule, "of /")
    try expectError(
      "state h\nh = U·V", 2, 1, "h would be a matrix", "expected a product with a vector")
    try expectError("state h\nh = W·b", 2, 1, "h would be a matrix")
    try expectError("state h\na = U\nh = U·h' + a", 2, 1, "a would be a matrix")
    try expectError("state h\nh = U·h' + tanh(U)", 2, 12, "tanh takes a vector; U is a matrix")
    try expectError("state h\nh = U·h' + √U", 2, 12, "√ takes a vector; U is a matrix")
    try expectError("state h\nh = U·h' + max(U, 1)", 2, 12, "max takes a vector; U is a matrix")
    try expectError("state h\nh = U·h' + softmax(U)", 2, 12, "softmax takes a vector")
    try expectError("state h\nh = hᵀ·x\n", 2, 5, "h is used above its equation")
    try expectError(
      "state h\na = W·x\nh = aᵀ·U", 3, 6, "ᵀ turns a matrix around; a is not a matrix")
    try expectError("state h\nh = (W·x)ᵀ", 2, 10, "W·x is not a matrix")
  }

  @Test func concatenations() throws {
    try expectError("state h\nh = U·h' + W·[x, U]", 2, 18, "joins vectors; U is not a vector")
    try expectError("state h\nh = W·[x, 1]", 2, 11, "joins vectors; 1 is not a vector")
  }

  @Test func layernorm() throws {
    try expectError(
      "state h\nh = layernorm(h', x, 0)", 2, 19, "h' has [H] and x has [I]", "one size")
    try expectError("state h\nh = layernorm(h', 1, x)", 2, 22, "h' has [H] and x has [I]")
    try expectError("state h\nh = layernorm(1, 1, 0)", 2, 5, "layernorm takes a vector; 1 is not")
    try expectError("state h\nh = layernorm(h', 1, 0, h')", 2, 25, "is a number (eps)")
    try expectError(
      "state h\nh = layernorm(U·h', U, 0)", 2, 21, "layernorm takes a vector; U is a matrix")
    try expectError("state h\nh = layernorm(U, 1, 0) + U·h'", 2, 5, "U is not a vector")
    try expectError("state h\nh = softmax(1)", 2, 5, "softmax takes a vector; 1 is not a vector")
  }

  /// A vector parameter has one size as well.
  @Test func oneNameOneShape() throws {
    try expectError("state h\na = b + x\nh = b + h'", 3, 7, "b has [I] and h' has [H]")
    try expectError("state h\nh = γ ⊙ h' + V·(γ ⊙ x)", 2, 19, "γ has [H] and x has [I]")
    try expectError("state h\nh = U·h' + U", 2, 10, "expected vectors on both sides of +")
  }

  /// Sums of several unknown sizes are compared when the rest is known; the error still points at
  /// the place where they met.
  @Test func sizesThatAreFoundLate() throws {
    try expectError("state h\na = W·x\nh = [p, q]\n", 3, 1, "[H + n", "and [H]")
    try expectError(
      "state h\na = [p, q] + x\nh = W·a + p + V·h'", 2, 12, "[2H] and [I]")
    // q is what is left of [I + H] when p is x's size.
    let cell = try Cell(name: "t", text: "state h\na = [p, q] + [x, h']\nh = W·a + V·(p + x)")
    #expect(cell.parameters.map(\.symbolicShape) == ["[I]", "[H]", "[H, I + H]", "[H, I]"])
  }
}
