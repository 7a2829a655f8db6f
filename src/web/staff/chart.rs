//! Charts as SVG. What they show stands in a table beside them, so they are one picture with a name.

use std::fmt::Write as _;

use super::tell::Tell;

const WIDTH: i64 = 720;
const HEIGHT: i64 = 200;
const LEFT: i64 = 56;
const BOTTOM: i64 = 22;
const TOP: i64 = 14;
/// The widest that a column is drawn.
const COLUMN_MAX: i64 = 40;

/// One column: at which place of the time line, how high, and what it stands for.
#[derive(Debug, Clone)]
pub(super) struct Column {
    /// 0 for the first.
    pub(super) place: i64,
    /// Its height.
    pub(super) n: i64,
    /// What is told of it.
    pub(super) label: String,
}

/// Columns along time, under the title `title`.
pub(super) fn columns(tell: Tell, title: &str, columns: &[Column]) -> String {
    let most = columns.iter().map(|one| one.n).max().unwrap_or_default();
    let top = ceiling(most);
    let places = columns.iter().map(|one| one.place).max().unwrap_or_default() + 1;
    let (across, up) = (WIDTH - LEFT - 8, HEIGHT - TOP - BOTTOM);
    let step = (across * 100 / places).clamp(100, COLUMN_MAX * 100);
    let mut svg = String::new();
    begin(&mut svg, title);
    for line in 0..=4 {
        let y = TOP + up - up * line / 4;
        let value = tell.number(top * line / 4);
        let _ = write!(
            svg,
            "<line class=\"grid-line\" x1=\"{LEFT}\" y1=\"{y}\" x2=\"{WIDTH}\" y2=\"{y}\"/>\
             <text class=\"tick\" x=\"{}\" y=\"{}\" text-anchor=\"end\">{value}</text>",
            LEFT - 6,
            y + 4
        );
    }
    for one in columns {
        let height = (up * one.n * 10 / top.max(1)).max(i64::from(one.n > 0) * 10);
        let (x, y) = (LEFT * 100 + one.place * step, (TOP + up) * 10 - height);
        let _ = write!(
            svg,
            "<rect class=\"column\" x=\"{}\" y=\"{}\" width=\"{}\" height=\"{}\"><title>{}: {}</title></rect>",
            hundredths(x),
            tenths(y),
            hundredths(step * 85 / 100),
            tenths(height),
            escaped(&one.label),
            tell.number(one.n)
        );
    }
    ends(&mut svg, columns);
    svg.push_str("</svg>");
    svg
}

fn begin(svg: &mut String, title: &str) {
    let _ = write!(
        svg,
        "<svg class=\"chart\" viewBox=\"0 0 {WIDTH} {HEIGHT}\" role=\"img\" aria-label=\"{}\">",
        escaped(title)
    );
}

/// The labels of the first and the last column.
fn ends(svg: &mut String, columns: &[Column]) {
    let (first, last) = (columns.first(), columns.last().filter(|_| columns.len() > 1));
    for (one, x, anchor) in [(first, LEFT, "start"), (last, WIDTH, "end")] {
        if let Some(one) = one {
            let _ = write!(
                svg,
                "<text class=\"tick\" x=\"{x}\" y=\"{}\" text-anchor=\"{anchor}\">{}</text>",
                HEIGHT - 5,
                escaped(&one.label)
            );
        }
    }
}

/// The end of the scale: a multiple of four that is easy to read, not below `most`.
fn ceiling(most: i64) -> i64 {
    let mut unit = 1_i64;
    loop {
        for step in [4, 8, 20] {
            if step * unit >= most {
                return step * unit;
            }
        }
        match unit.checked_mul(10) {
            Some(next) => unit = next,
            None => return most,
        }
    }
}

fn hundredths(n: i64) -> String {
    format!("{}.{:02}", n / 100, n % 100)
}

fn tenths(n: i64) -> String {
    format!("{}.{}", n / 10, n % 10)
}

fn escaped(text: &str) -> String {
    handlebars::html_escape(text)
}

#[cfg(test)]
mod tests {
    use chrono_tz::Tz;

    use super::*;
    use crate::domain::language::Language;

    #[test]
    fn the_scale_ends_at_a_number_that_is_easy_to_read() {
        let ends: Vec<i64> = [0, 3, 5, 9, 21, 79, 81, 1_000_000].into_iter().map(ceiling).collect();
        assert_eq!(ends, [4, 4, 8, 20, 40, 80, 200, 2_000_000]);
    }

    #[test]
    fn what_is_written_into_a_picture_stays_text() {
        let column = Column { place: 0, n: 3, label: "<b>".to_owned() };
        let tell = Tell { lang: Language::EN, zone: Tz::UTC };
        let svg = columns(tell, "\"><script>", &[column]);
        assert!(svg.contains("&lt;b&gt;: 3") && !svg.contains("<script>"), "{svg}");
    }
}
