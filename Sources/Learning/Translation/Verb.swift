/// Who does it: what a verb agrees with.
enum Person: Int, Sendable, CaseIterable {
  case first, second, third, firstPlural, thirdPlural
}

/// A verb in both languages, in the present tense.
struct Verb: Sendable, Equatable {
  let english: String
  let englishThird: String
  /// What English puts behind it: look at.
  let particle: String?
  let infinitive: String
  /// Of je, vous, il, nous, ils, as the cases of `Person`.
  let french: [String]
  /// What French puts before what it acts on: parler à.
  let preposition: String?
  /// The kinds of nouns that do it.
  let subjects: Set<Character>
  /// The kinds of nouns that it is done to; empty where it is done to nothing.
  let objects: Set<Character>

  /// - Parameter line: `english[+particle] french[+preposition] subjects objects [je il nous vous
  ///   ils]`; `-` is for no kinds; forms are left out where they follow the rule of -er.
  init(line: Substring) {
    let fields = line.split(separator: " ").map(String.init)
    precondition([4, 9].contains(fields.count), "expected four or nine fields, found \(line)")
    let english = fields[0].split(separator: "+").map(String.init)
    let french = fields[1].split(separator: "+").map(String.init)
    self.english = english[0]
    englishThird = English.thirdPerson(of: english[0])
    particle = english.count > 1 ? english[1] : nil
    infinitive = french[0]
    preposition = french.count > 1 ? french[1] : nil
    subjects = Set(fields[2])
    objects = Set(fields[3].filter { $0 != "-" })
    let forms = fields.count == 9 ? Array(fields[4...]) : French.present(ofRegular: french[0])
    self.french = [forms[0], forms[3], forms[1], forms[2], forms[4]]
  }

  init(english: String, third: String, infinitive: String, forms: [String]) {
    self.english = english
    englishThird = third
    particle = nil
    self.infinitive = infinitive
    french = [forms[0], forms[3], forms[1], forms[2], forms[4]]
    preposition = nil
    subjects = []
    objects = []
  }

  private static func table(_ text: String) -> [Verb] {
    text.split(separator: "\n").map(Verb.init(line:))
  }

  static let be = Verb(
    english: "be", third: "is", infinitive: "être",
    forms: ["suis", "est", "sommes", "êtes", "sont"])

  static let intransitive = table(
    """
    sleep dormir pa - dors dort dormons dormez dorment
    run courir pa - cours court courons courez courent
    laugh rire p - ris rit rions riez rient
    sing chanter p -
    dance danser p -
    work travailler p -
    cry pleurer p -
    walk marcher pa -
    swim nager pa -
    fall tomber patn -
    arrive arriver pv -
    """)

  static let transitive = table(
    """
    eat manger pa f
    drink boire pa d bois boit buvons buvez boivent
    see voir pa patrclvn vois voit voyons voyez voient
    love aimer p pafdrl
    hate détester p pafdrl
    read lire p r lis lit lisons lisez lisent
    write écrire p r écris écrit écrivons écrivez écrivent
    buy acheter p fdtrcv achète achète achetons achetez achètent
    sell vendre p fdtrcv vends vend vendons vendez vendent
    take prendre p tfdc prends prend prenons prenez prennent
    choose choisir p fdtrcv choisis choisit choisissons choisissez choisissent
    want vouloir p fdtrcv veux veut voulons voulez veulent
    have avoir p atrcvf ai a avons avez ont
    find trouver pa trcpa
    carry porter p tcr
    wear porter p c
    open ouvrir p o ouvre ouvre ouvrons ouvrez ouvrent
    close fermer p o
    wash laver p ctvpa
    draw dessiner p panlv
    paint peindre p panlv peins peint peignons peignez peignent
    know connaître p plr connais connaît connaissons connaissez connaissent
    understand comprendre p pr comprends comprend comprenons comprenez comprennent
    follow suivre pa pav suis suit suivons suivez suivent
    hear entendre pa pav entends entend entendons entendez entendent
    help aider p p
    call appeler p pa appelle appelle appelons appelez appellent
    protect protéger pa pal protège protège protégeons protégez protègent
    look+at regarder pa patrclvn
    look+for chercher pa patrcl
    wait+for attendre p pv attends attend attendons attendez attendent
    listen+to écouter p p
    visit visiter p l
    """)

  /// With a preposition in French.
  static let oblique = table(
    """
    go+to aller+à p l vais va allons allez vont
    come+from venir+de p l viens vient venons venez viennent
    speak+to parler+à p p
    talk+about parler+de p palr
    dream+of rêver+de p pafrlv
    smile+at sourire+à p p souris sourit sourions souriez sourient
    play+with jouer+avec pa tpa
    live+in habiter+dans p l
    """)

  /// Something is given to somebody.
  static let giving = table(
    """
    give donner p fdtrc
    show montrer p tcrl
    lend prêter p trcv
    send envoyer p tfr envoie envoie envoyons envoyez envoient
    offer offrir p fdtr offre offre offrons offrez offrent
    """)

  /// Followed by "that".
  static let saying = table(
    """
    know savoir p - sais sait savons savez savent
    say dire p - dis dit disons dites disent
    think penser p -
    believe croire p - crois croit croyons croyez croient
    hope espérer p - espère espère espérons espérez espèrent
    """)

  /// Followed by an infinitive.
  static let modal = table(
    """
    can pouvoir pa - peux peut pouvons pouvez peuvent
    must devoir pa - dois doit devons devez doivent
    want vouloir pa - veux veut voulons voulez veulent
    """)
}
