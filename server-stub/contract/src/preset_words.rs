//! What the presets are called: their names on the wire and on the command line, a title for people, and what happens in a sentence.

use crate::preset::Preset;

impl Preset {
    /// Name, title and description.
    pub(crate) const fn words(self) -> (&'static str, &'static str, &'static str) {
        match self {
            Preset::Blackhole30s => (
                "blackhole-30s",
                "Black hole",
                "From 10 s to 40 s requests are accepted and never answered.",
            ),
            Preset::Brownout => (
                "brownout",
                "Brownout",
                "Answers take from 0.1 s to 14 s, and 60 % of them are 503 with Retry-After: 2.",
            ),
            Preset::BrownoutX10 => (
                "brownout-x10-30s",
                "Brownout of a pool",
                "From 10 s to 40 s service takes ten times as long, for you and 2,000 others.",
            ),
            Preset::DeployRoll => (
                "deploy-roll",
                "Deployment",
                "At 10 s streams are closed with 1012 and the API for 5 s; then the cache is cold.",
            ),
            Preset::DoubleWriteHazard => (
                "double-write-hazard",
                "Double writes",
                "Writes take effect and answer after 7 s; keys are not understood.",
            ),
            Preset::Flaky30 => (
                "flaky-30",
                "Flaky (30 %)",
                "30 % of the requests answer 503 at once, without Retry-After.",
            ),
            Preset::Flapping => (
                "flapping",
                "Flapping",
                "6 s of nothing but 503, then 6 s of health, over and over.",
            ),
            Preset::FlappingLb => (
                "flapping-lb",
                "Flapping balancer",
                "Every second answer is a proxy's 503 that a page may not read.",
            ),
            Preset::H1SevenTabs => (
                "h1-seven-tabs",
                "Seven tabs",
                "An event a second: over HTTP/1.1 a seventh tab gets no connection.",
            ),
            Preset::HalfOpenWs => (
                "half-open-ws",
                "Half-open streams",
                "At 10 s every stream stays open and says nothing more.",
            ),
            Preset::Hang => (
                "hang",
                "Hanging",
                "Requests are accepted and never answered.",
            ),
            Preset::Healthy => ("healthy", "Healthy", "Nothing goes wrong."),
            Preset::LyingHealth => (
                "lying-health",
                "Lying health",
                "From 10 s on nearly nothing is answered, and the health endpoint says it is fine.",
            ),
            Preset::Origin => (
                "origin",
                "Long queue",
                "1,000 waiting places in front of 50 connections: on the edge of the cliff.",
            ),
            Preset::Outage => (
                "outage",
                "Outage",
                "The API does not listen: connection refused.",
            ),
            Preset::Outage30sCold => (
                "outage-30s-cold",
                "Outage, then cold",
                "From 10 s to 40 s connection refused, then an empty cache.",
            ),
            Preset::Pool50To10 => (
                "pool-50-to-10",
                "Pool shrinks",
                "From 10 s to 70 s the pool has 10 connections instead of 50.",
            ),
            Preset::QueueCliff => (
                "queue-cliff",
                "Over the cliff",
                "Ten times slower from 10 s to 70 s with 1,000 waiting places: does not come back.",
            ),
            Preset::QueueSafe => (
                "queue-safe",
                "Short queue",
                "Ten times slower from 10 s to 70 s with 250 waiting places: comes back.",
            ),
            Preset::Quota60PerMin => (
                "quota-60-per-min",
                "Quota",
                "Each client may ask 60 times a minute; one more is answered 429.",
            ),
            Preset::Random503x5 => (
                "random-503-5",
                "A few 503",
                "5 % of the requests answer 503 at once.",
            ),
            Preset::RateLimited => (
                "rate-limited",
                "Rate limited",
                "80 % of the requests answer 429 with Retry-After: 5.",
            ),
            Preset::Reference => (
                "reference",
                "Reference backend",
                "50 connections, 250 ms of service on average, a third of the reads from its cache.",
            ),
            Preset::Refuse => (
                "refuse",
                "Connection reset",
                "Every connection is reset before an answer begins.",
            ),
            Preset::ResumeGap => (
                "resume-gap",
                "Gap in the stream",
                "At 10 s every stream vanishes, and what was missed cannot be replayed.",
            ),
            Preset::Slow => ("slow", "Slow", "Every answer takes 2 to 4 s."),
            Preset::Slow3gApi => (
                "slow-3g-api",
                "Slow as 3G",
                "400 ms before each answer, then its body takes 2 s in 20 pieces.",
            ),
            Preset::Spike10x => (
                "spike-10x",
                "Spike x10",
                "From 10 s to 70 s others ask for ten times what the backend can do.",
            ),
            Preset::Spike2x => (
                "spike-2x",
                "Spike x2",
                "From 10 s to 70 s others ask for twice what the backend can do.",
            ),
            Preset::Spike5x => (
                "spike-5x",
                "Spike x5",
                "From 10 s to 70 s others ask for five times what the backend can do.",
            ),
            Preset::Unpooled => (
                "unpooled",
                "No pool",
                "100 connections and no waiting: one more is refused.",
            ),
        }
    }
}
