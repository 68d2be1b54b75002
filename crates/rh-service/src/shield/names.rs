//! Names that deceive.
//!
//! Two names are alike if their skeletons are (Unicode Technical Standard 39, section 4), in the case
//! in which they are written or without it; what separates words does not count. What turns the
//! direction of text or cannot be seen is stripped from every name before it comes here.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use rh_policy::{PersonId, TenantId};
use rh_protocol::{Oddity, OddityCode};
use unicode_security::{MixedScript, skeleton};

use crate::hub::Caller;

/// Names of one tenant that are remembered.
const MOST: usize = 50_000;

/// Names that are no person's.
const NOT_A_PERSON: &[&str] = &[
    "Remote Help",
    "Help Desk",
    "IT Support",
    "IT Help Desk",
    "Support",
    "Technical Support",
    "Administrator",
    "Admin",
    "System",
    "Security",
    "Microsoft",
    "Microsoft Support",
    "Apple",
    "Apple Support",
    "macOS",
    "Windows",
    "Zoom",
    "Teams",
];

/// The names of those who are known.
#[derive(Debug, Default)]
pub(crate) struct Names(BTreeMap<TenantId, Known>);

/// Those of one tenant, by their skeletons.
#[derive(Debug, Default)]
struct Known {
    by_skeleton: HashMap<String, BTreeMap<PersonId, String>>,
    count: usize,
}

impl Names {
    /// Somebody has this name.
    pub(crate) fn note(&mut self, tenant: &TenantId, person: &PersonId, name: &str) {
        let known = self.0.entry(tenant.clone()).or_default();
        if known.count >= MOST {
            return;
        }
        for skeleton in skeletons(name) {
            let people = known.by_skeleton.entry(skeleton).or_default();
            if people.insert(person.clone(), name.to_owned()).is_none() {
                known.count += 1;
            }
        }
    }

    /// What is odd about the name of somebody.
    pub(crate) fn oddities(&self, caller: &Caller) -> Vec<Oddity> {
        let card = caller.card.cleaned();
        let Some(name) = &card.full_name else { return Vec::new() };
        let own = skeletons(name);
        let mut oddities = Vec::new();
        oddities.extend(self.alike(caller, name, &own));
        let company = [&card.company, &card.verified_domain].into_iter().flatten();
        let mut others = company.map(String::as_str).chain(NOT_A_PERSON.iter().copied());
        if let Some(other) = others.find(|other| !own.is_disjoint(&skeletons(other))) {
            oddities.push(Oddity { code: OddityCode::NotAPerson, like: Some(other.to_owned()) });
        }
        if name.split(|c: char| !c.is_alphanumeric()).any(|word| !word.is_single_script()) {
            oddities.push(Oddity { code: OddityCode::MixedScripts, like: None });
        }
        oddities
    }

    /// Somebody else whose name is like this one; who writes it otherwise is the greater danger.
    fn alike(&self, caller: &Caller, name: &str, own: &BTreeSet<String>) -> Option<Oddity> {
        let known = self.0.get(&caller.person.tenant)?;
        let people = own.iter().filter_map(|it| known.by_skeleton.get(it)).flatten();
        let mut others = people.filter(|(person, _)| **person != caller.person.id).peekable();
        others.peek()?;
        let other = others.map(|(_, other)| other).find(|other| *other != name);
        Some(match other {
            Some(other) => Oddity { code: OddityCode::LooksAlike, like: Some(other.clone()) },
            None => Oddity { code: OddityCode::SameName, like: None },
        })
    }
}

/// What a name looks like, with capitals and without; nothing if there is nothing to be seen.
fn skeletons(name: &str) -> BTreeSet<String> {
    let plain: String = name.chars().filter(|&c| !separates(c)).collect();
    let all = [skeleton(&plain).collect(), skeleton(&plain.to_lowercase()).collect()];
    all.into_iter().filter(|it: &String| !it.is_empty()).collect()
}

/// Whether a character stands between words, or cannot be seen at all.
fn separates(c: char) -> bool {
    c.is_whitespace()
        || c.is_ascii_punctuation()
        || matches!(c,
            '\u{ad}' | '\u{34f}' | '\u{b7}' | '\u{2000}'..='\u{206f}' | '\u{fe00}'..='\u{fe0f}'
            | '\u{feff}' | '\u{e0100}'..='\u{e01ef}')
}

#[cfg(test)]
mod tests;
