//! Several services with one Redis: the helper at one, the sharer at another.

use std::io::{BufRead, BufReader};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use rh_protocol::{
    Consent, EndReason, FromClient, IceCandidate, Negotiation, Refusal, Role, ToClient,
};
use rh_service::{Config, Server, serve};
use tempfile::TempDir;
use tokio::time::Instant;

use crate::redis::Redis;
use crate::support::{Socket, agent, helper, pair};

/// Within which a node that was killed is known to be gone: its sign of life lasts four seconds, and
/// three looks must miss it.
pub(crate) const GONE_WITHIN: Duration = Duration::from_secs(12);

/// Nodes, and the Redis between them.
pub(crate) struct Nodes {
    pub(crate) redis: Redis,
    pub(crate) folder: TempDir,
}

impl Nodes {
    pub(crate) fn new() -> Self {
        let nodes = Self { redis: Redis::start(), folder: tempfile::tempdir().unwrap() };
        std::fs::write(nodes.folder.path().join("secret"), "0123456789abcdef".repeat(4)).unwrap();
        let settings = format!(
            "listen = \"127.0.0.1:0\"\n[development]\n[cluster]\nredis = {:?}\n\
             secret = {{ file = \"secret\" }}\nnode = \"test\"\n",
            nodes.redis.url()
        );
        std::fs::write(nodes.file(), settings).unwrap();
        nodes
    }

    pub(crate) fn file(&self) -> PathBuf {
        self.folder.path().join("service.toml")
    }

    pub(crate) async fn node(&self) -> Server {
        serve(Config::read(&self.file()).unwrap()).await.unwrap()
    }

    async fn two() -> (Self, Server, Server) {
        let nodes = Self::new();
        let (a, b) = (nodes.node().await, nodes.node().await);
        (nodes, a, b)
    }
}

/// A node in a process of its own, which ends with this value.
pub(crate) struct Process(Child);

impl Process {
    /// Starts the program; returns where it listens, too.
    pub(crate) fn start(config: &Path) -> (Self, SocketAddr) {
        let mut program = Command::new(env!("CARGO_BIN_EXE_rh-service"))
            .arg("--config")
            .arg(config)
            .args(["--log", "off"])
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let said = BufReader::new(program.stdout.take().unwrap()).lines().next().unwrap().unwrap();
        let address = said.strip_prefix("listening on http://").unwrap().parse().unwrap();
        (Self(program), address)
    }

