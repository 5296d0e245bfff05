/// All words of the generated language.
enum Lexicon {
  static func words(_ language: Language) -> [String] {
    switch language {
    case .english: english
    case .french: french
    }
  }

  private static let verbs =
    Verb.intransitive + Verb.transitive + Verb.oblique + Verb.giving + Verb.saying + Verb.modal
    + [.be]

  private static let english: [String] = {
    let words = """
      the a an another some any this these my your his her our their every all many two three four \
      five six seven eight nine ten very and who that of in on under behind front near next to with \
      without there I you he she we they me him us them am is are do does not cannot never often \
      always today now here but because when if while ? 's
      """
    var all = [words]
    for noun in Noun.all { all += [noun.english] + (noun.isMass ? [] : [noun.englishPlural]) }
    all += Adjective.all.map(\.english)
    for verb in verbs where verb != .be {
      all += [verb.english, verb.englishThird, verb.particle ?? ""]
    }
    return all
  }()

  private static let french: [String] = {
    let words = """
      le la l' les un une des du de d' au aux à ce cet cette ces mon ma mes son sa ses votre vos \
      notre nos leur leurs chaque tous toutes beaucoup deux trois quatre cinq six sept huit neuf dix \
      très et qui que qu' dans sur sous derrière devant près côté avec sans je j' vous il elle nous \
      ils me m' ne n' pas jamais souvent toujours aujourd'hui maintenant ici mais parce quand si s' \
      pendant est-ce y a ?
      """
    var all = [words]
    for noun in Noun.all { all += [noun.french] + (noun.isMass ? [] : [noun.frenchPlural]) }
    for adjective in Adjective.all {
      all += [adjective.masculine, adjective.feminine, adjective.masculinePlural]
      all += [adjective.femininePlural, adjective.beforeVowel ?? ""]
    }
    for verb in verbs { all += verb.french }
    // These come behind can, must and want.
    let acting = [Verb.intransitive, Verb.transitive, Verb.oblique, Verb.giving]
    all += acting.joined().map(\.infinitive)
    return all
  }()
}
