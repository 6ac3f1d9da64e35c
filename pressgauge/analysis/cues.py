"""The English lexicon of framing: names of companies, and the words that call something open, closed, good or
bad."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cached_property

COMPANIES: dict[str, tuple[str, ...]] = {
    "OpenAI": ("OpenAI", "ChatGPT", "GPT-4", "GPT-4o", "GPT-5"),
    "Meta": ("Meta", "Llama", "Zuckerberg"),
    "DeepSeek": ("DeepSeek",),
    "Mistral": ("Mistral", "Mixtral"),
    "Google": ("Google", "Gemini", "DeepMind"),
    "Anthropic": ("Anthropic", "Claude"),
    "Microsoft": ("Microsoft", "Copilot"),
    "xAI": ("xAI", "Grok"),
    "Alibaba": ("Alibaba", "Qwen"),
    "Hugging Face": ("Hugging Face",),
}
"""Company -> the names, with their case, under which English articles mention it."""


class Cue:
    """A regular expression that is compiled when it is first looked for: to compile all of these takes a
    tenth of a second, which the start of a server or notebook is spared."""

    def __init__(self, pattern: str, flags: int = 0) -> None:
        self._pattern, self._flags = pattern, flags

    @cached_property
    def _compiled(self) -> re.Pattern[str]:
        return re.compile(self._pattern, self._flags)

    def search(self, text: str) -> re.Match[str] | None:
        return self._compiled.search(text)

    def match(self, text: str) -> re.Match[str] | None:
        return self._compiled.match(text)

    def finditer(self, text: str) -> Iterator[re.Match[str]]:
        return self._compiled.finditer(text)


_THING = (
    r"(?:model|weight|code|source code|technolog|software|system|research|architecture|parameter|tool)\w*"
)

OPEN = Cue(
    r"""\bopen[- ]?sourc(?:e|ed|es|ing)\b(?:[ ]software\b)?
    | \bopen[- ]?(?:weights?|models?|licen[cs]e[sd]?|approach|access|development|releases?|research|science)\b
    | \bopenly[ ](?:available|released?|licensed|shared?|published|accessible)\b
    | \b(?:public|free)[ ]access[ ]to\b
    | \b(?:weights|code|parameters|research|models?)[ ](?:is|are|was|were|(?:has|have|will)[ ](?:been|be))[ ]
      (?:\w+ly[ ])?(?:published|released|shared)\b
    | \b(?:make|makes|made|making)[ ](?:\w+[ ]){1,8}?(?:public|available[ ]to[ ](?:all|anyone|everyone))\b
    | \bopen(?:s|ed|ing)?[ ](?:up[ ])?(?:its|their)[ ](?:\w+[ ]){0,3}?(?:models?|technology|software)\b
    | \b(?:give|gives|gave|giving)[ ](?:\w+[ ]){1,8}?away\b
    | \b(?:said|explain(?:s|ed)|reveal(?:s|ed))[ ](?:what|how)[ ](?:[\w-]+[ ]){1,5}?(?:trained|built|works?)\b
    | \b(?:MIT|Apache|GPL|permissive|creative[ ]commons)[ ](?:[\d.]+[ ])?licen[cs]e
    | \b(?:disclos|reveal)(?:e|es|ed|ing|s)?\b[ ](?:\w+[ ]){0,4}?(?:data|weights|code|details|architecture)\b
    | \b(?:releas|publish|shar)(?:e|es|ed|ing)?\b[ ](?:\w+[ ]){1,4}?(?:openly|freely|with[ ](?:the[ ](?:public
      |world)|everyone|anyone))\b
    | \b(?:puts?|plac(?:es|ed)|upload(?:s|ed)|post(?:s|ed))[ ](?:\w+[ ]){1,8}?on[ ](?:GitHub
      |Hugging[ ]Face)\b
    | \b(?:lets?|allow(?:s|ed)?)[ ](?:anyone|everyone|developers|researchers|users)[ ](?:to[ ])?
      (?:freely[ ])?(?:download|inspect|modify|study|run)\b
    | \b(?:releas|publish|shar|post|open)(?:e|es|ed|ing|s)?\b[ ](?:\w+[ ]){0,4}?(?:weights|code
      |source[ ]code|parameters|research)\b
    | \b(?:freely|publicly)[ ](?:available|downloadable|released?|accessible)\b
    | \bfree[ ](?:to|for)[ ](?:\w+[ ]){0,2}?(?:download|modify|inspect|use|reuse)\b
    | \b(?:anyone|everyone|developers|researchers|users)[ ](?:can|may|could|to)[ ](?:freely[ ])?(?:download
      |inspect|modify|study|access|run)\b
    | \b(?:more|less|very|truly|fully|genuinely|really|most|so|as|is|was|are|were|remains?|became
      |become|been|being|stay(?:s|ed)?)
      [ ](?:(?!hardly|barely|scarcely)\w+ly[ ])?(?:open|transparent)\b
      (?![ ](?:to|for|about|letter|question)\b)
    | (?:(?<=\bnot[ ])|(?<=\bhardly[ ])|(?<=\bbarely[ ])|(?<=\bnever[ ]))(?:open|transparent)\b
      (?![ ](?:to|for|about)\b)
    """,
    re.IGNORECASE | re.VERBOSE,
)

CLOSED = Cue(
    rf"""\bproprietary\b
    | \bclosed(?:[- ](?:source|weights?|models?|off|system|platform|approach))?\b
      (?![- ]doors?\b)(?![ ](?:\w+[ ]){{0,2}}?(?:funding|rounds?|deals?|sales?|trading|purchase|acquisition
        |offices?|stores?)\b)
      (?![ ](?:its|the|a|an|his|her|their|on|at|in|with|up|down|higher|lower|\d+|one|two|three|four
        |five|six|seven|eight|nine|ten)\b)
    | \bwith(?:hold(?:s|ing)?|held)\b
    | \bbehind[ ](?:\w+[ ]){{0,2}}?(?:API|paywall|interface)\b
    | \b(?:remain|stay|are|is|was|were)(?:s|ed)?[ ](?:hidden|secret|locked[ ]away|under[ ]wraps)\b
    | \bhid(?:e|es|den|ing)?[ ](?:how|what)\b
    | \b(?:nobody|no[ -]one)[ ]outside\b(?=.{{0,40}}\b(?:seen?|knows?|inspect|stud|test))
    | \b(?:only|solely|exclusively)[ ](?:\w+[ ]){{0,3}}?(?:through|via|behind|by
      |over)[ ](?:\w+[ ]){{0,3}}?(?:API|interface|subscription|paywall)\b
    | \b(?:ke(?:pt|eps?|eping)|guard(?:s|ed|ing)?|hid(?:es?|den|ing)?)[ ](?:\w+[ ]){{0,8}}?(?:secrets?
      |private|under[ ]wraps|locked|hidden|in-house|to[ ]itself)\b
    | \b(?:lock(?:s|ed|ing)?)[ ](?:\w+[ ]){{0,4}}?(?:up|away|down|behind)\b
    | \bwalled[ ]gardens?\b | \bblack[ ]box(?:es)?\b | \bsecretive\b | \btrade[ ]secrets?\b
    | \b(?:refus(?:e|es|ed|ing)|declin(?:e|es|ed|ing))[ ]to[ ](?:release|publish|share|disclose
      |open)\b(?:[ ]\w+){{0,4}}?[ ]{_THING}
    """,
    re.IGNORECASE | re.VERBOSE,
)

NEGATION = Cue(
    r"\b(?:not|never|no longer|neither|nor|nobody|no one|without|hardly|barely|scarcely|rul\w+ out"
    r"|isn['’]t|wasn['’]t|aren['’]t|weren['’]t"
    r"|doesn['’]t|don['’]t"
    r"|didn['’]t|hasn['’]t|haven['’]t|won['’]t|cannot|can['’]t|refus\w+ to|declin\w+ to|fail\w* to"
    r"|stopp?\w*|ceased?"
    r"|far from|anything but|rather than|instead of|abandon\w*|drop\w*|reject\w*|opposed? to|against)\b"
    r"(?:[ ,](?!but\b|yet\b)[\w'’-]+){0,4}[ ]*$",
    re.IGNORECASE,
)
"""A negation in the few words before a cue."""

TOWARD = Cue(
    r"\b(?:may|might|could|must|should|ought to|needs?|needed|will|would|plans?|planned|planning"
    r"|intends?|considers?|considering"
    r"|considered|weigh(?:s|ed|ing)|vow(?:s|ed)?|pledg\w+|promis\w+|hopes?|hinted|toward|towards"
    r"|rethink\w*|reconsider\w*"
    r"|prepar\w+ to|about to|aims?|moving|shifting|shift|soon)\b",
    re.IGNORECASE,
)
"""Between a company and a cue: an intention, a demand or a possibility, not yet a fact."""

SUBJECT = Cue(
    r"\b(?:momentum|rise|growth|popularity|spread|success|demand|appeal|threat|competition|pressure"
    r"|challenges?|need|debate"
    r"|stance|approach|position|perspective|views?|questions?|attitude|policy|opinions?|talk|discussion"
    r"|remarks|comments"
    r"|re-?evaluation|reassessment|critique|criticism|merits|benefits|dangers?|risks?|future|case|world"
    r"|era|definition|meaning|sense|term|label"
    r"|alternatives?|rivals?|lessons?|argument|balance|regarding|about)[ ](?:of|for|from|on|to|over"
    r"|between|against|in|with)?[ ]?"
    r"(?:(?:the|a|an|its|their|his|her|growing|new|traditional|more|increasingly)[ ]){0,3}$",
    re.IGNORECASE,
)
"""Before a cue: openness is what is talked about, not what the company is called."""

FIELD = Cue(
    r"^[ -](?:AI[ ])?(?:world|community|communities|movement|ecosystem|debate|advocates?|proponents?"
    r"|rivals?|competitors?"
    r"|alternatives?|landscape|era|question|definition|issue|camp|field)\b",
    re.IGNORECASE,
)
"""After a cue: the open world in general, not the company."""

RIVALRY = (
    r"\b(?:beat(?:s|ing|en)?|outperform\w*|surpass\w*|overtak\w+|outpac\w+|outsell\w*|exceed\w*"
    r"|rival(?:s|ed|ling)?|match(?:es|ed|ing)?|trail(?:s|ed|ing)?|lag(?:s|ged|ging)?|challeng\w+|threaten\w*"
    r"|undercut\w*|replac\w+|displac\w+|disrupt\w*|worr(?:y|ies|ied)|fear(?:s|ed|ing)?|dismiss\w*|attack\w*"
    r"|criticis\w+|criticiz\w+|fight(?:s|ing)?|fought|compet\w+|compar\w+|warn(?:s|ed|ing)?)\b"
)
"""Verbs between a company and what is not its own."""
_ANY = r"(?:(?:the|a|an|all|any|some|other|rival|many|most|more|new|cheaper|fully|truly) ){0,2}"
OTHERS = Cue(
    r"(?:\b(?:over|against|than|versus|vs\.?|from|behind|beyond|makers? of"
    rf"|{RIVALRY}(?: with| against| by)?) {_ANY}"
    r"|\bbetween (?:[\w-]+ ){0,3})$",
    re.IGNORECASE,
)
"""Before a cue: the thing that it is said of is set against the company, or lies between others."""
TO = Cue(rf"(?P<before>(?:[\w'’-]+ ){{0,4}})\bto {_ANY}$", re.IGNORECASE)
COMMITMENT = Cue(
    r"\b(?:commit\w*|switch\w*|mov\w+|turn\w*|shift\w*|stick\w*|stuck|cling\w*|clung|devot\w+|dedicat\w+"
    r"|return\w*|convert\w*|transition\w*|pledg\w+|loyal|closer|true|access)\b",
    re.IGNORECASE,
)
"""Before "to" and a cue: the company goes there. Else it loses or compares something to others' things."""
THING = Cue(
    r"^(?:[ ](?:AI|models?|software|systems?|technolog\w+|weights?|code|ones?|labs?|tools?|platforms?"
    r"|chatbots?|products?|options?|assistants?))\b",
    re.IGNORECASE,
)
OF_RIVALS = Cue(
    r"^(?: [\w-]+){0,2} of (?:its|their|the|his|her|other) (?:[\w-]+ ){0,2}(?:rivals?|competitors?|others)\b",
    re.IGNORECASE,
)
"""After a cue: it is a rival's."""
APART = Cue(
    rf"{RIVALRY}|[,;:]|\b(?:to|over|against|than|for|and|but|while|which|that|at|on)\b", re.IGNORECASE
)
"""Between a cue and the company after it: the cue is not said of that one."""

