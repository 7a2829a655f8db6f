people-title = Контакты
people-person-title = Контакт
people-new-title = Новый контакт
people-edit-title = Изменить данные
people-paper-title = Согласие на бумаге
people-erase-title = Удаление человека
people-export-title = Выгрузка контактов
people-import = Загрузить файл
people-new = Новый контакт
people-export = Выгрузить
people-search = Поиск
people-search-hint = Начало имени, адреса или внешнего кода.
people-search-button = Найти
people-filters = Фильтры
people-any = Любое
people-clear = Сбросить
people-tag = Метка
people-attribute = Признак
people-value = Значение
people-purpose = Цель
people-consent-is = Согласие
people-address-state = Адрес
people-segment = Сегмент
people-blocked = Заблокирован
people-suppressed = Не писать
people-consents-now = Есть согласие
people-since = Добавлен
people-first = В начало
people-next = Дальше
people-older = Более ранние
people-none-found = Никого не найдено
people-none-found-advice = Сократите запрос или уберите фильтры.
people-none = Контактов пока нет
people-none-advice = Загрузите контакты из файла: согласия запишутся вместе с доказательствами.
people-field-address = Электронный адрес
people-field-name = Имя полностью
people-field-given-name = Имя
people-field-family-name = Фамилия
people-field-patronymic = Отчество
people-field-language = Язык
people-field-tags = Метки
people-field-external-id = Внешний код
people-field-address-state = Состояние адреса
people-field-blocked-reason = Причина блокировки
people-field-is-suppressed = Не писать
people-field-created-at = Дата добавления
people-field-consents = Согласия
people-language-kk = Казахский
people-language-ru = Русский
people-language-en = Английский
people-address-ok = Рабочий
people-address-bad = Ящика нет
people-address-erased = Удалён
people-is-holds = есть сейчас
people-is-ever-given = давалось когда-либо
people-is-requested = запрошено, ответа нет
people-is-refused = отказ
people-is-withdrawn = отозвано
people-is-expired = истекло
people-is-needs-reconfirmation = ждёт подтверждения
people-is-none = нет записи
people-consent-requested = Запрошено
people-consent-given = Дано
people-consent-refused = Отказ
people-consent-renewed = Продлено
people-consent-withdrawn = Отозвано
people-consent-expired = Истекло
people-consent-invalidated = Признано ошибочным
people-consent-terminated = Прекращено
people-consent-needs-reconfirmation = Ждёт подтверждения
people-actor-subject = Сам человек
people-actor-operator = Сотрудник
people-actor-system = Система
people-actor-authority = Госорган
people-channel-web-form = форма подписки
people-channel-double-opt-in = подтверждение адреса
people-channel-import = файл
people-channel-api = другая система
people-channel-one-click = кнопка почтовой программы
people-channel-link = ссылка в письме
people-channel-mail = письмом
people-channel-phone = по телефону
people-channel-feedback-loop = сообщение почтовой службы
people-channel-staff = внёс сотрудник
people-channel-in-person = лично
people-suppression-hard-bounce = такого ящика нет
people-suppression-soft-bounces = слишком часто не доставлялось
people-suppression-complaint = человек пометил как спам
people-suppression-erased = человек удалил свои данные
people-suppression-all-withdrawn = человек отказался от всех писем
people-suppression-staff = внёс сотрудник
people-delivery-queued = В очереди
people-delivery-claimed = Отправляется
people-delivery-handing = Отправляется
people-delivery-sent = Отправлено
people-delivery-failed = Не доставлено
people-delivery-skipped = Не отправлялось
people-delivery-uncertain = Неизвестно
people-reason-no-consent = нет согласия
people-reason-ended = согласие прекращено
people-reason-expired = согласие истекло
people-reason-withdrawn = согласие отозвано
people-reason-refused = человек отказался
people-reason-needs-reconfirmation = согласие ждёт подтверждения
people-reason-blocked = обработка заблокирована
people-reason-suppressed = адрес в списке «не писать»
people-reason-bad-address = адрес не работает
people-reason-cancelled = кампания отменена
people-erased-person = Удалённый человек
people-edit = Изменить
people-erased-note = Данные этого человека удалены. Сохранено лишь то, что согласия и письма были.
people-blocked-because = Обработка заблокирована:
people-suppressed-because = На этот адрес не пишем:
people-until = до
people-term = Срок
people-sections = Разделы
people-consents = Согласия
people-mail = Письма
people-notes = Заметки
people-history = История согласий
people-deeds = Действия
people-stands = Состояние
people-since-when = С какого времени
people-no-consents = Согласий нет: этому человеку не пишем.
people-paper = Внести согласие на бумаге
people-campaign = Кампания
people-outcome = Итог
people-when = Когда
people-no-mail = Писем пока не было.
people-history-hint = Записи не меняются и скреплены цепочкой.
people-recorded = Записано:
people-redacted = Доказательство удалено вместе с данными человека.
people-no-history = Событий нет.
people-profile = Данные
people-no-profile = Кроме адреса ничего не известно.
people-note = Новая заметка
people-note-hint = Не пишите ИИН, номера карт и документов: они не принимаются.
people-note-add = Добавить заметку
people-note-delete = Удалить
people-no-notes = Заметок нет.
people-withdraw = Отозвать согласие от имени человека
people-withdraw-hint = Действует сразу: остановятся и письма в пути. Вернуться может только сам человек.
people-withdraw-of = От чего отказывается
people-withdraw-all = От всех писем
people-withdraw-objects = Возражение:
people-withdraw-how = Как сообщил
people-withdraw-when = Когда
people-withdraw-source = Какое письмо, звонок или заявление
people-withdraw-why = Слова человека (необязательно)
people-withdraw-button = Отозвать
people-block = Заблокировать обработку
people-block-hint = Ничего не отправляется и не меняется. Можно снять позже.
people-block-reason = Причина
people-block-button = Заблокировать
people-unblock = Снять блокировку
people-unblock-hint = Согласия останутся как были.
people-erase = Удалить данные…
people-back = Назад
people-new-hint = Контакт добавляется без согласия: чтобы писать, нужно согласие.
people-tags-hint = Через запятую.
people-paper-hint = Это действие самого человека. После отказа оно действует, только если подписано позже него.
people-paper-when = Дата подписи
people-paper-source = Какая бумага и где хранится
people-paper-source-hint = Например: «Анкета с ярмарки, папка 3».
people-paper-edition = Редакция политики
people-paper-wording = Текст на бумаге
people-paper-wording-hint = Укажите редакцию или текст, можно оба.
people-paper-button = Записать согласие
people-paper-conflict = Не записано: человек отказался позже, либо это согласие уже есть, либо обработка заблокирована.
people-add-conflict = Не сохранено: человек заблокирован, удалил свои данные, или внешний код занят.
people-erase-lost = Навсегда исчезнет:
people-erase-profile = адрес, имя и остальные данные
people-erase-kept = Останется: что согласия и письма были (без имени), и ключевой отпечаток адреса, чтобы человека не внесли снова. Все согласия будут отозваны.
people-erase-final = Это нельзя отменить.
people-erase-type = Для подтверждения введите адрес
people-erase-wrong = Адрес не совпадает.
people-erase-button = Удалить навсегда
people-export-some = Будут выгружены контакты, найденные поиском.
people-export-warning = В файле персональные данные. Храните его в безопасности и удалите, когда не нужен. Выгрузка записывается в журнал.
people-export-csv = Скачать CSV
people-export-xlsx = Скачать Excel
people-export-too-many = В лист Excel столько не поместится: возьмите CSV.
people-bad-address = Это не адрес вида имя@домен.
people-bad-name = Слишком длинно или содержит данные, которые нельзя хранить.
people-bad-given-name = Слишком длинно или содержит данные, которые нельзя хранить.
people-bad-family-name = Слишком длинно или содержит данные, которые нельзя хранить.
people-bad-patronymic = Слишком длинно или содержит данные, которые нельзя хранить.
people-bad-external-id = Код занят другим контактом, слишком длинный или его нельзя хранить.
people-bad-attribute = Слишком длинно или содержит данные, которые нельзя хранить.
people-bad-language = Выберите из списка.
people-bad-tags = Метка до 64 знаков, всего не более 50.
people-bad-body = От 1 до 2000 знаков, без ИИН, номеров карт и счетов.
people-bad-reason = Укажите причину, от 1 до 500 знаков.
people-bad-source = Назовите документ, без ИИН, номеров карт и счетов.
people-bad-given-at = Выберите дату не позже сегодняшней.
people-bad-occurred-at = Выберите дату не позже сегодняшней.
people-bad-purpose = Выберите из списка.
people-bad-party = Эта цель от имени другого.
people-bad-policy-version = Укажите редакцию, которую видел человек, или текст на бумаге.
people-bad-wording = Слишком длинно или содержит данные, которые нельзя хранить.
people-bad-of = Выберите из списка.
people-bad-channel = Выберите из списка.
said-people-saved = Сохранено.
said-people-blocked = Обработка заблокирована.
said-people-unblocked = Блокировка снята.
said-people-withdrawn = Согласие отозвано. Писем больше не будет.
said-people-noted = Заметка добавлена.
said-people-note-gone = Заметка удалена.
said-people-erased = Данные человека удалены.
said-people-paper = Согласие записано.
people-amount = { $n ->
    [one] { $n } человек
    [few] { $n } человека
    [many] { $n } человек
   *[other] { $n } человека
}
people-policy-edition = редакция политики { $n }
people-line = строка { $n }
people-erase-tags = { $n ->
    [one] { $n } метка
    [few] { $n } метки
    [many] { $n } меток
   *[other] { $n } метки
}
people-erase-notes = { $n ->
    [one] { $n } заметка
    [few] { $n } заметки
    [many] { $n } заметок
   *[other] { $n } заметки
}
people-erase-consents = { $n ->
    [one] доказательства { $n } согласия
    [few] доказательства { $n } согласий
    [many] доказательства { $n } согласий
   *[other] доказательства { $n } согласия
}
people-export-n = { $n ->
    [one] Будет выгружен { $n } контакт.
    [few] Будет выгружено { $n } контакта.
    [many] Будет выгружено { $n } контактов.
   *[other] Будет выгружено { $n } контакта.
}
