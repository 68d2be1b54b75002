// Written by `cargo xtask gen` from crates/rh-protocol; do not edit.

/** What somebody wanted to do. */
export type Action = "make_code" | "join" | "view" | "control" | "upgrade" | "chat" | "other";

/**
 * What the service knows of the other side beside its card, so that nobody is taken in.
 *
 * Nothing here forbids anything: a sharer reads it before saying yes.
 */
export type Background = {
  /** Agent: seconds between the helper's making of the code and its being entered. */
  code_age: number | null;
  /**
   * Whether these two had a session before in which something was allowed, as far as records
   * reach; absent if nobody knows.
   */
  met_before: boolean | null;
  /** What is odd about the name; at most `LIST`. */
  oddities: Array<Oddity>;
};

/** A mouse button, as W3C `MouseEvent.button` tells them apart. */
export type Button = "left" | "middle" | "right" | "back" | "forward";

/** What kind of client speaks. */
export type Client = "helper" | "agent";

/**
 * The sharer's answer to a request.
 *
 * Anything that is not exactly `allow` reads as `Decline`.
 */
export type Consent = "allow" | "decline";

/**
 * What the sharer's desktop is doing, from most open to most shut.
 *
 * If several apply, the greatest counts.
 */
export type DesktopState = "active" | "secure_input" | "locked" | "other_user" | "asleep";

/** What shows which device it is, from most to least. */
export type DeviceAssurance = "attested" | "certificate" | "sign_in" | "claimed";

/** What an agent says of the device that it shares. */
export type DeviceClaim = {
  /** Its serial number. */
  serial: string | null;
  /** Its UDID. */
  udid: string | null;
  /** What proves which one it is; it names the device itself, whatever is claimed beside it. */
  proof: DeviceProof | null;
};

/** A signature over [`device_statement`]. */
export type DeviceProof = {
  /** The challenge that is answered, as the service sent it. */
  challenge: string;
  /** The service that is answered, as an origin: a signature for one is none for another. */
  origin: string;
  /**
   * The certificate of the key, and those that lead from it to the authority without that itself:
   * X.509 DER in base64; at most `CERTIFICATES`.
   */
  certificates: Array<string>;
  /** How it is signed. */
  algorithm: SignatureAlgorithm;
  /** The signature, in base64, in the form that X.509 and TLS use. */
  signature: string;
};

/**
 * One display of the sharer's machine.
 *
 * Positions are in the platform's global coordinates, top-left origin; they may be negative.
 */
export type Display = {
  /** Which one. */
  id: DisplayId;
  /** What its platform calls it, such as `HDMI-1`. */
  name: string;
  /** Left edge, in global units. */
  x: number;
  /** Top edge, in global units. */
  y: number;
  /** Extent across, in global units; never zero. */
  width: number;
  /** Extent down, in global units; never zero. */
  height: number;
  /** Pixels per global unit: 2.0 on a Retina display, 1.0 on X11. */
  scale: number;
  /** Whether it is the main one. */
  primary: boolean;
};

/** One display of the sharer's machine, as its platform numbers it. */
export type DisplayId = number;

/** Why a session ended, as both sides are told (S-61). */
export type EndReason =
  | "declined" | "no_answer" | "sharer_ended" | "helper_ended" | "helper_left" | "crashed"
  | "connection_lost" | "capture_failed" | "version" | "service_ended" | "handed_over"
  | "right_revoked" | "administrator_ended" | "other";

/** One step after which a reason is gone. */
export type Fix = {
  /** What to do. */
  code: FixCode;
  /** Who can do it. */
  who: Who;
  /** The permission to give, under Microsoft Graph's name for it. */
  permission: string | null;
  /** The switch to turn, under Microsoft Graph's name for it. */
  setting: string | null;
};

/** What to do. */
export type FixCode =
  | "sign_in_here" | "sharer_sign_in_here" | "share_our_device" | "switch_on" | "lift_suspension"
  | "grant" | "add_to_scope" | "add_person_to_scope" | "enrol" | "allow_unenrolled"
  | "install_single_sign_on" | "register_device" | "sign_in_to_edge" | "update_browser"
  | "share_with_agent" | "join" | "unblock_chat" | "try_again" | "other";

/** A share of an extent, from `0.0` to `1.0`; nothing else can be made or decoded. */
export type Fraction = number;

