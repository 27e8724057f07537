"""What kind of actor words are likely to name: pure, by their spelling, in the languages of the demo and some more."""

import re
from collections.abc import Iterable

# In the order in which they are asked. A sign is how a word begins; in scripts without spaces, what it holds.
SIGNS = {
    "government_body": (
        "ministr ministère ministerio ministeri министерств міністерств وزارة משרד government "
        "gouvernement gobierno regierung правительств уряд حكومة ממשלה department parliament parlement "
        "bundestag duma дум рад cabinet court embassy kremlin кремл pentagon senate congress committee "
        "commission agency office 政府 外交部 国防部 部 省 法院 大使馆"
    ),
    "armed_force": (
        "army armée ejército armee арми армі جيش צבא navy marine fleet флот force troops brigad бригад "
        "battalion regiment division guard military 军 舰队 部队"
    ),
    "armed_group": (
        "militia rebel insurgent guerrilla separatist liberation front brigades ополчен ميليشيا מיליציה 民兵 叛军 武装"
    ),
    "party": "party parti partido partei партия партії حزب מפלגה 党",
    "media": (
        "news times post daily gazette herald journal tribune press radio tv television agence новости "
        "صحيفة עיתון 新闻 日报 通讯社 电视台"
    ),
    "company": (
        "inc ltd llc plc corp corporation company gmbh ag sa bank airlines oil gas газпром شركة חברה 公司 集团 银行"
    ),
    "alliance": "alliance treaty pact nato нато альянс ناتو حلف ברית 联盟 北约",
    "coalition": "coalition коалици تحالف קואליציה 联军",
    "intergovernmental_organisation": (
        "nations union organisation organization league council bloc un eu osce iaea asean оон союз أمم "
        "اتحاد או״ם 联合国 组织"
    ),
    "population": (
        "people residents civilians population refugees voters citizens жители население سكان תושבים 人民 居民 民众"
    ),
    "group": (
        "sources protesters demonstrators students families officials diplomats lawmakers officers analysts experts"
    ),
}
USUAL = ("person", "state", "government_body", "group")
_SPACELESS = re.compile(r"[\u3040-\u30ff\u3400-\u9fff]")


def kinds_by_likelihood(words: str, codes: Iterable[str]) -> list[str]:
    """The codes, those first that the words are likely to name: by their signs, else by how they are written."""
    likely = [*_by_signs(words), *_by_shape(words), *USUAL]
    rank = {code: at for at, code in reversed(list(enumerate(likely)))}
    return sorted(codes, key=lambda code: rank.get(code, len(likely)))


def _by_signs(words: str) -> list[str]:
    found = re.findall(r"\w+", words.casefold())
    return [kind for kind, signs in SIGNS.items() if any(_has(found, sign) for sign in signs.split())]


def _has(found: list[str], sign: str) -> bool:
    if _SPACELESS.search(sign):
        return any(word.endswith(sign) or (len(sign) > 1 and sign in word) for word in found)
    return any(word == sign or (len(sign) > 3 and word.startswith(sign)) for word in found)


def _by_shape(words: str) -> list[str]:
    found = re.findall(r"[^\W\d_]+", words)
    if len(found) == 1 and words.isupper() and 2 <= len(found[0]) <= 6:
        return ["intergovernmental_organisation", "alliance", "state", "party"]
    is_one_name = len(found) == 1 and found[0].istitle() and not _SPACELESS.search(words)
    return ["state", "person"] if is_one_name else []
