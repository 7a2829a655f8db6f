letter-date = { $year } жылғы { $day } { $month ->
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
letter-when = Уақыты
letter-where = Өтетін жері
letter-online = Онлайн қосылу
letter-calendar = Күнтізбеге қосу
letter-instead = бұрынғы бағасы: { $price }
letter-until = Соңғы күні: { $date }
letter-network-website = Біздің сайт
