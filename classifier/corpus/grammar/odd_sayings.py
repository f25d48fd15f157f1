"""Months, short turns of talk and clauses for documents of odd forms, by language."""

MONTHS: dict[str, str] = {
    "ar": "يناير فبراير مارس أبريل مايو يونيو يوليو أغسطس سبتمبر أكتوبر نوفمبر ديسمبر",
    "bg": "януари февруари март април май юни юли август септември октомври ноември декември",
    "bn": "জানুয়ারি ফেব্রুয়ারি মার্চ এপ্রিল মে জুন জুলাই আগস্ট সেপ্টেম্বর অক্টোবর নভেম্বর ডিসেম্বর",
    "cs": "ledna února března dubna května června července srpna září října listopadu prosince",
    "de": "Januar Februar März April Mai Juni Juli August September Oktober November Dezember",
    "el": "Ιανουαρίου Φεβρουαρίου Μαρτίου Απριλίου Μαΐου Ιουνίου Ιουλίου Αυγούστου Σεπτεμβρίου "
    "Οκτωβρίου Νοεμβρίου Δεκεμβρίου",
    "en": "January February March April May June July August September October November December",
    "es": "enero febrero marzo abril mayo junio julio "
    "agosto septiembre octubre noviembre diciembre",
    "fa": "فروردین اردیبهشت خرداد تیر مرداد شهریور مهر آبان آذر دی بهمن اسفند",
    "fi": "tammikuuta helmikuuta maaliskuuta huhtikuuta toukokuuta kesäkuuta heinäkuuta elokuuta "
    "syyskuuta lokakuuta marraskuuta joulukuuta",
    "fr": "janvier février mars avril mai juin juillet août septembre octobre novembre décembre",
    "he": "בינואר בפברואר במרץ באפריל במאי ביוני ביולי באוגוסט בספטמבר באוקטובר בנובמבר בדצמבר",
    "hi": "जनवरी फ़रवरी मार्च अप्रैल मई जून जुलाई अगस्त सितंबर अक्टूबर नवंबर दिसंबर",
    "hu": "január február március április május június július "
    "augusztus szeptember október november "
    "december",
    "id": "Januari Februari Maret April Mei Juni Juli Agustus September Oktober November Desember",
    "it": "gennaio febbraio marzo aprile maggio giugno luglio agosto settembre ottobre novembre "
    "dicembre",
    "ms": "Januari Februari Mac April Mei Jun Julai Ogos September Oktober November Disember",
    "nl": "januari februari maart april mei juni juli augustus september oktober november december",
    "no": "januar februar mars april mai juni juli august september oktober november desember",
    "pl": "stycznia lutego marca kwietnia maja czerwca lipca sierpnia września października "
    "listopada grudnia",
    "pt": "janeiro fevereiro março abril maio junho julho "
    "agosto setembro outubro novembro dezembro",
    "ro": "ianuarie februarie martie aprilie mai iunie iulie august septembrie octombrie noiembrie "
    "decembrie",
    "ru": "января февраля марта апреля мая июня июля августа сентября октября ноября декабря",
    "sv": "januari februari mars april maj juni juli augusti september oktober november december",
    "ta": "ஜனவரி பிப்ரவரி மார்ச் ஏப்ரல் மே ஜூன் ஜூலை ஆகஸ்ட் செப்டம்பர் அக்டோபர் நவம்பர் டிசம்பர்",
    "th": "มกราคม กุมภาพันธ์ มีนาคม เมษายน พฤษภาคม มิถุนายน กรกฎาคม สิงหาคม กันยายน ตุลาคม พฤศจิกายน ธันวาคม",
    "tl": "Enero Pebrero Marso Abril Mayo Hunyo Hulyo Agosto Setyembre Oktubre Nobyembre Disyembre",
    "tr": "Ocak Şubat Mart Nisan Mayıs Haziran Temmuz Ağustos Eylül Ekim Kasım Aralık",
    "uk": "січня лютого березня квітня травня червня липня серпня вересня жовтня листопада грудня",
    "ur": "جنوری فروری مارچ اپریل مئی جون جولائی اگست ستمبر اکتوبر نومبر دسمبر",
}

