//! One product, shown and acted on, and everything that stands around it.

use std::time::Duration;

use anyhow::Result;

use super::desktop::Desktop;
use super::ground::Ground;
use super::network::Network;
use super::plan::{Product, Shape};
use super::probe::{At, View};
use super::product::{Opened, Stage};
use super::results::Cost;
use super::usage::{self, Usage};
use crate::child::Child;

/// A product at work. What is named first ends first.
pub(super) struct Session<'a> {
    pub(super) ground: &'a Ground,
    opened: Opened,
    pub(super) network: Network,
    source: Desktop,
    shown: Desktop,
    /// Where the content is on a slow network, as it was found before the network became slow.
    place: Option<At>,
}

/// What was used up to one moment.
pub(super) struct Moment {
    server: Usage,
    browser: Usage,
    source: Usage,
    bytes: (u64, u64),
}

impl<'a> Session<'a> {
    /// Starts `product` on a network of that shape, which it gets once the picture is there.
    pub(super) fn open(ground: &'a Ground, product: Product, shape: Option<Shape>) -> Result<Self> {
        let mut network = Network::lay(ground, shape.is_some())?;
        let (source, shown) = (Desktop::source(ground)?, Desktop::shown(ground, product)?);
        let stage = Stage { ground, network: &network, source: &source, shown: &shown };
        let plain = stage.view().content(&["plain"])?;
        let opened = stage.open(product)?;
        drop(plain);
        let mut place = None;
        if let Some(shape) = shape {
            let _page = stage.view().content(&["page"])?;
            place = Some(stage.view().locate()?);
            network.shape(ground, shape)?;
        }
        Ok(Self { ground, opened, network, source, shown, place })
    }

    pub(super) const fn view(&self) -> View<'_> {
        View { ground: self.ground, source: &self.source, shown: &self.shown }
    }

    /// Whether the network was made slow.
    pub(super) const fn is_slow(&self) -> bool {
        self.place.is_some()
    }

    /// Milliseconds from the sharer's answer to the first picture, where there was a question.
    pub(super) const fn first_ms(&self) -> Option<f64> {
        self.opened.first_ms
    }

    /// Shows content, waits until it is seen pixel by pixel, and lets it settle.
    pub(super) fn show(&self, args: &[&str]) -> Result<(Child, At)> {
        let content = self.view().content(args)?;
        // A slow network may blur the marks for long, which is no reason to measure nothing.
        let at = self.place.clone().map_or_else(|| self.view().locate(), Ok)?;
        self.ground.sleep(Duration::from_millis(1500))?;
        Ok((content, at))
    }

    /// What was used until now.
    pub(super) fn moment(&self) -> Result<Moment> {
        Ok(Moment {
            server: Usage::of(&self.servers()),
            browser: Usage::of(&[self.opened.browser.pid()]),
            source: Usage::of(&[self.source.pid()]),
            bytes: self.network.bytes()?,
        })
    }

    /// What was used since `before`, in so many seconds.
    pub(super) fn cost(&self, before: &Moment, seconds: f64) -> Result<Cost> {
        let now = self.moment()?;
        let servers = self.servers();
        let (down, up) = now.bytes;
        Ok(Cost {
            seconds,
            server_cpu: now.server.since(&before.server),
            browser_cpu: now.browser.since(&before.browser),
            source_cpu: now.source.since(&before.source),
            bytes_down: down.saturating_sub(before.bytes.0),
            bytes_up: up.saturating_sub(before.bytes.1),
            agent_memory: usage::proportional(&servers[..1]),
            server_memory: usage::proportional(&servers),
            browser_memory: usage::proportional(&[self.opened.browser.pid()]),
            frames: None,
            rest: None,
        })
    }

    fn servers(&self) -> Vec<u32> {
        self.opened.servers.iter().map(Child::pid).collect()
    }
}
