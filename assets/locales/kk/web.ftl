web-language = Қазақша
web-languages = Тіл
web-time = { $year } жылғы { $day } { $month ->
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
}, { $time }
web-clause = Құпиялық саясатының { $clause }-тармағы
web-partner = біздің серіктесіміз: { $partner }
web-edition = { $number }-редакция
web-policy = Құпиялық саясаты
web-write = Қолдау қызметіне жазу:
web-call = Қоңырау шалу:
web-support-subject = Хаттарды алудан бас тартамын

web-leave-title = Хаттарды алудан бас тарту
web-leave-address = Хаттар мына мекенжайға келеді:
web-leave-legend = Неден бас тартасыз?
web-leave-purpose = Тек «{ $purpose }» хаттарынан
web-leave-purpose-partner = { $partner } атынан жіберілетін «{ $purpose }» хаттарынан
web-leave-all = { $institution } жіберетін барлық жарнамалық және ақпараттық хаттардан, серіктестер атынан жіберілетіндерін қоса
web-leave-button = Бас тарту
web-leave-note = Кіру де, растау да қажет емес. Шешіміңіз бірден күшіне енеді.

web-left-title = Хаттардан бас тарттыңыз
web-left-purpose = Енді сізге «{ $purpose }» хаттарын жібермейміз.
web-left-purpose-partner = Енді сізге { $partner } атынан «{ $purpose }» хаттарын жібермейміз.
web-left-all = { $institution } енді сізге жарнамалық және ақпараттық хаттарды мүлде жібермейді, серіктестер атынан да.
web-left-address = Мекенжай:
web-left-note = Шешіміңіз күшіне енді. Осыған дейін жіберіліп қойған хат әлі келуі мүмкін.
web-more-title = Басқа хаттар да керек емес пе?
web-more-text = { $institution } жіберетін барлық жарнамалық және ақпараттық хаттардан бірден бас тарта аласыз.
web-more-button = Барлық хаттардан бас тарту

web-why-title = Бұл хатты неге алдым?
web-why-text = Бұл хат сіз берген мына келісімнің негізінде жіберілді:
web-why-unknown = Бұл хатқа қатысты мына мәліметтер бар:
web-why-campaign = Хат
web-why-sent = Жіберілген уақыты
web-why-purpose = Мақсаты
web-why-party = Кімнің атынан
web-why-given = Келісім берілген уақыт
web-why-way = Келісім қалай берілді
web-why-policy = Құпиялық саясаты
web-why-wording = Келісім мәтіні

web-channel-web_form = сайттағы форма арқылы
web-channel-double_opt_in = электрондық пошта арқылы расталды
web-channel-import = мекеменің контактілер тізімінен
web-channel-api = мекеменің ақпараттық жүйесі арқылы
web-channel-one_click = пошта бағдарламасындағы батырма арқылы
web-channel-link = хаттағы сілтеме арқылы
web-channel-mail = хат жазу арқылы
web-channel-phone = телефон арқылы
web-channel-feedback_loop = пошта қызметінің хабарламасы арқылы
web-channel-staff = мекеме қызметкері арқылы

web-help-title = Көмек керек пе?
web-help-text = Хат жазсаңыз немесе қоңырау шалсаңыз, сұрауыңызды біз өзіміз орындаймыз.

web-lost-title = Бұл сілтеме ашылмады
web-lost-text = Сілтеме толық көшірілмеген немесе бүлінген болуы мүмкін. { $institution } хаттарынан бәрібір бас тарта аласыз: хаттар келетін мекенжайдан бізге жазыңыз немесе қоңырау шалыңыз, қалғанын біз жасаймыз.
web-failed-title = Дәл қазір орындалмады
web-failed-text = Қате біздің тараптан шықты. Бірнеше минуттан кейін сілтемені қайта ашып көріңіз. { $institution } хаттарынан бас тарту үшін бізге жазсаңыз немесе қоңырау шалсаңыз да болады.
