"""Made-up brands, domains, handles and phone numbers of advertisers."""

from classifier.corpus.grammar.dice import Dice, Forms

_BRAND_HEADS = Forms(
    (
        *("bet", "win", "lux", "mega", "royal", "vip", "gold", "king", "ace", "nova", "zet"),
        *("tiger", "boss", "max", "dina", "fox", "lava", "sun", "moza", "rik", "pin", "vul"),
    ),
    ("hoki", "star", "kuva", "lion", "jet", "raja", "luna", "vega", "big", "pharma", "crown"),
)
_BRAND_TAILS = Forms(
    (
        *("88", "bet", "win", "club", "play", "123", "77", "slot", "365", "vip", "game", "pro"),
        *("99", "shop", "cash", "24", "hub", "tv", "4d", "x", "", ""),
    ),
    ("toto", "pharm", "casino", "55", "168", "spin", "plus", "zone", "66", "meds", "", ""),
)
_CONSONANTS, _VOWELS = "bdfgjklmnprstvwxz", "aeiou"
_MADE_UP_SHARE = 0.5
_SITE_ENDS = (
    *(".com", ".com", ".com", ".net", ".org", ".info", ".co.uk", ".de", ".fr", ".ru", ".cn"),
    *(".vn", ".id", ".com.br", ".es", ".it", ".pl", ".jp", ".in", ".edu", ".gov", ".eu"),
)
_DOMAIN_ENDS = Forms(
    (".com", ".net", ".vip", ".club", ".xyz", ".top", ".info", ".cc", ".bet", ".shop", ".ru"),
    (".live", ".site", ".online", ".fun", ".win", ".link", ".pro", ".io"),
)
_DOMAIN_DOTS = Forms(
    (".", ".", ".", ".", " . ", "[.]", "。"),
    (".", ".", "(dot)", " [.] ", " dot "),
)
_DOMAIN_STARTS = ("", "", "", "www.", "https://", "m.")
_PHONES = Forms(
    ("+84 9{} {} {}", "0{}-{}-{}", "+7 (9{}) {}-{}", "1{}{}{}", "0812{}{}", "+1-{}-{}-{}"),
    ("+44 7{} {}{}", "0{}.{}.{}", "(0{}) {} {}", "{}-{}{}", "＋91 {} {} {}"),
)
_HANDLES = Forms(
    ("@{name}", "@{name}_official", "{name}{number}", "t.me/{name}", "@{name}{number}"),
    ("@{name}.cs", "{name}-{number}", "wa.me/{number}{number}", "IG: {name}_{number}"),
)


def brand(dice: Dice) -> str:
    """Return a brand nobody has, in one of the ways brands are written."""
    if dice.chance(_MADE_UP_SHARE):
        size = dice.number(1, 3)
        head = "".join(f"{dice.pick(_CONSONANTS)}{dice.pick(_VOWELS)}" for _ in range(size))
        head += dice.pick(_CONSONANTS)
    else:
        head = dice.form(_BRAND_HEADS)
    name = f"{head}{dice.form(_BRAND_TAILS)}"
    return dice.pick((name, name.upper(), name.title(), name.title()))


def domain(dice: Dice, name: str) -> str:
    """Return a domain of the brand `name`, its dot hidden at times."""
    end = dice.form(_DOMAIN_ENDS).replace(".", dice.form(_DOMAIN_DOTS), 1)
    return f"{dice.pick(_DOMAIN_STARTS)}{name.lower()}{end}"


def site(dice: Dice, name: str) -> str:
    """Return the address of an ordinary site."""
    return f"{name}{dice.pick(_SITE_ENDS)}"


def handle(dice: Dice, name: str) -> str:
    """Return the account of the brand `name` on some messenger."""
    return dice.form(_HANDLES).format(name=name.lower(), number=dice.number(10, 9999))


def phone(dice: Dice) -> str:
    """Return a phone number."""
    pattern = dice.form(_PHONES)
    size = 3 if pattern.count("{}") < 4 else 2
    parts = ["".join(str(dice.number(0, 9)) for _ in range(size)) for _ in range(4)]
    return pattern.format(*parts)
