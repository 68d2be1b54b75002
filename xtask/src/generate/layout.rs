//! Lays out TypeScript types for people: ts-rs writes each on one long line.

/// Most characters on one line.
const WIDTH: usize = 100;

/// Lays out `type Name = …;`.
pub(super) fn declaration(text: &str) -> String {
    let text = text.trim().trim_end_matches(';');
    match text.split_once(" = ") {
        Some((name, definition)) => format!("{name} ={};\n", union(definition)),
        None => format!("{text};\n"),
    }
}

/// Lays out a documentation comment, one line if it fits, and drops the targets of Rust links.
pub(super) fn comment(text: &str, indent: &str) -> String {
    let lines =
        text.lines().map(|line| line.trim().trim_start_matches("/**").trim_end_matches("*/"));
    let lines = lines.map(|line| line.strip_prefix('*').unwrap_or(line).trim());
    let lines: Vec<_> = lines.map(without_links).collect();
    let body = lines.join("\n");
    match body.trim() {
        "" => String::new(),
        line if !line.contains('\n') => format!("{indent}/** {line} */\n"),
        body => {
            let body = body.replace('\n', &format!("\n{indent} * "));
            format!("{indent}/**\n{indent} * {body}\n{indent} */\n").replace(" * \n", " *\n")
        }
    }
}

/// One alternative to a line; plain names share lines.
fn union(definition: &str) -> String {
    let parts: Vec<_> = split(definition, '|').into_iter().map(object).collect();
    let line = format!(" {}", parts.join(" | "));
    if parts.len() == 1 || (line.len() < WIDTH - 20 && !line.contains('\n')) {
        return line;
    }
    let mut out = String::new();
    for part in parts {
        let last = out.lines().last().unwrap_or_default();
        let shares = last.ends_with('"') && last.len() + part.len() + 3 <= WIDTH;
        out += if shares { " | " } else { "\n  | " };
        out += &part.replace('\n', "\n    ");
    }
    out
}

/// One field to a line where fields have comments.
fn object(text: &str) -> String {
    let Some(inner) = text.strip_prefix('{').and_then(|it| it.strip_suffix('}')) else {
        return text.to_owned();
    };
    let mut out = String::from("{\n");
    for field in split(inner, ',') {
        let (doc, field) = match field.split_once("*/") {
            Some((doc, field)) => (comment(doc, "  "), field.trim()),
            None => (String::new(), field),
        };
        let (name, value) = field.split_once(": ").unwrap_or((field, "unknown"));
        out += &format!("{doc}  {}: {value};\n", name.trim_matches('"'));
    }
    let tag_only = out.matches('\n').count() == 2 && !out.contains("/**");
    if tag_only {
        out.replace(";\n", "\n").replace("\n ", "").replace('\n', " ") + "}"
    } else {
        out + "}"
    }
}

/// The parts of `text` between separators that stand in no bracket, comment or string.
fn split(text: &str, separator: char) -> Vec<&str> {
    let (mut parts, mut start, mut depth, mut quoted, mut comment) =
        (Vec::new(), 0, 0, false, false);
    for (at, c) in text.char_indices() {
        match c {
            '/' if text[at..].starts_with("/**") => comment = true,
            '/' if text[..at].ends_with('*') => comment = false,
            _ if comment => {}
            '"' => quoted = !quoted,
            _ if quoted => {}
            '{' | '<' | '[' | '(' => depth += 1,
            '}' | '>' | ']' | ')' => depth -= 1,
            _ if c == separator && depth == 0 => {
                parts.push(&text[start..at]);
                start = at + 1;
            }
            _ => {}
        }
    }
    parts.push(&text[start..]);
    parts.into_iter().map(str::trim).filter(|part| !part.is_empty()).collect()
}

/// `[text](crate::Item)` as `text`; a page has nowhere to follow it to.
fn without_links(line: &str) -> String {
    let mut out = String::new();
    let mut rest = line;
    while let Some((before, link)) = rest.split_once('[') {
        let Some((text, after)) = link.split_once("](") else { break };
        let Some((_, after)) = after.split_once(')') else { break };
        out += before;
        out += text;
        rest = after;
    }
    out + rest
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_short_union_stays_on_its_line() {
        assert_eq!(declaration("type A = \"b\" | \"c\";"), "type A = \"b\" | \"c\";\n");
    }

    #[test]
    fn a_field_keeps_its_comment_and_a_comma_in_it_separates_nothing() {
        let text = "type A = { \n/**\n * One, two | [`X`](crate::X).\n */\nb: Array<C>, };";
        assert_eq!(declaration(text), "type A = {\n  /** One, two | `X`. */\n  b: Array<C>;\n};\n");
    }

    #[test]
    fn alternatives_stand_below_one_another() {
        let text =
            "type A = { \"type\": \"x\" } | { \"type\": \"y\", \n/**\n * N.\n */\nn: number, };";
        assert_eq!(
            declaration(text),
            "type A =\n  | { type: \"x\" }\n  | {\n      type: \"y\";\n      /** N. */\n      n: number;\n    };\n"
        );
    }
}
