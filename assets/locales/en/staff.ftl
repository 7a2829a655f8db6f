shell-skip = Skip to the content
shell-nav = Main menu
shell-home = Home
shell-sign-out = Sign out
shell-save = Save
said-signed-out = You are signed out.
said-password-set = Your password is set. Sign in with it.
said-account-saved = Saved.
sign-in-title = Sign in
sign-in-address = E-mail address
sign-in-password = Password
sign-in-button = Sign in
sign-in-help = Forgotten the password? An admin can give you a new link.
sign-in-wrong = The address or the password is not right.
sign-in-wait = { $seconds ->
    [one] Too many attempts. Try again in { $seconds } second.
   *[other] Too many attempts. Try again in { $seconds } seconds.
}
code-title = Your code
code-label = Code
code-hint = Six digits from your authenticator app, or one of your recovery codes.
code-wrong = This code is not right, or it was used before.
code-button = Continue
code-other = Sign in as somebody else
prove-title = Is it you?
prove-why = What comes next has weight, so please prove once more who you are.
prove-wrong = The password is not right.
prove-button = Continue
welcome-title = Welcome
welcome-heading = Welcome, { $name }
welcome-text = Choose a password for { $address }.
welcome-password = New password
welcome-hint = { $chars ->
    [one] At least { $chars } character. Three or four unrelated words are easy to remember and hard to guess.
   *[other] At least { $chars } characters. Three or four unrelated words are easy to remember and hard to guess.
}
welcome-bad-password = This password is among those that are guessed first. Use three or four unrelated words.
welcome-button = Set the password
welcome-over-title = This link no longer works
welcome-over-text = It was used before, or its time has passed. Ask an admin for a new one.
account-title = Your account
account-name = Name
account-bad-name = Write a name of 1 to 100 characters on one line.
account-language = Language of the pages
home-title = Home
failure-heading = This did not work
failure-advice = Nothing was changed. Go back and try again.
failure-id = For the operator:
failure-home = To the home page
failure-not-found-heading = There is no such page
failure-not-found-advice = Perhaps it was removed, or the address is not whole.
failure-forbidden-heading = This is not yours to do
failure-forbidden-advice = Ask an admin for the role that allows it.
failure-proof-due-heading = Prove who you are first
failure-proof-due-advice = It is a while since you gave your password. Go back, and do it again; you will be asked for it.
failure-signed-out-heading = You are signed out
failure-signed-out-advice = Sign in and do it again. Nothing was changed.
failure-conflict-heading = Things have changed meanwhile
failure-conflict-advice = Nothing was changed. Look again at how it stands now.
failure-invalid-heading = Something of it is not right
failure-invalid-advice = Nothing was changed. Go back and mend what is named here.
failure-internal-heading = Something broke on our side
failure-internal-advice = Nothing is lost. Try again; if it stays, tell the operator the number below.
failure-busy-heading = Too much at once
failure-busy-advice = Try again in a few seconds.
failure-too-large-heading = This is too large
failure-too-large-advice = Send less at once.