/** What a client tells the service. */
export type FromClient =
  | {
      type: "hello";
      /** `VERSION`. */
      version: number;
      /** What kind of client. */
      client: Client;
    }
  | {
      type: "new_session";
      /**
       * The device that it is for, as the directory names it: 1 to 512 visible ASCII characters. The
       * helper is warned if another joins.
       */
      device?: string | null;
    }
  | { type: "challenge" }
  | {
      type: "device";
      /** What it says. */
      device: DeviceClaim;
    }
  | {
      type: "join";
      /** As typed; the service folds spaces and other digit scripts. */
      code: string;
    }
  | {
      type: "request";
      /** The role wanted. */
      role: Role;
    }
  | {
      type: "answer";
      /** The role that was asked for. */
      role: Role;
      /** The answer. */
      consent: Consent;
      /** What the sharer was shown; absent if nobody was asked, or the agent states nothing. */
      shown?: Shown | null;
    }
  | {
      type: "negotiate";
      /** One step of it. */
      step: Negotiation;
    }
  | { type: "relay" }
  | {
      type: "chat";
      /** What is written; see `chat_text`. */
      text: string;
    }
  | {
      type: "introduce";
      /** The colleague's code, as typed. */
      code: string;
      /** Whether the helper stays, or else leaves once the colleague is allowed something. */
      stays: boolean;
    }
  | {
      type: "leave";
      /** Why. */
      reason: EndReason;
    };

/**
 * What a helper tells the agent.
 *
 * A role cannot be asked for here: requests go through the service, which decides who may ask.
 */
export type FromHelper =
  | {
      type: "hello";
      /** `VERSION`. */
      version: number;
    }
  | {
      type: "input";
      /** Its place in the helper's input; see `PointerMove`. */
      seq: number;
      /** The action. */
      event: InputEvent;
    }
  | {
      type: "select";
      /** Which one. */
      display: DisplayId;
    }
  | {
      type: "ping";
      /** Returned unchanged. */
      nonce: number;
    }
  | {
      type: "sas_nonce";
      /** 64 hexadecimal digits, small letters, that nobody can guess. */
      nonce: string;
    }
  | {
      type: "bye";
      /** Why. */
      reason: EndReason;
    };

/** W3C `RTCIceCandidateInit`. */
export type IceCandidate = {
  /** The candidate attribute; empty for "no more". */
  candidate: string;
  /** The media section's `mid`. */
  sdp_mid: string | null;
  /** The media section's index. */
  sdp_m_line_index: number | null;
};

/** W3C `RTCIceServer`: a relay, and whom it serves. */
export type IceServer = {
  /**
   * `turn:` and `turns:` addresses (RFC 7065); any of them will do. At most
   * `LIST`.
   */
  urls: Array<string>;
  /** The user's name. */
  username: string;
  /** The user's password. */
  credential: string;
};

/**
 * The five fields that each side sees of the other before anything is shared (S-47, S-57).
 *
 * The service vouches for them. An absent field is shown as absent, never guessed.
 */
export type IdentityCard = {
  /** First and last name. */
  full_name: string | null;
  /** Job title. */
  job_title: string | null;
  /** Company. */
  company: string | null;
  /** Path of the picture on the service's own origin; it starts with one `/`. */
  picture: string | null;
  /** Domain that the directory or the operator vouches for, such as `example.com`. */
  verified_domain: string | null;
};

/** One action of a helper, over the reliable channel. */
export type InputEvent =
  | {
      kind: "move";
      /** Where it is now. */
      at: Point;
    }
  | {
      kind: "button";
      /** Which one. */
      button: Button;
      /** Whether it is down now. */
      down: boolean;
      /** Where; the pointer goes there first. */
      at: Point;
    }
  | {
      kind: "scroll";
      /** Pixels to the right, as W3C `WheelEvent.deltaX`; within `SCROLL`. */
      dx: number;
      /** Pixels down, as W3C `WheelEvent.deltaY`; within `SCROLL`. */
      dy: number;
      /** Where; the pointer goes there first. */
      at: Point;
    }
  | {
      kind: "key";
      /** Which one. */
      key: Key;
      /** Whether it is down now. */
      down: boolean;
    }
  | {
      kind: "text";
      /** The text, at most `TEXT_CHARS` characters. */
      text: string;
    }
  | { kind: "release_all" };

