//! How letters look: the head of the MJML, by day and by night, wide and narrow.

use crate::domain::{language::Language, letter::Theme};

/// Pixels of the sheet.
pub(super) const WIDTH_PX: u32 = 600;
/// Pixels between the sheet's edge and its words.
pub(super) const EDGE_PX: u32 = 28;
/// The page around the sheet.
pub(super) const PAGE: &str = "#f4f6f8";
/// Words on the sheet.
pub(super) const WORDS: &str = "#1f2933";
/// Headings on the sheet.
pub(super) const HEADINGS: &str = "#12263f";
/// Lesser words.
pub(super) const QUIET: &str = "#4a5563";
/// Lines and frames.
pub(super) const LINES: &str = "#d5dce3";

const STYLE: &str = "
h1, h2, h3 { margin: 0; font-weight: 700; color: #12263f; }
.band h1 { color: #ffffff; }
.words a { color: ACCENT; text-decoration: underline; }
.words ul, .words ol { padding: 0 0 0 24px; }
.words, .card, .button { overflow-wrap: break-word; word-break: break-word; }
@media only screen and (max-width: 479px) {
  h1 { font-size: 25px !important; line-height: 32px !important; }
}
@media (prefers-color-scheme: dark) {
  body, .page { background-color: #14181d !important; }
  .sheet, .sheet > table { background: #1d232b !important; background-color: #1d232b !important; }
  .card > table { background-color: #252c35 !important; }
  .frame > table { border-color: #465361 !important; }
  .words div, .words p, .words li, .words td { color: #e4e9ef !important; }
  .words h1, .words h2, .words h3 { color: #f2f5f8 !important; }
  .quiet div, .quiet p { color: #c3ccd6 !important; }
  .words a, .quiet a, .words .price { color: NIGHT !important; }
  .words .before { color: #c3ccd6 !important; }
  .outline td { background: transparent !important; border-color: NIGHT !important; }
  .outline a { background: transparent !important; color: NIGHT !important; }
  .line p { border-color: #465361 !important; }
}
[data-ogsc] .words div, [data-ogsc] .words p, [data-ogsc] .words li { color: #e4e9ef !important; }
[data-ogsc] .words a { color: NIGHT !important; }
";

/// Everything before the first section.
pub(super) fn head(language: Language, theme: Theme) -> String {
    let accent = theme.accent.light();
    let style = STYLE.replace("ACCENT", accent).replace("NIGHT", theme.accent.dark());
    format!(
        "<mjml lang=\"{language}\"><mj-head><mj-attributes>\
         <mj-all font-family=\"{}\" />\
         <mj-text font-size=\"16px\" line-height=\"25px\" color=\"{WORDS}\" />\
         <mj-section padding=\"0\" background-color=\"#ffffff\" />\
         <mj-button background-color=\"{accent}\" color=\"#ffffff\" font-size=\"16px\" \
         font-weight=\"600\" line-height=\"22px\" border-radius=\"6px\" inner-padding=\"13px 26px\" />\
         <mj-divider border-width=\"1px\" border-color=\"{LINES}\" />\
         </mj-attributes><mj-style>{style}</mj-style></mj-head>\
         <mj-body background-color=\"{PAGE}\" css-class=\"page\">",
        theme.font.families()
    )
}
