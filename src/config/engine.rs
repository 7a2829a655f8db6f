//! Whether and how this process sends.

use std::time::Duration;

use super::{keys, reader::Reader};

/// Whether and how this process sends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct EngineSection {
    /// Whether it sends at all; without, it serves pages and API.
    pub is_enabled: bool,
    /// Silence after which others take over what a node had claimed: 5 to 600 s.
    pub node_timeout: Duration,
    /// A timed start missed by more than this, 0 s to a week, is paused for a person to decide: a
    /// mail meant for the morning must not wake people at night.
    pub start_late_max: Duration,
    /// What open SMTP transactions get to finish at SIGTERM: 1 to 600 s.
    pub shutdown: Duration,
}

/// Reads `[engine]`.
pub(super) fn read(reader: &Reader<'_>) -> Option<EngineSection> {
    let seconds = |key| reader.number(key).map(|seconds| Duration::from_secs(seconds.into()));
    let is_enabled = reader.flag(&keys::ENABLED);
    let node_timeout = seconds(&keys::NODE_TIMEOUT);
    let start_late_max = seconds(&keys::START_LATE_MAX);
    let shutdown = seconds(&keys::SHUTDOWN);
    Some(EngineSection {
        is_enabled: is_enabled?,
        node_timeout: node_timeout?,
        start_late_max: start_late_max?,
        shutdown: shutdown?,
    })
}
