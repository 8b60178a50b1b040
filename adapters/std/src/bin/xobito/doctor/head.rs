//! An answer's head: how large it is, and which time it names.

/// Bytes that are kept of an answer while its head does not end, several times what a device takes.
pub(super) const HEAD_ROOM: usize = 64 * 1024;

/// What came for a request.
pub(super) enum Answer {
    Head(Head),
    /// More bytes than [`HEAD_ROOM`], and no end of the head.
    Endless,
    NotHttp,
    /// Nothing, or not all of the head, because of this.
    Missing(String),
}

#[derive(Debug, PartialEq, Eq)]
pub(super) struct Head {
    pub(super) status: u16,
    /// Of the largest head, if there were interim answers.
    pub(super) bytes: usize,
    pub(super) headers: usize,
    /// 1xx answers in front of this one.
    pub(super) interim: usize,
    /// The header `Date`, as Unix time in seconds.
    pub(super) date: Option<i64>,
}

impl Answer {
    /// Reads what has come so far; `None` if more is needed.
    pub(super) fn read(received: &[u8]) -> Option<Self> {
        let (mut rest, mut interim, mut largest) = (received, 0, 0);
        loop {
            if !could_be_http(rest) {
                return Some(Self::NotHttp);
            }
            let Some(len) = head_len(rest) else {
                return (received.len() > HEAD_ROOM).then_some(Self::Endless);
            };
            let (head, behind) = rest.split_at(len);
            let Some(status) = status(head) else {
                return Some(Self::NotHttp);
            };
            largest = largest.max(len);
            if !(100..200).contains(&status) {
                let lines = head.split(|&byte| byte == b'\n').count();
                return Some(Self::Head(Head {
                    status,
                    bytes: largest,
                    // Without the status line, the empty line and what `split` finds behind it.
                    headers: lines.saturating_sub(3),
                    interim,
                    date: date(head),
                }));
            }
            interim += 1;
            rest = behind;
        }
    }
}

fn could_be_http(head: &[u8]) -> bool {
    b"HTTP/1."
        .iter()
        .zip(head)
        .all(|(expected, byte)| expected == byte)
}

/// The length up to and with the empty line, if it is there. Lines may end in LF alone, as devices take them.
fn head_len(bytes: &[u8]) -> Option<usize> {
    let mut len = 0;
    for line in bytes.split_inclusive(|&byte| byte == b'\n') {
        len += line.len();
        if matches!(line, b"\n" | b"\r\n") {
            return Some(len);
        }
    }
    None
}

fn status(head: &[u8]) -> Option<u16> {
    let status = std::str::from_utf8(head.get(9..12)?).ok()?.parse().ok()?;
    (100..=999).contains(&status).then_some(status)
}

fn date(head: &[u8]) -> Option<i64> {
    head.split(|&byte| byte == b'\n').find_map(|line| {
        let (name, value) = std::str::from_utf8(line).ok()?.split_once(':')?;
        name.eq_ignore_ascii_case("date")
            .then(|| unix_time(value.trim()))?
    })
}

/// RFC 9110, 5.6.7: `Sun, 06 Nov 1994 08:49:37 GMT`. The older forms are no longer sent by anything.
fn unix_time(text: &str) -> Option<i64> {
    const MONTHS: [&str; 12] = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ];
    let words: Vec<&str> = text.splitn(7, ' ').collect();
    let [_, day, month, year, clock, "GMT"] = *words else {
        return None;
    };
    let day = i64::from(day.parse::<u8>().ok()?);
    let month = i64::try_from(MONTHS.iter().position(|name| *name == month)?).ok()?;
    let year = i64::from(year.parse::<u16>().ok()?);
    let mut clock = clock.splitn(3, ':').map(str::parse::<u8>);
    let mut clock = || clock.next()?.ok().map(i64::from);
    let (hour, minute, second) = (clock()?, clock()?, clock()?);
    Some(days(year, month, day) * 86_400 + hour * 3_600 + minute * 60 + second)
}

/// Days since 1970. Years begin in March here, so that the leap day is their last; `month` counts from January as 0.
const fn days(year: i64, month: i64, day: i64) -> i64 {
    let year = if month < 2 { year - 1 } else { year };
    let month = (month + 10) % 12;
    let leap_days = year / 4 - year / 100 + year / 400;
    365 * year + leap_days + (153 * month + 2) / 5 + day - 719_469
}

#[cfg(test)]
#[allow(clippy::indexing_slicing, clippy::panic)]
mod tests {
    use super::{Answer, unix_time};

    #[test]
    fn dates_are_read_as_other_clocks_read_them() {
        let cases = [
            ("Thu, 01 Jan 1970 00:00:00 GMT", Some(0)),
            ("Sun, 06 Nov 1994 08:49:37 GMT", Some(784_111_777)),
            ("Thu, 29 Feb 2024 23:59:59 GMT", Some(1_709_251_199)),
            ("Fri, 01 Mar 2024 00:00:00 GMT", Some(1_709_251_200)),
            ("Sunday, 06-Nov-94 08:49:37 GMT", None),
            ("Thu, 01 Jan 1970 00:00 GMT", None),
            ("Thu, 01 Jan 1970 00:00:00 CET", None),
            ("", None),
        ];
        for (text, expected) in cases {
            assert_eq!(unix_time(text), expected, "{text}");
        }
    }

    #[test]
    fn interim_answers_and_bare_line_feeds_are_read() {
        let text = b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 404 Not Found\nA: b\nDATE: Thu, 01 Jan 1970 00:00:01 GMT\n\nbody";
        for len in 0..text.len() - 4 {
            assert!(Answer::read(&text[..len]).is_none(), "{len}");
        }
        let Some(Answer::Head(head)) = Answer::read(text) else {
            panic!("no head");
        };
        assert_eq!((head.status, head.interim, head.headers), (404, 1, 2));
        assert_eq!((head.bytes, head.date), (text.len() - 4 - 25, Some(1)));
    }
}