/** What became of a colleague whom a helper brings to the sharer (B-20). */
export type Introduction = "arrived" | "allowed" | "gone" | "code" | "denied" | "full" | "other";

/**
 * A physical key by its place on the keyboard, whatever the layout prints on it.
 *
 * The variants are the `KeyboardEvent.code` values of the W3C's "UI Events KeyboardEvent
 * code Values", sections 3.1 to 3.6, so a browser's `event.code` travels unchanged.
 */
export type Key =
  | "Backquote" | "Backslash" | "BracketLeft" | "BracketRight" | "Comma" | "Digit0" | "Digit1"
  | "Digit2" | "Digit3" | "Digit4" | "Digit5" | "Digit6" | "Digit7" | "Digit8" | "Digit9" | "Equal"
  | "IntlBackslash" | "IntlRo" | "IntlYen" | "KeyA" | "KeyB" | "KeyC" | "KeyD" | "KeyE" | "KeyF"
  | "KeyG" | "KeyH" | "KeyI" | "KeyJ" | "KeyK" | "KeyL" | "KeyM" | "KeyN" | "KeyO" | "KeyP" | "KeyQ"
  | "KeyR" | "KeyS" | "KeyT" | "KeyU" | "KeyV" | "KeyW" | "KeyX" | "KeyY" | "KeyZ" | "Minus"
  | "Period" | "Quote" | "Semicolon" | "Slash" | "AltLeft" | "AltRight" | "Backspace" | "CapsLock"
  | "ContextMenu" | "ControlLeft" | "ControlRight" | "Enter" | "MetaLeft" | "MetaRight"
  | "ShiftLeft" | "ShiftRight" | "Space" | "Tab" | "Convert" | "KanaMode" | "Lang1" | "Lang2"
  | "NonConvert" | "Delete" | "End" | "Help" | "Home" | "Insert" | "PageDown" | "PageUp"
  | "ArrowDown" | "ArrowLeft" | "ArrowRight" | "ArrowUp" | "NumLock" | "Numpad0" | "Numpad1"
  | "Numpad2" | "Numpad3" | "Numpad4" | "Numpad5" | "Numpad6" | "Numpad7" | "Numpad8" | "Numpad9"
  | "NumpadAdd" | "NumpadComma" | "NumpadDecimal" | "NumpadDivide" | "NumpadEnter" | "NumpadEqual"
  | "NumpadMultiply" | "NumpadSubtract" | "Escape" | "F1" | "F2" | "F3" | "F4" | "F5" | "F6" | "F7"
  | "F8" | "F9" | "F10" | "F11" | "F12" | "F13" | "F14" | "F15" | "F16" | "F17" | "F18" | "F19"
  | "F20" | "F21" | "F22" | "F23" | "F24" | "PrintScreen" | "ScrollLock" | "Pause"
  | "AudioVolumeDown" | "AudioVolumeMute" | "AudioVolumeUp" | "MediaPlayPause" | "MediaStop"
  | "MediaTrackNext" | "MediaTrackPrevious";

/** One step of the negotiation of a link (RFC 8829, trickle ICE RFC 8838); the helper offers. */
export type Negotiation =
  | {
      kind: "offer";
      /** SDP, at most `SDP_BYTES`. */
      sdp: string;
    }
  | {
      kind: "answer";
      /** SDP, at most `SDP_BYTES`. */
      sdp: string;
    }
  | {
      kind: "candidate";
      /** The candidate. */
      candidate: IceCandidate;
    };

/** Something odd about a name. */
export type Oddity = {
  /** What. */
  code: OddityCode;
  /** The name that it is like, if it is like one. */
  like: string | null;
};

/** What is odd about a name. */
export type OddityCode = "looks_alike" | "same_name" | "not_a_person" | "mixed_scripts" | "other";

/** Why a helper is shown the picture by the path that it takes: as exact tiles, or as video. */
export type PathReason =
  | "still" | "moved" | "exact" | "no_video" | "motion" | "photographic" | "area" | "budget"
  | "repair";

/**
 * A position on a display, as shares of its extent.
 *
 * Independent of pixels, so neither side needs the other's resolution. It names its display, so
 * that an action under way while another display is chosen lands nowhere rather than elsewhere.
 */
