//! Which domain a person is vouched for.

use crate::{Claims, ProviderSettings};

/// The domain that the operator vouches for: the tenant's only one, or the one of several that the
/// person's *verified* e-mail address ends in. A user name is display only, and an address that
/// nobody verified is anybody's.
pub(crate) fn of_operator(settings: &ProviderSettings, claims: &Claims) -> Option<String> {
    match settings.domains.as_slice() {
        [] => None,
        [only] => Some(only.clone()),
        several => {
            let address = claims.text("email").filter(|_| claims.truth("email_verified"))?;
            among(several.iter().map(String::as_str), address)
        }
    }
}

/// The one of `domains` that `address` ends in after its last `@`.
pub(crate) fn among<'a>(
    mut domains: impl Iterator<Item = &'a str>,
    address: &str,
) -> Option<String> {
    let (_, host) = address.rsplit_once('@')?;
    domains.find(|domain| domain.eq_ignore_ascii_case(host)).map(str::to_ascii_lowercase)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn domain(domains: &[&str], claims: serde_json::Value) -> Option<String> {
        let settings = ProviderSettings {
            domains: domains.iter().map(|&it| it.to_owned()).collect(),
            ..ProviderSettings::example()
        };
        of_operator(&settings, &Claims::new(claims.as_object().unwrap().clone()))
    }

    /// S-47: nothing but the directory or the operator makes a domain verified.
    #[test]
    fn an_unverified_address_makes_no_domain() {
        let two = ["example.com", "example.org"];
        for claims in [
            json!({}),
            json!({"email": "ann@example.org"}),
            json!({"email": "ann@example.org", "email_verified": false}),
            json!({"preferred_username": "ann@example.org", "email_verified": true}),
            json!({"email": "ann@example.org.evil.example", "email_verified": true}),
            json!({"email": "ann@example.org@evil.example", "email_verified": true}),
        ] {
            assert_eq!(domain(&two, claims.clone()), None, "{claims}");
        }
        let verified = json!({"email": "ann@Example.ORG", "email_verified": true});
        assert_eq!(domain(&two, verified).as_deref(), Some("example.org"));
    }

    #[test]
    fn an_only_domain_is_everyones() {
        let claims = json!({"email": "ann@elsewhere.example", "email_verified": true});
        assert_eq!(domain(&["example.com"], claims).as_deref(), Some("example.com"));
        assert_eq!(domain(&[], json!({})), None);
    }
}
