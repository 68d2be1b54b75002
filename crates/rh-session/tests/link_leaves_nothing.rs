//! A link that ended leaves no task, socket or thread; alone in its program, so that it can count.
#![expect(
    clippy::unwrap_used,
    clippy::wildcard_enum_match_arm,
    unreachable_pub,
    dead_code,
    reason = "shares its far end with another test"
)]

#[path = "link_webrtc/cut.rs"]
mod cut;
#[path = "link_webrtc/far.rs"]
mod far;

use std::time::Duration;

use rh_protocol::EndReason;
use rh_session::link::webrtc::{Config, WebrtcLink};
use rh_session::link::{Link, contract};

use self::far::{Far, Manners};

#[derive(Clone, Copy, Debug, PartialEq)]
struct Held {
    tasks: usize,
    files: usize,
    threads: usize,
}

fn held() -> Held {
    let count = |folder| std::fs::read_dir(folder).unwrap().count();
    Held {
        tasks: tokio::runtime::Handle::current().metrics().num_alive_tasks(),
        files: count("/proc/self/fd"),
        threads: count("/proc/self/task"),
    }
}

async fn one_after_another(links: usize, close: bool) {
    for _ in 0..links {
        let config = Config { loopback: true, ..Config::default() };
        let link = WebrtcLink::new(&config).await.unwrap();
        let mut far = Far::new(Manners::default()).await;
        contract::connect(&link, &mut far).await;
        link.show(&contract::frame(1, true, 10_000));
        if close {
            link.close(EndReason::SharerEnded).await;
        }
    }
}

async fn settled(before: Held) -> Held {
    for _ in 0..100 {
        if held() == before {
            break;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    held()
}

#[cfg(target_os = "linux")]
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_link_that_ended_leaves_nothing() {
    // Whatever is made once per program.
    one_after_another(1, true).await;
    tokio::time::sleep(Duration::from_secs(1)).await;
    let before = held();
    one_after_another(20, true).await;
    assert_eq!(settled(before).await, before, "after 20 that were closed");
    one_after_another(20, false).await;
    assert_eq!(settled(before).await, before, "after 20 that were dropped");
}
