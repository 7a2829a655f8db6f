live-title = Тарату
live-tabs = Тарату беттері
live-tab-live = Жіберу барысы
live-tab-report = Есеп
live-tab-people = Адамдар
live-phase-draft = Жоба
live-phase-scheduled = Жоспарланған
live-phase-running = Жіберіліп жатыр
live-phase-paused = Тоқтатыла тұрды
live-phase-finished = Аяқталды
live-phase-cancelled = Күші жойылды
live-state-queued = Кезекте
live-state-claimed = Қазір жіберіледі
live-state-handing = Тапсырылып жатыр
live-state-sent = Жіберілді
live-state-failed = Жеткізілмеді
live-state-skipped = Жіберілген жоқ
live-state-uncertain = Белгісіз
live-left = Бас тартты
live-done = { $ended } / { $total } хат
live-rate = Соңғы минутта { $shown } хат
live-end = Шамамен { $at } аяқталады
live-growing = Аудитория әлі жазылып жатыр: жалпы сан өседі.
live-why-failed = Хаттар неге жеткізілмеді
live-why-uncertain = Неге белгісіз
live-why-skipped = Адамдар неге алмады
live-over = Көптен бері ештеңе баспағандықтан, кіру аяқталды. Бақылауды жалғастыру үшін бетті қайта жүктеңіз.
live-lost = Байланыс үзілді, қалпына келтірілуде. Көрсетілген сандар сәл бұрынғы.
live-pause = Тоқтата тұру
live-pause-means = { $n ->
    [0] Кезекте ештеңе қалмады. Тоқтата тұру қайта жіберуге оралуы мүмкін хаттарды ұстайды.
   *[other] Тағы { $shown } хат кезекте. Тарату жалғастырылғанша олар орнында қалады. Дәл қазір тапсырылып жатқаны бәрібір кетеді.
}
live-pause-reason = Себебі: әріптестер үшін
live-paused-by = Тоқтата тұрған: { $name }
live-resume = Жалғастыру
live-resume-means = Жіберу тоқтаған жерінен жалғасады. Ешкім екі рет алмайды; әркімнің келісімі қайта тексеріледі.
live-cancel = Таратудың күшін жою
live-cancel-title = Таратудың күшін жоясыз ба?
live-cancel-lost = { $n ->
    [0] Оны алатын ешкім қалмады.
   *[other] Әлі күтіп тұрған { $shown } адам оны ешқашан алмайды.
}
live-cancel-kept = { $n ->
    [0] Оны әзірге ешкім алған жоқ.
   *[other] { $shown } адам оны алып қойды; есепте олардың тізімі бар.
}
live-cancel-final = Мұны қайтару мүмкін емес. Тек кідірту үшін тоқтата тұрыңыз.
live-cancel-type = Растау үшін таратудың атауын жазыңыз
live-cancel-wrong = Бұл таратудың атауы емес.
live-cancel-not = Артқа, ештеңе өзгертпеу
live-domains = Алушылардың домендері бойынша
live-history = Не істелді
live-when = Қашан
live-what = Не
live-deed-create = Жасалды
live-deed-schedule = Жоспарланды
live-deed-start = Басталды
live-deed-pause = Тоқтатыла тұрды
live-deed-resume = Жалғастырылды
live-deed-finish = Аяқталды
live-deed-cancel = Күші жойылды
live-deed-undo = Бастау кері алынды
said-live-paused = Тарату тоқтатыла тұрды.
said-live-resumed = Тарату жалғасып жатыр.
said-live-cancelled = Таратудың күші жойылды. Алмағандар енді алмайды.
reason-blocked = Деректерін пайдаланбауды сұраған
reason-suppressed = Хат жіберуге болмайтын мекенжайлар тізімінде
reason-no_consent = Осы мақсатқа келісім жоқ
reason-refused = Бас тарту: адам «жоқ» деді немесе сервер анық себепсіз қабылдамады
reason-withdrawn = Келісімін кері қайтарды
reason-expired = Келісімнің мерзімі өтті
reason-needs_reconfirmation = Қайта растау керек: саясат өзгерді
reason-ended = Келісім тоқтатылды
reason-bad_address = Мекенжай жарамсыз болып шықты
reason-cancelled = Таратудың күші бұрын жойылды
reason-hard_user = Мұндай пошта жәшігі жоқ
reason-hard_domain = Мұндай домен жоқ немесе ол хат қабылдамайды
reason-hard_disabled = Жәшік жабылған немесе көшкен
reason-soft_full = Жәшік толып қалған
reason-soft_temp = Алушы жақтағы уақытша ақау; әрекеттер таусылды
reason-rate = Алушы үшін тым жылдам болдық; әрекеттер таусылды
reason-policy = Алушы біздің поштаға сенбейді: бедел, бұғаттау тізімі немесе түпнұсқалық
reason-content = Алушы бұл хатты қабылдамайды: көлемі, пішіні немесе мазмұны
reason-protocol = Серверлер бірін-бірі түсінбеді
reason-relay = Біздің пошта сервері қолжетімсіз немесе қате бапталған
reason-answer_lost = Тапсырылды, бірақ жауап жоғалды: жеткен болуы мүмкін
reason-node_lost = Біздің процесс ортасында үзілді: жеткен болуы мүмкін
home-now = Қазір жіберіліп жатыр
home-nothing-sent = Қазір ештеңе жіберіліп жатқан жоқ.
home-needs = Назар керек
home-paused = тоқтатыла тұрған уақыты: { $since }.
home-waiting = { $shown } хат күтіп тұр.
home-relay-rests = Бұл пошта сервері істен шықты, тағы { $shown } минут демалады.
home-next = Алда
home-calendar = Күнтізбе
home-calendar-empty = Бұл уақытта ештеңе басталмайды және аяқталмайды.
home-before = Бұрын
home-after = Кейін
home-week = Апта
home-month-view = Ай
home-week-of = { $from } – { $to }
home-starts = басталады
home-started = басталды
home-finished = аяқталды
home-cancelled = күші жойылды
home-more = тағы { $shown }
home-weekday-1 = дс
home-weekday-2 = сс
home-weekday-3 = ср
home-weekday-4 = бс
home-weekday-5 = жм
home-weekday-6 = сн
home-weekday-7 = жс
home-date = { $day } { $month ->
    [1] қаңтар
    [2] ақпан
    [3] наурыз
    [4] сәуір
    [5] мамыр
    [6] маусым
    [7] шілде
    [8] тамыз
    [9] қыркүйек
    [10] қазан
    [11] қараша
   *[12] желтоқсан
}
home-month = { $year } жылғы { $month ->
    [1] қаңтар
    [2] ақпан
    [3] наурыз
    [4] сәуір
    [5] мамыр
    [6] маусым
    [7] шілде
    [8] тамыз
    [9] қыркүйек
    [10] қазан
    [11] қараша
   *[12] желтоқсан
}
home-first-title = Басынан алғашқы таратуға дейін
home-first-contacts = Адамдарды келісімдерімен бірге енгізіңіз.
home-first-import = Контактілерді импорттау
home-first-campaign = Тарату жазып, оны кім алатынын және қалғандары неге алмайтынын көріңіз.
home-first-write = Тарату жазу
home-first-approve = Оны жазбаған адамға мақұлдатыңыз.
home-first-watch = Бастаңыз да, барысын осы беттен бақылаңыз.
home-draft-submitted = сіздің мақұлдауыңызды күтіп тұр.
home-draft-returned = сізге ескертулермен қайтарылды.
home-draft-approved = мақұлданды, бастауға болады.
