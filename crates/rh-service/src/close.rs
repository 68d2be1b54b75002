//! Why the service closes a socket.

/// Why the service closes a socket, with its RFC 6455 7.4 status code.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub enum Close {
    /// No hello in time.
    NoHello,
    /// The hello named another version.
    Version,
    /// No room for another connection.
    Busy,
    /// A message above [`MESSAGE_BYTES`](rh_protocol::limits::MESSAGE_BYTES).
    TooLong,
    /// Too many messages that are none.
    Garbage,
    /// Too many messages in a short time.
    TooFast,
    /// The client does not read what it is sent.
    Slow,
    /// The client no longer answers pings.
    Silent,
    /// The person signed out.
    SignedOut,
    /// The service stops; it may be back soon.
    Restart,
}

impl Close {
    /// The status code: 1008 policy violation, 1009 message too big, 1012 service restart, 1013 try
    /// again later.
    pub fn code(self) -> u16 {
        match self {
            Self::NoHello
            | Self::Version
            | Self::Garbage
            | Self::TooFast
            | Self::Slow
            | Self::Silent
            | Self::SignedOut => 1008,
            Self::TooLong => 1009,
            Self::Restart => 1012,
            Self::Busy => 1013,
        }
    }

    /// The reason in the close frame.
    pub fn reason(self) -> &'static str {
        match self {
            Self::NoHello => "no hello",
            Self::Version => "other version",
            Self::Busy => "busy",
            Self::TooLong => "message too long",
            Self::Garbage => "too much garbage",
            Self::TooFast => "too many messages",
            Self::Slow => "too slow",
            Self::Silent => "silent",
            Self::SignedOut => "signed out",
            Self::Restart => "service restart",
        }
    }
}
