//! Devices in CSV.

use csv::{ErrorKind, Position, ReaderBuilder, StringRecord};

use super::Reader;
use super::entry::{COLUMNS, Entry};

pub(super) fn read(text: &str, reader: &mut Reader) {
    let mut rows = ReaderBuilder::new().from_reader(text.as_bytes());
    let columns = match rows.headers() {
        Ok(columns) => columns.clone(),
        Err(error) => return tell(&error, reader),
    };
    names(&columns, reader);
    if !reader.faults.is_empty() {
        return;
    }
    for row in rows.records() {
        match row {
            Ok(row) => {
                let mut entry = Entry::default();
                for (column, text) in columns.iter().zip(&row) {
                    entry.set(column.trim(), text);
                }
                reader.entry(row.position().map_or(1, |at| line(text, at)), &entry);
            }
            Err(error) => tell(&error, reader),
        }
        if reader.is_done() {
            return;
        }
    }
}

/// The line on which a record begins: its position is before the empty lines that lead to it.
fn line(text: &str, at: &Position) -> u64 {
    let rest = usize::try_from(at.byte()).ok().and_then(|at| text.as_bytes().get(at..));
    let empty = rest.unwrap_or_default().iter().take_while(|byte| b"\r\n".contains(byte));
    at.line() + empty.filter(|byte| **byte == b'\n').count() as u64
}

/// Checks the first line.
fn names(columns: &StringRecord, reader: &mut Reader) {
    let all = COLUMNS.join(", ");
    let names: Vec<_> = columns.iter().map(str::trim).collect();
    for (place, name) in names.iter().enumerate() {
        if !COLUMNS.contains(name) {
            reader.fault(1, format!("there is no column {name:?}; write one of {all}"));
        } else if names[..place].contains(name) {
            reader.fault(1, format!("the column {name:?} is there twice; take one out"));
        }
    }
    if !names.contains(&"serial") && !names.contains(&"udid") {
        let fix = "name the columns in the first line";
        reader.fault(1, format!("there is neither a column serial nor udid; {fix}: {all}"));
    }
}

fn tell(error: &csv::Error, reader: &mut Reader) {
    let line = error.position().map_or(1, Position::line);
    let text = if let ErrorKind::UnequalLengths { expected_len, len, .. } = error.kind() {
        format!(
            "{len} fields where the first line names {expected_len}; write as many, and put a text \
             with a comma into quotes"
        )
    } else {
        format!("{error}; correct this line")
    };
    reader.fault(line, text);
}