PRAISE = Cue(
    r"\b(?:prais(?:e|es|ed|ing)|laud(?:s|ed|ing)?|hail(?:s|ed|ing)?|applaud(?:s|ed|ing)?|commend(?:s|ed"
    r"|ing)?|welcom(?:es|ed|ing)"
    r"|celebrat(?:es|ed|ing)|admir(?:es|ed|ing)|congratulat(?:es|ed|ing)|salut(?:es|ed|ing)|endors(?:es"
    r"|ed|ing))\b",
    re.IGNORECASE,
)
BLAME = Cue(
    r"\b(?:criticis(?:es|ed|ing|e)|criticiz(?:es|ed|ing|e)|slam(?:s|med|ming)?|accus(?:es|ed|ing)"
    r"|condemn(?:s|ed|ing)?"
    r"|blam(?:es|ed|ing)|fault(?:s|ed|ing)|blast(?:s|ed|ing)|attack(?:s|ed|ing)|denounc(?:es|ed|ing)"
    r"|lambast(?:s|es|ed|ing)"
    r"|mock(?:s|ed|ing)|sue[sd]|rebuk(?:es|ed|ing)|chid(?:es|ed|ing))\b",
    re.IGNORECASE,
)
"""Verbs whose object is judged, unless they are passive."""

