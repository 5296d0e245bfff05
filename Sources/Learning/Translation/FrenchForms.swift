/// Rules of French spelling.
enum French {
  static func plural(of word: String) -> String {
    if ["s", "x", "z"].contains(where: word.hasSuffix) { return word }
    if word.hasSuffix("al") { return word.dropLast() + "ux" }
    if word.hasSuffix("eau") { return word + "x" }
    return word + "s"
  }

  static func feminine(of word: String) -> String {
    if word.hasSuffix("e") { return word }
    if word.hasSuffix("eux") { return word.dropLast() + "se" }
    if word.hasSuffix("if") { return word.dropLast() + "ve" }
    if word.hasSuffix("er") { return word.dropLast(2) + "ère" }
    if word.hasSuffix("ien") { return word + "ne" }
    return word + "e"
  }

  /// Of je, il, nous, vous, ils.
  static func present(ofRegular infinitive: String) -> [String] {
    precondition(infinitive.hasSuffix("er"), "\(infinitive) is not a regular verb")
    let stem = infinitive.dropLast(2)
    // The sound before -ons stays soft.
    let soft =
      stem.hasSuffix("g") ? stem + "e" : stem.hasSuffix("c") ? stem.dropLast() + "ç" : stem
    return [stem + "e", stem + "e", soft + "ons", stem + "ez", stem + "ent"].map { String($0) }
  }

  /// Whether a word begins with a vowel or a mute h; an aspirated h is the caller's to know.
  static func startsWithVowel(_ word: String) -> Bool {
    guard let first = word.first else { return false }
    return "aeiouhàâéèêëîïôöûùœ".contains(first)
  }
}
