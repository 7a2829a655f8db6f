//! Asks the DNS.

use std::time::Duration;

use hickory_resolver::{
    TokioResolver,
    net::NetError,
    proto::rr::{RData, RecordType},
};

use crate::mail::dkim::DnsRecord;

use super::{Found, Published};

/// Longest wait for one name.
const NAME_MAX: Duration = Duration::from_secs(5);

/// The system names no DNS servers.
#[derive(Debug, thiserror::Error)]
#[error("the system's DNS settings cannot be read")]
pub struct NoResolver(#[source] Box<NetError>);

/// Looks up what `domain` publishes, with the system's DNS servers. Each name has 5 s.
///
/// # Errors
/// [`NoResolver`]. A name that cannot be looked up is [`Found::Unknown`].
pub async fn look_up(
    domain: &str,
    bounce_domain: &str,
    keys: &[DnsRecord],
) -> Result<Published, NoResolver> {
    let resolver = TokioResolver::builder_tokio()
        .and_then(hickory_resolver::ResolverBuilder::build)
        .map_err(|error| NoResolver(Box::new(error)))?;
    let dmarc = format!("_dmarc.{domain}");
    let dkim = futures_util::future::join_all(keys.iter().map(|key| texts(&resolver, &key.name)));
    let (spf, dmarc, dkim) =
        tokio::join!(texts(&resolver, bounce_domain), texts(&resolver, &dmarc), dkim);
    Ok(Published { spf, dmarc, dkim })
}

/// The TXT records of a name, each in one piece.
async fn texts(resolver: &TokioResolver, name: &str) -> Found {
    let whole = format!("{name}.");
    match tokio::time::timeout(NAME_MAX, resolver.lookup(whole, RecordType::TXT)).await {
        Ok(Ok(answer)) => {
            let texts = answer.answers().iter().filter_map(|record| match &record.data {
                RData::TXT(text) => Some(String::from_utf8_lossy(&text.txt_data.concat()).into()),
                _ => None,
            });
            Found::Records(texts.collect())
        }
        Ok(Err(error)) if error.is_no_records_found() || error.is_nx_domain() => {
            Found::Records(Vec::new())
        }
        Ok(Err(_)) | Err(_) => Found::Unknown,
    }
}
