//! Headers that are nearly right: repeated fields, quotes, cases, odd dates, huge numbers.

use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;

use proptest::prelude::*;
use proptest::sample::select;

use crate::Wall;
use crate::http::tests::{NOW, written};

pub(super) type Block = Vec<(String, String)>;

const OF_ANSWERS: &[&str] = &[
    "max-age",
    "max-age",
    "stale-if-error",
    "stale-while-revalidate",
    "no-cache",
    "no-store",
    "must-revalidate",
    "must-understand",
    "immutable",
    "public",
    "private",
    "s-maxage",
    "x",
];
const OF_REQUESTS: &[&str] = &[
    "max-age",
    "max-stale",
    "min-fresh",
    "stale-if-error",
    "no-cache",
    "no-store",
    "only-if-cached",
    "x",
];

pub(super) fn answer() -> impl Strategy<Value = Block> {
    let line = prop_oneof![
        4 => (cased("cache-control"), list(OF_ANSWERS)),
        2 => (cased("date"), date()),
        1 => (cased("age"), age()),
        1 => (cased("expires"), date()),
        1 => (cased("last-modified"), date()),
    ];
    prop::collection::vec(line, 0..6)
}

pub(super) fn request() -> impl Strategy<Value = Block> {
    let line = prop_oneof![
        4 => (cased("cache-control"), list(OF_REQUESTS)),
        1 => (cased("pragma"), "(x, ?)?[nN]o-[cC]ache"),
    ];
    prop::collection::vec(line, 0..3)
}

/// A date in one of the three forms, in any case, and a few that are none.
pub(super) fn date() -> impl Strategy<Value = String> {
    let near = prop_oneof![
        Just(0),
        -120..120_i64,
        -10_000_000..10_000_000_i64,
        -1_700_000_000..1_700_000_000_i64,
    ];
    let moment = near.prop_map(|seconds| Wall(NOW.0.saturating_add_signed(seconds * 1_000)));
    let forms = (moment, 0..3_u8).prop_map(|(wall, form)| in_form(&written(wall), form));
    let odd = prop_oneof![
        "(sun|Sunday|Sat),? (29|30|31|00|6|06)[ -](Feb|nov|Xxx)[ -](1900|2000|2024|2100|94|76|9999) (23:59:60|24:00:00|08:49:37)( GMT| UTC|)",
        "(Sun|Someday) (Nov|feb)  ?(6|16|29|06) 08:49:3[0-9] (1994|2023|94)",
        select(&["0", "-1", "", "soon", "\t"][..]).prop_map(String::from),
    ];
    let marred = (forms.clone(), any::<prop::sample::Index>(), " |,|-|x|").prop_map(
        |(mut date, at, letter)| {
            let at = at.index(date.len());
            date.replace_range(at..=at, &letter);
            date
        },
    );
    let any = prop_oneof![6 => forms, 2 => odd, 1 => marred];
    (any, 0..4_u8).prop_map(|(date, case)| match case {
        0 => date.to_uppercase(),
        1 => date.to_lowercase(),
        2 => format!(" {date}\t"),
        _ => date,
    })
}

/// From `Sun, 06 Nov 1994 08:49:37 GMT`.
fn in_form(preferred: &str, form: u8) -> String {
    let parts: Vec<&str> = preferred.split([' ', ',']).collect();
    let [weekday, _, day, month, year, time, _] = parts[..] else {
        return preferred.to_string();
    };
    let whole = ["Sun", "Mon", "Tues", "Wednes", "Thurs", "Fri", "Satur"];
    let whole = whole.iter().find(|name| name.starts_with(weekday));
    match form {
        0 => preferred.to_string(),
        1 => format!(
            "{}day, {day}-{month}-{} {time} GMT",
            whole.unwrap(),
            &year[2..]
        ),
        _ => format!(
            "{weekday} {month} {:>2} {time} {year}",
            day.trim_start_matches('0')
        ),
    }
}

fn age() -> impl Strategy<Value = String> {
    prop_oneof![
        4 => "[0-9]{1,4}",
        1 => "[0-9]{1,3} ?, ?[0-9x]{1,3}",
        1 => select(&["-1", "x", "1.5", "", "99999999999999999999999", "2147483648", "1 2"][..]).prop_map(String::from),
    ]
}

/// Directives with arguments that they should and should not have.
fn list(names: &'static [&'static str]) -> impl Strategy<Value = String> {
    let argument = prop_oneof![
        3 => "=[0-9]",
        2 => "=[0-9]{2,3}",
        2 => Just(String::new()),
        1 => "=\"[0-9]{1,2}\"",
        1 => "=\"[a-c, \\\\]{0,4}\"",
        1 => select(&["=", "=\"", "= 5", "=-1", "=x", "=1x", "=003", "=0", " =5", "=2147483647", "=99999999999999999999999", "=\"a, no-store\"", "=a", "=\"5"][..])
            .prop_map(String::from),
    ];
    let directive = (select(names), argument, 0..3_u8).prop_map(|(name, argument, case)| {
        let name = match case {
            0 => name.to_uppercase(),
            _ => name.to_string(),
        };
        name + &argument
    });
    let comma = select(&[", ", ",", " ,", ",,", "\t,  ,", " "][..]);
    prop::collection::vec((directive, comma), 0..4).prop_map(|parts| {
        parts
            .into_iter()
            .map(|(part, comma)| part + comma)
            .collect()
    })
}

fn cased(name: &'static str) -> impl Strategy<Value = String> {
    any::<bool>().prop_map(move |upper| {
        if upper {
            name.to_uppercase()
        } else {
            name.to_string()
        }
    })
}
