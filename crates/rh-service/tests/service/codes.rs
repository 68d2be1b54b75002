//! Codes over real sockets (S-46, B-06).

use rh_protocol::{EndReason, FromClient, Refusal, ToClient};
use rh_service::Server;

use crate::support::{Socket, agent, helper, pair, service};

async fn join(agent: &mut Socket, code: &str) -> ToClient {
    agent.say(&FromClient::Join { code: code.to_owned() }).await;
    agent.hear().await
}

fn refused(refusal: Refusal) -> ToClient {
    ToClient::Refused { refusal, retry_in: None }
}

async fn with_code(server: &Server) -> (Socket, Socket, String) {
    let (mut helper, agent) = (helper(server).await, agent(server).await);
    let (_, code) = helper.code().await;
    (helper, agent, code)
}

#[tokio::test]
async fn a_code_is_eight_digits_for_ten_minutes() {
    let server = service().await;
    let mut helper = helper(&server).await;
    helper.say(&FromClient::NewSession { device: None }).await;
    let answer = helper.hear().await;
    let ToClient::Session { code, expires_in, .. } = answer else { panic!("{answer:?}") };
    assert!(code.len() == 8 && code.bytes().all(|c| c.is_ascii_digit()), "{code}");
    assert_eq!(expires_in, 600);
}

/// S-56: the helper's code stays good while she signs in elsewhere, as in a new tab, and whatever she does
/// there but end it.
#[tokio::test]
async fn a_code_outlives_a_sign_in_elsewhere() {
    let server = service().await;
    let (mut waiting, mut agent, code) = with_code(&server).await;
    let (mut elsewhere, other) = {
        let mut tab = helper(&server).await;
        let (_, code) = tab.code().await;
        (tab, code)
    };
    assert_ne!(code, other);
    elsewhere.say(&FromClient::Leave { reason: EndReason::HelperEnded }).await;
    assert!(matches!(join(&mut agent, &code).await, ToClient::Joined { .. }));
    assert!(matches!(waiting.hear().await, ToClient::Joined { .. }));
}

/// S-46: paste, spaces and other digit scripts.
#[tokio::test]
async fn a_code_is_taken_as_people_type_it() {
    let server = service().await;
    let (_helper, mut agent, code) = with_code(&server).await;
    let arabic = |c: char| char::from_u32(0x660 + c.to_digit(10).unwrap()).unwrap();
    let (head, tail) = code.split_at(4);
    let typed = format!(" {head}\u{a0}- {} \n", tail.chars().map(arabic).collect::<String>());
    assert!(matches!(join(&mut agent, &typed).await, ToClient::Joined { .. }));
}

/// S-46: wrong, used and replaced codes answer alike; a malformed one is told apart, since it costs
/// no attempt.
#[tokio::test]
async fn bad_codes_get_clear_answers() {
    let server = service().await;
    let (mut helper, mut first, replaced) = with_code(&server).await;
    let (_, code) = helper.code().await;
    assert_eq!(join(&mut first, "1234567").await, refused(Refusal::CodeFormat));
    assert_eq!(join(&mut first, "' OR 1=1").await, refused(Refusal::CodeFormat));
    assert_eq!(join(&mut first, &"9".repeat(60_000)).await, refused(Refusal::CodeFormat));
    assert_eq!(join(&mut first, &replaced).await, refused(Refusal::Code));
    assert!(matches!(join(&mut first, &code).await, ToClient::Joined { .. }));
    let mut second = agent(&server).await;
    assert_eq!(join(&mut second, &code).await, refused(Refusal::Code), "used");
}

/// B-06: over the WebSocket too, and a new socket does not help.
#[tokio::test]
async fn a_guesser_is_told_to_wait() {
    let server = service().await;
    let (_helper, mut guesser, code) = with_code(&server).await;
    let wrong = if code == "00000000" { "00000001" } else { "00000000" };
    for _ in 0..5 {
        assert_eq!(join(&mut guesser, wrong).await, refused(Refusal::Code));
    }
    let mut again = agent(&server).await;
    for socket in [&mut guesser, &mut again] {
        let answer = join(socket, &code).await;
        let ToClient::Refused { refusal: Refusal::TooManyAttempts, retry_in: Some(wait) } = answer
        else {
            panic!("{answer:?}")
        };
        assert!((1..=300).contains(&wait), "{wait}");
    }
}

/// A second sharer on a used code changes nothing for the two who met.
#[tokio::test]
async fn a_second_sharer_does_not_disturb_the_first() {
    let server = service().await;
    let (mut helper, mut agent_one) = pair(&server).await;
    let mut second = agent(&server).await;
    assert_eq!(join(&mut second, "00000000").await, refused(Refusal::Code));
    let role = rh_protocol::Role::View;
    helper.say(&FromClient::Request { role }).await;
    assert_eq!(agent_one.hear().await, ToClient::Requested { role });
}