PRAISED = Cue(
    r"\b(?:impress(?:es|ed|ive)|breakthrough|groundbreaking|remarkable|drew praise|won praise|earned praise"
    r"|receiv\w+ praise|acclaimed"
    r"|admirable|trailblaz\w+|outstanding)\b",
    re.IGNORECASE,
)
BLAMED = Cue(
    r"\b(?:wrong side of history|not ideal|rais\w+ (?:questions|concerns|eyebrows|alarm)|under fire"
    r"|backlash|fac\w+ criticism"
    r"|drew criticism|hypocri\w+|betray\w+|reckless|irresponsible|misleading|disappointing|scandal"
    r"|outrage)\b",
    re.IGNORECASE,
)
"""Words that judge the company they are said of, which stands before them."""

PASSIVE = Cue(
    r"\b(?:is|are|was|were|be|been|being|gets?|got)(?: (?:\w+ly|also|often|once|again))?\s*$", re.IGNORECASE
)
BACK = Cue(
    r"^(?:['\"“‘]?)"
    r"(?:the (?:company|startup|start-up|lab|firm|group|maker)|it|its|he|she|they|their"
    r"|these companies)\b",
    re.IGNORECASE,
)
"""A sentence that opens with this speaks of the company or companies of the sentence before."""
CONTRAST = Cue(
    r"\b(?:unlike|in contrast (?:to|with)|contrary to|as opposed to|while rivals? like)\s+(?:\w+\.? ){0,2}$",
    re.IGNORECASE,
)
