imports-title = Загрузки
imports-new = Загрузить файл
imports-new-title = Загрузка файла
imports-show-title = Загружаемый файл
imports-file = Файл
imports-unnamed = Файл без имени
imports-stands = Состояние
imports-rows-head = Строки
imports-new-head = Новые
imports-rejected-head = Отклонено
imports-when = Когда
imports-none = Ещё ничего не загружали
imports-none-advice = Выберите файл CSV или Excel: сначала увидите, что получится.
imports-state-checking = Проверяется
imports-state-ready = Ждёт подтверждения
imports-state-running = Загружается
imports-state-finished = Загружен
imports-state-failed = Не удалось
imports-state-cancelled = Остановлен
imports-drop = Перетащите файл сюда или выберите
imports-upload = Загрузить и проверить
imports-nothing-yet = Пока ничего не сохраняется: сначала увидите результат проверки.
imports-what = Что должно быть в файле
imports-what-address = В первой строке — названия столбцов, среди них электронный адрес.
imports-what-names = Имена, язык, метки — если есть.
imports-what-consent = Для согласия: цель, где и когда дано, редакция политики или текст.
imports-what-forbidden = ИИН, номера карт, счетов, документов и домашние адреса не принимаются.
imports-what-attributes = Кроме того, хранятся:
imports-lost-nothing = Файл не выбран или пуст.
imports-lost-too-large = Файл слишком велик. Разделите его.
imports-lost-broken-off = Файл дошёл не полностью. Попробуйте ещё раз.
imports-checking = Файл проверяется
imports-checking-hint = Ничего не сохраняется. Страницу можно закрыть.
imports-running = Файл загружается
imports-running-hint = Страницу можно закрыть: работа продолжится.
imports-progress = Ход работы
imports-look-again = Обновить
imports-stop = Остановить
imports-stop-hint = Загруженное останется. Если загрузить файл снова, ничего не удвоится.
imports-discard = Отказаться от файла
imports-cancelled-note = Остановлено. Файл удалён; что успело загрузиться, сохранено.
imports-ready-note = Проверка закончена, пока ничего не сохранено. Посмотрите результат.
imports-finished-note = Файл загружен и удалён.
imports-see-people = Показать людей
imports-people = Люди
imports-consents = Согласия
imports-no-consents = В файле согласий нет.
imports-refused = Отклонённые строки
imports-refused-badge = Отклонено
imports-rejects-download = Скачать список (CSV)
imports-lacks = Чего не хватает согласиям
imports-lacks-hint = Эти люди будут без согласия. Ниже можно указать доказательство, общее для всех.
imports-lack-source = где дано
imports-lack-given-at = когда дано
imports-lack-policy-version-or-wording = что видел человек (редакция или текст)
imports-evidence = Записываемые согласия
imports-evidence-source = Где дано
imports-evidence-shown = Что видел человек
imports-evidence-wording = текст
imports-evidence-n = Число
imports-confirm = Загрузить
imports-first-rows = Первые строки
imports-more = Метки и прочее
imports-how = Как читать файл
imports-sheet = Лист
imports-encoding = Кодировка
imports-encoding-utf-8 = UTF-8
imports-encoding-windows-1251 = Windows-1251
imports-encoding-utf-16le = UTF-16 LE
imports-encoding-utf-16be = UTF-16 BE
imports-delimiter = Разделитель
imports-delimiter-comma = запятая
imports-delimiter-semicolon = точка с запятой
imports-delimiter-tab = табуляция
imports-columns = Что в столбцах
imports-same = Общее для всех строк
imports-same-hint = Заполняйте лишь то, чего нет в столбцах: столбец важнее.
imports-same-purpose = Все согласились на цель
imports-same-source = Где дано согласие
imports-same-when = Когда дано согласие
imports-check-again = Проверить снова
imports-field-attribute = Признак
imports-field-consent = Согласие (да/нет)
imports-field-ignored = — не брать —
imports-field-address = Электронный адрес
imports-field-name = Имя полностью
imports-field-given-name = Имя
imports-field-family-name = Фамилия
imports-field-patronymic = Отчество
imports-field-language = Язык
imports-field-tags = Метки
imports-field-external-id = Внешний код
imports-field-purpose = Цель согласия
imports-field-party = Партнёр
imports-field-consent-source = Где дано согласие
imports-field-consent-given-at = Когда дано согласие
imports-field-policy-version = Редакция политики
imports-field-wording = Текст согласия
imports-field-wording-language = Язык текста
imports-count-new = новые контакты
imports-count-updated = известные, узнали новое
imports-count-unchanged = известные, без изменений
imports-count-repeated = повторные строки тех же людей
imports-count-blocked = заблокированы: не меняются
imports-count-erased = удалили данные: не вносятся
imports-count-rejected = отклонённые строки
imports-count-given = записываются
imports-count-renewed = продлеваются более поздним доказательством
imports-count-recorded-before = уже записаны
imports-count-without-evidence = доказательство неполно: не записываются
imports-count-objected = человек отказался: не записываются
imports-count-suppressed = адрес «не писать»: не записываются
imports-count-left-out = у заблокированных и удалённых
imports-count-expired = записываются, но истекли
imports-count-needs-reconfirmation = записываются, ждут подтверждения
imports-count-declined = ответы «нет»
imports-fault-forbidden-data = данные, которые нельзя хранить (ИИН, карта, счёт, документ)
imports-fault-address-missing = нет адреса
imports-fault-address-invalid = не почтовый адрес
imports-fault-too-many-cells = ячеек больше, чем столбцов
imports-fault-row-too-long = строка слишком длинная
imports-fault-cell-too-long = ячейка слишком длинная
imports-fault-control-character = содержит управляющий символ
imports-fault-language-unknown = язык не распознан: kk, ru или en
imports-fault-too-many-tags = слишком много меток
imports-fault-tag-too-long = метка слишком длинная
imports-fault-not-yes-or-no = ни да, ни нет
imports-fault-purpose-unknown = нет такой цели
imports-fault-date-unreadable = дата не распознана: 2025-03-01
imports-fault-date-in-future = дата в будущем
imports-fault-date-too-old = дата до 2000 года
imports-fault-policy-version-unreadable = не номер редакции
imports-fault-policy-version-unknown = такая редакция не публиковалась
imports-fault-party-unknown = нет такого партнёра
imports-fault-party-not-allowed = эта цель — самой организации
imports-fault-party-missing = не указан партнёр
imports-fault-external-id-taken = внешний код занят другим контактом
imports-rejects-line = Строка
imports-rejects-column = Столбец
imports-rejects-reason = Причина
imports-rejects-code = Код
imports-failure-read = Файл не удалось прочитать.
imports-failure-not-text = Это не текстовый файл: нужен CSV или XLSX.
imports-failure-workbook = Этот файл Excel нельзя использовать: он повреждён или слишком велик. Сохраните его как «CSV UTF-8».
imports-failure-undecodable = Другая кодировка: выберите её ниже и проверьте снова.
imports-failure-empty = Файл пуст: в первой строке должны быть названия столбцов.
imports-failure-no-header = Первая строка похожа на данные: добавьте над ней строку с названиями столбцов.
imports-failure-too-many-columns = Слишком много столбцов: удалите лишние.
imports-failure-forbidden-column = Есть столбец, который нельзя загружать: удалите его из файла.
imports-failure-no-address-column = Не найден столбец с адресами: укажите его ниже.
imports-failure-ambiguous = Два столбца похожи на одно и то же: выберите ниже.
imports-failure-unknown-purpose = Есть столбец неизвестной цели: выберите ниже.
imports-failure-mapping = Выбранные столбцы или общие значения не подходят.
imports-failure-record-too-long = Слишком длинная запись: возможно, не закрыта кавычка.
imports-failure-broke-off = Чтение прервалось. Что успело — сохранено; исправьте файл и загрузите снова, ничего не удвоится.
imports-failure-interrupted = Служба перезапускалась. Загрузите файл снова, ничего не удвоится.
imports-drop-hint = CSV или Excel (XLSX), до { $n } МБ.
imports-rows = { $n ->
    [one] { $n } строка
    [few] { $n } строки
    [many] { $n } строк
   *[other] { $n } строки
}
imports-rate = { $n } в секунду
imports-left-seconds = { $n ->
    [one] осталась около { $n } секунды
    [few] осталось около { $n } секунд
    [many] осталось около { $n } секунд
   *[other] осталось около { $n } секунды
}
imports-left-minutes = { $n ->
    [one] осталась около { $n } минуты
    [few] осталось около { $n } минут
    [many] осталось около { $n } минут
   *[other] осталось около { $n } минуты
}
imports-confirm-what = { $n ->
    [one] Будет загружена { $n } строка.
    [few] Будет загружено { $n } строки.
    [many] Будет загружено { $n } строк.
   *[other] Будет загружено { $n } строки.
}
imports-confirm-rejected = { $n ->
    [one] { $n } строка отклонена.
    [few] { $n } строки отклонены.
    [many] { $n } строк отклонено.
   *[other] { $n } строки отклонены.
}
imports-rejects-cut = { $n ->
    [one] В списке только первая { $n } ошибка.
    [few] В списке только первые { $n } ошибки.
    [many] В списке только первые { $n } ошибок.
   *[other] В списке только первые { $n } ошибки.
}
