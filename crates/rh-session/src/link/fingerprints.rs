//! The certificates at the two ends of a link.

/// The fingerprints of both ends' certificates, as in the descriptions that were applied (RFC 8122):
/// `sha-256 AB:CD:…`.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Fingerprints {
    /// Of the helper's.
    pub helper: String,
    /// Of the agent's.
    pub sharer: String,
}

impl Fingerprints {
    /// Those of an offer and its answer; `None` unless each names exactly one certificate, since a
    /// link could then be with either.
    #[cfg(any(feature = "webrtc", test))]
    pub(super) fn of(offer: &str, answer: &str) -> Option<Self> {
        Some(Self { helper: of_sdp(offer)?, sharer: of_sdp(answer)? })
    }

    /// Whether an offer is of this helper's certificate alone.
    #[cfg(any(feature = "webrtc", test))]
    pub(super) fn are_of(&self, offer: &str) -> bool {
        of_sdp(offer).as_ref() == Some(&self.helper)
    }
}

#[cfg(any(feature = "webrtc", test))]
fn of_sdp(sdp: &str) -> Option<String> {
    let mut values = sdp.lines().filter_map(|line| line.trim_end().strip_prefix("a=fingerprint:"));
    let first = normal(values.next()?)?;
    values.all(|value| normal(value).as_ref() == Some(&first)).then_some(first)
}

/// One form for each fingerprint: the name of the hash in small letters, the bytes in capitals.
#[cfg(any(feature = "webrtc", test))]
fn normal(value: &str) -> Option<String> {
    let (function, bytes) = value.trim().split_once(' ')?;
    let bytes = bytes.trim();
    let byte = |it: &str| it.len() == 2 && it.bytes().all(|c| c.is_ascii_hexdigit());
    let named =
        !function.is_empty() && function.bytes().all(|c| c.is_ascii_alphanumeric() || c == b'-');
    let good = named && bytes.split(':').all(byte);
    good.then(|| format!("{} {}", function.to_ascii_lowercase(), bytes.to_ascii_uppercase()))
}

#[cfg(test)]
mod tests {
    use super::*;

    const OURS: &str = "v=0\r\na=fingerprint:sha-256 0A:BC\r\nm=application 9\r\n";

    #[test]
    fn both_ends_are_read_in_one_form() {
        let offer = "v=0\r\nm=video 9\r\na=fingerprint:SHA-256 ab:0c\r\n\
             m=application 9\r\na=fingerprint:sha-256 AB:0C\r\n";
        let helper = "sha-256 AB:0C".to_owned();
        let sharer = "sha-256 0A:BC".to_owned();
        let ends = Fingerprints::of(offer, OURS);
        assert_eq!(ends, Some(Fingerprints { helper, sharer }));
        assert!(ends.as_ref().is_some_and(|it| it.are_of(offer) && !it.are_of(OURS)));
    }

    /// S-46: a description that names two certificates, or none, is bound to nothing.
    #[test]
    fn what_is_not_one_certificate_is_none() {
        for offer in [
            "v=0\r\n",
            "a=fingerprint:sha-256 AB:0C\na=fingerprint:sha-256 AB:0D\n",
            "a=fingerprint:sha-256 AB:0C\na=fingerprint:sha-1 AB:0C\n",
            "a=fingerprint:sha-256\n",
            "a=fingerprint:sha-256 AB:0\n",
            "a=fingerprint:sha-256 AB:0C\u{202e}\n",
            "a=fingerprint: AB:0C\n",
        ] {
            assert_eq!(Fingerprints::of(offer, OURS), None, "{offer:?}");
        }
    }
}