    /// Without a chance to say anything.
    pub(crate) fn kill(&mut self) {
        self.0.kill().unwrap();
        self.0.wait().unwrap();
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

async fn join(agent: &mut Socket, code: &str) -> ToClient {
    agent.say(&FromClient::Join { code: code.to_owned() }).await;
    agent.hear().await
}

fn refused(refusal: Refusal) -> ToClient {
    ToClient::Refused { refusal, retry_in: None }
}

/// A helper at one node and a sharer at another, in one session.
async fn met(a: &str, b: &str) -> (Socket, Socket) {
    let (mut helper, mut agent) = (helper(a).await, agent(b).await);
    let (_, code) = helper.code().await;
    assert!(matches!(join(&mut agent, &code).await, ToClient::Joined { .. }));
    assert!(matches!(helper.hear().await, ToClient::Joined { .. }));
    (helper, agent)
}

async fn pass(from: &mut Socket, to: &mut Socket, step: Negotiation) {
    from.say(&FromClient::Negotiate { step: step.clone() }).await;
    assert_eq!(to.hear().await, ToClient::Negotiate { step });
}

fn candidate(n: usize) -> Negotiation {
    let candidate =
        IceCandidate { candidate: n.to_string(), sdp_mid: None, sdp_m_line_index: None };
    Negotiation::Candidate { candidate }
}

/// S-46: the record comes from the helper's node, and is signed with the key that the sharer's named.
#[tokio::test]
async fn a_yes_is_signed_with_the_key_of_all_nodes() {
    let (_nodes, a, b) = Nodes::two().await;
    crate::consent::is_signed_for_both(&a, &b).await;
    crate::consent::is_signed_for_both(&b, &a).await;
}

/// Whom the code brings together, how they ask and answer, the negotiation in its order, and the
/// end; then both are free for another session, either way round.
#[tokio::test]
async fn a_session_spans_two_nodes() {
    let (_nodes, a, b) = Nodes::two().await;
    let (mut helper, mut agent) = met(a.origin(), b.origin()).await;
    let role = Role::Control;
    helper.say(&FromClient::Request { role }).await;
    assert_eq!(agent.hear().await, ToClient::Requested { role });
    let consent = Consent::Allow;
    agent.say(&FromClient::Answer { role, consent, shown: None }).await;
    assert_eq!(helper.hear().await, ToClient::Answered { role, consent });
    // Longer than a datagram, and than PostgreSQL's notices.
    let sdp = "s".repeat(30_000);
    pass(&mut helper, &mut agent, Negotiation::Offer { sdp: sdp.clone() }).await;
    pass(&mut agent, &mut helper, Negotiation::Answer { sdp }).await;
    for n in 0..40 {
        agent.say(&FromClient::Negotiate { step: candidate(n) }).await;
    }
    for n in 0..40 {
        assert_eq!(helper.hear().await, ToClient::Negotiate { step: candidate(n) });
    }
    let reason = EndReason::HelperEnded;
    helper.say(&FromClient::Leave { reason }).await;
    assert_eq!(agent.hear().await, ToClient::Ended { reason });
    let (_, code) = helper.code().await;
    assert!(matches!(join(&mut agent, &code).await, ToClient::Joined { .. }));
    helper.hear().await;
    drop(agent);
    assert_eq!(helper.hear().await, ToClient::PeerVanished);
    pair(a.origin()).await;
    met(b.origin(), a.origin()).await;
}

/// B-06: a code opens once, whichever nodes it is entered at at the same time.
#[tokio::test]
async fn no_code_is_redeemed_twice() {
    let (nodes, a, b) = Nodes::two().await;
    let servers = [a, b, nodes.node().await];
    for _ in 0..5 {
        let mut helper = helper(servers[0].origin()).await;
        let (_, code) = helper.code().await;
        let mut agents = Vec::new();
        for n in 0..9 {
            agents.push(agent(servers[n % 3].origin()).await);
        }
        for agent in &mut agents {
            agent.say(&FromClient::Join { code: code.clone() }).await;
        }
        let mut joined = 0;
        for agent in &mut agents {
            joined += usize::from(matches!(agent.hear().await, ToClient::Joined { .. }));
        }
        assert_eq!(joined, 1);
        assert!(matches!(helper.hear().await, ToClient::Joined { .. }));
        assert_eq!(helper.hear_within(Duration::from_millis(100)).await, None);
    }
}

/// B-06: whoever guessed at one node has to wait at all of them.
#[tokio::test]
async fn limits_are_shared() {
    let (_nodes, a, b) = Nodes::two().await;
    let mut helper = helper(a.origin()).await;
    let (_, code) = helper.code().await;
    let wrong = if code == "00000000" { "00000001" } else { "00000000" };
    for origin in [a.origin(), b.origin(), a.origin(), b.origin(), a.origin()] {
        let mut guesser = agent(origin).await;
        assert_eq!(join(&mut guesser, wrong).await, refused(Refusal::Code));
    }
    for origin in [a.origin(), b.origin()] {
        let answer = join(&mut agent(origin).await, &code).await;
        let waits = matches!(answer, ToClient::Refused { refusal: Refusal::TooManyAttempts, .. });
        assert!(waits, "{answer:?}");
    }
}

/// A node that is killed takes its sockets with it; whoever they were in a session with hears that
/// they vanished, and goes on over the link of the two. Whatever is left works.
#[tokio::test]
async fn a_killed_node_is_noticed() {
    let nodes = Nodes::new();
    let a = nodes.node().await;
    let (mut process, b) = Process::start(&nodes.file());
    let b = format!("http://{b}");
    let (a, b) = (a.origin(), b.as_str());
    let (_their_helper, mut our_agent) = met(b, a).await;
    let (mut our_helper, _their_agent) = met(a, b).await;
    let mut waiting = helper(b).await;
    let (_, orphan) = waiting.code().await;
    process.kill();
    let since = Instant::now();
    assert_eq!(our_agent.hear_within(GONE_WITHIN).await, Some(ToClient::PeerVanished));
    assert_eq!(our_helper.hear_within(GONE_WITHIN).await, Some(ToClient::PeerVanished));
    assert!(since.elapsed() < GONE_WITHIN, "{:?}", since.elapsed());
    // Nobody answers for the dead node's code; the sharer is told to try again.
    our_agent.say(&FromClient::Join { code: orphan }).await;
    let answer = our_agent.hear_within(GONE_WITHIN).await;
    assert_eq!(answer, Some(refused(Refusal::Busy)));
    let (_, code) = our_helper.code().await;
    assert!(matches!(join(&mut our_agent, &code).await, ToClient::Joined { .. }));
}

/// A node that is stopped says so, and nobody has to find out.
#[tokio::test]
async fn a_stopped_node_is_known_at_once() {
    let (_nodes, a, b) = Nodes::two().await;
    let (mut helper_at_a, _agent_at_b) = met(a.origin(), b.origin()).await;
    let (_helper_at_b, mut agent_at_a) = met(b.origin(), a.origin()).await;
    let stopping = tokio::spawn(b.stop());
    for side in [&mut helper_at_a, &mut agent_at_a] {
        let notice = side.hear_within(Duration::from_secs(2)).await;
        assert_eq!(notice, Some(ToClient::PeerVanished));
    }
    stopping.await.unwrap();
}

/// While Redis is down nobody meets, and everybody who tries hears it; what was said in running
/// sessions comes once it is back, and codes that waited are good again.
#[tokio::test]
async fn redis_restarts() {
    let (mut nodes, a, b) = Nodes::two().await;
    let (mut helper_one, mut agent_one) = met(a.origin(), b.origin()).await;
    let mut waiting = helper(a.origin()).await;
    let (_, code) = waiting.code().await;
    let (mut late_helper, mut late_agent) = (helper(a.origin()).await, agent(b.origin()).await);
    nodes.redis.kill();
    let role = Role::View;
    helper_one.say(&FromClient::Request { role }).await;
    late_helper.say(&FromClient::NewSession { device: None }).await;
    assert_eq!(late_helper.hear().await, refused(Refusal::Busy));
    assert_eq!(join(&mut late_agent, &code).await, refused(Refusal::Busy));
    nodes.redis.start_again();
    assert_eq!(agent_one.hear().await, ToClient::Requested { role });
    let consent = Consent::Allow;
    agent_one.say(&FromClient::Answer { role, consent, shown: None }).await;
    assert_eq!(helper_one.hear().await, ToClient::Answered { role, consent });
    // The code is announced again within two beats.
    let since = Instant::now();
    let joined = loop {
        let answer = join(&mut late_agent, &code).await;
        if answer != refused(Refusal::Code) && answer != refused(Refusal::Busy) {
            break answer;
        }
        assert!(since.elapsed() < Duration::from_secs(5), "{answer:?}");
        tokio::time::sleep(Duration::from_millis(1000)).await;
    };
    assert!(matches!(joined, ToClient::Joined { .. }), "{joined:?}");
    late_helper.code().await;
}

/// Without Redis a node does not start, and says what to do.
#[tokio::test]
async fn a_node_without_redis_does_not_start() {
    let mut nodes = Nodes::new();
    nodes.redis.kill();
    let error = serve(Config::read(&nodes.file()).unwrap()).await.unwrap_err().to_string();
    assert!(error.starts_with("[cluster]: Redis: ") && error.contains("start Redis"), "{error}");
}
