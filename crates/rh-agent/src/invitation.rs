//! A link with a code (M-12).

use reqwest::Url;
use rh_protocol::limits::CODE_DIGITS;

/// The code of `link` if that is an invitation to `service`, such as
/// `https://help.example.com/#code=04271938`.
///
/// The code is in the fragment, which no browser sends to any server (RFC 9110, section 4.2.5). A link
/// is somebody else's word: before its code is used, the sharer has to be asked.
///
/// # Errors
///
/// What is wrong with it, and what to do.
pub fn invited(link: &str, service: &str) -> Result<String, InvitationError> {
    let origin = |address: &str| Url::parse(address).ok().map(|url| url.origin());
    let link = Url::parse(link.trim()).map_err(|_| InvitationError::NoLink)?;
    let own = origin(service).filter(|it| it.is_tuple()).ok_or(InvitationError::NoLink)?;
    if link.origin() != own || !link.username().is_empty() || link.password().is_some() {
        return Err(InvitationError::Elsewhere { own: own.ascii_serialization() });
    }
    let code = link.fragment().and_then(|it| it.strip_prefix("code="));
    let is_code = |it: &&str| it.len() == CODE_DIGITS && it.bytes().all(|c| c.is_ascii_digit());
    code.filter(is_code).map(str::to_owned).ok_or(InvitationError::NoCode)
}

/// Why a link is no invitation.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
pub enum InvitationError {
    /// It is no link at all.
    #[error("that is no link; copy all of it, or type the 8 digits")]
    NoLink,
    /// It leads to another service than this agent's.
    #[error(
        "that link does not lead to {own}, which this app is set up for; ask who sent it for a code of {own}"
    )]
    Elsewhere {
        /// Where it should lead.
        own: String,
    },
    /// There is no code in it.
    #[error("there is no code in that link; copy all of it, or type the 8 digits")]
    NoCode,
}

#[cfg(test)]
mod tests {
    use super::*;

    const OURS: &str = "https://help.example.com";

    #[test]
    fn a_link_to_the_own_service_has_a_code() {
        for link in [
            "https://help.example.com/#code=04271938",
            " https://help.example.com:443/#code=04271938\n",
            "HTTPS://HELP.EXAMPLE.COM#code=04271938",
        ] {
            assert_eq!(invited(link, OURS).as_deref(), Ok("04271938"), "{link}");
        }
        let local = "http://127.0.0.1:8080";
        assert_eq!(
            invited("http://127.0.0.1:8080/#code=04271938", local).as_deref(),
            Ok("04271938")
        );
    }

    /// B-05: nobody is led to another service, nor by an address that only looks like it.
    #[test]
    fn a_link_to_elsewhere_is_none() {
        for link in [
            "https://help.example.com.evil.example/#code=04271938",
            "https://help.example.com@evil.example/#code=04271938",
            "https://user@help.example.com/#code=04271938",
            "https://help.example.com:444/#code=04271938",
            "http://help.example.com/#code=04271938",
            "https://hеlp.example.com/#code=04271938",
            "javascript:alert(1)#code=04271938",
            "file:///#code=04271938",
        ] {
            let own = OURS.to_owned();
            assert_eq!(invited(link, OURS), Err(InvitationError::Elsewhere { own }), "{link}");
        }
    }

    #[test]
    fn a_link_without_a_whole_code_is_none() {
        for end in [
            "",
            "#",
            "#code=",
            "#code=1234567",
            "#code=123456789",
            "#code=1234567a",
            "?code=04271938",
        ] {
            let link = format!("{OURS}/{end}");
            assert_eq!(invited(&link, OURS), Err(InvitationError::NoCode), "{link}");
        }
        assert_eq!(invited("04271938", OURS), Err(InvitationError::NoLink));
    }
}
