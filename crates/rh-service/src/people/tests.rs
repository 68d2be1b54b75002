use std::fs;

use super::*;

/// Reads `toml` as a people file beside a picture `ann.png`.
fn read(toml: &str) -> Result<People, String> {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("ann.png"), include_bytes!("../../assets/helper.png")).unwrap();
    fs::write(folder.path().join("not.png"), "text").unwrap();
    let path = folder.path().join("people.toml");
    fs::write(&path, toml).unwrap();
    People::read(&path).map_err(|e| e.to_string())
}

const ANN: &str = "[[person]]\nid = 'ann'\nfull_name = 'Ann Example'\n";

#[test]
fn people_are_read_with_what_is_known_of_them() {
    let bob = "[[person]]\nid = 'bob'\nfull_name = 'Bob Example'\njob_title = 'Clerk'\n\
               company = 'Example Ltd'\nverified_domain = 'example.com'\npicture = 'ann.png'\n";
    let people = read(&format!("{ANN}{bob}")).unwrap();
    let ann = people.find(&"ann".parse().unwrap()).unwrap();
    assert_eq!(ann.card.full_name.as_deref(), Some("Ann Example"));
    assert_eq!(ann.card.picture, None);
    let bob = people.find(&"bob".parse().unwrap()).unwrap();
    assert_eq!(bob.card.job_title.as_deref(), Some("Clerk"));
    assert_eq!(bob.card.picture.as_deref(), Some("/api/people/bob/picture"));
    assert_eq!(bob.picture.as_ref().unwrap().media_type, "image/png");
}

/// Every error names the file and the key.
#[test]
fn a_faulty_file_is_refused_with_file_and_key() {
    let long = format!("{ANN}company = '{}'", "x".repeat(129));
    for (toml, key) in [
        ("", "person"),
        ("person = []", "[[person]]"),
        ("[[person]]\nid = 'ann'", "full_name"),
        ("[[person]]\nid = '../ann'\nfull_name = 'A'", "id"),
        ("[[person]]\nid = '..'\nfull_name = 'A'", "id"),
        (&format!("{ANN}admin = true"), "admin"),
        (&format!("{ANN}full_name = 'B'"), "full_name"),
        (&format!("{ANN}job_title = ' '"), "job_title"),
        (&long, "company"),
        (&format!("{ANN}{ANN}"), "id"),
        (&format!("{ANN}picture = 'not.png'"), "picture"),
        (&format!("{ANN}picture = 'missing.png'"), "picture"),
        ("[[person", "line 1"),
    ] {
        let error = read(toml).unwrap_err();
        let file = if toml.contains("missing") { "missing.png" } else { "people.toml" };
        assert!(error.contains(file) && error.contains(key), "{toml:?}: {error}");
    }
}

#[test]
fn a_missing_file_is_refused() {
    let error = People::read(Path::new("/nowhere/people.toml")).unwrap_err().to_string();
    assert!(error.contains("/nowhere/people.toml") && error.contains("--people"), "{error}");
}

/// S-47: five fields each, so that a first try shows the whole card.
#[test]
fn the_built_in_people_have_whole_cards() {
    let people = People::built_in();
    assert_eq!(people.iter().count(), 2);
    for (_, person) in people.iter() {
        let IdentityCard { full_name, job_title, company, picture, verified_domain } = &person.card;
        for field in [full_name, job_title, company, picture, verified_domain] {
            assert!(field.is_some(), "{:?}", person.card);
        }
        assert!(person.picture.is_some());
    }
}
