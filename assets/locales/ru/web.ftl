web-language = Русский
web-languages = Язык
web-time = { $day } { $month ->
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
} { $year } г., { $time }
web-clause = пункт { $clause } Политики конфиденциальности
web-partner = наш партнёр: { $partner }
web-edition = редакция { $number }
web-policy = Политика конфиденциальности
web-write = Написать в службу поддержки:
web-call = Позвонить:
web-support-subject = Отписаться от писем

web-leave-title = Отписаться от писем
web-leave-address = Письма приходят на адрес:
web-leave-legend = От чего вы отказываетесь?
web-leave-purpose = Только от писем «{ $purpose }»
web-leave-purpose-partner = От писем «{ $purpose }» от имени { $partner }
web-leave-all = От всех рекламных и информационных писем, которые присылает { $institution }, в том числе от имени партнёров
web-leave-button = Отписаться
web-leave-note = Входить и подтверждать ничего не нужно. Отказ действует сразу.

web-left-title = Вы отписались
web-left-purpose = Мы больше не будем присылать вам письма «{ $purpose }».
web-left-purpose-partner = Мы больше не будем присылать вам письма «{ $purpose }» от имени { $partner }.
web-left-all = { $institution } больше не будет присылать вам рекламные и информационные письма, в том числе от имени партнёров.
web-left-address = Адрес:
web-left-note = Отказ уже действует. Письмо, отправленное раньше, ещё может прийти.
web-more-title = Не нужны и другие письма?
web-more-text = Можно сразу отказаться от всех рекламных и информационных писем, которые присылает { $institution }.
web-more-button = Отписаться от всех писем

web-why-title = Почему мне пришло это письмо?
web-why-text = Письмо отправлено на основании согласия, которое вы дали:
web-why-unknown = Об этом письме известно следующее:
web-why-campaign = Письмо
web-why-sent = Отправлено
web-why-purpose = Цель
web-why-party = От чьего имени
web-why-given = Когда дано согласие
web-why-way = Как дано согласие
web-why-policy = Политика конфиденциальности
web-why-wording = Текст согласия

web-channel-web_form = через форму на сайте
web-channel-double_opt_in = подтверждено по электронной почте
web-channel-import = из списка контактов учреждения
web-channel-api = через информационную систему учреждения
web-channel-one_click = кнопкой в почтовой программе
web-channel-link = по ссылке в письме
web-channel-mail = письмом
web-channel-phone = по телефону
web-channel-feedback_loop = по сообщению почтовой службы
web-channel-staff = через сотрудника учреждения

web-help-title = Нужна помощь?
web-help-text = Напишите или позвоните, и мы сделаем всё сами.

web-lost-title = Ссылка не открылась
web-lost-text = Возможно, она скопирована не полностью или повреждена. Отписаться от писем ({ $institution }) всё равно можно: напишите нам с адреса, на который они приходят, или позвоните, остальное сделаем мы.
web-failed-title = Сейчас не получилось
web-failed-text = Ошибка на нашей стороне. Откройте ссылку ещё раз через несколько минут. Отписаться от писем ({ $institution }) можно и письмом или по телефону.

web-test-title = Это было проверочное письмо
web-test-text = Ссылка работает. Ничего не изменилось: проверочное письмо не касается ничьей подписки.
