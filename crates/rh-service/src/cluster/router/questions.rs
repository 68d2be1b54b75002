//! Questions of one node to another, and the answers.

use std::collections::hash_map::Entry;

use super::{Router, Stay, What};
use crate::cluster::asking::{Answer, Inquiry, Question};

impl Router {
    /// Sends a question off.
    pub(super) fn inquire(&mut self, Inquiry { to, question, reply }: Inquiry) {
        let nth = self.questions;
        self.questions += 1;
        self.asked.insert(nth, (to.clone(), reply));
        self.write((to, nth), What::Asked(question));
    }

    /// Answers one.
    pub(super) fn answer(&mut self, asked: Stay, question: Question) {
        let answer = question.answer(&self.board);
        self.write(asked, What::Answered(answer));
    }

    /// Hands an answer to who waits for it, if it comes from the node that was asked.
    pub(super) fn hear_answer(&mut self, (from, nth): Stay, answer: Answer) {
        let Entry::Occupied(asked) = self.asked.entry(nth) else { return };
        if asked.get().0 == from {
            let (_, reply) = asked.remove();
            // Whoever asked may have stopped waiting.
            let _ = reply.send(answer);
        }
    }

    /// Forgets the questions whose answers nobody waits for any more.
    pub(super) fn forget_questions(&mut self) {
        self.asked.retain(|_, (_, reply)| !reply.is_closed());
    }
}
