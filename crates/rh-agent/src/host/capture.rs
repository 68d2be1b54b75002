//! The capture: which display, for whom, and its beginning and end.

use std::sync::Arc;

use rh_protocol::{Display, DisplayId};
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
            Some(_) => self.show_input(),
            None => {}
        }
    }

    /// Lists the displays without holding the loop up.
    pub(super) fn list_displays(&self) {
        let (screens, reports) = (Arc::clone(&self.parts.screens), self.reports.0.clone());
        let capture = self.capture;
        spawn_blocking(move || {
            let report = match screens.displays() {
                Ok(displays) => Report::Displays(displays),
                Err(error) => Report::Media(capture, MediaEvent::Failed(error.to_string())),
            };
            let _ = reports.blocking_send(report);
        });
    }

    /// Shows `display`, instead of another if there is one.
    pub(super) fn share(&mut self, display: DisplayId) {
        self.shared = Some(display);
        match &self.media {
            Some(media) => media.order(Order::Display(display)),
            None => self.start_media(display),
        }
    }

    fn start_media(&mut self, display: DisplayId) {
        self.capture += 1;
        let (capture, reports) = (self.capture, self.reports.0.clone());
        let report = move |event: MediaEvent| match event {
            // A newer position follows.
            MediaEvent::Cursor(_) | MediaEvent::Path(..) => {
                drop(reports.try_send(Report::Media(capture, event)))
            }
            MediaEvent::Shown(_)
            | MediaEvent::DisplayLost(_)
            | MediaEvent::Stopped
            | MediaEvent::Failed(_) => {
                let _ = reports.blocking_send(Report::Media(capture, event));
            }
        };
        let (screens, encoders) =
            (Arc::clone(&self.parts.screens), Arc::clone(&self.parts.encoders));
        match MediaThread::start(self.begin, display, screens, encoders, report) {
            Ok(media) => {
                self.media = Some(media);
                self.tell_viewers();
            }
            Err(error) => {
                tracing::error!(%error, "no thread for the pictures");
                self.handle(Event::CaptureFailed);
            }
        }
    }

    /// Takes points to be those of the display whose picture the helpers have: on one that they
    /// were not shown yet, no click can land.
    pub(super) fn show_input(&self) {
        if let Some(display) = self.displays.iter().find(|known| Some(known.id) == self.pictured) {
            self.input.show(display.clone());
        }
    }

    pub(super) fn tell_viewers(&self) {
        if let Some(media) = &self.media {
            let viewers = self.viewers.iter();
            let links = viewers.filter_map(|viewer| Some((*viewer, self.peers.link(*viewer)?)));
            media.show_to(links.collect());
        }
    }

    pub(super) fn order(&self, order: Order) {
        if let Some(media) = &self.media {
            media.order(order);
        }
    }

    /// Ends the capture without holding the loop up; nobody is shown another picture of it.
    pub(super) fn close_media(&mut self) {
        if let Some(media) = self.media.take() {
            // What it still reports is of no interest.
            self.capture += 1;
            media.show_to(Vec::new());
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
