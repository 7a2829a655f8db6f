campaigns-title = Рассылки
campaigns-new = Новая рассылка
campaigns-new-title = Новая рассылка
campaigns-overview-title = Рассылка
campaigns-filters = Фильтр
campaigns-show-all = Все
campaigns-show-mine = Ждут меня
campaigns-show-writing = Пишутся
campaigns-show-approval = На согласовании
campaigns-show-scheduled = Запланированы
campaigns-show-sending = Отправляются
campaigns-show-ended = Завершены
campaigns-search = Поиск по названию
campaigns-find = Найти
campaigns-name = Название
campaigns-state = Состояние
campaigns-changed = Последнее изменение
campaigns-needs-you = Ждёт вас
campaigns-none = Рассылок пока нет
campaigns-none-text = Рассылка — это одно письмо людям, которые дали согласие. Сначала выбирают, для чего и кому оно, потом пишут текст, затем коллега согласует.
campaigns-none-found = Ничего не найдено
campaigns-none-yet = Среди последних рассылок нет. Продолжите поиск в более старых.
campaigns-pages = Страницы
campaigns-newest = Самые новые
campaigns-older = Более старые
campaigns-first-page = В начало
campaigns-next-page = Дальше
campaigns-chip-editing = Пишется
campaigns-chip-submitted = Ждёт согласования
campaigns-chip-returned = Возвращена
campaigns-chip-approved = Согласована
campaigns-chip-ready = Готова
campaigns-chip-scheduled = Запланирована
campaigns-chip-running = Отправляется
campaigns-chip-paused = Приостановлена
campaigns-chip-finished = Завершена
campaigns-chip-cancelled = Отменена
campaigns-name-hint = Так её называют коллеги. Получатели видят название на странице «Почему мне пришло это письмо?».
campaigns-bad-name = Напишите название от 1 до 200 знаков.
campaigns-begin-with = С чего начать
campaigns-begin = Начать
campaigns-copy = Сделать копию
campaigns-copy-hint = Чтобы взять за основу прежнюю рассылку, откройте её и сделайте копию: времени отправки у копии не будет.
campaigns-copy-name = { $name } — копия
campaigns-steps = Шаги
campaigns-step-about = Что и кому
campaigns-step-content = Содержание
campaigns-step-preview = Предпросмотр
campaigns-step-when = Когда
campaigns-step-check = Проверка и согласование
campaigns-saving = Сохраняется…
campaigns-saved = Всё сохранено.
campaigns-saved-by = Последнее сохранение: { $who },
campaigns-offline = Нет связи с сервером. Написанное хранится в этом браузере и уйдёт, когда связь вернётся.
campaigns-not-saved = Ещё не сохранено. Написанное хранится в этом браузере.
campaigns-restored = Ваши изменения, не дошедшие до сервера, восстановлены и сохранены.
campaigns-signed-out = Вы вышли из системы. Написанное хранится в этом браузере: войдите, и работа продолжится отсюда.
campaigns-voided = Это изменение отменило согласование. Рассылку нужно согласовать заново.
campaigns-frozen = Рассылка на согласовании или согласована, поэтому не меняется. Если изменить её, согласование потеряет силу.
campaigns-reopen = Отозвать и изменить
campaigns-met-heading = Вы вдвоём изменили одно и то же
campaigns-met-text = коллега сохранил эти части раньше вас. Выберите, что останется; ничего не потеряно.
campaigns-met-mine = Моё
campaigns-met-theirs = Коллеги
campaigns-met-keep = Сохранить выбранное
campaigns-met-copy = Сохранить моё отдельной рассылкой
campaigns-met-form = Пока вы писали, коллега сохранил эти же части. Ниже ваш текст; если сохранить ещё раз, останется он.
campaigns-purpose = Цель
campaigns-purpose-hint = Письмо получат только те, кто дал согласие на эту цель.
campaigns-party = От чьего имени
campaigns-party-hint = Для письма от имени партнёра нужно согласие именно на этого партнёра.
campaigns-audience = Аудитория
campaigns-audience-hint = Кому предназначено. Этот выбор не заменяет согласия.
campaigns-funnel-title = Кто получит сейчас
campaigns-funnel-text = Получат { $allowed } из { $matched }.
campaigns-funnel-later = Выберите цель и от чьего имени — и здесь появится число.
campaigns-refused-blocked = Запретили обработку данных
campaigns-refused-suppressed = В стоп-листе
campaigns-refused-no-consent = Нет согласия
campaigns-refused-refused = Отказались
campaigns-refused-withdrawn = Отозвали согласие
campaigns-refused-expired = Срок согласия истёк
campaigns-refused-needs-reconfirmation = Нужно подтверждение
campaigns-refused-ended = Согласие прекращено
campaigns-refused-bad-address = Адрес недействителен
campaigns-people-allowed = Получат письмо
campaigns-people-none = Никого нет
campaigns-people-further = В этой части никого. Продолжите поиск.
campaigns-person-address = Адрес
campaigns-person-name = Имя
campaigns-person-language = Язык
campaigns-sender = Отправитель
campaigns-sender-hint = Только проверенные отправители.
campaigns-sender-none = Не выбран
campaigns-reply-to = Куда приходят ответы
campaigns-reply-to-hint = Если пусто — на адрес поддержки.
campaigns-subject = Тема:
campaigns-languages = Языки
campaigns-looks = Как выглядит
campaigns-look-wide = Компьютер
campaigns-look-phone = Телефон
campaigns-look-dark = Тёмная тема
campaigns-look-plain = Простой текст
campaigns-readers = Кто читает
campaigns-reader-sample = Человек с полными данными
campaigns-reader-unknown = Человек без имени
campaigns-size = Размер около { $n } КБ. Письма больше 102 КБ Gmail обрезает.
campaigns-no-preview = Письмо пока не собирается: проверьте содержание.
campaigns-nothing-written = Пока ничего не написано
campaigns-test = Проверочное письмо
campaigns-test-to = Кому
campaigns-test-button = Отправить проверочное письмо
campaigns-test-hint = Тема начинается с «[Проверка]»; ссылка для отписки в нём ничего не меняет. До 10 адресов за раз.
campaigns-test-sent = Отправленные проверки
campaigns-test-state-queued = В очереди
campaigns-test-state-claimed = Отправляется
campaigns-test-state-sent = Отправлено
campaigns-test-state-failed = Не отправлено
campaigns-start-label = Когда отправить
campaigns-start-now = Сразу
campaigns-start-now-hint = Когда после согласования нажмут «Отправить».
campaigns-start-at = В назначенное время
campaigns-start-time = Дата и время
campaigns-zone = По времени учреждения: { $zone } ({ $offset }).
campaigns-pace = Скорость
campaigns-pace-hint = Сколько писем за какое время: 100/1m — 100 в минуту. Если пусто — с той скоростью, которую принимает сервер.
campaigns-pace-none = со скоростью сервера
campaigns-duration = Сколько это займёт
campaigns-duration-later = Выберите, кому, — и здесь появится расчёт.
campaigns-lasts-moments = Меньше минуты.
campaigns-lasts-minutes = { $n ->
    [one] Около { $n } минуты.
    [few] Около { $n } минут.
    [many] Около { $n } минут.
   *[other] Около { $n } минуты.
}
campaigns-lasts-hours = { $n ->
    [one] Около { $n } часа.
    [few] Около { $n } часов.
    [many] Около { $n } часов.
   *[other] Около { $n } часа.
}
campaigns-lasts-days = { $n ->
    [one] Около { $n } суток.
    [few] Около { $n } суток.
    [many] Около { $n } суток.
   *[other] Около { $n } суток.
}
campaigns-brake-campaign = По скорости самой рассылки.
campaigns-brake-relay = По пределу сервера отправки.
campaigns-undo-hint = После запуска есть { $seconds } с, чтобы его отменить.
campaigns-checks = Проверка
campaigns-stops = { $n ->
    [one] Отправке мешает { $n } замечание.
    [few] Отправке мешают { $n } замечания.
    [many] Отправке мешают { $n } замечаний.
   *[other] Отправке мешает { $n } замечания.
}
campaigns-nothing-stops = Отправке ничто не мешает.
campaigns-worries = Обратите внимание
campaigns-approval = Согласование
campaigns-stage-editing = Ещё не отправлено на согласование.
campaigns-stage-submitted = На согласование отправил(а):
campaigns-stage-returned = На доработку вернул(а):
campaigns-stage-approved = Согласовал(а):
campaigns-say-submit = Слово согласующему (не обязательно)
campaigns-say-approve = Слово (возвращая, напишите, что исправить)
campaigns-submit = Отправить на согласование
campaigns-submit-hint = Согласует коллега, который эту рассылку не писал. Если потом что-то изменить, согласование потеряет силу.
campaigns-approve = Согласовать
campaigns-send-back = Вернуть
campaigns-approve-hint = Согласование относится именно к этому содержанию, аудитории и времени.
campaigns-own-work = Вы тоже писали эту рассылку, поэтому согласовать её должен другой коллега.
campaigns-thread = Комментарии и история
campaigns-comment = Комментарий
campaigns-comment-button = Оставить комментарий
campaigns-event-create = начал(а)
campaigns-event-copy = начал(а) с копии
campaigns-event-submit = отправил(а) на согласование
campaigns-event-reopen = отозвал(а) с согласования
campaigns-event-void = изменил(а), согласование отменено
campaigns-event-send-back = вернул(а) на доработку
campaigns-event-approve = согласовал(а)
campaigns-event-comment = прокомментировал(а)
campaigns-event-start = запустил(а)
campaigns-event-undo = отменил(а) запуск
campaigns-event-test = отправил(а) проверочное письмо
campaigns-start-title = Отправить рассылку
campaigns-start-what = { $n ->
    [one] Это письмо получит { $n } человек:
    [few] Это письмо получат { $n } человека:
    [many] Это письмо получат { $n } человек:
   *[other] Это письмо получат { $n } человека:
}
campaigns-start-then = Отправка: { $at } ({ $zone }).
campaigns-start-soon = Первое письмо уйдёт через { $seconds } с.
campaigns-start-button = { $n ->
    [one] Отправить { $n } человеку
    [few] Отправить { $n } людям
    [many] Отправить { $n } людям
   *[other] Отправить { $n } людям
}
campaigns-cannot-start = Сейчас отправить нельзя: посмотрите проверку и согласование.
campaigns-back = Назад
campaigns-leaves-at = Первое письмо уйдёт:
campaigns-countdown = Осталось:
campaigns-undo = Отменить запуск
campaigns-live = Ход отправки
campaigns-report = Отчёт
campaigns-facts = Основное
campaigns-created = Создана
campaigns-files = Содержание
campaigns-files-text = Эта рассылка создана файлами или через API. В приложении она не меняется; оператор отправляет её из командной строки или через API.
campaigns-history = История
campaigns-deed-create = создал(а)
campaigns-deed-schedule = запланировал(а)
campaigns-deed-start = запустил(а)
campaigns-deed-pause = приостановил(а)
campaigns-deed-resume = возобновил(а)
campaigns-deed-finish = завершил(а)
campaigns-deed-cancel = отменил(а)
campaigns-deed-undo = отменил(а) запуск
said-campaigns-approved = Согласовано.
said-campaigns-commented = Комментарий добавлен.
said-campaigns-reopened = Теперь можно менять. Прежнее согласование потеряло силу.
said-campaigns-saved = Сохранено.
said-campaigns-sent-back = Возвращено авторам.
said-campaigns-started = Запущено. Пока ещё можно отменить.
said-campaigns-submitted = Отправлено на согласование.
said-campaigns-test = Проверочные письма поставлены в очередь.
said-campaigns-undone = Запуск отменён: письмо никому не ушло.
campaigns-found-no-name = Нет названия.
campaigns-found-no-purpose = Не выбрана цель.
campaigns-found-no-party = Не выбрано, от чьего имени.
campaigns-found-no-sender = Не выбран отправитель.
campaigns-found-bad-reply-to = Адрес для ответов написан неверно.
campaigns-found-bad-pace = Скорость непонятна: напишите, например, 100/1m.
campaigns-found-bad-time = Время непонятно или его нет на часах учреждения.
campaigns-found-time-past = Время отправки уже прошло.
campaigns-found-no-language = Нет текста на этом языке: его читатели получат первый язык.
campaigns-found-nobody = Никто из аудитории не может получить письмо: причины — в подсчёте.
campaigns-found-audience-unusable = Аудитория ссылается на удалённый или слишком большой сегмент.
campaigns-found-bad-toml = Файл не читается.
campaigns-found-unknown-key = Неизвестный ключ.
campaigns-found-bad-value = Недопустимое значение.
campaigns-found-kazakh-missing = Нет казахского текста, а он обязателен.
campaigns-found-not-kazakh = Казахская версия, похоже, не на казахском.
campaigns-found-subject-missing = Нет темы письма.
campaigns-found-subject-too-long = Тема слишком длинная: почта её обрежет.
campaigns-found-subject-control = В теме есть управляющий символ.
campaigns-found-language-without-body = Тема есть, текста нет.
campaigns-found-bad-file-name = Непонятное имя файла.
campaigns-found-file-ignored = Файл не используется.
campaigns-found-body-twice = Два текста на одном языке.
campaigns-found-too-large = Слишком большой объём.
campaigns-found-too-deep = Слишком глубокая вложенность.
campaigns-found-template-syntax = Ошибка в теге шаблона.
campaigns-found-template-forbidden = Такой тег не разрешён.
campaigns-found-unknown-helper = Неизвестный помощник.
campaigns-found-unknown-field = Такого поля нет.
campaigns-found-field-may-be-empty = Поле может быть пустым: укажите замену.
campaigns-found-field-unused = Поле не используется.
campaigns-found-field-misplaced = Здесь поле стоять не может.
campaigns-found-tag-moved = Тег оказался не на месте.
campaigns-found-reserved-word = Это зарезервированное слово.
campaigns-found-mjml-syntax = Ошибка MJML.
campaigns-found-mjml-tag = Неизвестный тег MJML.
campaigns-found-inlining = Стили не применились.
campaigns-found-active-content = В письме не может быть скриптов и форм.
campaigns-found-alt-missing = У картинки нет описания.
campaigns-found-image-not-https = Картинка не по https.
campaigns-found-third-party-image = Картинка грузится с чужого сервера.
campaigns-found-link-not-https = Ссылка не https.
campaigns-found-link-broken = Ссылка сломана.
campaigns-found-link-text-vague = Невнятный текст ссылки (вроде «здесь»).
campaigns-found-link-text-empty = У ссылки нет текста.
campaigns-found-no-text = Нет текста.
campaigns-found-html-clipped = Письмо слишком большое: Gmail его обрежет.
campaigns-found-footer-missing = Нет обязательной нижней части.
campaigns-found-footer-misplaced = Нижняя часть не на месте.
campaigns-found-no-footer-wording = На этом языке нет текста нижней части.
campaigns-found-rendering = Письмо не собирается.
campaigns-found-unknown-purpose = Такой цели нет.
campaigns-found-unknown-party = Цель и сторона не подходят друг другу.
campaigns-found-unknown-sender = Отправитель не проверен.
campaigns-found-unknown-language = Этот язык не настроен.
campaigns-found-bad-audience = Правило аудитории неверно.
campaigns-found-bad-schedule = Время неверно.
campaigns-found-editions-too-many = Слишком много языков.
campaigns-found-blocks-too-many = Слишком много блоков.
campaigns-found-nested-too-deep = Этот блок не может стоять в колонке.
campaigns-found-columns-count = Должно быть две или три колонки.
campaigns-found-too-long = Слишком длинно.
campaigns-found-control-character = Есть управляющий символ.
campaigns-found-missing = Не хватает текста.
campaigns-found-link-missing = Ссылка никуда не ведёт.
campaigns-found-link-wrong = Ссылка должна начинаться с https://, http://, mailto: или tel:.
campaigns-found-picture-missing = Картинка не выбрана и не будет показана.
campaigns-found-time-missing = У мероприятия нет времени.
campaigns-found-time-wrong = Время мероприятия неверно.
campaigns-found-price-wrong = Прежняя цена должна быть выше новой.
campaigns-found-footer-twice = Нижняя часть стоит дважды.
campaigns-found-empty = Этот блок ничего не показывает.
