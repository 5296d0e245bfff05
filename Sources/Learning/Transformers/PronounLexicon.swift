/// The words of the sentences in which "it" stands for a noun, by what fits what.
enum PronounLexicon {
  /// What kind of thing a noun names.
  enum Kind: String, CaseIterable {
    case creature, drink, food, vessel, pane, machine, garment, container, item, furniture, plant
    case way
    /// Where something happens: never what "it" stands for.
    case place
  }

  static let nouns: [Kind: [String]] = [
    .creature: words(
      """
      animal cat dog mouse rabbit horse cow goat sheep pig fox wolf bear lion tiger monkey elephant \
      kitten puppy hamster squirrel deer donkey camel otter beaver hedgehog parrot owl crow goose \
      duck hen frog turtle lizard raccoon badger calf lamb baby dragon giant troll monster
      """),
    .drink: words("milk water juice tea coffee lemonade cocoa soup broth cider syrup"),
    .food: words(
      """
      bread cheese cake apple pear banana carrot potato tomato cookie sandwich pie sausage salad \
      porridge pizza steak cabbage plum pumpkin melon fish egg
      """),
    .vessel: words("cup bowl glass bottle jug teapot pitcher mug vase goblet"),
    .pane: words("window mirror lamp plate bulb lens"),
    .machine: words(
      """
      robot car truck bus train tractor engine computer printer clock radio phone toaster fridge \
      bicycle
      """),
    .garment: words("coat scarf shirt jacket sweater hat glove sock dress blanket skirt"),
    .container: words(
      "box suitcase bag basket drawer backpack trunk crate chest barrel bucket cupboard"),
    .item: words(
      "ball book trophy statue drum guitar violin trumpet hammer toy doll painting pillow kite"),
    .furniture: words("chair table bed sofa bench desk shelf stool"),
    .plant: words("tree rose bush flower oak tulip cactus vine hedge lily"),
    .way: words("street road river bridge stream path hill valley square"),
    .place: words("garden kitchen house barn park forest school yard hall market meadow village"),
  ]

  /// Who does what to what: present, past and participle of verbs.
  struct Frame {
    let subject: Kind
    let object: Kind
    let verbs: [[String]]

    init(_ subject: Kind, _ object: Kind, _ verbs: String) {
      self.subject = subject
      self.object = object
      self.verbs = words(verbs).map { $0.split(separator: "/").map { String($0) } }
    }
  }

  static let frames: [Frame] = [
    Frame(
      .creature, .drink,
      "drink/drank/drunk sip/sipped/sipped taste/tasted/tasted spill/spilled/spilled smell/smelled/smelled"
    ),
    Frame(.creature, .drink, "drink/drank/drunk want/wanted/wanted refuse/refused/refused"),
    Frame(
      .creature, .food,
      "eat/ate/eaten taste/tasted/tasted smell/smelled/smelled chew/chewed/chewed steal/stole/stolen"
    ),
    Frame(
      .creature, .food, "eat/ate/eaten hide/hid/hidden want/wanted/wanted refuse/refused/refused"),
    Frame(
      .creature, .vessel,
      "break/broke/broken drop/dropped/dropped wash/washed/washed carry/carried/carried"),
    Frame(
      .creature, .pane,
      "break/broke/broken wash/washed/washed touch/touched/touched scratch/scratched/scratched"),
    Frame(
      .creature, .machine,
      "repair/repaired/repaired watch/watched/watched follow/followed/followed push/pushed/pushed"),
    Frame(
      .creature, .garment,
      "wear/wore/worn tear/tore/torn wash/washed/washed find/found/found hide/hid/hidden"),
    Frame(
      .creature, .container,
      "open/opened/opened close/closed/closed drag/dragged/dragged push/pushed/pushed"),
    Frame(
      .creature, .item,
      "find/found/found carry/carried/carried drop/dropped/dropped lose/lost/lost steal/stole/stolen"
    ),
    Frame(
      .creature, .furniture,
      "move/moved/moved scratch/scratched/scratched break/broke/broken push/pushed/pushed"),
    Frame(
      .creature, .plant,
      "water/watered/watered touch/touched/touched smell/smelled/smelled admire/admired/admired"),
    Frame(
      .creature, .way, "cross/crossed/crossed avoid/avoided/avoided follow/followed/followed"),
    Frame(.drink, .creature, "please/pleased/pleased tempt/tempted/tempted calm/calmed/calmed"),
    Frame(
      .food, .creature, "please/pleased/pleased tempt/tempted/tempted disgust/disgusted/disgusted"),
    Frame(.vessel, .creature, "hurt/hurt/hurt please/pleased/pleased"),
    Frame(.pane, .creature, "hurt/hurt/hurt please/pleased/pleased"),
    Frame(
      .machine, .creature,
      "scare/scared/scared wake/woke/woken help/helped/helped carry/carried/carried"),
    Frame(.garment, .creature, "warm/warmed/warmed suit/suited/suited please/pleased/pleased"),
    Frame(.container, .creature, "hide/hid/hidden hurt/hurt/hurt"),
    Frame(.item, .creature, "amuse/amused/amused hurt/hurt/hurt please/pleased/pleased"),
    Frame(.furniture, .creature, "hurt/hurt/hurt support/supported/supported"),
    Frame(.plant, .creature, "hide/hid/hidden please/pleased/pleased scratch/scratched/scratched"),
    Frame(.way, .creature, "tempt/tempted/tempted stop/stopped/stopped"),
    Frame(.machine, .vessel, "hit/hit/hit crush/crushed/crushed move/moved/moved"),
    Frame(.machine, .pane, "hit/hit/hit break/broke/broken damage/damaged/damaged"),
    Frame(.machine, .plant, "hit/hit/hit crush/crushed/crushed damage/damaged/damaged"),
    Frame(.machine, .furniture, "hit/hit/hit damage/damaged/damaged move/moved/moved"),
    Frame(.machine, .way, "cross/crossed/crossed avoid/avoided/avoided block/blocked/blocked"),
    Frame(
      .container, .food,
      "hold/held/held hide/hid/hidden protect/protected/protected contain/contained/contained"),
    Frame(.container, .garment, "hold/held/held hide/hid/hidden contain/contained/contained"),
    Frame(.vessel, .drink, "hold/held/held contain/contained/contained"),
    Frame(.garment, .furniture, "cover/covered/covered hide/hid/hidden"),
    Frame(.plant, .way, "block/blocked/blocked cover/covered/covered hide/hid/hidden"),
  ]

