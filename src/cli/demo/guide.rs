//! What the demo prints: where to look, and what to try.

use std::{borrow::Cow, fmt::Write as _, path::Path};

use super::{
    folder::{Addresses, Folder},
    programme::Programme,
};

/// What runs the program with the demo's configuration, ready for a shell.
pub(super) fn command(folder: &Folder) -> String {
    let program = std::env::current_exe().unwrap_or_else(|_| "kelisim".into());
    format!("{} --config {}", quoted(&program), quoted(&folder.config()))
}

/// The whole text.
pub(super) fn text(
    folder: &Folder,
    at: Addresses,
    programme: &Programme,
    welcome: &str,
) -> Result<String, std::fmt::Error> {
    let Programme { news, event, offer, event_after_s } = programme;
    let (path, command) = (folder.path().display(), command(folder));
    let fate = if folder.is_temporary() { "removed at the end" } else { "kept" };
    let mut text = String::new();
    writeln!(text, "\nLook")?;
    writeln!(text, "  Inbox    http://{}  every mail that is sent ends here", at.inbox)?;
    writeln!(text, "  Service  http://{}  where the links in the mail lead", at.web)?;
    writeln!(text, "  Staff    {welcome}  set a password, sign in")?;
    writeln!(text, "  Folder   {path}  {fate}")?;
    writeln!(text, "\nCampaigns")?;
    writeln!(text, "  {}  {}: running", news.id, news.name)?;
    writeln!(text, "  {}  {}: starts by itself in {event_after_s} s", event.id, event.name)?;
    writeln!(text, "  {}  {}: a draft, start it yourself", offer.id, offer.name)?;
    writeln!(text, "\nTry")?;
    writeln!(text, "  1. Open a mail in the inbox: HTML, text, headers, both DKIM signatures.")?;
    writeln!(text, "  2. Press \"One-click unsubscribe\": that person leaves news.")?;
    writeln!(
        text,
        "  3. Follow the unsubscribe link of another mail, see why it came, and leave all"
    )?;
    writeln!(text, "     mail: the invitation that starts in a moment skips that person.")?;
    writeln!(text, "  4. In a second terminal:")?;
    writeln!(text, "       k() {{ {command} \"$@\"; }}")?;
    writeln!(
        text,
        "       k explain '<MESSAGE-ID>'         why somebody got a mail; the inbox shows the id"
    )?;
    writeln!(
        text,
        "       k consent show ADDRESS           all that is known of somebody's consents"
    )?;
    writeln!(
        text,
        "       k consent verify                 walks the signed chain of all consents"
    )?;
    writeln!(text, "       k campaign funnel {}", event.id)?;
    writeln!(text, "       k campaign start {} --wait", offer.id)?;
    writeln!(text, "\nNothing leaves this machine. Ctrl-C ends the demo.\n")?;
    Ok(text)
}

/// A word for a shell.
fn quoted(path: &Path) -> String {
    let text = path.to_string_lossy();
    let is_plain = |c: char| c.is_ascii_alphanumeric() || "/._-+:@".contains(c);
    let word = if text.chars().all(is_plain) {
        text
    } else {
        Cow::Owned(format!("'{}'", text.replace('\'', r"'\''")))
    };
    word.into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_stays_one_word_in_a_shell() {
        assert_eq!(quoted(Path::new("/tmp/kelisim-demo-1/x.toml")), "/tmp/kelisim-demo-1/x.toml");
        assert_eq!(quoted(Path::new("/tmp/it's here")), r"'/tmp/it'\''s here'");
    }
}
