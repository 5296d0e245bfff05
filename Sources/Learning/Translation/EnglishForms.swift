/// Rules of English spelling.
enum English {
  static func plural(of noun: String) -> String {
    if ["s", "x", "ch", "sh"].contains(where: noun.hasSuffix) { return noun + "es" }
    if endsInConsonantAndY(noun) { return noun.dropLast() + "ies" }
    return noun + "s"
  }

  static func thirdPerson(of verb: String) -> String {
    if verb == "have" { return "has" }
    if ["go", "do"].contains(verb) { return verb + "es" }
    if ["can", "must"].contains(verb) { return verb }
    return plural(of: verb)
  }

  static func be(_ person: Person) -> String {
    switch person {
    case .first: "am"
    case .third: "is"
    case .second, .firstPlural, .thirdPlural: "are"
    }
  }

  private static func endsInConsonantAndY(_ word: String) -> Bool {
    word.hasSuffix("y") && !"aeiou".contains(word.dropLast().last ?? "a")
  }

  /// "a" or "an", by the sound that the next word begins with.
  static func indefiniteArticle(before word: String) -> String {
    let soundsLikeYou = ["uni", "use", "eu"].contains(where: word.hasPrefix)
    let hasVowel = "aeiou".contains(word.first ?? " ") && !soundsLikeYou
    return hasVowel || word.hasPrefix("hour") || word.hasPrefix("honest") ? "an" : "a"
  }
}
