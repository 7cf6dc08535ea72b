"""What the page says that helps a phone to trust the node, in the scanner's five languages."""

# ruff: noqa: E501  (one sentence a line, so that translators see each whole)

from collections.abc import Mapping

# language tag -> (its own name, direction, words)
LANGUAGES: Mapping[str, tuple[str, str, Mapping[str, str]]] = {
    "en": ("English", "ltr", {
        "title": "Let this phone trust the node",
        "why": "The scanner needs a secure connection. Once is enough.",
        "android": "Android phone",
        "iphone": "iPhone",
        "a1": "Download the certificate:",
        "a2": "Open Settings. Search for “CA certificate”. Tap “Install anyway” and choose the downloaded file.",
        "a3": "In Settings, search for “trusted credentials”, open “User”, tap the certificate. Compare its SHA-256 number with the screen in the operations room.",
        "i1": "Open this page in Safari and download the profile:",
        "i2": "Open Settings. Tap “Profile downloaded”, then “Install”.",
        "i3": "Before you confirm, tap “More details” and the certificate. Compare its SHA-256 number with the screen in the operations room.",
        "i4": "Settings, General, About, Certificate trust settings: switch the certificate on.",
        "check": "The number that the room shows",
        "differs": "If one digit differs: stop, remove it, and tell the operations room.",
        "then": "Then open the scanner:",
        "only": "It vouches for this node’s own addresses, and for no other site.",
        "room": "Compare with the room’s screen, not with this page.",
    }),
    "prs": ("دری", "rtl", {
        "title": "این تلفن باید به گره اعتماد کند",
        "why": "اسکنر به اتصال امن نیاز دارد. یک بار کافی است.",
        "android": "تلفن اندروید",
        "iphone": "آیفون",
        "a1": "گواهینامه را دانلود کنید:",
        "a2": "تنظیمات را باز کنید. «CA certificate» را جستجو کنید. «Install anyway» را بزنید و فایل دانلودشده را انتخاب کنید.",
        "a3": "در تنظیمات «trusted credentials» را جستجو کنید، «User» را باز کنید و گواهینامه را بزنید. شمارهٔ SHA-256 آن را با صفحهٔ اتاق عملیات مقایسه کنید.",
        "i1": "این صفحه را در سافاری باز کنید و پروفایل را دانلود کنید:",
        "i2": "تنظیمات را باز کنید. «Profile downloaded» و بعد «Install» را بزنید.",
        "i3": "پیش از تأیید، «More details» و گواهینامه را بزنید. شمارهٔ SHA-256 آن را با صفحهٔ اتاق عملیات مقایسه کنید.",
        "i4": "Settings، General، About، Certificate trust settings: گواهینامه را روشن کنید.",
        "check": "شماره‌ای که اتاق نشان می‌دهد",
        "differs": "اگر یک رقم هم فرق دارد: توقف کنید، آن را پاک کنید و به اتاق عملیات خبر بدهید.",
        "then": "بعد اسکنر را باز کنید:",
        "only": "این فقط برای نشانی‌های خود همین گره است، نه برای سایت‌های دیگر.",
        "room": "با صفحهٔ اتاق مقایسه کنید، نه با این صفحه.",
    }),
    "ps": ("پښتو", "rtl", {
        "title": "دا تلیفون باید پر نوډ باور وکړي",
        "why": "سکینر خوندي اړیکې ته اړتیا لري. یو ځل بس دی.",
        "android": "انډرایډ تلیفون",
        "iphone": "آیفون",
        "a1": "سند ډاونلوډ کړئ:",
        "a2": "ترتیبات پرانیزئ. «CA certificate» ولټوئ. «Install anyway» ووهئ او ډاونلوډ شوې دوتنه وټاکئ.",
        "a3": "په ترتیباتو کې «trusted credentials» ولټوئ، «User» پرانیزئ او سند ووهئ. د هغه د SHA-256 شمېره د عملیاتو د خونې له سکرین سره پرتله کړئ.",
        "i1": "دا پاڼه په سفاري کې پرانیزئ او پروفایل ډاونلوډ کړئ:",
        "i2": "ترتیبات پرانیزئ. «Profile downloaded» او بیا «Install» ووهئ.",
        "i3": "له تایید مخکې «More details» او سند ووهئ. د هغه د SHA-256 شمېره د عملیاتو د خونې له سکرین سره پرتله کړئ.",
        "i4": "Settings، General، About، Certificate trust settings: سند چالان کړئ.",
        "check": "هغه شمېره چې خونه یې ښیي",
        "differs": "که یوه عدده هم توپیر لري: ودرېږئ، هغه لرې کړئ او د عملیاتو خونې ته خبر ورکړئ.",
        "then": "بیا سکینر پرانیزئ:",
        "only": "دا یوازې د همدې نوډ د پتو لپاره دی، د نورو سایټونو لپاره نه.",
        "room": "د خونې له سکرین سره یې پرتله کړئ، نه له دې پاڼې سره.",
    }),
    "ar": ("العربية", "rtl", {
        "title": "ليثق هذا الهاتف بالعقدة",
        "why": "يحتاج الماسح إلى اتصال آمن. مرة واحدة تكفي.",
        "android": "هاتف أندرويد",
        "iphone": "آيفون",
        "a1": "نزّل الشهادة:",
        "a2": "افتح الإعدادات. ابحث عن «CA certificate». اضغط «Install anyway» واختر الملف الذي نزّلته.",
        "a3": "في الإعدادات ابحث عن «trusted credentials» وافتح «User» واضغط الشهادة. قارن رقم SHA-256 بالشاشة في غرفة العمليات.",
        "i1": "افتح هذه الصفحة في سفاري ونزّل ملف التعريف:",
        "i2": "افتح الإعدادات. اضغط «Profile downloaded» ثم «Install».",
        "i3": "قبل التأكيد اضغط «More details» ثم الشهادة. قارن رقم SHA-256 بالشاشة في غرفة العمليات.",
        "i4": "Settings، General، About، Certificate trust settings: فعّل الشهادة.",
        "check": "الرقم الذي تعرضه الغرفة",
        "differs": "إذا اختلف رقم واحد: توقف واحذفها وأخبر غرفة العمليات.",
        "then": "ثم افتح الماسح:",
        "only": "هي لعناوين هذه العقدة وحدها، وليست لأي موقع آخر.",
        "room": "قارن بشاشة الغرفة، لا بهذه الصفحة.",
    }),
    "uk": ("Українська", "ltr", {
        "title": "Щоб цей телефон довіряв вузлу",
        "why": "Сканеру потрібне захищене з’єднання. Досить одного разу.",
        "android": "Телефон Android",
        "iphone": "iPhone",
        "a1": "Завантажте сертифікат:",
        "a2": "Відкрийте налаштування. Знайдіть «CA certificate». Натисніть «Install anyway» і виберіть завантажений файл.",
        "a3": "У налаштуваннях знайдіть «trusted credentials», відкрийте «User» і торкніться сертифіката. Порівняйте його число SHA-256 з екраном в оперативній кімнаті.",
        "i1": "Відкрийте цю сторінку в Safari і завантажте профіль:",
        "i2": "Відкрийте налаштування. Натисніть «Profile downloaded», потім «Install».",
        "i3": "Перш ніж підтвердити, натисніть «More details» і сертифікат. Порівняйте його число SHA-256 з екраном в оперативній кімнаті.",
        "i4": "Settings, General, About, Certificate trust settings: увімкніть сертифікат.",
        "check": "Число, яке показує кімната",
        "differs": "Якщо хоч одна цифра інша: зупиніться, видаліть його і скажіть оперативній кімнаті.",
        "then": "Потім відкрийте сканер:",
        "only": "Він діє лише для адрес цього вузла і ні для якого іншого сайту.",
        "room": "Порівнюйте з екраном кімнати, а не з цією сторінкою.",
    }),
}  # fmt: skip
_GUESSES = (("prs", "prs"), ("fa", "prs"), ("ps", "ps"), ("ar", "ar"), ("uk", "uk"), ("en", "en"))


def chosen(asked: str, accepted: str) -> str:
    """Return the language that was asked for, else the first that the browser accepts and is here, else English."""
    if asked in LANGUAGES:
        return asked
    for one in accepted.lower().split(","):
        for start, tag in _GUESSES:
            if one.strip().startswith(start):
                return tag
    return "en"
