shell-skip = К содержанию
shell-nav = Главное меню
shell-home = Главная
shell-sign-out = Выйти
shell-save = Сохранить
said-signed-out = Вы вышли.
said-password-set = Пароль задан. Войдите с ним.
said-account-saved = Сохранено.
sign-in-title = Вход
sign-in-address = Адрес электронной почты
sign-in-password = Пароль
sign-in-button = Войти
sign-in-help = Забыли пароль? Администратор даст вам новую ссылку.
sign-in-wrong = Адрес или пароль неверны.
sign-in-wait = { $seconds ->
    [one] Слишком много попыток. Повторите через { $seconds } секунду.
    [few] Слишком много попыток. Повторите через { $seconds } секунды.
    [many] Слишком много попыток. Повторите через { $seconds } секунд.
   *[other] Слишком много попыток. Повторите через { $seconds } секунды.
}
code-title = Ваш код
code-label = Код
code-hint = Шесть цифр из приложения-аутентификатора или один из резервных кодов.
code-wrong = Код неверен или уже использован.
code-button = Продолжить
code-other = Войти под другим именем
prove-title = Это вы?
prove-why = Дальше — важное действие, поэтому подтвердите ещё раз, что это вы.
prove-wrong = Пароль неверен.
prove-button = Продолжить
prove-first = Действия здесь важные: сначала спросят пароль или код.
prove-link = Подтвердить сейчас
welcome-title = Добро пожаловать
welcome-heading = Добро пожаловать, { $name }
welcome-text = Выберите пароль для { $address }.
welcome-password = Новый пароль
welcome-hint = { $chars ->
    [one] Не менее { $chars } знака. Три-четыре несвязанных слова легко запомнить и трудно угадать.
    [few] Не менее { $chars } знаков. Три-четыре несвязанных слова легко запомнить и трудно угадать.
    [many] Не менее { $chars } знаков. Три-четыре несвязанных слова легко запомнить и трудно угадать.
   *[other] Не менее { $chars } знака. Три-четыре несвязанных слова легко запомнить и трудно угадать.
}
welcome-bad-password = Такой пароль угадывают одним из первых. Возьмите три-четыре несвязанных слова.
welcome-button = Задать пароль
welcome-over-title = Эта ссылка больше не действует
welcome-over-text = Она уже использована или её срок истёк. Попросите у администратора новую.
account-title = Ваша учётная запись
account-name = Имя
account-bad-name = Напишите имя от 1 до 100 знаков в одну строку.
account-language = Язык страниц
home-title = Главная
failure-heading = Не получилось
failure-advice = Ничего не изменено. Вернитесь и попробуйте ещё раз.
failure-id = Для оператора:
failure-home = На главную
failure-not-found-heading = Такой страницы нет
failure-not-found-advice = Возможно, её убрали или адрес неполон.
failure-forbidden-heading = Это действие вам не поручено
failure-forbidden-advice = Попросите у администратора роль, которая его разрешает.
failure-proof-due-heading = Сначала подтвердите, что это вы
failure-proof-due-advice = Вы давно не вводили пароль. Вернитесь и повторите действие: вас о нём спросят.
failure-signed-out-heading = Вы вышли из системы
failure-signed-out-advice = Войдите и повторите. Ничего не изменено.
failure-conflict-heading = Тем временем всё изменилось
failure-conflict-advice = Ничего не изменено. Посмотрите, как обстоит дело сейчас.
failure-invalid-heading = Что-то указано неверно
failure-invalid-advice = Ничего не изменено. Вернитесь и исправьте то, что здесь названо.
failure-internal-heading = У нас что-то сломалось
failure-internal-advice = Ничего не потеряно. Попробуйте ещё раз; если не поможет, сообщите оператору номер ниже.
failure-busy-heading = Слишком много сразу
failure-busy-advice = Попробуйте через несколько секунд.
failure-too-large-heading = Слишком большой объём
failure-too-large-advice = Отправьте меньше за один раз.
