web-language = English
web-languages = Language
web-time = { $day } { $month ->
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
} { $year }, { $time }
web-clause = clause { $clause } of the Privacy Policy
web-partner = our partner: { $partner }
web-edition = edition { $number }
web-policy = Privacy Policy
web-write = Write to support:
web-call = Call us:
web-support-subject = Unsubscribe me

web-leave-title = Unsubscribe
web-leave-address = Mail is sent to:
web-leave-legend = What do you want to stop?
web-leave-purpose = Only “{ $purpose }”
web-leave-purpose-partner = “{ $purpose }” on behalf of { $partner }
web-leave-all = All news and marketing mail from { $institution }, including mail on behalf of partners
web-leave-button = Unsubscribe
web-leave-note = No login and no confirmation needed. It takes effect at once.

web-left-title = You are unsubscribed
web-left-purpose = We will no longer send you “{ $purpose }”.
web-left-purpose-partner = We will no longer send you “{ $purpose }” on behalf of { $partner }.
web-left-all = { $institution } will no longer send you any news or marketing mail, nor any on behalf of partners.
web-left-address = Address:
web-left-note = This is in effect now. A message that left before may still arrive.
web-more-title = Do you want to stop the rest too?
web-more-text = You can stop all news and marketing mail from { $institution } in one step.
web-more-button = Unsubscribe from everything

web-why-title = Why did I get this?
web-why-text = The message was sent because of this consent, which you gave:
web-why-unknown = This is known of the message:
web-why-campaign = Message
web-why-sent = Sent
web-why-purpose = Purpose
web-why-party = On behalf of
web-why-given = Consent given
web-why-way = How it was given
web-why-policy = Privacy Policy
web-why-wording = Words you agreed to

web-channel-web_form = by a form on a website
web-channel-double_opt_in = confirmed by e-mail
web-channel-import = from the institution's contact list
web-channel-api = through the institution's information system
web-channel-one_click = by the button in a mail program
web-channel-link = by a link in a mail
web-channel-mail = by letter
web-channel-phone = by phone
web-channel-feedback_loop = by a notice of a mail provider
web-channel-staff = through a member of staff

web-help-title = Do you need help?
web-help-text = Write or call, and we will do it for you.

web-lost-title = This link does not work
web-lost-text = It may have been cut or damaged on its way. You can still unsubscribe from mail of { $institution }: write to us from the address it comes to, or call, and we will do the rest.
web-failed-title = It did not work just now
web-failed-text = The fault is on our side. Please open the link again in a few minutes. You can also unsubscribe from mail of { $institution } by writing to us or calling.

web-test-title = This was a test
web-test-text = The link works. Nothing changed: a test mail concerns nobody’s subscription.
