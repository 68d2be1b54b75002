//! Figures for Prometheus, in its text form (OpenMetrics 1.0).
//!
//! Nothing in them names a person, a tenant, a session or an address: whoever reads them learns how
//! much happens here, and not to whom.

use std::time::Duration;

use prometheus_client::encoding::text::encode;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::metrics::histogram::Histogram;
use prometheus_client::registry::Registry;
use rh_records::Event;
use serde::Serialize;

/// Upper bounds of the times that requests take, in seconds.
const SECONDS: [f64; 9] = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.1, 0.5, 1.0, 5.0];

type Labels = Vec<(&'static str, String)>;

/// Everything that is counted.
#[derive(Debug)]
pub(crate) struct Metrics {
    registry: Registry,
    levels: Gauges,
    sign_ins: Counter,
    started: Counter,
    ended: Family<Labels, Counter>,
    consents: Family<Labels, Counter>,
    refusals: Family<Labels, Counter>,
    administered: Family<Labels, Counter>,
    alarms: Family<Labels, Counter>,
    lost: Counter,
    requests: Family<Labels, Counter>,
    times: Family<Labels, Histogram>,
}

/// How things stand at one moment.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Levels {
    /// Open WebSockets.
    pub(crate) connections: usize,
    /// Sessions.
    pub(crate) sessions: usize,
    /// Codes that nobody entered yet.
    pub(crate) codes: usize,
    /// Sign-ins that hold.
    pub(crate) sign_ins: usize,
    /// Events that wait to be recorded.
    pub(crate) queue: usize,
    /// Whether the service is about to stop.
    pub(crate) draining: bool,
}

#[derive(Debug, Default)]
struct Gauges {
    connections: Gauge,
    sessions: Gauge,
    codes: Gauge,
    sign_ins: Gauge,
    queue: Gauge,
    draining: Gauge,
}

impl Default for Metrics {
    fn default() -> Self {
        let mut metrics = Self {
            registry: Registry::with_prefix("rh"),
            levels: Gauges::default(),
            sign_ins: Counter::default(),
            started: Counter::default(),
            ended: Family::default(),
            consents: Family::default(),
            refusals: Family::default(),
            administered: Family::default(),
            alarms: Family::default(),
            lost: Counter::default(),
            requests: Family::default(),
            times: Family::new_with_constructor(|| Histogram::new(SECONDS)),
        };
        metrics.register_levels();
        metrics.register_counters();
        metrics
    }
}

impl Metrics {
    fn register_levels(&mut self) {
        let all = [
            ("connections", "Open WebSockets", &self.levels.connections),
            ("sessions", "Sessions between a helper and a sharer", &self.levels.sessions),
            ("codes_open", "Codes that nobody entered yet", &self.levels.codes),
            ("sign_ins", "Sign-ins that hold", &self.levels.sign_ins),
            ("records_queue", "Events that wait to be recorded", &self.levels.queue),
            ("draining", "1 while the service takes nothing new", &self.levels.draining),
        ];
        for (name, help, gauge) in all {
            self.registry.register(name, help, gauge.clone());
        }
        let version = Family::<Labels, Gauge>::default();
        version.get_or_create(&vec![("version", env!("CARGO_PKG_VERSION").to_owned())]).set(1);
        self.registry.register("build", "The version that runs", version);
    }

    fn register_counters(&mut self) {
        let registry = &mut self.registry;
        registry.register("signed_in", "Sign-ins made", self.sign_ins.clone());
        registry.register(
            "sessions_started",
            "Codes that brought two together",
            self.started.clone(),
        );
        registry.register("sessions_ended", "Sessions over, by reason", self.ended.clone());
        registry.register(
            "consents",
            "Answers of sharers, by role and answer",
            self.consents.clone(),
        );
        registry.register(
            "refusals",
            "What was refused, by action and reason",
            self.refusals.clone(),
        );
        let help = "What administrators did, by action";
        registry.register("administered", help, self.administered.clone());
        registry.register("alarms", "Alarms raised, by kind", self.alarms.clone());
        registry.register("records_lost", "Events that could not be recorded", self.lost.clone());
        registry.register(
            "http_requests",
            "HTTP requests, by route and status",
            self.requests.clone(),
        );
        registry.register(
            "http_seconds",
            "Time that HTTP requests took, by route",
            self.times.clone(),
        );
    }

