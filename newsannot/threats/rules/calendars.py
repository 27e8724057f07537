"""Words of time in nine languages: months, days of the week, units, numbers, and what says that they are a deadline.

Lists are parted by `;`, alternatives by `|`; a word with `*` is the beginning of one. Months begin with January, days
of the week with Monday.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

UNITS = ("hour", "day", "week", "month")


def _listed(words: str) -> tuple[str, ...]:
    return tuple(words.split("; "))


def _units(words: str) -> Mapping[str, str]:
    return dict(zip(UNITS, _listed(words), strict=True))


def _numbers(words: str) -> Mapping[str, int]:
    """From “1 a|an|one; 2 two”, each word's number."""
    counted = (one.split(" ", 1) for one in _listed(words))
    return {word: int(number) for number, alternatives in counted for word in alternatives.split("|")}


@dataclass(frozen=True, slots=True, kw_only=True)
class Calendar:
    """A language's words of time; `pairs` are words for two of a unit.

    `markers` precede a deadline (“by”, “within”); `closers` follow it, in languages that write it so. `later` puts a
    day of the week off beyond certainty (“next”). `joints` may stand between a day and its month.
    """

    months: tuple[str, ...]
    weekdays: tuple[str, ...]
    units: Mapping[str, str]
    numbers: Mapping[str, int]
    markers: str
    tomorrow: str
    month_end: str
    year_end: str
    later: str
    closers: str = ""
    joints: str = ""
    pairs: Mapping[str, tuple[int, str]] = field(default_factory=dict)


