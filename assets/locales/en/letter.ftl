letter-date = { $day } { $month ->
    [1] January
    [2] February
    [3] March
    [4] April
    [5] May
    [6] June
    [7] July
    [8] August
    [9] September
    [10] October
    [11] November
   *[12] December
} { $year }
letter-when = When
letter-where = Where
letter-online = Join online
letter-calendar = Add to calendar
letter-instead = instead of { $price }
letter-until = Valid until { $date }
letter-network-website = Our website
