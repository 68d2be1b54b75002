/**
 * Every text that the pages show, by id.
 *
 * `{ $name }` is a place for an argument, as in Fluent, and each argument is isolated from the
 * direction of the text around it (Unicode UAX 9), so that a name cannot reorder a sentence.
 */

const TEXTS = {
  product: "Remote Help",
  "signed-in-as": "Signed in as { $name }",
  "sign-out": "Sign out",
  starting: "One moment…",

  "sign-in-title": "Sign in",
  "sign-in-development":
    "This is a development sign-in: there is no password, and whoever opens this page can sign in as anybody. It is available only on this machine.",
  "sign-in-choose": "Who are you?",
  "sign-in-at": "Sign in with { $name }",
  "sign-in-lead": "You sign in at your organisation and come back here.",
  "sign-in-agent":
    "The Remote Help app on this computer asks you to sign in. Which organisation is yours?",
  "sign-in-denied":
    "Your organisation did not sign you in. Try again, and if that does not help, ask your administrator whether you may use Remote Help.",
  "sign-in-expired": "That sign-in took too long, or was used already. Sign in again.",
  "sign-in-other_browser":
    "That sign-in was begun in another browser or window. Sign in again in this one.",
  "sign-in-mixed_up": "The answer did not come from your organisation. Sign in again.",
  "sign-in-provider":
    "Your organisation's sign-in does not answer. Try again in a minute, then tell your administrator.",
  "sign-in-token":
    "What your organisation's sign-in answered could not be trusted. Sign in again, and if that does not help, tell your administrator.",
  "sign-in-other_directory":
    "That account belongs to another organisation. Sign in again with your account of this one.",
  "sign-in-busy": "Too many people are signing in at the moment. Try again in a minute.",
  "sign-in-other": "Signing in did not work. Sign in again.",
  "step-up-title": "Stronger sign-in",
  "step-up-granted": "That worked. Close this window, go back to your session and ask again.",
  "step-up-refused":
    "Your organisation did not confirm the stronger sign-in. Close this window and try again; if that does not help, ask your administrator.",
  "sign-in-failed": "Signing in did not work. Is the service running?",
  "sign-in-nobody": "There is nobody to sign in as.",
  unnamed: "Somebody without a name",

  "home-title": "Help somebody",
  "home-lead":
    "Start a session to get a code. Give the code to the person who needs help, by phone or chat; nothing is shared before that person allows it.",
  "new-session": "New session",
  "for-device":
    "The code will be for the device { $device }. You are warned if somebody joins with another.",
  "any-device": "For any device",

  "opening-title": "Getting a code…",
  "waiting-title": "Give this code to the sharer",
  "waiting-lead":
    "The sharer enters it in the Remote Help app. Keep this page open; closing it cancels the code.",
  "code-label": "Session code",
  "copy-code": "Copy code",
  "copy-link": "Copy link",
  "invited-title": "Somebody invites you to share your screen",
  "invited-caution":
    "Go on only if you asked for help, and know who sent you this link. Nothing is shared before you allow it.",
  "invited-lead":
    "Open the Remote Help app on your Mac, and enter this code there. You will see who it is before you decide.",
  "invited-help": "I want to help somebody",
  copied: "Copied",
  "copy-failed": "Copying did not work. Select the code and copy it by hand.",
  "code-for-device": "For the device { $device }",
  "code-expires": "Expires in { $time }",
  cancel: "Cancel",

  "joined-title": "{ $name } entered your code",
  "joined-lead":
    "Check that this is the person you want to help, then ask for what you need. The sharer decides.",
  "field-name": "Full name",
  "field-title": "Job title",
  "field-company": "Company",
  "field-domain": "Verified domain",
  "field-picture": "Picture",
  "not-given": "not given",
  "domain-meaning":
    "The directory, or the operator of this service, confirms that this person belongs to this domain.",
  "no-domain-meaning": "No organisation vouches for this person. Make sure you know who it is.",
  "picture-of": "Picture of { $name }",
  sas: "Check number: { $digits }. The sharer's app shows the same one. If it shows another, or none, somebody may stand between you.",
  "sas-short": "Check number { $digits }",
  "sas-failed":
    "The check number could not be made as it should. Somebody may stand between you and the sharer: end the session, and tell your administrator.",
  "choose-role": "What do you need?",
  "role-view": "View only",
  "role-view-meaning": "You see the screen. Your mouse and keyboard do nothing there.",
  "role-control": "Full control",
  "role-control-meaning": "You see the screen, and use its mouse and keyboard.",
  "ask-view": "Ask to view",
  "ask-control": "Ask for full control",
  "asking-title": "Waiting for { $name }",
  "asking-view": "{ $name } was asked to let you view the screen.",
  "asking-control": "{ $name } was asked to give you full control.",
  "connecting-title": "Allowed. Connecting…",
  "connecting-lead": "The screen appears in a moment.",

  "watching-view": "Viewing the screen of { $name }",
  "watching-control": "Controlling the screen of { $name }",
  "screen-label": "Screen of { $name }",
  "keyboard-label":
    "Keyboard for the screen of { $name }. What you type goes there. Press Ctrl+Alt+Shift to leave.",
  "keyboard-there":
    "Your keyboard goes to the sharer. To leave the screen: press Ctrl+Alt+Shift, or click outside.",
  "keyboard-here": "Click the screen to type there. Tab moves through this page.",
  "first-picture": "Waiting for the first picture…",
  play: "Show the screen",
  display: "Display",
  "display-name": "{ $name } ({ $width } × { $height })",
  "actual-size": "Actual size",
  "full-screen": "Full screen",
  "ask-for-control": "Ask for control",
  "asked-for-control": "Waiting for the answer…",
  "declined-control": "{ $name } did not give you control.",
  "give-back-control": "Give back control",
  end: "End session",
  chat: "Chat",
  "chat-unread": "Chat: { $count } new",
  "chat-label": "Chat with { $name }",
  "chat-messages": "Messages",
  "chat-empty": "Nobody has written anything yet.",
  "chat-you": "You",
  "chat-sending": "Sending…",
  "chat-unsent": "Not sent",
  "chat-again": "Send again",
  "chat-draft": "Write to { $name }",
  "chat-hint": "Enter sends, Shift+Enter begins a new line",
  "chat-send": "Send",
  "chat-close": "Close chat",
  "chat-too-long": "This is too long for one message. Send it in parts.",
  "chat-not-allowed": "Your organisation does not let you and the sharer write to one another.",
  "chat-not-carried": "The connection to the service is lost, so nothing can be written.",
  team: "Team",
  "team-close": "Close",
  notes: "Notes",
  "notes-lead":
    "What you note of this session is read by whoever helps { $name } next, and by { $name }.",
  "notes-absent": "This service keeps no notes.",
  note: "Note of this session",
  "note-session": "Note something",
  "note-keep": "Keep",
  "note-kept": "Kept",
  "note-failed": "This did not work. Try again.",
  "note-too-long": "This is too long for a note.",
  colleague: "Bring in a colleague",
  "colleague-lead":
    "Your colleague makes a code and reads it to you. { $name } sees who your colleague is, and decides.",
  "colleague-code": "Your colleague's code",
  "colleague-then": "What you do then",
  "colleague-stays": "I stay",
  "colleague-hands-over": "I hand over, and leave once { $name } has allowed it",
  "colleague-introduce": "Bring in",
  "colleague-malformed": "A code has eight digits, such as 1234 5678.",
  "introducing-sent": "The code is being entered…",
  "introducing-arrived": "Your colleague is there, and can ask { $name } now.",
  "introducing-allowed": "{ $name } has allowed your colleague in.",
  "introducing-gone": "Your colleague is gone again.",
  "introducing-code": "The code is wrong, expired or used. Ask your colleague for a new one.",
  "introducing-denied":
    "Your organisation does not let this colleague help here. Your colleague's page says why.",
  "introducing-full": "Three helpers at a time are the most, and one can come at a time.",
  "introducing-too_many":
    "You have tried to bring too many. Start a new session to bring somebody else.",
  "introducing-other":
    "This could not be done now. Try again, or end the session and let your colleague start one.",
  "input-paused": "Your mouse and keyboard are paused by the sharer's machine.",
  "desktop-secure_input":
    "The sharer is in a field that takes no keys from programs, such as one for a password. You can go on when they leave it.",
  "desktop-locked": "The sharer's screen is locked. You will see it again when they unlock it.",
  "desktop-other_user":
    "Another user is at the sharer's computer. You will see the screen again when the sharer is back.",
  "desktop-asleep": "The sharer's display is asleep. You will see the screen again when it wakes.",
  unstable: "The connection is unstable. Trying to hear from the other side…",
  "no-service":
    "The connection to the service is lost. The session goes on, but you cannot ask for more.",
  controls: "Session controls",
  "stats-label": "Connection",
  "stats-fps": "{ $fps } fps",
  "stats-round-trip": "{ $ms } ms round trip",
  "stats-bitrate": "{ $mbit } Mbit/s",
  "stats-size": "{ $width } × { $height }",
  "stats-painted": "{ $tiles } % exact, { $video } % video",
  "stats-smaller": "video at { $percent } % of the size",
  "reason-still": "nothing changes",
  "reason-moved": "moved content is copied",
  "reason-exact": "changes are shown exactly",
  "reason-no_video": "this browser shows no video",
  "reason-motion": "motion is shown as video until it rests",
  "reason-photographic": "moving photographs are shown as video",
  "reason-area": "a large moving area is shown as video",
  "reason-budget": "the network is too slow for exact pixels",
  "reason-repair": "what rests is made exact",
  "path-udp": "direct (UDP)",
  "path-tcp": "direct (TCP)",
  "path-relay": "relayed",

  "selftest-title": "Does the network let sessions through?",
  "selftest-lead":
    "A session needs the first two. Where two computers do not reach each other directly, one of the relay's ways has to work too.",
  "selftest-https": "The service over HTTPS",
  "selftest-websocket": "The service over a WebSocket",
  "selftest-relay-udp": "The relay over UDP",
  "selftest-relay-tls": "The relay over TLS, on the same port",
  "selftest-trying": "trying…",
  "selftest-works": "works",
  "selftest-fails": "does not work",
  "selftest-absent": "not there",
  "selftest-again": "Try again",
  "selftest-https-fix": "Ask your network's administrator to let TCP to { $host } through.",
  "selftest-https-absent": "This page came without TLS, as it may on one machine only.",
  "selftest-websocket-fix":
    "A proxy in between lets no WebSockets through. Ask your network's administrator to exempt { $host } from inspection.",
  "selftest-websocket-absent": "The service has no WebSocket.",
  "selftest-relay-udp-fix":
    "Sessions work without, if the way over TLS works; with it they are smoother. Ask your network's administrator to let UDP to { $host } through.",
  "selftest-relay-udp-absent": "The service relays nothing over UDP.",
  "selftest-relay-tls-fix":
    "Something in between breaks TLS that carries no web page. Ask your network's administrator to exempt { $host } from inspection.",
  "selftest-relay-tls-absent":
    "The service relays nothing over TLS: it needs a certificate of its own.",

  "ended-title": "The session has ended",
  "end-declined": "The sharer declined.",
  "end-no_answer": "The sharer did not answer in time.",
  "end-sharer_ended": "The sharer ended the session.",
  "end-helper_ended": "You ended the session.",
  "end-helper_left": "You left the session.",
  "end-crashed": "The sharer's app or machine stopped unexpectedly.",
  "end-connection_lost": "The connection was lost.",
  "end-capture_failed": "The sharer's screen could not be captured any more.",
  "end-version":
    "This page and the other side have different versions. Reload the page, and update the app.",
  "end-service_ended": "The service ended the session.",
  "end-handed_over": "You handed over to your colleague.",
  "end-right_revoked": "Your organisation does not allow this session any more.",
  "end-administrator_ended": "An administrator of your organisation ended the session.",
  "end-other": "The session ended.",

  "notice-code": "The code is not valid any more.",
  "notice-code_format": "The code was not understood.",
  "notice-too_many_attempts": "There were too many attempts. Wait a little, then try again.",
  "notice-version": "This page is out of date. Reload it.",
  "notice-not_allowed": "You are not allowed to start a session now.",
  "notice-busy": "The service is busy. Try again in a moment.",
  "notice-stopping": "The service is about to restart. Try again in a minute.",
  "notice-other": "The service refused to start a session.",
  "notice-expired":
    "Nobody entered the code in time, so it expired. Start a new session for a new one.",
  "notice-unreachable": "The service cannot be reached. Check your connection, then try again.",

  "denied-make_code": "You may not start a session.",
  "denied-join": "Somebody entered your code, and may not share this device with you.",
  "denied-view": "You may not view this screen.",
  "denied-control": "You may not have full control of this screen.",
  "denied-upgrade": "You may view this screen, and not have full control of it.",
  "denied-chat": "You may not chat with this person.",
  "denied-other": "Your organisation does not allow this.",
  "rule-other_tenant": "Not everybody and everything here is of one organisation.",
  "rule-tenant_disabled": "Remote Help is not switched on in your organisation.",
  "rule-suspended":
    "Somebody whom you helped reported you, so you cannot help anybody until an administrator has looked at it.",
  "rule-permission_missing": "None of your roles has the permission for it.",
  "rule-out_of_scope": "Your role has the permission, but not for this person or device.",
  "rule-sharer_unknown": "It is not known who shares which device.",
  "rule-unenrolled":
    "The device is not enrolled in your organisation's management, which your organisation wants.",
  "rule-enrolment_unknown":
    "Nobody can tell whether the device is enrolled, which your organisation wants.",
  "rule-chat_blocked": "Your organisation has no chat.",
  "rule-browser_view_only": "The screen is shared from a browser, and can only be viewed.",
  "rule-unsupported_on_platform":
    "Your role allows elevation or unattended control, which no platform here has.",
  "rule-other": "There is a reason that this page does not know. Reload it.",
  "why-single_sign_on_missing":
    "The Mac has no single sign-on extension, so nobody can tell whether it is enrolled.",
  "why-not_in_portal":
    "The management portal has no record of the Mac, so it does not count as enrolled.",
  "why-no_user_affinity":
    "The Mac is enrolled without user affinity, so no sign-in can tell which it is.",
  "why-edge_without_profile":
    "Edge is used without a signed-in profile there, so nobody can tell whether the device is enrolled.",
  "why-browser_outdated": "The browser there is too old to tell whether the device is enrolled.",
  "why-directory_unavailable":
    "The device management did not answer, so nobody can tell whether the device is enrolled.",
  "why-nothing_presented":
    "The device did not say which it is, so nobody can tell whether it is enrolled.",
  "who-helper": "You:",
  "who-sharer": "The sharer:",
  "who-administrator": "An administrator:",
  "fix-named": "{ $what } ({ $name })",
  "fix-sign_in_here": "sign in with an account of this organisation",
  "fix-sharer_sign_in_here": "sign in there with an account of this organisation",
  "fix-share_our_device": "share a device of this organisation",
  "fix-switch_on": "switch Remote Help on",
  "fix-lift_suspension": "look at the report, and lift your suspension",
  "fix-grant": "give you a role with the permission, for this person",
  "fix-add_to_scope": "put the person or the device into a scope group of your role's assignment",
  "fix-add_person_to_scope":
    "put the person into a scope group of your role's assignment; “all devices” has enrolled ones only",
  "fix-enrol": "enrol the device",
  "fix-allow_unenrolled": "allow sessions to unenrolled devices",
  "fix-install_single_sign_on":
    "install Company Portal and the single sign-on extension with its profile on the Mac",
  "fix-register_device": "sign in to Company Portal on the Mac",
  "fix-sign_in_to_edge": "sign in to the profile of Edge",
  "fix-update_browser": "update the browser",
  "fix-share_with_agent": "share with the Remote Help app",
  "fix-join": "enter the code",
  "fix-unblock_chat": "switch the chat on",
  "fix-try_again": "try again in a few minutes",
  "fix-other": "do something that this page does not know; reload it",
  "no-admin-password": "Do not enter an administrator's password there.",
  "warning-not_compliant":
    "The device is not known to keep your organisation's rules. Do not enter an administrator's password there.",
  "warning-in_grace_period":
    "The device does not keep your organisation's rules yet. Do not enter an administrator's password there.",
  "warning-unenrolled":
    "The device is not enrolled in your organisation's management. Do not enter an administrator's password there.",
  "warning-enrolment_unknown":
    "Nobody can tell whether the device is enrolled. Do not enter an administrator's password there.",
  "warning-record_stale": "It is not known when the device last reported to its management.",
  "warning-record_stale-since": "The device last reported to its management { $hours } hours ago.",
  "warning-device_unverified": "Nothing proves which device this is.",
  "warning-other_device":
    "This is not the device that you made the code for, or nobody knows which one it is.",
  "warning-other": "Be careful with this device: the service says why, this page does not know it.",
  "first-contact": "You have not worked with this person before.",
  "odd-looks_alike": "This name looks like that of somebody else in your organisation.",
  "odd-looks_alike-like":
    "This name looks like { $like }, who is somebody else in your organisation.",
  "odd-same_name": "Somebody else in your organisation has the same name.",
  "odd-not_a_person": "This is not the name of a person.",
  "odd-not_a_person-like": "This is not the name of a person, but looks like { $like }.",
  "odd-mixed_scripts": "This name mixes letters of several scripts, as made-up names do.",
  "odd-other": "There is something odd about this name. Make sure who this is.",
  "step-up": "Your organisation asks you to sign in more strongly for this ({ $context }).",
  "step-up-failed-refused":
    "That did not work. Try again, or ask an administrator what your sign-in lacks.",
  "step-up-failed-blocked":
    "Your browser opened no window for it. Allow windows for this page, then try again.",
  confirm: "Confirm that it is you",
  "unsupported-title": "This browser cannot show a shared screen",
  "unsupported-lead":
    "Remote Help needs WebRTC and the decompression of streams. Update your browser, or use one of these:",
  "unsupported-browsers":
    "Chrome or Edge 109 or later, Firefox 122 or later, Safari 16.4.1 or later",
} as const;

export type TextId = keyof typeof TEXTS;

/** First strong isolate and pop directional isolate (UAX 9). */
export function isolate(text: string): string {
  return `\u2068${text}\u2069`;
}

/** The text `id` with its arguments in place. */
export function t(id: TextId, args: Readonly<Record<string, string | number>> = {}): string {
  return TEXTS[id].replace(/\{ \$(\w+) \}/g, (place, name: string) => {
    const value = args[name];
    return value === undefined ? place : isolate(String(value));
  });
}
