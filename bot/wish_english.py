"""How customers ask for a human in English, and what only sounds like it."""

from __future__ import annotations

import re

from rapidfuzz.distance import OSA

from bot.wish_patterns import WishPatterns

_WORDS = [
    "human",
    "person",
    "agent",
    "representative",
    "operator",
    "customer",
    "service",
    "support",
    "supervisor",
    "specialist",
    "speak",
    "transfer",
    "connect",
    "someone",
    "somebody",
]
_KNOWN = frozenset(word + ending for word in _WORDS for ending in ("", "s", "es", "ed")) | {
    "personal",
    "humane",
    "steak",
    "persona",
}
_WORD = re.compile(r"[a-z]{5,16}")
_SLIPS = {
    "tlak": "talk",
    "takl": "talk",
    "tallk": "talk",
    "tolk": "talk",
    "spek": "speak",
    "humn": "human",
    "agnt": "agent",
    "reall": "real",
}
_SLIP = re.compile(rf"\b(?:{'|'.join(_SLIPS)})\b")

_ARTICLES = (
    r"(?:(?:a|an|the|some|any|your|real|live|actual|another|one of your|one of the|proper|different|with|from) )*"
)
_ANYBODY = (
    r"(?:human|humans|person|people|somebody|someone|anyone|agents?|representatives?|reps?|operator|advis[oe]r|"
    r"specialist|supervisor|manager|"
    r"(?:customer |client |technical |tech |human )?(?:service|support|care)|support (?:team|staff|agent|person|"
    r"rep|engineer)|engineer|team|staff|"
    r"sales|expert|consultant)\b"
)
_SURELY = (
    r"(?:humans?|real support|human (?:agent|help|support|assistance|being|operator)|real (?:person|people|human|"
    r"agent)|live (?:person|agent|human|chat|rep|support|"
    r"operator|representative)|actual (?:person|human)|representative|rep|operator|agent|(?:customer|technical|"
    r"tech) (?:service|support|care)"
    r"(?: agent| rep| team| person)?|support (?:agent|rep|person|engineer|team)|supervisor)\b"
)
_REFUSED = (
    (
        r"\b(?:am i|are we|is this|is it|are you)(?: really| actually| just)?(?: (?:talking|speaking|chatting) "
        r"(?:to|with))?"
        r"(?: a| an)?(?: real| actual| live| human)* (?:human|person|agent|bot|robot|machine|people|being)\b"
    ),
    r"\bagents? (?:for|that|installed|on my|on the)\b",
    (
        r"\b(?:user|project|product|account|task|delivery|program|resource|line|team|ai|build|ci|license|"
        r"browser)[ -](?:manager|agent)s?\b"
    ),
    (
        r"\b(?:agent|manager|operator|representative|human|person|supervisor|support|service|customer|customer "
        r"service|customer support)s?[ -](?:role|permission|"
        r"account|field|seat|licen[sc]e|column|type|list|group|profile|page|dashboard|view|resources?|errors?|"
        r"readable|time|hours?|cost|days?|months?|project|"
        r"ticket|board|desk integration|template|tag)s?\b"
    ),
    (
        r"\b(?:don't|do not|dont|no|not) (?:need|want|have)(?: to| a| an| any| the| (?:talk|speak|chat)(?: to| "
        r"with))* (?:human|agent|representative|person|operator)s?\b"
    ),
    (
        r"\b(?:don't|do not|dont|no|not) (?:need|want|have)(?: to)? (?:talk|speak|chat|call)(?:ing)?(?: (?:to|with))? "
        r"(?:any|some)(?:one|body)\b|\bno (?:phone )?call (?:is )?(?:needed|necessary|required)\b|"
        r"\b(?:skip|without) (?:the|a) (?:phone )?call\b"
    ),
    (
        r"\b(?:add|assign|assigned|invite|remove|mention|tag|notify|delete|reassign|share)\b(?: \w+){0,5} "
        r"(?:person|people|someone|somebody|manager|agent|"
        r"representative|operator|engineer|supervisor|team|staff|specialist|consultant|human)s?\b"
    ),
    (
        r"\b(?:how (?:do|can|could|to|does)|can) (?:we |users? |members? |guests? |people |the team |team members |"
        r"an? \w+ )(?:\w+ )?(?:talk|speak|chat|connect|escalate)\b"
    ),
    r"\b(?:slack|teams|webhook|notification|dingtalk|feishu|telegram|github|discord) bots?\b",
    r"\bhow (?:do|can|to)(?: i| we)? (?:stop|disable|turn off|remove|add|create|mute|configure) (?:the |a )?bot\b",
)
_ASKED = (
    (
        rf"\b(?:talk|speak|chat|talking|speaking|chatting|talked|spoke)\b(?: (?:directly|now|please|instead|live|"
        rf"again))* (?:to|with) {_ARTICLES}{_ANYBODY}"
    ),
    (
        rf"\b(?:connect|transfer|escalate|put|pass|switch|hand|forward|redirect|patch|route|get|bring|take)\b(?: "
        rf"(?:me|us|this|it|this chat|this conversation|"
        rf"this call|the chat|this issue|over|through|on|back|straight|directly|up))* (?:to|with|through to|over "
        rf"to|in touch with|hold of) {_ARTICLES}{_ANYBODY}"
    ),
    (
        rf"\b(?:want|need|would like|i'd like|like|prefer|require|demand|request|requesting|wanna|gimme|give me|"
        rf"get me|find me|send me|is there|are there|any|have|get|"
        rf"reach|see|let me have|bring me|where(?:'s| is)|looking for|(?:ask|asked|asking)(?: \w+){{0,3}} for|"
        rf"waiting for) {_ARTICLES}{_SURELY}"
    ),
    (
        rf"^\W*(?:(?:please|pls|hi|hello|hey|ok|just|a|an|the|can i|get|"
        rf"now)[ ,]+)*(?:{_SURELY}\W*)+(?:[ ,]+(?:please|"
        rf"pls|now|here|asap|thanks|thank you))*\W*$"
    ),
    r"^\W*(?:real )?person(?:,? (?:please|pls))\W*$",
    (
        r"\b(?:contact|reach|call|phone) (?:out to )?(?:your |the )?(?:customer |technical |tech |human )?(?:support|"
        r"service|sales|helpdesk|help desk|care)\b"
    ),
    (
        r"\b(?:contact|reach|talk to|speak to|speak with|talk with) (?:you guys|your team|your people|your staff|"
        r"your "
        r"company)\b"
    ),
    r"\b(?:human|person|agent) (?:help|assistance|intervention|takeover|take over)\b",
    r"\b(?:handled|answered|reviewed|helped) by (?:a |an )?(?:human|real person|person|agent)\b",
)
_IMPLIED = (
    (
        r"\b(?:any(?:one|body)|some(?:one|body)|any humans?|a human) (?:out there|there|here|around|available|alive|"
        r"real|home|on the other end)\b"
    ),
    (
        r"\b(?:don't|do not|dont|not|stop|no more|hate|tired of|sick of|instead of|rather than|done with|"
        r"without)\b(?: \w+){0,6} "
        r"(?:bots?|robots?|chatbots?|machines?|ai|automated (?:responses?|answers?|replies|messages?)|canned "
        r"(?:responses?|answers?))\b"
    ),
    (
        r"\b(?:bots?|robots?|chatbot|machine|ai)(?:'s| is| are)?(?: \w+){0,2} (?:useless|stupid|not helping|no "
        r"help|not helpful|dumb|worthless|can't help|doesn't understand|"
        r"isn't helping|not working for me|won't help)\b"
    ),
    r"\byou(?:'re| are) (?:not|no) (?:helping|helpful|help|able to help)\b|\byou can(?:'t|not) help me\b",
    r"\b(?:call|phone|ring) me(?: back| now| please| asap| at| on| today| tomorrow| directly|\W*$)|\bcall "
    r"?back\b(?! url)|\bgive me a call\b|\bover the phone\b|\bby phone\b",
    (
        r"\b(?:someone|somebody|a person|your team)\b(?: (?:to|please|can|could|should|will|from your team|from "
        r"support))* (?:call|contact|assist|reach out|get back|look into|"
        r"take a look|get in touch|handle)\b|\bneed (?:someone|somebody|a person)\b"
    ),
    r"^\W*(?:can|could|will) (?:someone|somebody|anyone|anybody) (?:please )?help(?: me)?(?: out)?\W*$",
    (
        r"\b(?:your|support|service|helpdesk|contact|customer service) (?:phone|telephone|hotline|contact|support) "
        r"(?:number|line)\b|\bhotline\b"
    ),
    (
        r"\bwho(?:'s| is) (?:in charge|responsible|the boss)(?: \w+){0,2} (?:there|over there|on your (?:side|end)|at "
        r"your)\b|\babove your pay ?grade\b|\bsome(?:one|body) (?:with|who has) (?:the )?authority\b"
    ),
    (
        r"(?<!let )\b(?:someone|somebody|a person|an engineer|a technician|a colleague|(?:one|some) of your \w+)\b"
        r"(?: (?:on|at|from) your (?:side|end|team))?(?: (?:has to|should|must|needs to|could|can|to|please))* "
        r"(?:look(?:ed|s)?|check(?:ed|s)?|step(?:ped|s)? in|walk(?:ed|s)? (?:me|us)|unlock|show me)\b"
    ),
    (
        r"\b(?:hop|jump|get) on a (?:quick )?(?:call|zoom|video)\b|\b(?:schedule|book|arrange|set up|have|do) an? "
        r"(?:quick |short |live )?(?:call|zoom|video call|meeting|demo|session)\b(?: \w+){0,2} with "
        r"(?:you|your|someone)\b"
    ),
    (
        r"\byour (?:finance|legal|billing|tech|technical|sales|engineering|onboarding|accounts?) (?:department|people|"
        r"folks|guys|staff|colleagues?)\b"
    ),
    r"\b(?:file|make|lodge) a complaint\b|\bscreen ?share with\b",
)


def _corrected(line: str) -> str:
    """Misspelt words put right: speek to a humen, reprsentative."""
    line = _SLIP.sub(lambda found: _SLIPS[found.group()], line.replace("’", "'"))
    return _WORD.sub(lambda found: _nearest(found.group()), line)


def _nearest(word: str) -> str:
    if word in _KNOWN:
        return word
    for known in _WORDS:
        allowed = 2 if len(known) > 9 else 1
        if abs(len(known) - len(word)) <= allowed and OSA.distance(word, known, score_cutoff=allowed) <= allowed:
            return known
    return word


ENGLISH = WishPatterns.of(refused=_REFUSED, asked=_ASKED, implied=_IMPLIED, corrected=_corrected)
