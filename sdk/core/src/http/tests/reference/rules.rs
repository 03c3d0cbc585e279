//! Lifetime, age and use, one sentence of the standards after the other.

use super::Look;
use super::calendar::date;
use super::directives::{
    LONGEST, arguments, lines, members, plain_no_cache, says, seconds, smallest,
};
use crate::Millis;
use crate::http::tests::NOW;
use crate::http::{Age, Allowance, Doubt, Usability};

type Block<'a> = [(&'a str, &'a str)];

fn first_date(fields: &Block<'_>, name: &str, now: u64) -> Option<u64> {
    date(lines(fields, name).first()?, now)
}

/// RFC 9111, section 4.2.1 and 4.2.2: how long, and whether that is a guess.
pub(super) fn lifetime(status: u16, answer: &Block<'_>, now: u64) -> (u64, bool) {
    let made = first_date(answer, "date", now).unwrap_or(now);
    if let Some(max_age) = smallest(answer, "max-age", Some(0)) {
        return (max_age, false);
    }
    let expires = lines(answer, "expires");
    if !expires.is_empty() {
        // More than one, or one that is no date, has passed.
        let until = if expires.len() == 1 {
            date(expires[0], now)
        } else {
            None
        };
        return (until.unwrap_or(0).saturating_sub(made).min(LONGEST), false);
    }
    let by_default = [200, 203, 204, 206, 300, 301, 308, 404, 405, 410, 414, 501];
    if !by_default.contains(&status) && !says(answer, "public") {
        return (0, true);
    }
    let Some(changed) = first_date(answer, "last-modified", now) else {
        return (0, true);
    };
    let week = 7 * 24 * 60 * 60 * 1_000;
    ((made.saturating_sub(changed) / 10).min(week), true)
}

/// RFC 9111, section 4.2.3, with what is doubtful about it.
pub(super) fn age(answer: &Block<'_>, look: Look) -> Age {
    let (now, wall) = (NOW.0, NOW.0.saturating_add_signed(look.by_wall));
    let date_value = first_date(answer, "date", now);
    let said = lines(answer, "age").first().copied();
    let age_value =
        said.and_then(|said| seconds(said.split(',').next()?.trim_matches([' ', '\t'])));

    let apparent_age = date_value.map_or(0, |date| now.saturating_sub(date));
    let corrected_age_value = age_value.unwrap_or(0) + look.took;
    let corrected_initial_age = apparent_age.max(corrected_age_value).min(LONGEST);
    let resident_by_wall = wall.saturating_sub(now);
    let (resident_time, clock_was_set) = match look.lived {
        Some(lived) => {
            let differ = (look.by_wall - lived as i64).abs();
            (lived.max(resident_by_wall), differ > 5_000)
        }
        None => (resident_by_wall, wall < now),
    };
    let current_age = (corrected_initial_age + resident_time).min(LONGEST);

    let doubt = if clock_was_set {
        Some(Doubt::Clock)
    } else if date_value.is_none() && age_value.is_none() {
        Some(Doubt::Hidden)
    } else if age_value.is_none() && apparent_age > look.took + 5_000 {
        Some(Doubt::Skewed)
    } else {
        None
    };
    Age {
        millis: Millis(current_age),
        doubt,
    }
}

/// RFC 9111, sections 4.2.4 and 5.2; RFC 5861, sections 3 and 4; RFC 8246, section 2; and the page's allowance.
pub(super) fn usability(
    request: &Block<'_>,
    answer: &Block<'_>,
    look: Look,
    allowance: Allowance,
    failing: bool,
) -> Usability {
    let must_understand = says(answer, "must-understand");
    if says(request, "no-store") || (says(answer, "no-store") && !must_understand) {
        return Usability::Forbidden;
    }
    if plain_no_cache(answer) {
        return Usability::MustRevalidate;
    }
    let (lifetime, _) = lifetime(look.status, answer, NOW.0);
    let Age {
        millis: Millis(age),
        doubt,
    } = age(answer, look);
    let known = doubt != Some(Doubt::Clock);
    let fresh = lifetime > age && known;
    if fresh && says(answer, "immutable") {
        return Usability::Fresh;
    }
    let pragma = lines(request, "pragma").into_iter().flat_map(members);
    let pragma = lines(request, "cache-control").is_empty()
        && pragma
            .into_iter()
            .any(|said| said.to_lowercase() == "no-cache");
    // That is what it prefers (section 5.2.1.4): from a server that fails, an old answer is better than none.
    let prefers_confirmed = says(request, "no-cache") || pragma;
    if prefers_confirmed && !failing {
        return Usability::MustRevalidate;
    }

    // A request that names an age takes nothing that is as old; one that wants it to stay fresh takes what stays so for at least as long.
    let max_age = smallest(request, "max-age", Some(0));
    let all_min_fresh = arguments(request, "min-fresh");
    let readable = all_min_fresh
        .iter()
        .flatten()
        .filter_map(|text| seconds(text));
    let min_fresh = readable.max();
    let young_enough = max_age.is_none_or(|max_age| age < max_age);
    let long_enough = min_fresh.is_none_or(|min_fresh| lifetime >= age + min_fresh);
    if fresh && young_enough && long_enough && !prefers_confirmed {
        return Usability::Fresh;
    }
    if says(answer, "must-revalidate") && !fresh {
        return Usability::MustRevalidate;
    }

    let stale_for = age.saturating_sub(lifetime);
    if stale_for > allowance.most_stale.0 {
        return Usability::MustRevalidate;
    }
    let acceptable_age = lifetime.saturating_sub(min_fresh.unwrap_or(0));
    let acceptable_age = acceptable_age.min(max_age.unwrap_or(u64::MAX));
    let by = age.saturating_sub(acceptable_age);
    let stale = Usability::Stale { by: Millis(by) };

    let max_stale = arguments(request, "max-stale").into_iter();
    let max_stale = max_stale.map(|argument| match argument {
        None => u64::MAX,
        Some(text) => seconds(&text).unwrap_or(0),
    });
    if max_stale
        .min()
        .is_some_and(|most| by <= most && (known || most == u64::MAX))
    {
        return stale;
    }
    let within = |window: u64| window > 0 && stale_for <= window;
    let stated = smallest(answer, "stale-while-revalidate", None);
    let while_revalidating = stated.unwrap_or(allowance.while_revalidating.0);
    let picky = max_age.is_some() || min_fresh.is_some() || !known;
    if within(while_revalidating) && (failing || !picky) {
        return stale;
    }
    let words = [answer, request].map(|block| smallest(block, "stale-if-error", None));
    let strictest = words.into_iter().flatten().min().unwrap_or(u64::MAX);
    if failing && within(strictest.min(allowance.most_stale.0)) {
        return stale;
    }
    Usability::MustRevalidate
}
