//! What campaigns of the staff app must go through.

use std::time::Duration;

use super::{keys, reader::Reader};
use crate::domain::{address::Address, draft::Policy};

/// What campaigns of the staff app must go through.
#[derive(Debug, Clone)]
pub struct CampaignsSection {
    /// Whether a second person is needed.
    pub approval: Policy,
    /// How long a start can be taken back: 0 s to 10 min.
    pub undo: Duration,
    /// Addresses besides those of staff that test mails may go to.
    pub test_addresses: Vec<Address>,
}

/// Reads `[campaigns]`.
pub(super) fn read(reader: &Reader<'_>) -> Option<CampaignsSection> {
    let is_required = reader.read(&keys::APPROVAL, |text| match text {
        "required" => Ok(true),
        "off" => Ok(false),
        other => Err(format!("\"{other}\" is neither required nor off")),
    });
    let except_people_max = reader.number(&keys::APPROVAL_EXCEPT);
    let undo = reader.number(&keys::UNDO).map(|seconds| Duration::from_secs(seconds.into()));
    let test_addresses = reader.texts(&keys::TEST_ADDRESSES, str::parse::<Address>);
    let except_people_max = except_people_max?;
    let approval = if is_required? { Policy::Required { except_people_max } } else { Policy::Off };
    Some(CampaignsSection { approval, undo: undo?, test_addresses: test_addresses? })
}
