use rh_policy::Person;
use rh_protocol::IdentityCard;

use super::*;

fn caller(id: &str, name: &str) -> Caller {
    let card = IdentityCard {
        full_name: Some(name.to_owned()),
        company: Some("Example Ltd".to_owned()),
        verified_domain: Some("example.com".to_owned()),
        ..IdentityCard::default()
    };
    Caller {
        person: Person::new("ours".parse().unwrap(), id.parse().unwrap()),
        card,
        address: [127, 0, 0, 1].into(),
        device: None,
    }
}

/// What is odd about somebody of this name where Hana Helper and others are known.
fn odd(name: &str) -> Vec<OddityCode> {
    let mut names = Names::default();
    let tenant = "ours".parse().unwrap();
    for (id, known) in [("hana", "Hana Helper"), ("ian", "Ian Miller"), ("wei", "\u{738b}\u{4f1f}")]
    {
        names.note(&tenant, &id.parse().unwrap(), known);
    }
    names.oddities(&caller("eve", name)).into_iter().map(|it| it.code).collect()
}

/// B-05: the corpus of spoofed names. Whatever looks like a colleague is told of.
#[test]
fn b05_spoofed_names_are_told_of() {
    use OddityCode::{LooksAlike, MixedScripts, NotAPerson, SameName};
    for (name, expected) in [
        ("Hana Helper", &[SameName][..]),
        ("hana helper", &[LooksAlike]),
        ("Hana  Helper.", &[LooksAlike]),
        ("Hana-Helper", &[LooksAlike]),
        // Cyrillic letters that look like Latin ones.
        ("H\u{430}na Helper", &[LooksAlike, MixedScripts]),
        ("Hana H\u{435}lper", &[LooksAlike, MixedScripts]),
        // Joiners, a variation selector, marks that are drawn on nothing.
        ("Ha\u{200d}na Helper", &[LooksAlike]),
        ("Hana\u{fe0f} Helper", &[LooksAlike]),
        // Mathematical and full-width letters.
        ("\u{1d407}ana Helper", &[LooksAlike]),
        ("\u{ff28}ana Helper", &[LooksAlike]),
        // A small l and a digit for a capital I, rn for m.
        ("lan Miller", &[LooksAlike]),
        ("1an Miller", &[LooksAlike]),
        ("Ian rniller", &[LooksAlike]),
        ("Remote Help", &[NotAPerson]),
        ("R\u{435}mote Help", &[NotAPerson, MixedScripts]),
        ("Example Ltd", &[NotAPerson]),
        ("EXAMPLE LTD", &[NotAPerson]),
        ("example.com", &[NotAPerson]),
        ("IT Support", &[NotAPerson]),
        ("P\u{430}ypal", &[MixedScripts]),
    ] {
        assert_eq!(odd(name), expected, "{name:?}");
    }
}

/// B-16: names of every script are names.
#[test]
fn honest_names_are_not_odd() {
    for name in [
        "Ana N\u{fa}\u{f1}ez",
        "Ana Nu\u{301}n\u{303}ez",
        "Conan O'Brien",
        "Conan O\u{2019}Brien",
        "Jean-Luc Picard",
        "\u{418}\u{432}\u{430}\u{43d} \u{418}\u{432}\u{430}\u{43d}\u{43e}\u{432}",
        "\u{418}\u{432}\u{430}\u{43d} (Ivan)",
        "\u{7530}\u{4e2d} \u{3055}\u{304f}\u{3089}",
        "\u{738b}\u{5c0f}\u{660e} Ming",
        "\u{645}\u{62d}\u{645}\u{62f}",
        "\u{5d3}\u{5d5}\u{5d3} \u{5db}\u{5d4}\u{5df}",
        "\u{921}\u{949}. \u{938}\u{940}\u{924}\u{93e}",
        "\u{1f600}",
    ] {
        assert_eq!(odd(name), [], "{name:?}");
    }
}

#[test]
fn one_is_not_odd_beside_oneself() {
    let mut names = Names::default();
    let hana = caller("hana", "Hana Helper");
    names.note(&hana.person.tenant, &hana.person.id, "Hana Helper");
    names.note(&hana.person.tenant, &hana.person.id, "Hana HELPER");
    assert_eq!(names.oddities(&hana), []);
    names.note(&"theirs".parse().unwrap(), &"eve".parse().unwrap(), "Hana Helper");
    assert_eq!(names.oddities(&hana), [], "people of other tenants are not known");
}

/// The name that somebody's is like is told, so that the sharer knows whom to think of.
#[test]
fn whom_one_is_like_is_told() {
    let mut names = Names::default();
    let eve = caller("eve", "H\u{430}na Helper");
    names.note(&eve.person.tenant, &"hana".parse().unwrap(), "Hana Helper");
    assert_eq!(names.oddities(&eve)[0].like.as_deref(), Some("Hana Helper"));
}

/// Nobody can fill the memory with names.
#[test]
fn there_is_an_end_to_names() {
    let mut names = Names::default();
    let tenant: TenantId = "ours".parse().unwrap();
    for n in 0..MOST {
        names.note(&tenant, &format!("p{n}").parse().unwrap(), &format!("Name {n}"));
    }
    assert!(names.0[&tenant].count <= MOST + 1);
}
