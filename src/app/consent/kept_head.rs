//! The ledger's signed head as a small text that can be kept elsewhere.

use chrono::{DateTime, Utc};
use data_encoding::HEXLOWER;
use serde::{Deserialize, Serialize};

use crate::{
    app::{App, Error, Result},
    domain::ledger::Head,
    store,
};

/// What a kept head says it is.
const KIND: &str = "kelisim.head.v1";

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Kept {
    kind: String,
    seq: i64,
    hash: String,
    signed_at: DateTime<Utc>,
    public_key: String,
    signature: String,
}

/// The signed head as it is now, as JSON. Kept where whoever can write to the database and read the
/// keys cannot change it, it shows later whether history was cut or rewritten.
///
/// # Errors
/// [`Error::NotFound`] when the ledger has no head; the database's.
pub async fn head(app: &App) -> Result<String> {
    let head = store::ledger::head(app.store.read().await?.conn()).await?;
    let head = head.ok_or(Error::NotFound("signed head of the ledger"))?;
    let kept = Kept {
        kind: KIND.to_owned(),
        seq: head.seq,
        hash: HEXLOWER.encode(&head.hash),
        signed_at: head.signed_at,
        public_key: HEXLOWER.encode(&head.public_key),
        signature: HEXLOWER.encode(&head.signature),
    };
    serde_json::to_string_pretty(&kept).map_err(|error| Error::Conflict(error.to_string()))
}

/// Reads what [`head`] gave.
///
/// # Errors
/// [`Error::Invalid`] for anything else.
pub fn read_head(text: &str) -> Result<Head> {
    let read = || -> Option<Head> {
        let kept: Kept = serde_json::from_str(text).ok().filter(|kept: &Kept| kept.kind == KIND)?;
        let bytes = |hex: &str| HEXLOWER.decode(hex.as_bytes()).ok();
        Some(Head {
            seq: kept.seq,
            hash: bytes(&kept.hash)?.try_into().ok()?,
            signed_at: kept.signed_at,
            public_key: bytes(&kept.public_key)?,
            signature: bytes(&kept.signature)?,
        })
    };
    read().ok_or_else(|| Error::invalid("head", "this is not what `kelisim consent head` prints"))
}