  /// What can be said of some kinds of things and of no others.
  struct Property {
    let kinds: Set<Kind>
    /// After "it": "was hungry" as `was`, `hungry`.
    let words: [String]
    /// Whether "very" or "too" can stand before the last word.
    let isGraded: Bool
  }

  /// As reasons: "because it …".
  static let reasons: [Property] =
    graded(
      [.creature],
      """
      hungry thirsty tired sleepy curious greedy lonely bored angry afraid clumsy playful brave lazy \
      jealous nervous careless impatient
      """)
    + clauses(
      [.creature],
      "wanted to play,had not slept,had not eaten,could not sleep,loved to explore,felt sick")
    + graded([.drink], "refreshing bubbly watery")
    + clauses([.drink], "had been poured,had boiled over")
    + graded([.food], "ripe crunchy stale juicy chewy rotten burnt")
    + clauses([.food], "was freshly baked,had been peeled")
    + graded([.drink, .food], "fresh sour delicious tasty sweet bitter salty")
    + clauses([.drink, .food], "had gone bad,tasted good")
    + graded([.vessel, .pane], "fragile breakable delicate cracked chipped")
    + clauses([.vessel, .pane], "was easy to break")
    + graded([.machine], "rusty noisy unreliable automatic electric overheated")
    + clauses([.machine], "had stopped working,would not start,needed repairing,had broken down")
    + graded([.garment], "woollen knitted itchy wrinkled faded ragged fluffy")
    + clauses([.garment], "had shrunk")
    + graded([.container], "locked sealed unlocked roomy spacious")
    + clauses([.container], "was tightly closed,could be locked")
    + graded([.container, .vessel], "empty")
    + graded([.item], "collectible unwrapped")
    + graded([.item, .vessel], "valuable precious")
    + graded([.item, .garment, .furniture, .container], "handmade")
    + graded([.furniture], "wobbly upholstered")
    + graded([.furniture, .item], "antique")
    + graded([.furniture, .garment], "comfortable")
    + graded([.furniture, .container], "wooden sturdy")
    + graded([.plant], "thorny leafless evergreen overgrown leafy withered")
    + clauses([.plant], "was blooming,had just been planted,was growing fast")
    + graded([.way], "wide narrow slippery flooded steep icy winding crowded")

  /// As consequences of what a creature does: "so it …".
  static let results: [Property] =
    clauses(
      [.creature], "fell asleep,felt better,ran away,went home,stopped complaining,felt happy")
    + clauses([.drink, .food], "was soon gone,did not last long")
    + clauses([.vessel, .pane], "shattered,had to be glued")
    + clauses([.machine], "started again,stopped working")
    + clauses([.garment], "had to be washed,got wrinkled")
    + clauses([.plant], "grew well,bloomed again")
    + clauses([.container], "stayed locked")

  /// Why one thing does not go into another: the first is too large, or the second too small.
  static let large = words("big large wide tall long thick")
  static let small = words("small little narrow short tiny thin")

  static let determiners = words("the the the the a my our this that her his")
  /// They go with every noun, so they tell nothing.
  static let colours = words("black white brown grey red green old new pretty other")
  static let adverbs = words("quickly slowly finally often always suddenly quietly carefully")
  static let degrees = words("very so too really still quite")
  static let times = words("yesterday today once meanwhile later")
  static let connectives = words("because because because since as although but")
  static let denials = [["did", "not"], ["didn't"], ["could", "not"], ["couldn't"]]

  private static func graded(_ kinds: Set<Kind>, _ adjectives: String) -> [Property] {
    words(adjectives).map { Property(kinds: kinds, words: ["was", $0], isGraded: true) }
  }

  private static func clauses(_ kinds: Set<Kind>, _ clauses: String) -> [Property] {
    clauses.split(separator: ",").map {
      Property(kinds: kinds, words: words(String($0)), isGraded: false)
    }
  }

  private static func words(_ text: String) -> [String] {
    text.split { $0 == " " || $0 == "\n" }.map { String($0) }
  }
}
