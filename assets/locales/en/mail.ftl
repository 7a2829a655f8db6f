mail-why = You are receiving this because you gave your consent to “{ $purpose }” (clause { $clause } of the Privacy Policy).
mail-partner = { $institution } sends this on behalf of its partner { $partner }; your address is not passed on to the partner.
mail-withdraw = You can withdraw your consent at any time.
mail-unsubscribe = Unsubscribe
mail-preferences = Manage your subscriptions
mail-policy = Privacy Policy
mail-support = Support
