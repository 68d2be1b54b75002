//! Why ScreenCaptureKit ends or refuses, as what the caller can do.
//!
//! The numbers are `SCStreamErrorCode` of Apple's header `SCError.h`.

use rh_protocol::DisplayId;

use crate::CaptureError;

/// What is known when a stream ends or does not start.
#[derive(Clone, Debug)]
pub(crate) struct Stop {
    /// The error's code; `None` if it is of another domain than ScreenCaptureKit's.
    pub(crate) code: Option<isize>,
    /// The system's own words.
    pub(crate) text: String,
    pub(crate) display: DisplayId,
    /// Whether the display is still there.
    pub(crate) present: bool,
    /// Whether it sleeps.
    pub(crate) asleep: bool,
}

impl Stop {
    /// What the caller can do about it.
    pub(crate) fn error(self, context: &'static str) -> CaptureError {
        match self.code {
            // userDeclined
            Some(-3801) => CaptureError::Denied,
            // missingEntitlements
            Some(-3803) => CaptureError::Unavailable {
                backend: "ScreenCaptureKit",
                detail: format!("this build is not signed for it: {}", self.text),
            },
            // userStopped
            Some(-3817) => CaptureError::Stopped,
            _ if !self.present => CaptureError::NoDisplay(self.display),
            _ if self.asleep => CaptureError::Asleep,
            // noDisplayList, noCaptureSource
            Some(-3814 | -3815) => CaptureError::NoDisplay(self.display),
            code => CaptureError::Platform { context, detail: detail(code, &self.text) },
        }
    }
}

fn detail(code: Option<isize>, text: &str) -> String {
    let text = if text.is_empty() { "the system gave no reason" } else { text };
    match code {
        // systemStoppedStream
        Some(-3821) => format!("the system ended it: {text}"),
        Some(code) => format!("{text} (SCStreamError {code})"),
        None => text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ID: DisplayId = DisplayId(3);

    fn stop(code: isize) -> Stop {
        Stop {
            code: Some(code),
            text: "words".to_owned(),
            display: ID,
            present: true,
            asleep: false,
        }
    }

    fn error(code: isize) -> CaptureError {
        stop(code).error("capture")
    }

    #[test]
    fn each_code_is_what_the_caller_can_do() {
        assert_eq!(error(-3801), CaptureError::Denied);
        assert!(matches!(error(-3803), CaptureError::Unavailable { .. }));
        assert_eq!(error(-3814), CaptureError::NoDisplay(ID));
        assert_eq!(error(-3815), CaptureError::NoDisplay(ID));
        assert_eq!(error(-3817), CaptureError::Stopped);
        let anew = [-3802, -3804, -3805, -3806, -3807, -3808, -3809, -3810, -3811, -3812, -3813];
        for code in anew.into_iter().chain([-3816, -3818, -3819, -3820, -3821, -1, 0]) {
            let CaptureError::Platform { detail, .. } = error(code) else { panic!("{code}") };
            assert!(detail.contains("words"), "{detail}");
        }
    }

    #[test]
    fn a_display_that_went_away_or_to_sleep_is_told_apart_from_a_failure() {
        for code in [-3805, -3811, -3821] {
            let gone = Stop { present: false, ..stop(code) };
            assert_eq!(gone.error("capture"), CaptureError::NoDisplay(ID));
            let asleep = Stop { asleep: true, ..stop(code) };
            assert_eq!(asleep.error("capture"), CaptureError::Asleep);
        }
    }

    /// S-53: a person's word counts more than whatever else is the case.
    #[test]
    fn what_a_person_decided_comes_first() {
        for (code, decided) in [(-3801, CaptureError::Denied), (-3817, CaptureError::Stopped)] {
            let also = Stop { present: false, asleep: true, ..stop(code) };
            assert_eq!(also.error("capture"), decided);
        }
    }

    #[test]
    fn an_error_of_another_domain_keeps_its_words() {
        let other = Stop { code: None, ..stop(0) };
        let detail = "words".to_owned();
        assert_eq!(other.error("start"), CaptureError::Platform { context: "start", detail });
        let silent = Stop { text: String::new(), ..stop(-3811) };
        assert!(silent.error("start").to_string().contains("no reason"));
    }
}
