//! Points in time, as records hold them.

use std::fmt;
use std::str::FromStr;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use serde::{Deserialize, Serialize};
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

/// Milliseconds since 1970-01-01T00:00:00Z, without leap seconds.
///
/// As text, and so in JSON, it is RFC 3339 in UTC with three decimals, such as
/// `2026-03-01T09:30:00.000Z`; nothing else reads back. Years 0 to 9999.
#[derive(Clone, Copy, Debug, Deserialize, Eq, Hash, Ord, PartialEq, PartialOrd, Serialize)]
#[serde(try_from = "String", into = "String")]
pub struct Timestamp(i64);

/// The text or number is not a [`Timestamp`].
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
#[error("a time is written like 2026-03-01T09:30:00.000Z")]
pub struct NotATime;

impl Timestamp {
    /// This many milliseconds since 1970.
    ///
    /// # Errors
    ///
    /// [`NotATime`] outside the years 0 to 9999.
    pub fn from_millis(millis: i64) -> Result<Self, NotATime> {
        let time = OffsetDateTime::from_unix_timestamp_nanos(i128::from(millis) * 1_000_000);
        match time {
            Ok(time) if (0..=9999).contains(&time.year()) => Ok(Self(millis)),
            Ok(_) | Err(_) => Err(NotATime),
        }
    }

    /// The time that somebody else wrote by RFC 3339, in any zone and to any fraction of a second.
    ///
    /// # Errors
    ///
    /// [`NotATime`] for anything else, and outside the years 0 to 9999.
    pub fn read(text: &str) -> Result<Self, NotATime> {
        let time = OffsetDateTime::parse(text, &Rfc3339).map_err(|_| NotATime)?;
        let millis = i64::try_from(time.unix_timestamp_nanos().div_euclid(1_000_000));
        Self::from_millis(millis.map_err(|_| NotATime)?)
    }

    /// Milliseconds since 1970.
    pub fn millis(self) -> i64 {
        self.0
    }

    /// This time earlier, but not before 1970.
    #[must_use]
    pub fn before(self, span: Duration) -> Self {
        let span = i64::try_from(span.as_millis()).unwrap_or(i64::MAX);
        Self(self.0.saturating_sub(span).max(0))
    }
}

impl From<SystemTime> for Timestamp {
    /// A clock before 1970 or after 9999 is wrong, and reads as that end.
    fn from(time: SystemTime) -> Self {
        let since = time.duration_since(UNIX_EPOCH).unwrap_or_default();
        let millis = i64::try_from(since.as_millis()).unwrap_or(i64::MAX);
        Self::from_millis(millis).unwrap_or(Self(LAST))
    }
}

/// 9999-12-31T23:59:59.999Z.
const LAST: i64 = 253_402_300_799_999;

impl fmt::Display for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let time = OffsetDateTime::from_unix_timestamp_nanos(i128::from(self.0) * 1_000_000)
            .map_err(|_| fmt::Error)?;
        let (year, month, day) = time.to_calendar_date();
        let (hour, minute, second, milli) = time.to_hms_milli();
        let month = u8::from(month);
        write!(f, "{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}.{milli:03}Z")
    }
}

impl FromStr for Timestamp {
    type Err = NotATime;

    fn from_str(text: &str) -> Result<Self, NotATime> {
        let time = Self::read(text)?;
        // One text for each time, so that what is signed has one form.
        if time.to_string() == text { Ok(time) } else { Err(NotATime) }
    }
}

impl TryFrom<String> for Timestamp {
    type Error = NotATime;

    fn try_from(text: String) -> Result<Self, NotATime> {
        text.parse()
    }
}

impl From<Timestamp> for String {
    fn from(time: Timestamp) -> Self {
        time.to_string()
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn times_are_written_in_one_way() {
        let time = Timestamp::from_millis(1_772_357_400_000).unwrap();
        assert_eq!(time.to_string(), "2026-03-01T09:30:00.000Z");
        assert_eq!(Timestamp::from_millis(LAST).unwrap().to_string(), "9999-12-31T23:59:59.999Z");
        assert_eq!(Timestamp::from_millis(LAST + 1), Err(NotATime));
        for other in ["2026-03-01T10:30:00.000+01:00", "2026-03-01T09:30:00Z", "yesterday", ""] {
            assert_eq!(other.parse::<Timestamp>(), Err(NotATime), "{other}");
        }
        for other in ["2026-03-01T10:30:00.000+01:00", "2026-03-01T09:30:00Z"] {
            assert_eq!(Timestamp::read(other), Ok(time), "{other}");
        }
        assert_eq!(Timestamp::read("yesterday"), Err(NotATime));
    }

    proptest! {
        #[test]
        fn every_time_reads_back(millis in 0..=LAST) {
            let time = Timestamp::from_millis(millis).unwrap();
            prop_assert_eq!(time.to_string().parse(), Ok(time));
        }
    }
}
