//! The capture: which display, for whom, and its beginning and end.

use std::sync::Arc;

use rh_protocol::{Display, DisplayId, EndReason};
use rh_session::Event;
use tokio::task::spawn_blocking;

use super::{Host, RESTARTS, Report};
use crate::media::{MediaEvent, MediaThread, Order};

impl Host {
    /// Takes in the displays there are; begins the capture anew if its display had gone.
    pub(super) fn arrange(&mut self, displays: Vec<Display>) {
        self.displays = displays.clone();
        let first = self.parts.display.take();
        self.handle(Event::DisplaysChanged(displays));
        if let Some(display) = first {
            self.handle(Event::Selected(display));
        }
        match self.shared {
            Some(display) if self.media.is_none() => {
                self.restarts += 1;
                if self.restarts > RESTARTS || self.displays.is_empty() {
                    self.handle(Event::CaptureFailed);
                } else {
                    self.share(display);
                }
            }
            Some(display) => self.show_input(display),
            None => {}
        }
    }

    /// Lists the displays without holding the loop up.
    pub(super) fn list_displays(&self) {
        let (screens, reports) = (Arc::clone(&self.parts.screens), self.reports.0.clone());
        spawn_blocking(move || {
            let displays = screens.displays().unwrap_or_else(|error| {
                tracing::error!(%error, "the displays cannot be listed");
                Vec::new()
            });
            let _ = reports.blocking_send(Report::Displays(displays));
        });
    }

    pub(super) fn share(&mut self, display: DisplayId) {
        self.close_media();
        self.shared = Some(display);
        self.show_input(display);
        let (screens, encoders) =
            (Arc::clone(&self.parts.screens), Arc::clone(&self.parts.encoders));
        let reports = self.reports.0.clone();
        let report = move |event: MediaEvent| match event {
            // A newer position follows.
            MediaEvent::Cursor(_) => drop(reports.try_send(Report::Media(event))),
            MediaEvent::DisplayLost(_) | MediaEvent::Failed(_) => {
                let _ = reports.blocking_send(Report::Media(event));
            }
        };
        match MediaThread::start(self.begin, display, screens, encoders, report) {
            Ok(media) => {
                self.media = Some(media);
                self.tell_viewers();
            }
            Err(error) => {
                tracing::error!(%error, "no thread for the pictures");
                self.ended = Some(EndReason::CaptureFailed);
            }
        }
    }

    fn show_input(&self, display: DisplayId) {
        if let Some(display) = self.displays.iter().find(|known| known.id == display) {
            self.input.show(display.clone());
        }
    }

    pub(super) fn tell_viewers(&self) {
        let links = self.viewers.iter().filter_map(|viewer| self.peers.link(*viewer));
        self.order(Order::Viewers(links.collect()));
    }

    pub(super) fn order(&self, order: Order) {
        if let Some(media) = &self.media {
            media.order(order);
        }
    }

    /// Ends the capture without holding the loop up.
    pub(super) fn close_media(&mut self) {
        if let Some(media) = self.media.take() {
            self.closing.retain(|closing| !closing.is_finished());
            self.closing.push(spawn_blocking(|| media.stop()));
        }
    }

    /// Ends the capture and waits until every screen is closed.
    pub(super) async fn stop_media(&mut self) {
        // A thread that waits to report something must not wait for ever.
        self.reports.1.close();
        self.close_media();
        for closing in self.closing.drain(..) {
            let _ = closing.await;
        }
    }
}
