//! What one stream does otherwise from some point on, because a fault said so: how it reads, answers and pings. Pure.

use tidegate_contract::{PingFault, SocketAct};

/// The oddities of one stream.
#[derive(Debug, Default)]
pub(crate) struct Oddities {
    /// So many acknowledgements are not sent.
    lost_acks: u64,
    /// So many answers are still to be kept back, and those that are.
    reversed: (u64, Vec<String>),
    ping: Option<PingFault>,
    refusal: Option<u32>,
    refresh_refusal: Option<u32>,
    read_rate: Option<u64>,
    chunk: Option<usize>,
}

impl Oddities {
    /// Takes over an act. Whether it is one that changes how the stream goes on.
    pub(crate) fn take(&mut self, act: &SocketAct) -> bool {
        match act {
            SocketAct::ChunkBytes(bytes) => self.chunk = usize::try_from(*bytes).ok(),
            SocketAct::LoseAcks(count) => self.lost_acks = *count,
            SocketAct::Ping(fault) => self.ping = Some(*fault),
            SocketAct::ReadBytesPerSecond(bytes) => self.read_rate = Some(*bytes),
            SocketAct::Refuse(code) => self.refusal = Some(*code),
            SocketAct::RefuseRefresh(code) => self.refresh_refusal = Some(*code),
            SocketAct::ReverseAcks(count) => self.reversed.0 = *count,
            _ => return false,
        }
        true
    }

    /// What goes out now that a `publish` has been answered like this.
    pub(crate) fn answer(&mut self, text: Option<String>) -> Vec<String> {
        if self.lost_acks > 0 {
            self.lost_acks -= 1;
            return Vec::new();
        }
        let (left, kept) = &mut self.reversed;
        if *left == 0 {
            return text.into_iter().collect();
        }
        *left -= 1;
        kept.extend(text);
        if *left > 0 {
            return Vec::new();
        }
        let mut kept = std::mem::take(kept);
        kept.reverse();
        kept
    }

    /// The code with which this `connect` is refused.
    pub(crate) fn refuse(&mut self) -> Option<u32> {
        self.refusal.take()
    }

    /// The code with which this `refresh` is refused.
    pub(crate) fn refuse_refresh(&mut self) -> Option<u32> {
        self.refresh_refusal.take()
    }

    pub(crate) fn ping(&self) -> Option<PingFault> {
        self.ping
    }

    /// How many bytes a second are read at most.
    pub(crate) fn read_rate(&self) -> Option<u64> {
        self.read_rate
    }

    /// How many bytes of an event go out at a time.
    pub(crate) fn chunk(&self) -> Option<usize> {
        self.chunk
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answers(acts: &[SocketAct]) -> Vec<String> {
        let mut oddities = Oddities::default();
        assert!(acts.iter().all(|act| oddities.take(act)));
        let answers = (1..=4).flat_map(|n| oddities.answer(Some(n.to_string())));
        answers.collect()
    }

    #[test]
    fn answers_are_lost_or_come_the_last_one_first() {
        assert_eq!(answers(&[]), ["1", "2", "3", "4"]);
        assert_eq!(answers(&[SocketAct::LoseAcks(2)]), ["3", "4"]);
        assert_eq!(answers(&[SocketAct::ReverseAcks(3)]), ["3", "2", "1", "4"]);
    }

    #[test]
    fn one_connect_is_refused() {
        let mut oddities = Oddities::default();
        assert!(oddities.take(&SocketAct::Refuse(109)));
        assert_eq!((oddities.refuse(), oddities.refuse()), (Some(109), None));
        assert!(!oddities.take(&SocketAct::Swap));
    }
}