UTTERANCES: dict[str, str] = {
    "ar": "شكرا جزيلا.|لا أعرف.|متى حدث ذلك؟|جرب مرة أخرى.|نفس المشكلة عندي.|حسنا، سأنتظر.|من قال؟",
    "bg": "Благодаря!|Не знам.|Кога стана това?|Опитай пак.|"
    "И при мен е така.|Добре, ще чакам.|Кой?",
    "bn": "ধন্যবাদ।|জানি না।|কখন হলো?|আবার চেষ্টা করুন।|আমারও একই সমস্যা।|ঠিক আছে, অপেক্ষা করব।",
    "cs": "Díky moc!|Nevím.|Kdy se to stalo?|Zkus to znovu.|"
    "Mám to taky.|Dobře, počkám.|Kdo to říkal?",
    "de": "Vielen Dank!|Keine Ahnung.|Seit wann?|Versuch es noch mal.|"
    "Bei mir auch.|Gut, ich warte.",
    "el": "Ευχαριστώ πολύ!|Δεν ξέρω.|Πότε έγινε;|Δοκίμασε ξανά.|Το ίδιο κι εγώ.|Καλά, περιμένω.",
    "en": "Thanks a lot!|I don't know.|When was that?|Try it again.|"
    "Same here.|Fine, I'll wait.|Who?",
    "es": "¡Muchas gracias!|No lo sé.|¿Cuándo fue?|Prueba otra vez.|A mí también.|Bueno, espero.",
    "fa": "خیلی ممنون.|نمی‌دانم.|کی بود؟|دوباره امتحان کن.|من هم همین‌طور.|باشد، صبر می‌کنم.|چه کسی؟",
    "fi": "Kiitos paljon!|En tiedä.|Milloin se oli?|Yritä uudestaan.|Minulla sama.|Hyvä, odotan.",
    "fr": "Merci beaucoup !|Je ne sais pas.|C'était quand ?|Réessaie.|Pareil ici.|Bon, j'attends.",
    "he": "תודה רבה!|אני לא יודע.|מתי זה קרה?|נסה שוב.|גם אצלי.|טוב, אחכה.|מי אמר?",
    "hi": "बहुत धन्यवाद।|मुझे नहीं पता।|यह कब हुआ?|फिर कोशिश करो।|मेरे साथ भी यही है।|ठीक है, रुकता हूँ।",
    "hu": "Nagyon köszönöm!|Nem tudom.|Mikor volt ez?|Próbáld újra.|"
    "Nálam is.|Jó, várok.|Ki mondta?",
    "id": "Terima kasih!|Saya tidak tahu.|Kapan itu?|Coba lagi.|"
    "Saya juga begitu.|Baik, saya tunggu.",
    "it": "Grazie mille!|Non lo so.|Quando è stato?|Riprova.|Anche da me.|Va bene, aspetto.|Chi?",
    "ja": "ありがとうございます。|わかりません。|いつですか？|もう一度どうぞ。|"
    "私も同じです。|では待ちます。|誰が？",
    "ko": "감사합니다.|잘 모르겠어요.|언제였죠?|다시 해 보세요.|"
    "저도 그래요.|네, 기다릴게요.|누가요?",
    "ms": "Terima kasih!|Saya tidak tahu.|Bila itu?|Cuba lagi.|Saya pun sama.|Baik, saya tunggu.",
    "nl": "Heel erg bedankt!|Weet ik niet.|Wanneer was dat?|Probeer nog eens.|"
    "Hier ook.|Ik wacht wel.",
    "no": "Tusen takk!|Vet ikke.|Når var det?|Prøv igjen.|Samme her.|Greit, jeg venter.|Hvem?",
    "pl": "Dziękuję bardzo!|Nie wiem.|Kiedy to było?|Spróbuj jeszcze raz.|"
    "U mnie też.|Dobrze, czekam.",
    "pt": "Muito obrigado!|Não sei.|Quando foi isso?|Tente de novo.|"
    "Aqui também.|Está bem, eu espero.",
    "ro": "Mulțumesc mult!|Nu știu.|Când a fost asta?|Mai încearcă.|"
    "Și la mine.|Bine, aștept.|Cine?",
    "ru": "Большое спасибо!|Не знаю.|Когда это было?|Попробуй ещё раз.|"
    "У меня тоже.|Ладно, подожду.",
    "sv": "Tack så mycket!|Vet inte.|När var det?|Försök igen.|Samma här.|Bra, jag väntar.|Vem?",
    "ta": "மிக்க நன்றி.|எனக்குத் தெரியாது.|எப்போது?|மீண்டும் முயலுங்கள்.|எனக்கும் அப்படியே.|சரி.",
    "th": "ขอบคุณมากครับ|ไม่ทราบค่ะ|เมื่อไหร่ครับ|ลองใหม่อีกครั้ง|ของผมก็เป็น|ได้ค่ะ จะรอ|ใครบอก|จริงหรือ",
    "tl": "Maraming salamat!|Hindi ko alam.|Kailan iyon?|Subukan ulit.|"
    "Ako rin.|Sige, maghihintay ako.",
    "tr": "Çok teşekkürler!|Bilmiyorum.|Ne zaman oldu?|Tekrar dene.|Bende de öyle.|Peki, beklerim.",
    "uk": "Дуже дякую!|Не знаю.|Коли це було?|Спробуй ще раз.|У мене теж.|Гаразд, почекаю.|Хто?",
    "ur": "بہت شکریہ۔|مجھے نہیں معلوم۔|کب ہوا؟|پھر کوشش کریں۔|میرے ساتھ بھی۔|ٹھیک ہے۔|کون؟",
    "vi": "Cảm ơn nhiều!|Tôi không biết.|Khi nào vậy?|Thử lại xem.|"
    "Tôi cũng vậy.|Được, tôi chờ.|Ai thế?",
    "zh": "非常感谢！|我不知道。|什么时候的事？|再试一次吧。|我也是。|好的，我等着。|谁说的？",
}
"""Short turns of talk, parted by ``|``."""