export type Point = {
  /** On which display. */
  display: DisplayId;
  /** From the left edge. */
  x: Fraction;
  /** From the top edge. */
  y: Fraction;
};

/**
 * A pointer position over the unreliable, unordered channel.
 *
 * `seq` counts up over every input message of a helper on both channels; a move is carried out
 * only if its `seq` is greater than all that came before, so that a late one never undoes a click.
 */
export type PointerMove = {
  /** Its place in the helper's input. */
  seq: number;
  /** Where the pointer is. */
  at: Point;
};

/** Why a proof proves nothing. */
export type ProofFault =
  | "no_authority" | "challenge" | "origin" | "authority" | "expired" | "signature" | "no_device"
  | "malformed";

/** Why an action may not go on, and what would help. */
export type Reason = {
  /** What kind of reason. */
  code: ReasonCode;
  /** Why nobody can tell whether the device is enrolled, if that is the reason. */
  why: Unrecognised | null;
  /** What would help, any one of them; at most `LIST`. */
  fixes: Array<Fix>;
};

/** The kinds of reasons. */
export type ReasonCode =
  | "other_tenant" | "tenant_disabled" | "suspended" | "permission_missing" | "out_of_scope"
  | "sharer_unknown" | "unenrolled" | "enrolment_unknown" | "chat_blocked" | "browser_view_only"
  | "unsupported_on_platform" | "other";

/** Why the service does not do what a client wants. */
export type Refusal =
  | "code" | "code_format" | "too_many_attempts" | "version" | "not_allowed" | "busy" | "stopping"
  | "other";

/**
 * What a helper may do, from least to most.
 *
 * The order is meaningful: a grant covers every lesser request. A value this version does not
 * know is an error, so a message that carries one is ignored as a whole.
 */
export type Role = "view" | "control";

/**
 * One assistance session: 128 random bits, written as 32 hexadecimal digits.
 *
 * It names a session in messages and records. It opens nothing: whoever presents it still has to
 * be signed in as one of the two.
 */
export type SessionId = string;

/**
 * What a sharer was shown when answering, as its agent states it.
 *
 * The service signs it into the record of the consent, which the agent waits for before it carries
 * out any input (S-46, B-05).
 */
export type Shown = {
  /** Names the question: 32 hexadecimal digits, random, never used twice. */
  nonce: string;
  /**
   * Names the wording of the question, with its version; at most
   * `WORD_CHARS`.
   */
  wording: string;
  /** The language of the question, a BCP 47 tag; `und` if nobody knows. */
  language: string;
  /**
   * The fingerprint of the helper's certificate as in the description that was applied (RFC 8122),
   * such as `sha-256 AB:CD:…`.
   */
  helper_fingerprint: string | null;
  /** That of the agent's certificate. */
  sharer_fingerprint: string | null;
};

/** How a proof is signed, under the names of RFC 7518 and RFC 8037. */
export type SignatureAlgorithm = "ES256" | "ES384" | "PS256" | "EdDSA" | "Other";