    /// Counts what happened.
    pub(super) fn count(&self, event: &Event) {
        match event {
            Event::SignedIn { .. } => bump(&self.sign_ins),
            Event::SessionStarted { .. } => bump(&self.started),
            Event::SessionEnded { reason, .. } => add(&self.ended, vec![("reason", word(reason))]),
            Event::Consented { role, consent, .. } => {
                add(&self.consents, vec![("role", word(role)), ("answer", word(consent))]);
            }
            Event::Refused { action, reason, .. } => {
                // Of several reasons the first, so that there are not as many series as
                // combinations.
                let reason = reason.split(' ').next().unwrap_or_default().to_owned();
                add(&self.refusals, vec![("action", action.clone()), ("reason", reason)]);
            }
            Event::Administered { action, .. } => {
                add(&self.administered, vec![("action", action.to_string())]);
            }
            Event::GuessedCodes { .. } => {
                add(&self.alarms, vec![("kind", "guessed_codes".to_owned())]);
            }
            Event::SignedOut { .. }
            | Event::DeviceLookedUp { .. }
            | Event::Introduced { .. }
            | Event::Lowered { .. }
            | Event::Reported { .. }
            | Event::Suspended { .. }
            | Event::Reinstated { .. }
            | Event::Lost { .. } => {}
        }
    }

    /// Counts an event that could not be recorded.
    pub(super) fn lose(&self) {
        self.lost.inc();
    }

    /// Counts a request to a route, which is its pattern and not its path.
    pub(crate) fn request(&self, route: &str, status: u16, took: Duration) {
        let route = route.to_owned();
        self.times.get_or_create(&vec![("route", route.clone())]).observe(took.as_secs_f64());
        add(&self.requests, vec![("route", route), ("status", status.to_string())]);
    }

    /// Everything, as Prometheus reads it.
    pub(crate) fn render(&self, now: Levels) -> String {
        let set = |gauge: &Gauge, level: usize| {
            gauge.set(i64::try_from(level).unwrap_or(i64::MAX));
        };
        set(&self.levels.connections, now.connections);
        set(&self.levels.sessions, now.sessions);
        set(&self.levels.codes, now.codes);
        set(&self.levels.sign_ins, now.sign_ins);
        set(&self.levels.queue, now.queue);
        set(&self.levels.draining, usize::from(now.draining));
        let mut text = String::new();
        encode(&mut text, &self.registry).expect("a string takes everything");
        text
    }
}

fn bump(counter: &Counter) {
    counter.inc();
}

fn add(family: &Family<Labels, Counter>, labels: Labels) {
    family.get_or_create(&labels).inc();
}

/// The word of the wire for one of its values.
fn word(value: &impl Serialize) -> String {
    match serde_json::to_value(value) {
        Ok(serde_json::Value::String(word)) => word,
        _ => "other".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use rh_protocol::{EndReason, SessionId};

    use super::*;

    #[test]
    fn what_happened_is_counted_and_names_nobody() {
        let metrics = Metrics::default();
        let person: rh_policy::PersonId = "hana".parse().unwrap();
        metrics.count(&Event::SignedIn { person: person.clone(), address: None });
        let (session, reason) = (SessionId(7), EndReason::HelperLeft);
        metrics.count(&Event::SessionEnded { session, reason });
        let (action, reason) = ("control".to_owned(), "unenrolled other_tenant".to_owned());
        metrics.count(&Event::Refused { person, address: None, action, reason });
        metrics.request("/api/me", 200, Duration::from_millis(3));
        let text = metrics.render(Levels { sessions: 4, draining: true, ..Levels::default() });
        for line in [
            "rh_signed_in_total 1",
            "rh_sessions_ended_total{reason=\"helper_left\"} 1",
            "rh_refusals_total{action=\"control\",reason=\"unenrolled\"} 1",
            "rh_http_requests_total{route=\"/api/me\",status=\"200\"} 1",
            "rh_http_seconds_bucket{le=\"0.005\",route=\"/api/me\"} 1",
            "rh_sessions 4",
            "rh_draining 1",
        ] {
            assert!(text.lines().any(|it| it == line), "{line}\n{text}");
        }
        assert!(!text.contains("hana") && text.ends_with("# EOF\n"));
    }
}
