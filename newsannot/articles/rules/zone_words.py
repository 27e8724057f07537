"""The words by which newspapers label the parts of a page, in the languages the project reads.

A label is compared with a whole line, or with what stands before its first colon or dash, lower-cased.
"""

KEY_POINTS = frozenset({
    "key points and summary", "key points", "key takeaways", "key takeaway", "takeaways", "at a glance", "in brief",
    "highlights", "what you need to know", "what to know", "the gist", "tl;dr", "summary", "executive summary",
    "главное", "коротко", "кратко", "ключевые тезисы", "основные тезисы", "тезисы",
    "головне", "стисло",
    "النقاط الرئيسية", "أبرز النقاط", "أهم النقاط", "ملخص", "الملخص", "باختصار",
    "要点", "核心要点", "要闻摘要", "内容提要", "摘要", "重點", "要點",
    "עיקרי הדברים", "נקודות עיקריות", "תקציר", "בקצרה",
    "auf einen blick", "das wichtigste in kürze", "points clés", "l'essentiel", "en bref", "puntos clave", "claves",
})  # fmt: skip

AUTHOR_BOX = frozenset({
    "about the author", "about the authors", "about the writer", "about the editor", "author bio", "written by",
    "meet the author",
    "об авторе", "об авторах", "про автора",
    "عن الكاتب", "نبذة عن الكاتب", "حول الكاتب", "عن المؤلف",
    "关于作者", "作者简介", "關於作者", "作者簡介",
    "על הכותב", "על הכותבת", "על המחבר", "אודות הכותב",
    "über den autor", "über die autorin", "zum autor", "à propos de l'auteur", "sobre el autor", "sobre la autora",
})  # fmt: skip

LINK_LIST = frozenset({
    "related", "related articles", "related stories", "related coverage", "related news", "related content",
    "related topics", "read more", "read next", "read also", "also read", "see also", "more on this story", "more news",
    "more stories", "more from us", "more like this", "you may also like", "you might also like", "recommended",
    "recommended stories", "most read", "most popular", "trending", "trending now", "latest news", "latest stories",
    "top stories", "further reading", "up next",
    "читайте также", "по теме", "материалы по теме", "ещё по теме", "еще по теме", "другие новости", "самое читаемое",
    "читайте також",
    "اقرأ أيضا", "اقرأ أيضًا", "اقرأ أيضاً", "مواضيع ذات صلة", "أخبار ذات صلة", "مقالات ذات صلة", "الأكثر قراءة",
    "相关阅读", "相关新闻", "相关报道", "延伸阅读", "更多新闻", "推荐阅读", "热门新闻", "相關閱讀", "延伸閱讀",
    "קראו עוד", "קראו גם", "עוד בנושא", "כתבות נוספות", "כתבות קשורות", "הנקראות ביותר",
    "mehr zum thema", "lesen sie auch", "à lire aussi", "lire aussi", "sur le même sujet", "lea también",
    "te puede interesar",
})  # fmt: skip

LINK_LIST_OPENINGS = ("more from ", "more in ", "more on ", "latest from ", "ещё от ", "المزيد من ", "更多", "עוד מ")

SERVICE_OPENINGS = (
    "advertisement", "sign up for ", "subscribe to ", "subscribe now", "follow us on ", "share this", "click here to ",
    "copyright ©", "copyright (c)", "©", "all rights reserved", "this article was originally published",
    "this article first appeared", "join our newsletter", "support our journalism", "accept cookies",
    "реклама", "подпишитесь", "подписывайтесь", "все права защищены",
    "إعلان", "اشترك", "تابعونا", "تابعنا", "جميع الحقوق محفوظة",
    "广告", "订阅", "关注我们", "版权所有", "責任編輯", "责任编辑", "扫码",
    "פרסומת", "הירשמו", "הרשמו", "עקבו אחרינו", "כל הזכויות שמורות",
)  # fmt: skip
SERVICE_ENDINGS = ("all rights reserved", "все права защищены", "جميع الحقوق محفوظة", "版权所有", "כל הזכויות שמורות")

CAPTION_OPENINGS = (
    "photo:", "photos:", "photo by ", "(photo by ", "photo credit", "image:", "image credit", "image by ",
    "image from ",
    "picture:", "photograph:", "file photo", "file -", "file –", "caption:", "video:", "graphic:", "map:",
    "фото:", "фото ", "снимок:", "иллюстрация:",
    "صورة:", "الصورة:", "تصوير:", "صورة أرشيفية",
    "图:", "图：", "图片:", "图片：", "图片来源", "图为", "资料图", "資料圖",
    "צילום:", "תמונה:", "בתמונה:",
)  # fmt: skip
CAPTION_ENDINGS = (
    "(ap photo)", "/ap)", "/afp)", "via ap)", "via reuters)", "via afp)", "/getty images)", "getty images", "/reuters)",
    "(reuters)", "/shutterstock)", "shutterstock", "wikimedia commons", "file photo)", "creative commons",
)  # fmt: skip