/** What the service tells a client. */
export type ToClient =
  | {
      type: "welcome";
      /** `VERSION`. */
      version: number;
      /** The person this client is signed in as. */
      you: IdentityCard;
      /**
       * The public key of what this service signs: the base64 of 32 bytes (Ed25519). It holds for
       * this connection.
       */
      key?: string | null;
    }
  | {
      type: "challenge";
      /** 64 hexadecimal digits. */
      challenge: string;
    }
  | {
      type: "device";
      /** What shows which device it is. */
      assurance: DeviceAssurance;
      /** Why nobody can tell whether it is enrolled, if nobody can. */
      why: Unrecognised | null;
      /** Why its proof was none, if there was one. */
      fault: ProofFault | null;
    }
  | {
      type: "session";
      /** The session. */
      session: SessionId;
      /** Eight digits. */
      code: string;
      /** Seconds until the code expires. */
      expires_in: number;
    }
  | {
      type: "joined";
      /** The session. */
      session: SessionId;
      /** Who the other side is. */
      peer: IdentityCard;
    }
  | {
      type: "background";
      /** The session; another than that which runs is over. */
      session: SessionId;
      /** What there is to know. */
      background: Background;
    }
  | {
      type: "requested";
      /** The role. */
      role: Role;
    }
  | {
      type: "answered";
      /** The role that was asked for. */
      role: Role;
      /** The answer. */
      consent: Consent;
    }
  | {
      type: "recorded";
      /**
       * The document, of type `rh.consent.v1`, as JSON; at most
       * `RECORD_BYTES`.
       */
      record: string;
    }
  | {
      type: "negotiate";
      /** The step. */
      step: Negotiation;
    }
  | {
      type: "ended";
      /** Why. */
      reason: EndReason;
    }
  | { type: "peer_vanished" }
  | {
      type: "refused";
      /** Why. */
      refusal: Refusal;
      /** Seconds to wait before another attempt, if that helps. */
      retry_in: number | null;
    }
  | {
      type: "denied";
      /** What is not allowed. */
      action: Action;
      /** Why, and what would help; at most `LIST`. */
      reasons: Array<Reason>;
    }
  | {
      type: "step_up";
      /** What was wanted. */
      action: Action;
      /** The authentication context that it asks for: a value of the claim `acrs`. */
      context: string;
    }
  | {
      type: "lowered";
      /** The most that may be held. */
      role: Role;
    }
  | {
      type: "terms";
      /**
       * Helper: what to know of the sharer's device; empty for the agent. At most
       * `LIST`.
       */
      warnings: Array<Warning>;
      /** Whether both may write to one another. */
      chat: boolean;
    }
  | {
      type: "chat";
      /** Its place there, counted from 1 without a gap; the same on both sides. */
      place: number;
      /** Which side wrote it. */
      from: Client;
      /** What was written: text, and nothing else. */
      text: string;
    }
  | {
      type: "introduced";
      /** The colleague's code, as typed. */
      code: string;
      /** Whether the helper stays. */
      stays: boolean;
    }
  | {
      type: "relay";
      /** The relay. */
      server: IceServer;
      /** Seconds in which it may be begun to be used; what has begun goes on. */
      expires_in: number;
    };

/** What the agent tells a helper. */
export type ToHelper =
  | {
      type: "hello";
      /** `VERSION`. */
      version: number;
    }
  | {
      type: "granted";
      /** The role held. */
      role: Role;
    }
  | {
      type: "displays";
      /** At most `DISPLAYS`. */
      displays: Array<Display>;
      /** The one that is shown. */
      current: DisplayId;
    }
  | {
      type: "cursor_shape";
      /** PNG, base64; empty if the cursor is hidden. */
      png: string;
      /** Hot spot from the left, in pixels. */
      hot_x: number;
      /** Hot spot from the top, in pixels. */
      hot_y: number;
    }
  | {
      type: "cursor_at";
      /** Where its hot spot is. */
      at: Point | null;
    }
  | {
      type: "pong";
      /** As it came. */
      nonce: number;
    }
  | {
      type: "input_paused";
      /** Whether it is paused. */
      paused: boolean;
    }
  | {
      type: "desktop";
      /** The state. */
      state: DesktopState;
    }
  | {
      type: "path";
      /** Why it takes the path it takes. */
      why: PathReason;
    }
  | {
      type: "sas_commitment";
      /** SHA-256, 64 hexadecimal digits in small letters. */
      commitment: string;
    }
  | {
      type: "sas_nonce";
      /** 64 hexadecimal digits, small letters. */
      nonce: string;
    }
  | {
      type: "introduction";
      /** What. */
      state: Introduction;
    }
  | {
      type: "ended";
      /** Why. */
      reason: EndReason;
    };

/** Why nobody can tell whether a device is enrolled (S-24 to S-28). */
export type Unrecognised =
  | "single_sign_on_missing" | "not_in_portal" | "no_user_affinity" | "edge_without_profile"
  | "browser_outdated" | "directory_unavailable" | "nothing_presented";

/**
 * What a helper has to be told of the device before and during a session; it forbids nothing
 * (S-13 to S-15).
 */
export type Warning = {
  /** What kind of warning. */
  code: WarningCode;
  /** Why nobody can tell whether the device is enrolled, if that is the warning. */
  why: Unrecognised | null;
  /** Seconds since the device last reported, if that is long ago and known. */
  seconds: number | null;
};

/** The kinds of warnings. */
export type WarningCode =
  | "not_compliant" | "in_grace_period" | "unenrolled" | "enrolment_unknown" | "record_stale"
  | "device_unverified" | "other_device" | "other";

/** Who can do something about it. */
export type Who = "helper" | "sharer" | "administrator";
