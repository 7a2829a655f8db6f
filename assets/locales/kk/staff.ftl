shell-skip = Мазмұнға өту
shell-nav = Негізгі мәзір
shell-home = Басты бет
shell-sign-out = Шығу
shell-save = Сақтау
said-signed-out = Сіз жүйеден шықтыңыз.
said-password-set = Құпиясөз қойылды. Енді сонымен кіріңіз.
said-account-saved = Сақталды.
sign-in-title = Кіру
sign-in-address = Электрондық пошта мекенжайы
sign-in-password = Құпиясөз
sign-in-button = Кіру
sign-in-help = Құпиясөзді ұмыттыңыз ба? Әкімші сізге жаңа сілтеме береді.
sign-in-wrong = Мекенжай не құпиясөз дұрыс емес.
sign-in-wait = { $seconds ->
    [one] Әрекет тым көп болды. { $seconds } секундтан кейін қайталаңыз.
   *[other] Әрекет тым көп болды. { $seconds } секундтан кейін қайталаңыз.
}
code-title = Сіздің кодыңыз
code-label = Код
code-hint = Аутентификатор қолданбасындағы алты цифр немесе қосалқы кодтардың бірі.
code-wrong = Код дұрыс емес немесе бұрын қолданылған.
code-button = Жалғастыру
code-other = Басқа атпен кіру
prove-title = Бұл сіз бе?
prove-why = Келесі әрекет маңызды, сондықтан өзіңіз екеніңізді тағы бір рет растаңыз.
prove-wrong = Құпиясөз дұрыс емес.
prove-button = Жалғастыру
welcome-title = Қош келдіңіз
welcome-heading = Қош келдіңіз, { $name }
welcome-text = { $address } үшін құпиясөз таңдаңыз.
welcome-password = Жаңа құпиясөз
welcome-hint = { $chars ->
    [one] Кемінде { $chars } таңба. Өзара байланыссыз үш-төрт сөзді есте сақтау оңай, ал табу қиын.
   *[other] Кемінде { $chars } таңба. Өзара байланыссыз үш-төрт сөзді есте сақтау оңай, ал табу қиын.
}
welcome-bad-password = Мұндай құпиясөз бірінші болып табылады. Өзара байланыссыз үш-төрт сөз алыңыз.
welcome-button = Құпиясөзді қою
welcome-over-title = Бұл сілтеме енді жарамайды
welcome-over-text = Ол бұрын қолданылған немесе мерзімі өткен. Әкімшіден жаңасын сұраңыз.
account-title = Сіздің есептік жазбаңыз
account-name = Аты-жөні
account-bad-name = Атыңызды бір жолға 1-ден 100-ге дейінгі таңбамен жазыңыз.
account-language = Беттердің тілі
home-title = Басты бет
failure-heading = Орындалмады
failure-advice = Ештеңе өзгерген жоқ. Кері қайтып, тағы көріңіз.
failure-id = Оператор үшін:
failure-home = Басты бетке
failure-not-found-heading = Мұндай бет жоқ
failure-not-found-advice = Ол алынып тасталған немесе мекенжай толық емес болуы мүмкін.
failure-forbidden-heading = Бұл әрекет сізге тапсырылмаған
failure-forbidden-advice = Әкімшіден осыған рұқсат беретін рөлді сұраңыз.
failure-proof-due-heading = Алдымен өзіңіз екеніңізді растаңыз
failure-proof-due-advice = Құпиясөзді көптен бері енгізбедіңіз. Кері қайтып, әрекетті қайталаңыз: жүйе оны сұрайды.
failure-signed-out-heading = Сіз жүйеден шығып кеткенсіз
failure-signed-out-advice = Кіріп, қайталаңыз. Ештеңе өзгерген жоқ.
failure-conflict-heading = Осы арада жағдай өзгерді
failure-conflict-advice = Ештеңе өзгерген жоқ. Қазір қалай тұрғанын қайта қараңыз.
failure-invalid-heading = Бір нәрсе дұрыс көрсетілмеген
failure-invalid-advice = Ештеңе өзгерген жоқ. Кері қайтып, мұнда аталғанды түзетіңіз.
failure-internal-heading = Біздің жақта бірдеңе бұзылды
failure-internal-advice = Ештеңе жоғалған жоқ. Тағы көріңіз; қайталанса, операторға төмендегі нөмірді айтыңыз.
failure-busy-heading = Бірден тым көп
failure-busy-advice = Бірнеше секундтан кейін қайталаңыз.
failure-too-large-heading = Көлемі тым үлкен
failure-too-large-advice = Бір жолы азырақ жіберіңіз.
