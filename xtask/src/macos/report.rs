//! The report of a Mac, to paste into an issue.

/// How a step went.
pub(super) struct Outcome {
    /// What was to be shown.
    pub(super) name: &'static str,
    /// Whether it was.
    pub(super) passed: bool,
    /// What it printed.
    pub(super) text: String,
}

/// Lines of a step's output that are kept.
const KEPT: usize = 60;

/// The report in Markdown: the machine, a list of the steps, and the end of what each printed.
pub(super) fn report(machine: &[(&str, String)], outcomes: &[Outcome]) -> String {
    let mut text = String::from("# Proven on a Mac\n\n");
    for (what, answer) in machine {
        text += &format!("- {what}: {}\n", if answer.is_empty() { "none" } else { answer });
    }
    text += "\n";
    for outcome in outcomes {
        text +=
            &format!("- {}: {}\n", if outcome.passed { "passed" } else { "FAILED" }, outcome.name);
    }
    for outcome in outcomes {
        // Longer than any fence within.
        text += &format!("\n## {}\n\n`````\n{}\n`````\n", outcome.name, end(&outcome.text));
    }
    text
}

/// The last lines of `text`.
fn end(text: &str) -> String {
    let lines: Vec<_> = text.lines().collect();
    let left_out = lines.len().saturating_sub(KEPT);
    let kept = lines[left_out..].join("\n");
    if left_out == 0 { kept } else { format!("({left_out} lines before)\n{kept}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_failure_is_seen_at_once() {
        let outcomes = [
            Outcome { name: "capture", passed: true, text: "ok".to_owned() },
            Outcome { name: "input", passed: false, text: "denied".to_owned() },
        ];
        let machine = [("macOS", "15.5".to_owned()), ("changed files", String::new())];
        let text = report(&machine, &outcomes);
        let head = "- macOS: 15.5\n- changed files: none\n\n- passed: capture\n- FAILED: input\n";
        assert!(text.contains(head), "{text}");
        assert!(text.contains("## input\n\n`````\ndenied\n`````\n"), "{text}");
    }

    #[test]
    fn the_end_of_a_long_output_is_kept() {
        let long: String = (0..100).map(|line| format!("{line}\n")).collect();
        let end = end(&long);
        assert!(end.starts_with("(40 lines before)\n40\n") && end.ends_with("\n99"), "{end}");
    }
}
