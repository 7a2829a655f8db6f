//! A small strict reader of messages.

use super::decode;

/// A message of which the header was read.
pub(super) struct Message<'a> {
    fields: Vec<Field<'a>>,
    body: &'a [u8],
}

/// One header field.
pub(super) struct Field<'a> {
    name: &'a str,
    /// Unfolded, without blanks around it.
    value: String,
}

impl Field<'_> {
    /// The value of a tag in a `tag=value; …` list, without the blanks that folding left.
    pub(super) fn tag(&self, name: &str) -> Option<String> {
        let tags = self.value.split(';').filter_map(|tag| tag.split_once('='));
        let mut found = tags.filter(|(tag, _)| tag.trim() == name);
        found.next().map(|(_, value)| value.split_ascii_whitespace().collect())
    }
}

impl<'a> Message<'a> {
    /// `None` if there is no empty line or a line of the header is no field.
    pub(super) fn read(bytes: &'a [u8]) -> Option<Self> {
        let end = bytes.windows(4).position(|window| window == b"\r\n\r\n")?;
        let header = std::str::from_utf8(&bytes[..end]).ok()?;
        Some(Self { fields: fields(header)?, body: &bytes[end + 4..] })
    }

    pub(super) fn all(&self, name: &str) -> impl Iterator<Item = &Field<'a>> {
        self.fields.iter().filter(move |field| field.name.eq_ignore_ascii_case(name))
    }

    pub(super) fn count(&self, name: &str) -> usize {
        self.all(name).count()
    }

    /// The value of the first field of this name.
    pub(super) fn value(&self, name: &str) -> Option<&str> {
        self.all(name).next().map(|field| field.value.as_str())
    }

    /// The decoded plain and HTML part of a `multipart/alternative`.
    pub(super) fn alternatives(&self) -> Option<[String; 2]> {
        let media_type = self.value("Content-Type")?;
        let parameters = media_type.strip_prefix("multipart/alternative;")?;
        let boundary = parameters.trim().strip_prefix("boundary=\"")?.strip_suffix('"')?;
        let body = [b"\r\n", self.body].concat();
        let body = String::from_utf8(body).ok()?;
        let pieces: Vec<&str> = body.split(&format!("\r\n--{boundary}")).collect();
        let ["", text, html, "--\r\n"] = pieces[..] else { return None };
        Some([part(text, "text/plain")?, part(html, "text/html")?])
    }
}

fn part(piece: &str, media_type: &str) -> Option<String> {
    let part = Message::read(piece.strip_prefix("\r\n")?.as_bytes())?;
    let is_it = part.value("Content-Type")? == format!("{media_type}; charset=utf-8");
    let encoding = part.value("Content-Transfer-Encoding")?;
    if is_it && encoding == "quoted-printable" { decode::quoted_printable(part.body) } else { None }
}

fn fields(header: &str) -> Option<Vec<Field<'_>>> {
    let mut fields: Vec<Field<'_>> = Vec::new();
    for line in header.split("\r\n") {
        if line.starts_with([' ', '\t']) {
            let field = fields.last_mut()?;
            field.value.push(' ');
            field.value.push_str(line.trim());
        } else {
            let (name, value) = line.split_once(':')?;
            let is_name = !name.is_empty() && name.bytes().all(|b| b.is_ascii_graphic());
            fields.push(Field { name: is_name.then_some(name)?, value: value.trim().to_owned() });
        }
    }
    Some(fields)
}
