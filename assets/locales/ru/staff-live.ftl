live-title = Рассылка
live-tabs = Страницы рассылки
live-tab-live = Ход отправки
live-tab-report = Отчёт
live-tab-people = Люди
live-phase-draft = Черновик
live-phase-scheduled = Запланирована
live-phase-running = Отправляется
live-phase-paused = Приостановлена
live-phase-finished = Завершена
live-phase-cancelled = Отменена
live-state-queued = Ожидают
live-state-claimed = Сейчас отправятся
live-state-handing = Передаются
live-state-sent = Отправлено
live-state-failed = Не доставлено
live-state-skipped = Не отправлялось
live-state-uncertain = Неизвестно
live-left = Отписались
live-done = { $n ->
    [one] { $ended } из { $total } письма
    [few] { $ended } из { $total } писем
    [many] { $ended } из { $total } писем
   *[other] { $ended } из { $total } писем
}
live-rate = { $n ->
    [one] { $shown } письмо за последнюю минуту
    [few] { $shown } письма за последнюю минуту
    [many] { $shown } писем за последнюю минуту
   *[other] { $shown } писем за последнюю минуту
}
live-end = Закончится примерно в { $at }
live-growing = Аудитория ещё записывается: общее число растёт.
live-why-failed = Почему письма не доставлены
live-why-uncertain = Почему неизвестно
live-why-skipped = Почему люди его не получили
live-over = Вы давно ничего не нажимали, и вход завершился. Обновите страницу, чтобы следить дальше.
live-lost = Связь потеряна, восстанавливаем. Показаны недавние цифры.
live-pause = Приостановить
live-pause-means = { $n ->
    [0] Больше ничего не ожидает. Пауза удержит то, что ещё может вернуться для новой попытки.
    [one] Ожидает ещё { $shown } письмо. Оно останется на месте, пока рассылку не продолжат. То, что передаётся в эту минуту, всё же уйдёт.
    [few] Ожидают ещё { $shown } письма. Они останутся на месте, пока рассылку не продолжат. То, что передаётся в эту минуту, всё же уйдёт.
    [many] Ожидают ещё { $shown } писем. Они останутся на месте, пока рассылку не продолжат. То, что передаётся в эту минуту, всё же уйдёт.
   *[other] Ожидают ещё { $shown } писем. Они останутся на месте, пока рассылку не продолжат. То, что передаётся в эту минуту, всё же уйдёт.
}
live-pause-reason = Почему: для коллег
live-paused-by = Приостановлено: { $name }
live-resume = Продолжить
live-resume-means = Отправка продолжится с того же места. Никто не получит письмо дважды; согласие каждого проверяется снова.
live-cancel = Отменить рассылку
live-cancel-title = Отменить рассылку?
live-cancel-lost = { $n ->
    [0] Не осталось никого, кто ещё получил бы письмо.
    [one] { $shown } человек, который ещё ждёт, никогда его не получит.
    [few] { $shown } человека, которые ещё ждут, никогда его не получат.
    [many] { $shown } человек, которые ещё ждут, никогда его не получат.
   *[other] { $shown } человек, которые ещё ждут, никогда его не получат.
}
live-cancel-kept = { $n ->
    [0] Пока его не получил никто.
    [one] { $shown } человек уже получил его; отчёт его назовёт.
    [few] { $shown } человека уже получили его; отчёт их назовёт.
    [many] { $shown } человек уже получили его; отчёт их назовёт.
   *[other] { $shown } человек уже получили его; отчёт их назовёт.
}
live-cancel-final = Это нельзя вернуть. Чтобы только задержать рассылку, приостановите её.
live-cancel-type = Введите название рассылки, чтобы подтвердить
live-cancel-wrong = Это не название рассылки.
live-cancel-not = Назад, ничего не менять
live-domains = По доменам получателей
live-history = Что было сделано
live-when = Когда
live-what = Что
live-deed-create = Создана
live-deed-schedule = Запланирована
live-deed-start = Начата
live-deed-pause = Приостановлена
live-deed-resume = Продолжена
live-deed-finish = Завершена
live-deed-cancel = Отменена
live-deed-undo = Запуск отозван
said-live-paused = Рассылка приостановлена.
said-live-resumed = Рассылка продолжается.
said-live-cancelled = Рассылка отменена. Кто её не получил, уже не получит.
reason-blocked = Попросили не использовать их данные
reason-suppressed = В списке адресов, на которые писать нельзя
reason-no_consent = Нет согласия для этой цели
reason-refused = Отказ: человек сказал «нет» или сервер отказал без ясной причины
reason-withdrawn = Отозвали согласие
reason-expired = Срок согласия истёк
reason-needs_reconfirmation = Нужно новое подтверждение: политика изменилась
reason-ended = Согласие прекращено
reason-bad_address = Адрес оказался негодным
reason-cancelled = Рассылку отменили раньше
reason-hard_user = Такого ящика нет
reason-hard_domain = Такого домена нет, или он не принимает почту
reason-hard_disabled = Ящик закрыт или переехал
reason-soft_full = Ящик переполнен
reason-soft_temp = Временный сбой у получателя; попытки исчерпаны
reason-rate = Мы были слишком быстры для получателя; попытки исчерпаны
reason-policy = Получатель не доверяет нашей почте: репутация, список блокировки или подлинность
reason-content = Получатель не принимает это письмо: размер, форма или содержание
reason-protocol = Серверы не поняли друг друга
reason-relay = Наш почтовый сервер был недоступен или настроен неверно
reason-answer_lost = Передано, но ответ потерян: возможно, дошло
reason-node_lost = Наш процесс прервался посередине: возможно, дошло
home-now = Отправляется сейчас
home-nothing-sent = Сейчас ничего не отправляется.
home-needs = Требует внимания
home-paused = приостановлена: { $since }.
home-waiting = { $n ->
    [one] Ожидает { $shown } письмо.
    [few] Ожидают { $shown } письма.
    [many] Ожидают { $shown } писем.
   *[other] Ожидают { $shown } писем.
}
home-relay-rests = { $n ->
    [one] Этот почтовый сервер дал сбой и отдыхает ещё { $shown } минуту.
    [few] Этот почтовый сервер дал сбой и отдыхает ещё { $shown } минуты.
    [many] Этот почтовый сервер дал сбой и отдыхает ещё { $shown } минут.
   *[other] Этот почтовый сервер дал сбой и отдыхает ещё { $shown } минут.
}
home-next = Дальше
home-calendar = Календарь
home-calendar-empty = В это время ничего не начинается и не заканчивается.
home-before = Раньше
home-after = Позже
home-week = Неделя
home-month-view = Месяц
home-week-of = { $from } – { $to }
home-starts = начнётся
home-started = начата
home-finished = завершена
home-cancelled = отменена
home-more = и ещё { $shown }
home-weekday-1 = пн
home-weekday-2 = вт
home-weekday-3 = ср
home-weekday-4 = чт
home-weekday-5 = пт
home-weekday-6 = сб
home-weekday-7 = вс
home-date = { $day } { $month ->
    [1] января
    [2] февраля
    [3] марта
    [4] апреля
    [5] мая
    [6] июня
    [7] июля
    [8] августа
    [9] сентября
    [10] октября
    [11] ноября
   *[12] декабря
}
home-month = { $month ->
    [1] Январь
    [2] Февраль
    [3] Март
    [4] Апрель
    [5] Май
    [6] Июнь
    [7] Июль
    [8] Август
    [9] Сентябрь
    [10] Октябрь
    [11] Ноябрь
   *[12] Декабрь
} { $year }
home-first-title = С нуля до первой рассылки
home-first-contacts = Внесите людей с их согласиями.
home-first-import = Импорт контактов
home-first-campaign = Напишите рассылку и посмотрите, кто её получит и почему остальные нет.
home-first-write = Написать рассылку
home-first-approve = Дайте её одобрить тому, кто её не писал.
home-first-watch = Начните её и следите за ней на этой странице.
home-draft-submitted = ждёт вашего одобрения.
home-draft-returned = вернулась к вам с замечаниями.
home-draft-approved = одобрена, её можно начинать.