CALENDARS: Mapping[str, Calendar] = {
    "en": Calendar(
        months=_listed(
            "january|jan; february|feb; march|mar; april|apr; may; june|jun; july|jul; august|aug; "
            "september|sept|sep; october|oct; november|nov; december|dec"
        ),
        weekdays=_listed("monday; tuesday; wednesday; thursday; friday; saturday; sunday"),
        units=_units("hours|hour; days|day; weeks|week; months|month"),
        numbers=_numbers(
            "1 a|an|one; 2 two; 3 three; 4 four; 5 five; 6 six; 7 seven; 8 eight; 9 nine; 10 ten; 12 twelve; "
            "14 fourteen; 24 twenty-four; 30 thirty; 48 forty-eight; 72 seventy-two; 90 ninety"
        ),
        markers="no later than|not later than|by|before|until|till|within|in the next",
        tomorrow="tomorrow",
        month_end="end of (?:the|this) month",
        year_end="end of (?:the|this) year|year’s end|year's end",
        later="next|following",
        joints="of",
    ),
    "ru": Calendar(
        months=_listed(
            "январ*; феврал*; март*; апрел*; мая|май; июн*; июл*; август*; сентябр*; октябр*; ноябр*; декабр*"
        ),
        weekdays=_listed("понедельник*; вторник*; сред*; четверг*; пятниц*; суббот*; воскресень*"),
        units=_units("час*; дн*|день|сут*; недел*; месяц*"),
        numbers=_numbers(
            "1 один|одного|одной; 2 два|две|двух; 3 три|трёх|трех; 4 четыре|четырёх|четырех; 5 пять|пяти; "
            "6 шесть|шести; 7 семь|семи; 10 десять|десяти; 24 двадцати четырёх|двадцати четырех; "
            "30 тридцати; 48 сорока восьми; 72 семидесяти двух"
        ),
        markers="не позднее|не позже|в течение|в ближайшие|до|к|за|через",
        tomorrow="завтра|завтрашнего дня",
        month_end="конца месяца|концу месяца|конца этого месяца",
        year_end="конца года|концу года|конца этого года",
        later="следующ*",
    ),
    "uk": Calendar(
        months=_listed("січ*; лют*; берез*; квіт*; трав*; черв*; лип*; серп*; верес*; жовт*; листопад*; груд*"),
        weekdays=_listed("понеділ*; вівтор*; серед*; четвер*; п'ятниц*|п’ятниц*; субот*; неділ*"),
        units=_units("годин*; дн*|день|діб|доб*; тиж*; місяц*"),
        numbers=_numbers(
            "1 один|одного; 2 два|дві|двох; 3 три|трьох; 4 чотири|чотирьох; 5 п'яти|п’яти; 6 шести; 7 семи; "
            "10 десяти; 24 двадцяти чотирьох; 30 тридцяти; 48 сорока восьми; 72 сімдесяти двох"
        ),
        markers="не пізніше|протягом|впродовж|до|за|через",
        tomorrow="завтра|завтрашнього дня",
        month_end="кінця місяця|кінця цього місяця",
        year_end="кінця року|кінця цього року",
        later="наступн*",
    ),
    "ar": Calendar(
        months=_listed(
            "يناير|كانون الثاني; فبراير|شباط; مارس|آذار; أبريل|ابريل|نيسان; مايو|أيار; يونيو|حزيران; "
            "يوليو|تموز; أغسطس|آب; سبتمبر|أيلول; أكتوبر|تشرين الأول; نوفمبر|تشرين الثاني; ديسمبر|كانون الأول"
        ),
        weekdays=_listed("الاثنين|الإثنين; الثلاثاء; الأربعاء; الخميس; الجمعة; السبت; الأحد"),
        units=_units("ساعة|ساعات; يوما|يوم|يومًا|أيام; أسبوع|أسابيع|أسبوعا; شهر|أشهر|شهور|شهرا"),
        numbers=_numbers(
            "3 ثلاثة|ثلاث; 4 أربعة|أربع; 5 خمسة; 6 ستة; 7 سبعة; 10 عشرة; 48 ثمان وأربعين|ثماني وأربعين; "
            "24 أربع وعشرين; 72 اثنتين وسبعين"
        ),
        markers="في موعد أقصاه|في غضون|بحلول|خلال|قبل|حتى",
        tomorrow="غد|الغد|غدا|غدًا",
        month_end="نهاية الشهر|نهاية هذا الشهر",
        year_end="نهاية العام|نهاية السنة|نهاية هذا العام",
        later="المقبل|القادم",
        joints="من|من شهر",
        pairs={"يومين": (2, "day"), "أسبوعين": (2, "week"), "شهرين": (2, "month")},
    ),
    "fa": Calendar(
        months=_listed(
            "ژانویه; فوریه; مارس; آوریل; مه|می; ژوئن; ژوئیه|جولای; اوت|آگوست; سپتامبر; اکتبر; نوامبر; دسامبر"
        ),
        weekdays=_listed("دوشنبه; سه‌شنبه|سه شنبه; چهارشنبه; پنج‌شنبه|پنجشنبه; جمعه; شنبه; یک‌شنبه|یکشنبه"),
        units=_units("ساعت; روز; هفته; ماه"),
        numbers=_numbers(
            "1 یک; 2 دو; 3 سه; 4 چهار; 5 پنج; 6 شش; 7 هفت; 8 هشت; 9 نه; 10 ده; 12 دوازده; 24 بیست و چهار; 30 سی; "
            "48 چهل و هشت; 72 هفتاد و دو"
        ),
        markers="حداکثر تا|حداکثر ظرف|پیش از|قبل از|تا|ظرف|طی",
        tomorrow="فردا",
        month_end="پایان ماه|پایان این ماه|آخر ماه",
        year_end="پایان سال|پایان امسال|آخر سال",
        later="آینده|بعد",
    ),
    "zh": Calendar(
        months=(),
        weekdays=_listed(
            "星期一|周一|礼拜一; 星期二|周二|礼拜二; 星期三|周三|礼拜三; 星期四|周四|礼拜四; "
            "星期五|周五|礼拜五; 星期六|周六|礼拜六; 星期日|星期天|周日|周天|礼拜天"
        ),
        units=_units("个小时|小时; 天|日; 个星期|星期|周; 个月"),
        numbers=_numbers(
            "1 一; 2 两|二; 3 三; 4 四; 5 五; 6 六; 7 七; 8 八; 9 九; 10 十; 12 十二; 24 二十四; 30 三十; "
            "48 四十八; 72 七十二"
        ),
        markers="不迟于|在",
        tomorrow="明天|明日",
        month_end="本月底|月底",
        year_end="今年年底|年底",
        later="下",
        closers="之前|以前|之内|以内|前|内",
    ),
    "he": Calendar(
        months=_listed("ינואר; פברואר; מרץ|מרס; אפריל; מאי; יוני; יולי; אוגוסט; ספטמבר; אוקטובר; נובמבר; דצמבר"),
        weekdays=_listed("יום שני; יום שלישי; יום רביעי; יום חמישי; יום שישי|יום ששי; שבת|יום שבת; יום ראשון"),
        units=_units("שעות|שעה; ימים|יום; שבועות|שבוע; חודשים|חודש"),
        numbers=_numbers(
            "3 שלושה|שלוש; 4 ארבעה|ארבע; 5 חמישה; 6 שישה; 7 שבעה; 10 עשרה; 24 עשרים וארבע; 48 ארבעים ושמונה; "
            "72 שבעים ושתיים"
        ),
        markers="לא יאוחר מ|לא יאוחר מן|בתוך|תוך|לפני|עד",
        tomorrow="מחר",
        month_end="סוף החודש",
        year_end="סוף השנה",
        later="הבא|הבאה",
        joints="ב|ל",
        pairs={"יומיים": (2, "day"), "שבועיים": (2, "week"), "חודשיים": (2, "month")},
    ),
    "fr": Calendar(
        months=_listed(
            "janvier; février; mars; avril; mai; juin; juillet; août; septembre; octobre; novembre; décembre"
        ),
        weekdays=_listed("lundi; mardi; mercredi; jeudi; vendredi; samedi; dimanche"),
        units=_units("heures|heure; jours|jour; semaines|semaine; mois"),
        numbers=_numbers(
            "1 un|une; 2 deux; 3 trois; 4 quatre; 5 cinq; 6 six; 7 sept; 8 huit; 10 dix; 15 quinze; "
            "24 vingt-quatre; 30 trente; 48 quarante-huit; 72 soixante-douze"
        ),
        markers="au plus tard|jusqu'au|jusqu’au|jusqu'à|jusqu’à|d'ici au|d’ici au|d'ici|d’ici|avant|sous|dans",
        tomorrow="demain",
        month_end="fin du mois",
        year_end="fin de l'année|fin de l’année",
        later="prochain|suivant",
    ),
    "de": Calendar(
        months=_listed(
            "januar|jänner; februar; märz; april; mai; juni; juli; august; september; oktober; november; dezember"
        ),
        weekdays=_listed("montag; dienstag; mittwoch; donnerstag; freitag; samstag|sonnabend; sonntag"),
        units=_units("stunden|stunde; tagen|tage|tag; wochen|woche; monaten|monate|monat"),
        numbers=_numbers(
            "1 ein|einem|einer; 2 zwei; 3 drei; 4 vier; 5 fünf; 6 sechs; 7 sieben; 8 acht; 10 zehn; "
            "14 vierzehn; 24 vierundzwanzig; 30 dreißig; 48 achtundvierzig; 72 zweiundsiebzig"
        ),
        markers="nicht später als|spätestens|innerhalb von|innerhalb|binnen|bis zum|bis|vor dem|vor",
        tomorrow="morgen",
        month_end="monatsende|ende des monats",
        year_end="jahresende|ende des jahres",
        later="nächst*|kommend*",
    ),
}
