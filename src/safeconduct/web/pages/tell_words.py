# ruff: noqa: E501  (a text stands on one line, so that languages are compared side by side)
"""What the page for travellers says, in the languages of the scanner page; a test compares their keys."""

from collections.abc import Mapping

TELL: Mapping[str, Mapping[str, str]] = {
    "en": {
        "title": "Tell us what was done to you",
        "intro": "No name and no account are needed. It is kept as what you say. Those who hold the control point do not see it.",
        "danger": "If somebody may look into this phone: do it later, or from another phone, and delete this page from the history.",
        "what": "What happened?", "turned-away": "I was turned away", "beaten": "I was beaten",
        "threatened": "I was threatened", "money-asked": "Money was asked for", "other": "Something else",
        "point": "Where?", "point-none": "I do not know, or elsewhere",
        "day": "On which day?", "hour": "At what hour?", "hour-none": "I do not know", "local": "local time",
        "by": "Who did it?", "holder": "those who held this place", "others": "others", "unknown": "I do not know",
        "people": "To how many people? A number, or in your words.",
        "text": "In your words, if you want. Write no names, not your own either.",
        "contact": "How can we find you? It is safer to leave this empty.",
        "contact-help": "Only one trusted person outside this office can open it.",
        "send": "Send", "done": "It was taken in. Thank you.", "receipt": "Your receipt",
        "receipt-help": "Write it down, it is shown only now. With it you can add to your report or withdraw it.",
        "have": "I have a receipt", "more": "What do you want to add?", "add": "Add", "withdraw": "Withdraw the report",
        "added": "It was added. Thank you.", "withdrawn": "The report was withdrawn. It is counted no more.",
        "fault": "This was not taken in. Please look at:", "fault-receipt": "This receipt is not known. Compare its letters.",
        "fault-withdrawn": "This report was withdrawn already.",
        "slow": "Too many at once. Please try again in ten minutes.", "again": "Tell something else",
    },
    "prs": {
        "title": "به ما بگویید با شما چه کردند",
        "intro": "نام و حساب لازم نیست. گفتهٔ شما به نام گفتهٔ خودتان ثبت می‌شود. کسانی که نقطهٔ کنترول در دست‌شان است آن را نمی‌بینند.",
        "danger": "اگر کسی ممکن است این موبایل را ببیند: پسان‌تر یا از موبایل دیگری بنویسید، و این صفحه را از تاریخچه پاک کنید.",
        "what": "چه شد؟", "turned-away": "مرا برگرداندند", "beaten": "مرا لت‌وکوب کردند",
        "threatened": "مرا تهدید کردند", "money-asked": "پول خواستند", "other": "چیز دیگر",
        "point": "کجا؟", "point-none": "نمی‌دانم، یا جای دیگر",
        "day": "در کدام روز؟", "hour": "در کدام ساعت؟", "hour-none": "نمی‌دانم", "local": "وقت محلی",
        "by": "چه کسی کرد؟", "holder": "کسانی که این‌جا در دست‌شان بود", "others": "کسان دیگر", "unknown": "نمی‌دانم",
        "people": "با چند نفر؟ عدد بنویسید، یا به زبان خود.",
        "text": "اگر خواستید، به زبان خود بنویسید. هیچ نامی ننویسید، نام خود را هم نه.",
        "contact": "چطور شما را پیدا کنیم؟ خالی گذاشتن امن‌تر است.",
        "contact-help": "تنها یک شخص معتمد بیرون از این دفتر آن را باز کرده می‌تواند.",
        "send": "بفرستید", "done": "ثبت شد. تشکر.", "receipt": "رسید شما",
        "receipt-help": "آن را یادداشت کنید، تنها همین حالا نشان داده می‌شود. با آن می‌توانید چیزی بیفزایید یا گزارش را پس بگیرید.",
        "have": "رسید دارم", "more": "چه می‌خواهید بیفزایید؟", "add": "بیفزایید", "withdraw": "گزارش را پس می‌گیرم",
        "added": "افزوده شد. تشکر.", "withdrawn": "گزارش پس گرفته شد و دیگر شمرده نمی‌شود.",
        "fault": "ثبت نشد. لطفاً این را ببینید:", "fault-receipt": "این رسید شناخته نشد. حرف‌هایش را مقایسه کنید.",
        "fault-withdrawn": "این گزارش پیشتر پس گرفته شده است.",
        "slow": "یک‌باره بسیار زیاد شد. لطفاً ده دقیقه بعد دوباره کوشش کنید.", "again": "چیز دیگری بگویید",
    },
    "ps": {
        "title": "موږ ته ووایئ چې له تاسو سره څه وشول",
        "intro": "نوم او حساب ته اړتیا نشته. ستاسو خبره ستاسو د خبرې په توګه ساتل کېږي. هغه کسان چې د کنټرول ځای یې په لاس کې دی، دا نه ویني.",
        "danger": "که څوک دا موبایل کتلی شي: وروسته یا له بل موبایل څخه یې ولیکئ، او دا پاڼه له تاریخچې پاکه کړئ.",
        "what": "څه وشول؟", "turned-away": "بېرته یې ولېږلم", "beaten": "ویې وهلم",
        "threatened": "ویې ګواښلم", "money-asked": "پیسې یې وغوښتې", "other": "بل څه",
        "point": "چېرته؟", "point-none": "نه پوهېږم، یا بل ځای",
        "day": "په کومه ورځ؟", "hour": "په کوم ساعت؟", "hour-none": "نه پوهېږم", "local": "سیمه‌ییز وخت",
        "by": "چا وکړل؟", "holder": "هغو چې دا ځای یې په لاس کې و", "others": "نورو", "unknown": "نه پوهېږم",
        "people": "له څو کسانو سره؟ شمېره ولیکئ، یا په خپلو کلمو.",
        "text": "که غواړئ، په خپلو کلمو یې ولیکئ. هېڅ نوم مه لیکئ، خپل نوم هم نه.",
        "contact": "څنګه مو پیدا کړو؟ تش پرېښودل خوندي دي.",
        "contact-help": "یوازې یو باوري کس، چې د دې دفتر نه دی، دا خلاصولی شي.",
        "send": "ولېږئ", "done": "ثبت شول. مننه.", "receipt": "ستاسو رسید",
        "receipt-help": "ویې لیکئ، یوازې اوس ښودل کېږي. په دې سره څه ورزیاتولی یا راپور بېرته اخیستلی شئ.",
        "have": "زه رسید لرم", "more": "څه ورزیاتول غواړئ؟", "add": "ورزیات یې کړئ", "withdraw": "راپور بېرته اخلم",
        "added": "ورزیات شول. مننه.", "withdrawn": "راپور بېرته واخیستل شو او نور نه شمېرل کېږي.",
        "fault": "ثبت نه شول. مهرباني وکړئ دا وګورئ:", "fault-receipt": "دا رسید و نه پېژندل شو. توري یې پرتله کړئ.",
        "fault-withdrawn": "دا راپور مخکې بېرته اخیستل شوی دی.",
        "slow": "په یوه وخت ډېر شول. مهرباني وکړئ لس دقیقې وروسته بیا هڅه وکړئ.", "again": "بل څه ووایئ",
    },
    "ar": {
        "title": "أخبرونا بما فُعل بكم",
        "intro": "لا حاجة إلى اسم ولا إلى حساب. يُحفظ قولكم على أنه قولكم. ولا يراه من بيدهم نقطة التفتيش.",
        "danger": "إن كان أحد قد يطّلع على هذا الهاتف: افعلوا ذلك لاحقًا أو من هاتف آخر، واحذفوا هذه الصفحة من السجل.",
        "what": "ماذا حدث؟", "turned-away": "أعادوني", "beaten": "ضربوني",
        "threatened": "هدّدوني", "money-asked": "طلبوا مالًا", "other": "شيء آخر",
        "point": "أين؟", "point-none": "لا أعرف، أو في مكان آخر",
        "day": "في أي يوم؟", "hour": "في أي ساعة؟", "hour-none": "لا أعرف", "local": "التوقيت المحلي",
        "by": "من فعل ذلك؟", "holder": "من كان المكان بيدهم", "others": "غيرهم", "unknown": "لا أعرف",
        "people": "بكم شخصًا؟ رقم، أو بكلماتكم.",
        "text": "بكلماتكم إن شئتم. لا تكتبوا أي اسم، ولا اسمكم.",
        "contact": "كيف نجدكم؟ الأسلم أن تتركوا هذا فارغًا.",
        "contact-help": "لا يفتحه إلا شخص واحد موثوق من خارج هذا المكتب.",
        "send": "إرسال", "done": "سُجّل. شكرًا لكم.", "receipt": "إيصالكم",
        "receipt-help": "اكتبوه، فهو لا يظهر إلا الآن. به تضيفون إلى قولكم أو تسحبونه.",
        "have": "لديّ إيصال", "more": "ماذا تريدون أن تضيفوا؟", "add": "إضافة", "withdraw": "سحب البلاغ",
        "added": "أُضيف. شكرًا لكم.", "withdrawn": "سُحب البلاغ ولم يعد يُعدّ.",
        "fault": "لم يُسجّل. انظروا من فضلكم إلى:", "fault-receipt": "هذا الإيصال غير معروف. قارنوا أحرفه.",
        "fault-withdrawn": "سُحب هذا البلاغ من قبل.",
        "slow": "كثيرٌ دفعةً واحدة. حاولوا من فضلكم بعد عشر دقائق.", "again": "إخبار بشيء آخر",
    },
    "uk": {
        "title": "Розкажіть, що з вами зробили",
        "intro": "Не треба ні імені, ні облікового запису. Це зберігають як ваші слова. Ті, хто тримає контрольний пункт, цього не бачать.",
        "danger": "Якщо хтось може зазирнути в цей телефон: зробіть це пізніше чи з іншого телефону й видаліть цю сторінку з історії.",
        "what": "Що сталося?", "turned-away": "Мене завернули", "beaten": "Мене побили",
        "threatened": "Мені погрожували", "money-asked": "Вимагали гроші", "other": "Щось інше",
        "point": "Де?", "point-none": "Не знаю або в іншому місці",
        "day": "Якого дня?", "hour": "О котрій годині?", "hour-none": "Не знаю", "local": "місцевий час",
        "by": "Хто це зробив?", "holder": "ті, хто тримав це місце", "others": "інші", "unknown": "не знаю",
        "people": "Зі скількома людьми? Число або вашими словами.",
        "text": "Вашими словами, якщо хочете. Не пишіть імен, навіть свого.",
        "contact": "Як вас знайти? Безпечніше лишити порожнім.",
        "contact-help": "Відкрити це може лише одна довірена особа поза цією службою.",
        "send": "Надіслати", "done": "Записано. Дякуємо.", "receipt": "Ваша квитанція",
        "receipt-help": "Запишіть її, її показують лише тепер. Нею можна доповнити чи відкликати ваше повідомлення.",
        "have": "Я маю квитанцію", "more": "Що ви хочете додати?", "add": "Додати", "withdraw": "Відкликати повідомлення",
        "added": "Додано. Дякуємо.", "withdrawn": "Повідомлення відкликано, його більше не рахують.",
        "fault": "Не записано. Перевірте, будь ласка:", "fault-receipt": "Такої квитанції немає. Звірте її знаки.",
        "fault-withdrawn": "Це повідомлення вже відкликано.",
        "slow": "Забагато водночас. Спробуйте ще раз за десять хвилин.", "again": "Розказати ще щось",
    },
}  # fmt: skip
_NEAR = {"fa": "prs", "prs": "prs", "ps": "ps", "ar": "ar", "uk": "uk", "en": "en", "ru": "uk"}


def language_for(asked: str | None, accepted: str) -> str:
    """Return the language to show: the one asked for, else the first that the browser accepts, else English."""
    if asked in TELL:
        return str(asked)
    for part in accepted.split(","):
        tag = part.partition(";")[0].strip().lower().partition("-")[0]
        if tag in _NEAR:
            return _NEAR[tag]
    return "en"
