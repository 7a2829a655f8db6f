imports-title = Imports
imports-new = Import a file
imports-new-title = Import a file
imports-show-title = Imported file
imports-file = File
imports-unnamed = Unnamed file
imports-stands = Stands
imports-rows-head = Rows
imports-new-head = New
imports-rejected-head = Refused
imports-when = When
imports-none = Nothing was imported yet
imports-none-advice = Choose a CSV or Excel file: you see first what would happen.
imports-state-checking = Being checked
imports-state-ready = Waits for your yes
imports-state-running = Being brought in
imports-state-finished = Brought in
imports-state-failed = Failed
imports-state-cancelled = Stopped
imports-drop = Drop a file here or choose one
imports-upload = Upload and check
imports-nothing-yet = Nothing is stored yet: you see the result of a check first.
imports-what = What the file needs
imports-what-address = The first line names the columns, one of them the e-mail address.
imports-what-names = Names, language and tags, if there are any.
imports-what-consent = For a consent: its purpose, where and when it was given, the policy edition or the words.
imports-what-forbidden = IIN, card, account and document numbers and home addresses are refused.
imports-what-attributes = Besides, these may be kept:
imports-lost-nothing = No file was chosen, or it is empty.
imports-lost-too-large = The file is too large. Split it.
imports-lost-broken-off = The file did not arrive whole. Try again.
imports-checking = The file is being checked
imports-checking-hint = Nothing is stored. You may close this page.
imports-running = The file is being brought in
imports-running-hint = You may close this page: the work goes on.
imports-progress = Progress
imports-look-again = Look again
imports-stop = Stop
imports-stop-hint = What is in stays in. Importing the file again doubles nothing.
imports-discard = Discard the file
imports-cancelled-note = Stopped. The file is gone; what was in by then stays.
imports-ready-note = The check is done and nothing is stored yet. Here is what would happen.
imports-finished-note = The file was brought in and is gone.
imports-see-people = See the people
imports-people = People
imports-consents = Consents
imports-no-consents = The file claims no consents.
imports-refused = Refused rows
imports-refused-badge = Refused
imports-rejects-download = Download the list (CSV)
imports-lacks = What consents lack
imports-lacks-hint = These people come in without the consent. Below you can give evidence that is the same for all.
imports-lack-source = where it was given
imports-lack-given-at = when it was given
imports-lack-policy-version-or-wording = what the person saw (edition or words)
imports-evidence = Consents that are recorded
imports-evidence-source = Given where
imports-evidence-shown = What the person saw
imports-evidence-wording = words
imports-evidence-n = How many
imports-confirm = Bring in
imports-first-rows = The first rows
imports-more = Tags and more
imports-how = How the file is read
imports-sheet = Sheet
imports-encoding = Encoding
imports-encoding-utf-8 = UTF-8
imports-encoding-windows-1251 = Windows-1251
imports-encoding-utf-16le = UTF-16 LE
imports-encoding-utf-16be = UTF-16 BE
imports-delimiter = Separator
imports-delimiter-comma = comma
imports-delimiter-semicolon = semicolon
imports-delimiter-tab = tab
imports-columns = What the columns hold
imports-same = The same for every row
imports-same-hint = Fill in only what no column tells: a column wins.
imports-same-purpose = All consented to
imports-same-source = Where the consent was given
imports-same-when = When the consent was given
imports-check-again = Check again
imports-field-attribute = Attribute
imports-field-consent = Consent (yes/no)
imports-field-ignored = — leave out —
imports-field-address = E-mail address
imports-field-name = Full name
imports-field-given-name = Given name
imports-field-family-name = Family name
imports-field-patronymic = Patronymic
imports-field-language = Language
imports-field-tags = Tags
imports-field-external-id = External id
imports-field-purpose = Purpose of the consent
imports-field-party = Partner
imports-field-consent-source = Where the consent was given
imports-field-consent-given-at = When the consent was given
imports-field-policy-version = Policy edition
imports-field-wording = Words of the consent
imports-field-wording-language = Language of the words
imports-count-new = new contacts
imports-count-updated = known, something was learnt
imports-count-unchanged = known, nothing new
imports-count-repeated = further rows of the same people
imports-count-blocked = blocked: left as they are
imports-count-erased = erased: not stored again
imports-count-rejected = refused rows
imports-count-given = recorded
imports-count-renewed = renewed by later evidence
imports-count-recorded-before = recorded before
imports-count-without-evidence = evidence not complete: not recorded
imports-count-objected = the person left: not recorded
imports-count-suppressed = suppressed address: not recorded
imports-count-left-out = of blocked or erased people
imports-count-expired = recorded, but over already
imports-count-needs-reconfirmation = recorded, wait for reconfirmation
imports-count-declined = answered with no
imports-fault-forbidden-data = data that may not be kept (IIN, card, account, document)
imports-fault-address-missing = no address
imports-fault-address-invalid = not an e-mail address
imports-fault-too-many-cells = more cells than columns
imports-fault-row-too-long = the row is too long
imports-fault-cell-too-long = the cell is too long
imports-fault-control-character = holds a control character
imports-fault-language-unknown = not a language: kk, ru or en
imports-fault-too-many-tags = too many tags
imports-fault-tag-too-long = a tag is too long
imports-fault-not-yes-or-no = neither yes nor no
imports-fault-purpose-unknown = no such purpose
imports-fault-date-unreadable = not a date: 2025-03-01
imports-fault-date-in-future = the date is in the future
imports-fault-date-too-old = the date is before 2000
imports-fault-policy-version-unreadable = not the number of an edition
imports-fault-policy-version-unknown = no such edition was published
imports-fault-party-unknown = no such partner
imports-fault-party-not-allowed = this purpose is the institution's own
imports-fault-party-missing = the partner is not named
imports-fault-external-id-taken = the external id is another contact's
imports-rejects-line = Line
imports-rejects-column = Column
imports-rejects-reason = Reason
imports-rejects-code = Code
imports-failure-read = The file could not be read.
imports-failure-not-text = This is not a text file: CSV or XLSX is needed.
imports-failure-workbook = This Excel file cannot be used: it is damaged or too large. Save it as “CSV UTF-8”.
imports-failure-undecodable = Another encoding: choose it below and check again.
imports-failure-empty = The file is empty: its first line must name the columns.
imports-failure-no-header = The first line looks like data: put a line with the names of the columns above it.
imports-failure-too-many-columns = Too many columns: delete those not needed.
imports-failure-forbidden-column = It has a column that must not be brought in: delete it from the file.
imports-failure-no-address-column = No column holds the addresses: say which it is below.
imports-failure-ambiguous = Two columns look like the same thing: choose below.
imports-failure-unknown-purpose = A column is for an unknown purpose: choose below.
imports-failure-mapping = The chosen columns or common values do not fit.
imports-failure-record-too-long = A record is too long: a quotation mark is probably not closed.
imports-failure-broke-off = The reading broke off. What was in stays; mend the file and import it again: nothing is doubled.
imports-failure-interrupted = The service was restarted. Upload the file again: nothing is doubled.
imports-drop-hint = CSV or Excel (XLSX), up to { $n } MB.
imports-rows = { $n ->
    [one] { $n } row
   *[other] { $n } rows
}
imports-rate = { $n } per second
imports-left-seconds = { $n ->
    [one] about { $n } second left
   *[other] about { $n } seconds left
}
imports-left-minutes = { $n ->
    [one] about { $n } minute left
   *[other] about { $n } minutes left
}
imports-confirm-what = { $n ->
    [one] { $n } row will be brought in.
   *[other] { $n } rows will be brought in.
}
imports-confirm-rejected = { $n ->
    [one] { $n } row is refused.
   *[other] { $n } rows are refused.
}
imports-rejects-cut = { $n ->
    [one] The list holds the first { $n } fault only.
   *[other] The list holds the first { $n } faults only.
}
