letter-date = { $day } { $month ->
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
} { $year } г.
letter-when = Когда
letter-where = Где
letter-online = Подключиться онлайн
letter-calendar = Добавить в календарь
letter-instead = вместо { $price }
letter-until = Действует до { $date }
letter-network-website = Наш сайт
