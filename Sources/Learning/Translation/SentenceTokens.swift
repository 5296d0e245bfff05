/// How sentences are cut into words and put together again.
public enum SentenceTokens {
  /// Cuts a sentence into lower-case words and punctuation marks.
  ///
  /// French elisions are words of their own (`l'`, `qu'`), and so is the English `'s`; `don't` becomes
  /// `do not`. A typographic apostrophe is the same as a straight one.
  public static func split(_ text: String, _ language: Language) -> [String] {
    var tokens: [String] = []
    var word = ""
    func close() {
      if !word.isEmpty { tokens += parts(of: word, language) }
      word = ""
    }
    for scalar in text.lowercased().unicodeScalars {
      if scalar == "'" || scalar == "\u{2019}" {
        word.unicodeScalars.append("'")
      } else if isPart(scalar) {
        word.unicodeScalars.append(scalar)
      } else {
        close()
        if !scalar.properties.isWhitespace { tokens.append(String(scalar)) }
      }
    }
    close()
    return tokens
  }

  private static func isPart(_ scalar: Unicode.Scalar) -> Bool {
    scalar.properties.isAlphabetic || scalar.properties.numericType != nil || scalar == "-"
      || scalar == "<" || scalar == ">" || scalar.properties.generalCategory == .nonspacingMark
  }

  private static func parts(of word: String, _ language: Language) -> [String] {
    switch language {
    case .english: englishParts(of: word)
    case .french: frenchParts(of: word)
    }
  }

  private static let contractions = [
    "can't": ["cannot"], "won't": ["will", "not"], "i'm": ["i", "am"], "you're": ["you", "are"],
    "we're": ["we", "are"], "they're": ["they", "are"], "he's": ["he", "is"],
    "she's": ["she", "is"], "there's": ["there", "is"],
  ]

  private static func englishParts(of word: String) -> [String] {
    if let long = contractions[word] { return long }
    if word.hasSuffix("n't") { return [String(word.dropLast(3)), "not"] }
    if word.hasSuffix("'s"), word.count > 2 { return [String(word.dropLast(2)), "'s"] }
    // The owner's apostrophe alone: the boys' dog.
    if word.hasSuffix("s'") { return [String(word.dropLast()), "'s"] }
    return [word]
  }

  private static let elided: Set<String> = [
    "l", "d", "n", "j", "m", "t", "s", "c", "qu", "jusqu", "lorsqu", "puisqu",
  ]

  /// `aujourd'hui` stays whole: only the words that elide are cut off.
  private static func frenchParts(of word: String) -> [String] {
    guard let mark = word.firstIndex(of: "'"), elided.contains(String(word[..<mark])) else {
      return [word]
    }
    let rest = word[word.index(after: mark)...]
    let first = word[...mark]
    return [String(first)] + (rest.isEmpty ? [] : frenchParts(of: String(rest)))
  }

  /// Puts words together to a sentence: the inverse of `split` for sentences in lower case.
  public static func join(_ tokens: [String], _ language: Language) -> String {
    var text = ""
    var isGlued = true
    for (index, token) in tokens.enumerated() {
      let isClosing =
        token == "." || token == "," || (token == "?" || token == "!") && language == .english
      var shown = token
      if language == .english {
        if token == "i" { shown = "I" }
        // "The boys' dog", but "the boss's dog" for a singular that ends so.
        if token == "'s", index > 0, isPlural(tokens[index - 1]) { shown = "'" }
      }
      if !isGlued, !isClosing, !(language == .english && token == "'s") { text += " " }
      text += shown
      isGlued = language == .french && token.hasSuffix("'")
    }
    return text
  }

  private static let plurals = Set(
    Noun.all.filter { $0.englishPlural != $0.english }.map(\.englishPlural))

  private static func isPlural(_ word: String) -> Bool {
    word.hasSuffix("s") && plurals.contains(word)
  }
}
