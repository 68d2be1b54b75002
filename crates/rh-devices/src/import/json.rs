//! Devices in JSON.

use serde_json::{Deserializer, Map, Value};

use super::Reader;
use super::entry::{COLUMNS, Entry};

const LIST: &str = "write a list of objects, one for each device";

pub(super) fn read(text: &str, reader: &mut Reader) {
    let mut list = List { text, at: 0, line: 1 };
    if !list.takes('[') {
        return reader.fault(list.line, format!("this is no list; {LIST}"));
    }
    if list.takes(']') {
        return;
    }
    loop {
        let (line, value) = match list.value() {
            Ok(found) => found,
            Err((line, text)) => return reader.fault(line, format!("{text}; {LIST}")),
        };
        match value.as_object().map(entry) {
            Some(Ok(entry)) => reader.entry(line, &entry),
            Some(Err(faults)) => faults.into_iter().for_each(|fault| reader.fault(line, fault)),
            None => reader.fault(line, "this is no device; write an object with its fields".into()),
        }
        match (list.takes(','), reader.is_done()) {
            (true, false) => {}
            (_, true) => return,
            (false, false) => break,
        }
    }
    if !list.takes(']') || !list.rest().is_empty() {
        reader.fault(list.line, format!("the list does not end as it should; {LIST}"));
    }
}

/// Goes through a list value by value, and counts lines as it goes.
struct List<'a> {
    text: &'a str,
    at: usize,
    line: u64,
}

impl<'a> List<'a> {
    /// What follows, from the next thing that is no white space.
    fn rest(&mut self) -> &'a str {
        let rest = &self.text[self.at..];
        let begun = rest.trim_start_matches([' ', '\t', '\r', '\n']);
        self.go(rest.len() - begun.len());
        begun
    }

    fn takes(&mut self, wanted: char) -> bool {
        let there = self.rest().starts_with(wanted);
        self.go(if there { wanted.len_utf8() } else { 0 });
        there
    }

    /// The next value and the line on which it begins; or the line of a fault, and what it is.
    fn value(&mut self) -> Result<(u64, Value), (u64, String)> {
        let rest = self.rest();
        let (begin, mut values) = (self.line, Deserializer::from_str(rest).into_iter::<Value>());
        match values.next() {
            Some(Ok(value)) => {
                let end = values.byte_offset();
                self.go(end);
                Ok((begin, value))
            }
            Some(Err(error)) => Err((begin + error.line() as u64 - 1, error.to_string())),
            None => Err((begin, "the list does not end".to_owned())),
        }
    }

    fn go(&mut self, bytes: usize) {
        let passed = &self.text.as_bytes()[self.at..self.at + bytes];
        self.line += passed.iter().filter(|byte| **byte == b'\n').count() as u64;
        self.at += bytes;
    }
}

fn entry(fields: &Map<String, Value>) -> Result<Entry, Vec<String>> {
    let mut entry = Entry::default();
    let mut faults = Vec::new();
    for (name, value) in fields {
        let known = COLUMNS.contains(&name.as_str());
        match value {
            _ if !known => {
                let all = COLUMNS.join(", ");
                faults.push(format!("there is no field {name:?}; write one of {all}"));
            }
            Value::Null => {}
            Value::Array(list) if name == "groups" => {
                let texts: Option<_> =
                    list.iter().map(|it| it.as_str().map(str::to_owned)).collect();
                entry.groups = texts;
                if entry.groups.is_none() {
                    faults.push("groups: write a list of texts".to_owned());
                }
            }
            Value::String(text) if name != "groups" => {
                entry.set(name, text);
            }
            Value::Bool(_)
            | Value::Number(_)
            | Value::String(_)
            | Value::Array(_)
            | Value::Object(_) => {
                let fix = if name == "groups" { "a list of texts" } else { "a text in quotes" };
                faults.push(format!("{name}: write {fix}"));
            }
        }
    }
    if faults.is_empty() { Ok(entry) } else { Err(faults) }
}
