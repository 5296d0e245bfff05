import Testing

@testable import Equations

/// The canonical text of blocks, and what is read from it.
@Suite struct BlockFormatterTests {
  @Test(arguments: Block.shippedNames)
  func shippedBlocksAreCanonical(name: String) throws {
    let block = try #require(try Block.shipped(name))
    let again = try Block(name: name, text: block.text)
    #expect(again.text == block.text)
    #expect(again.equations.map(\.isPerHead) == block.equations.map(\.isPerHead))
    #expect(
      block.lines.contains { $0.code == "each head:" }
        == block.equations.contains { $0.isPerHead })
    #expect(block.lines.compactMap(\.equation) == Array(block.equations.indices))
    #expect(!block.summary.isEmpty)
  }

  @Test func spellings() throws {
    let ascii = """
      # Example.
      input E
      const eps_1 = 2 * 0.5e-5
      dropout O
      each head:    # every one
        Q = X @ W_Q+b_Q
        # keys
        K = E@W_K # of E

        S = Q@K.T/sqrt(d_k)+M
        Z = softmax(S)@(E@W_V)
      O = [ Z ]@W_O
      Y=layernorm(X+O, g, b, eps=eps_1) # done
      """
    let canonical = """
      # Example.
      input E
      const eps_1 = 2 ⊙ 0.00001
      dropout O
      each head:           # every one
          Q = X·W_Q + b_Q
          # keys
          K = E·W_K  # of E

          S = Q·Kᵀ / √d_k + M
          Z = softmax(S)·(E·W_V)
      O = [Z]·W_O
      Y = layernorm(X + O, g, b, eps_1)  # done

      """
    let block = try Block(name: "test", text: ascii)
    // Notes are set one below the other within a run of lines without a comment between them.
    let words = { (text: String) in text.split(whereSeparator: \.isWhitespace) }
    #expect(words(block.text) == words(canonical.replacing("0.00001", with: "5e-06")))
    #expect(block.text.contains("\n    Q = X·W_Q + b_Q\n    # keys\n    K = E·W_K  # of E\n\n"))
    #expect(block.text.contains("\nO = [Z]·W_O\nY = "))
    #expect(try Block(name: "test", text: block.text).text == block.text)
    #expect(block.inputs == ["X", "E"])
    #expect(block.equations.map(\.isPerHead) == [true, true, true, true, false, false])
  }

  @Test func shapesOfParameters() throws {
    let sizes = BlockSizes(modelSize: 12, headCount: 3, feedForwardSize: 20)
    let block = try #require(try Block.shipped("encoder-post"))
    let shapes = Dictionary(
      uniqueKeysWithValues: block.parameters.map { ($0.name.text, $0.shape(sizes)) })
    #expect(
      shapes == [
        "W_Q": [12, 12], "b_Q": [12], "W_K": [12, 12], "b_K": [12], "W_V": [12, 12], "b_V": [12],
        "W_O": [12, 12], "b_O": [12], "γ_1": [12], "β_1": [12], "W_1": [12, 20], "b_1": [20],
        "W_2": [20, 12], "b_2": [12], "γ_2": [12], "β_2": [12],
      ])
    #expect(block.parameters.first { $0.name == "W_1" }?.symbolicShape == "[D, F]")
    #expect(block.parameters.first { $0.name == "W_Q" }?.symbolicShape == "[D, D]")
    #expect(block.gains == ["γ_1", "γ_2"])
  }

  @Test func constants() throws {
    let block = try #require(try Block.shipped("encoder-pre", constants: ["ε": 1e-12]))
    #expect(block.constants.map(\.value) == [1e-12])
    #expect(block.text.contains("const ε = 1e-12"))
    #expect(throws: EquationError.self) { try Block.shipped("attention", constants: ["ε": 1]) }
  }

  @Test(arguments: [
    (Similarity.scaledDot, "R = Q·Kᵀ", "S = R / √d_k + M"), (.dot, "R = Q·Kᵀ", "S = R + M"),
    (.cosine, "R = unit(Q)·unit(K)ᵀ", "S = √d_k ⊙ R + M"),
    (.additive, "R = additive(Q, K)", "S = R / √d_k + M"),
  ])
  func similarity(similarity: Similarity, raw: String, scores: String) throws {
    for start in Similarity.allCases {
      let block = try #require(try Block.shipped("encoder-pre"))
        .withSimilarity(start).withSimilarity(similarity)
      let codes = block.lines.map(\.code)
      #expect(codes.contains("    " + raw))
      #expect(codes.contains("    " + scores))
    }
    let short = try Block(
      name: "short", text: "each head:\n Q = X·A\n S = Q·Qᵀ / √d_k + M\n Z = softmax(S)·Q\nY = [Z]")
    #expect(try short.withSimilarity(.cosine).text.contains("S = √d_k ⊙ (unit(Q)·unit(Q)ᵀ) + M"))
    let none = try Block(name: "none", text: "Y = X·W")
    #expect(throws: EquationError.self) { try none.withSimilarity(.dot) }
  }

  @Test func traceNames() throws {
    let block = try #require(try Block.shipped("attention"))
    let names = block.equations.indices.map { block.traceName(ofEquation: $0) }
    #expect(names == ["q", "k", "v", "R", "scores", "attention", "Z", "output"])
  }
}