CLAUSES: dict[str, str] = {
    "ar": "يعمل بهذا القرار من تاريخ نشره.|تلغى أحكام المادة {n}.|على الأطراف الالتزام بما تقدم.",
    "bg": "Алинея {n} се отменя.|Страните са длъжни да спазват горното.|Влиза в сила от {date}.",
    "cs": "Odstavec {n} se zrušuje.|Smluvní strany se zavazují k výše uvedenému.|"
    "Účinnost dnem {date}.",
    "de": "Absatz {n} wird aufgehoben.|Die Parteien verpflichten sich hierzu.|In Kraft ab {date}.",
    "el": "Η παράγραφος {n} καταργείται.|Τα μέρη δεσμεύονται από τα ανωτέρω.|Ισχύει από {date}.",
    "en": "Paragraph {n} is repealed.|The Parties shall be bound by the foregoing.|"
    "In force {date}.",
    "es": "Queda derogado el apartado {n}.|Las partes se obligan a lo anterior.|"
    "En vigor el {date}.",
    "fa": "بند {n} لغو می‌شود.|طرفین متعهد به رعایت موارد فوق هستند.|لازم‌الاجرا از {date}.",
    "fi": "Momentti {n} kumotaan.|Osapuolet sitoutuvat edellä sanottuun.|Voimaan {date}.",
    "fr": "L'alinéa {n} est abrogé.|Les parties s'engagent à respecter ce qui précède.|"
    "Fait le {date}.",
    "he": "סעיף קטן {n} בטל.|הצדדים מתחייבים לאמור לעיל.|תחילתו ביום {date}.",
    "hi": "खंड {n} निरस्त किया जाता है।|पक्षकार उपरोक्त का पालन करेंगे।|{date} से प्रवृत्त।",
    "hu": "A(z) {n}. bekezdés hatályát veszti.|A felek a fentiekre kötelezik magukat.|"
    "Hatályos: {date}",
    "id": "Ayat ({n}) dicabut.|Para pihak wajib menaati ketentuan di atas.|Berlaku sejak {date}.",
    "it": "Il comma {n} è abrogato.|Le parti si obbligano a quanto sopra.|In vigore dal {date}.",
    "ja": "第{n}項を削除する。|当事者は前項の定めに従うものとする。|この規則は{date}から施行する。",
    "ko": "제{n}항을 삭제한다.|당사자는 이를 준수하여야 한다.|이 규칙은 {date}부터 시행한다.",
    "ms": "Subseksyen ({n}) dimansuhkan.|Pihak-pihak hendaklah mematuhinya.|Berkuat kuasa {date}.",
    "nl": "Lid {n} vervalt.|Partijen zijn aan het voorgaande gebonden.|In werking op {date}.",
    "no": "Ledd {n} oppheves.|Partene er bundet av det ovenstående.|I kraft fra {date}.",
    "pl": "Uchyla się ust. {n}.|Strony zobowiązują się do powyższego.|Wchodzi w życie {date}.",
    "pt": "Fica revogado o inciso {n}.|As partes obrigam-se ao disposto acima.|Em vigor em {date}.",
    "ro": "Alineatul ({n}) se abrogă.|Părțile se obligă la cele de mai sus.|În vigoare la {date}.",
    "ru": "Пункт {n} признать утратившим силу.|Стороны обязуются соблюдать изложенное.|С {date}.",
    "sv": "Stycke {n} upphävs.|Parterna är bundna av ovanstående.|Träder i kraft {date}.",
    "th": "ให้ยกเลิกวรรค {n}|คู่สัญญาต้องปฏิบัติตามความข้างต้น|ให้ใช้บังคับตั้งแต่วันที่ {date}",
    "tr": "{n}. fıkra yürürlükten kaldırılmıştır.|Taraflar yukarıdakilere uyar.|Yürürlük: {date}",
    "uk": "Пункт {n} скасувати.|Сторони зобов’язуються дотримуватися викладеного.|Чинне з {date}.",
    "vi": "Bãi bỏ khoản {n}.|Các bên có trách nhiệm thực hiện các quy định trên.|"
    "Có hiệu lực từ {date}.",
    "zh": "第{n}款予以废止。|双方应当遵守上述约定。|本规定自{date}起施行。",
}
"""Clauses of laws and contracts, parted by ``|``; slots for a number and a date."""


def sayings(texts: dict[str, str], language: str) -> tuple[str, ...]:
    """Return the texts of a language, none where there are none.

    Examples
    --------
    >>> sayings(UTTERANCES, "de")[1]
    'Keine Ahnung.'
    """
    line = texts.get(language, "")
    return tuple(line.split("|")) if line else ()


def month(language: str, number: int) -> str:
    """Return the name of a month as it stands in a date, empty where it is not known."""
    names = MONTHS.get(language, "").split()
    return names[number - 1] if names else ""
