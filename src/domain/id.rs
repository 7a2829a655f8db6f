//! Ids that cannot be mixed up. All are `UUIDv7`: they sort by the time they were made.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};
use uuid::Uuid;

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident),+ $(,)?) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(pub Uuid);

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }

        impl FromStr for $name {
            type Err = uuid::Error;

            fn from_str(text: &str) -> Result<Self, Self::Err> {
                text.parse().map(Self)
            }
        }
    )+};
}

ids! {
    /// One e-mail address and what is known of it.
    ContactId,
    /// A consent of one contact for one purpose and party (the record, not an event of it).
    ConsentId,
    /// One entry of the consent ledger.
    EventId,
    /// One published edition of the privacy policy, in all its languages.
    PolicyVersionId,
    /// The words a person saw when consenting.
    WordingId,
    /// A run of an import.
    ImportId,
    /// A campaign.
    CampaignId,
    /// One campaign to one contact.
    DeliveryId,
    /// One running process; a restart is a new node.
    NodeId,
    /// A saved audience.
    SegmentId,
    /// A file that staff bring in, from upload to tally.
    ImportJobId,
    /// What staff noted about a contact.
    NoteId,
    /// One wish for test mails.
    TestSendId,
    /// One test mail.
    TestMailId,
    /// An API token (the row, not the secret).
    ApiTokenId,
    /// A picture or another file of the media library.
    MediaId,
    /// Somebody who works here.
    UserId,
    /// A signed-in browser (the row, not the secret in its cookie).
    SessionId,
    /// An entry of the log of what staff did.
    ActionId,
}
