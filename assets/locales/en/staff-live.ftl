live-title = Campaign
live-tabs = Views of the campaign
live-tab-live = Live
live-tab-report = Report
live-tab-people = People
live-phase-draft = Draft
live-phase-scheduled = Scheduled
live-phase-running = Being sent
live-phase-paused = Paused
live-phase-finished = Finished
live-phase-cancelled = Cancelled
live-state-queued = Waiting
live-state-claimed = About to be sent
live-state-handing = Being handed over
live-state-sent = Sent
live-state-failed = Failed
live-state-skipped = Not sent
live-state-uncertain = Uncertain
live-left = Unsubscribed
live-done = { $n ->
    [one] { $ended } of { $total } message
   *[other] { $ended } of { $total } messages
}
live-rate = { $n ->
    [one] { $shown } message in the last minute
   *[other] { $shown } messages in the last minute
}
live-end = Will end at about { $at }
live-growing = The audience is still being written out: the total grows.
live-why-failed = Why messages failed
live-why-uncertain = Why it is uncertain
live-why-skipped = Why people did not get it
live-over = You were signed out after a while without a click. Load the page again to go on watching.
live-lost = The connection is lost; it is being made again. The figures are those of a moment ago.
live-pause = Pause
live-pause-means = { $n ->
    [0] Nothing waits any more. Pausing holds what may still come back for another try.
    [one] { $shown } message still waits. It stays where it is until somebody resumes the campaign. What is being handed over at this moment still goes out.
   *[other] { $shown } messages still wait. They stay where they are until somebody resumes the campaign. What is being handed over at this moment still goes out.
}
live-pause-reason = Why, for your colleagues
live-paused-by = Paused by { $name }
live-resume = Resume
live-resume-means = Sending goes on where it stopped. Nobody gets it twice; consents are asked again for everybody.
live-cancel = Cancel the campaign
live-cancel-title = Cancel the campaign?
live-cancel-lost = { $n ->
    [0] Nobody is left who would still get it.
    [one] { $shown } person who still waits will never get it.
   *[other] { $shown } people who still wait will never get it.
}
live-cancel-kept = { $n ->
    [0] Nobody has got it so far.
    [one] { $shown } person has got it already; the report names them.
   *[other] { $shown } people have got it already; the report names them.
}
live-cancel-final = This cannot be undone. To hold it for a while, pause it instead.
live-cancel-type = Type the name of the campaign to confirm
live-cancel-wrong = This is not the name of the campaign.
live-cancel-not = Back, change nothing
live-domains = By domain of the recipients
live-history = What was done
live-when = When
live-what = What
live-deed-create = Created
live-deed-schedule = Scheduled
live-deed-start = Started
live-deed-pause = Paused
live-deed-resume = Resumed
live-deed-finish = Finished
live-deed-cancel = Cancelled
live-deed-undo = Start taken back
said-live-paused = The campaign is paused.
said-live-resumed = The campaign goes on.
said-live-cancelled = The campaign is cancelled. Whoever had not got it never will.
reason-blocked = Asked us not to use their data
reason-suppressed = On the list of addresses not to be mailed
reason-no_consent = No consent for this purpose
reason-refused = Refused: said no, or the server refused without a clear reason
reason-withdrawn = Took their consent back
reason-expired = The consent has expired
reason-needs_reconfirmation = Must confirm again: the policy has changed
reason-ended = The consent was ended
reason-bad_address = The address has proved unusable
reason-cancelled = The campaign was cancelled first
reason-hard_user = There is no such mailbox
reason-hard_domain = There is no such domain, or it takes no mail
reason-hard_disabled = The mailbox was closed or moved
reason-soft_full = The mailbox is full
reason-soft_temp = A passing fault at the receiver, until we gave up
reason-rate = We were too fast for the receiver, until we gave up
reason-policy = The receiver does not trust our mail: reputation, block list or authentication
reason-content = The receiver does not take this message: its size, form or content
reason-protocol = The servers did not understand each other
reason-relay = Our own relay was unreachable or is set up wrongly
reason-answer_lost = Handed over, but the answer was lost: it may have arrived
reason-node_lost = Our process stopped in the middle: it may have arrived
home-now = Being sent now
home-nothing-sent = Nothing is being sent at this moment.
home-needs = Needs somebody
home-paused = paused since { $since }.
home-waiting = { $n ->
    [one] { $shown } message waits.
   *[other] { $shown } messages wait.
}
home-relay-rests = { $n ->
    [one] This relay failed and rests for another { $shown } minute.
   *[other] This relay failed and rests for another { $shown } minutes.
}
home-next = Next
home-calendar = Calendar
home-calendar-empty = Nothing starts or ends in this time.
home-before = Earlier
home-after = Later
home-week = Week
home-month-view = Month
home-week-of = { $from } to { $to }
home-starts = starts
home-started = started
home-finished = finished
home-cancelled = cancelled
home-more = { $n ->
    [one] and { $shown } more
   *[other] and { $shown } more
}
home-weekday-1 = Mon
home-weekday-2 = Tue
home-weekday-3 = Wed
home-weekday-4 = Thu
home-weekday-5 = Fri
home-weekday-6 = Sat
home-weekday-7 = Sun
home-date = { $day } { $month ->
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
}
home-month = { $month ->
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
home-first-title = From nothing to the first campaign
home-first-contacts = Bring in people with their consents.
home-first-import = Import contacts
home-first-campaign = Write a campaign, and see who will get it and why the others will not.
home-first-write = Write a campaign
home-first-approve = Have it approved by somebody who did not write it.
home-first-watch = Start it, and watch it go on this page.
home-draft-submitted = waits for your approval.
home-draft-returned = came back to you with comments.
home-draft-approved = is approved and may be started.
